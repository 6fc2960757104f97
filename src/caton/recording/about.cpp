// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/about.hpp"

#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <numeric>

namespace caton {
namespace {

constexpr std::int64_t first_values = 4, last_values = 2;

Json or_null(double value) { return value > 0 ? Json(value) : Json{}; }

Json values_at(const Recording& recording, std::int64_t channel, const std::vector<std::int64_t>& positions) {
  Json values = Json::object();
  for (const std::int64_t position : positions) {
    Json& place = values[std::to_string(position)];
    if (position < 0 || position >= recording.channels()[static_cast<std::size_t>(channel)].samples) {
      place = Json{};
      continue;
    }
    double value = 0;
    recording.read(std::span(&channel, 1), position, 1, View<double, 2>(&value, {1, 1}));
    place = Json(value);
  }
  return values;
}

/// Row-major place of the `index`-th value in the listing order.
std::int64_t place_of(std::int64_t index, const std::vector<std::int64_t>& shape, bool down_columns) {
  if (!down_columns) return index;
  std::int64_t place = 0;
  std::vector<std::int64_t> strides(shape.size(), 1);
  for (std::size_t axis = shape.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * shape[axis];
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    place += index % shape[axis] * strides[axis];
    index /= shape[axis];
  }
  return place;
}

std::string complex_text(double real, double imaginary) {
  const std::string sign = imaginary < 0 ? "" : "+";
  return "(" + number_text(real) + sign + number_text(imaginary) + "j)";
}

void add_numbers(Json& about, const ContainerValue& value) {
  const auto all = value.array.doubles();
  const std::int64_t width = value.complex ? 2 : 1;
  const auto count = static_cast<std::int64_t>(all.size()) / width;
  const auto number = [&](std::int64_t index) {
    const auto at = static_cast<std::size_t>(place_of(index, value.shape, value.column_major) * width);
    return value.complex ? Json(complex_text(all[at], all[at + 1])) : Json(all[at]);
  };
  Json first = Json::list(), last = Json::list();
  for (std::int64_t i = 0; i < std::min(count, first_values); ++i) first.push(number(i));
  for (std::int64_t i = std::max<std::int64_t>(0, count - last_values); i < count; ++i) last.push(number(i));
  about["first"] = first;
  about["last"] = last;
  if (!value.complex) {
    about["sum"] = Json(ordered_sum(all));
    return;
  }
  double real = 0, imaginary = 0;
  for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
    real += all[i];
    imaginary += all[i + 1];
  }
  about["sum"] = Json(complex_text(real, imaginary));
}

Json about_one(const std::string& name, const ContainerValue& value, int depth) {
  Json about = Json::object();
  about["name"] = Json(name);
  const char* const kinds[] = {"array", "text", "cell", "struct", "nothing"};
  about["dtype"] = Json(value.kind == ValueKind::array ? value.dtype : kinds[static_cast<int>(value.kind)]);
  about["shape"] = Json::list_of(value.shape);
  about["first"] = Json::list();
  about["last"] = Json::list();
  about["sum"] = Json{};
  if (value.kind == ValueKind::array && !value.left_out) add_numbers(about, value);
  if (value.kind == ValueKind::text) about["text"] = Json(value.text);
  if (depth >= limits::nesting) return about;
  if (value.kind == ValueKind::structure) {
    Json fields = Json::list();
    for (const auto& [field, inner] : value.fields) fields.push(about_one(field, inner, depth + 1));
    about["fields"] = fields;
  }
  if (!value.items.empty()) about["element"] = about_one(name, value.items.front(), depth + 1);
  return about;
}

}  // namespace

Json about_recording(const Recording& recording, const Findings& more_findings,
                     const std::vector<std::int64_t>& positions) {
  Json about = Json::object();
  about["format"] = Json(recording.format());
  about["duration_s"] =
      recording.channels().empty() && recording.duration_s() == 0 ? Json{} : or_null(recording.duration_s());
  Json channels = Json::list();
  for (std::size_t i = 0; i < recording.channels().size(); ++i) {
    const Channel& channel = recording.channels()[i];
    Json one = Json::object({{"name", channel.name},
                             {"type", channel.type},
                             {"unit", channel.unit},
                             {"rate_hz", or_null(channel.rate_hz)},
                             {"samples", channel.samples}});
    if (!positions.empty()) one["values"] = values_at(recording, static_cast<std::int64_t>(i), positions);
    channels.push(one);
  }
  about["channels"] = channels;
  Json annotations = Json::list();
  for (const Annotation& annotation : recording.annotations())
    annotations.push(Json::object(
        {{"onset_s", annotation.onset_s}, {"duration_s", annotation.duration_s}, {"text", annotation.text}}));
  about["annotations"] = annotations;
  Json findings = Json::list();
  for (const Findings* const list : {&recording.findings(), &more_findings})
    for (const Finding& finding : *list)
      findings.push(Json::object({{"code", finding.code},
                                  {"severity", severity_name(finding.severity)},
                                  {"where", finding.where},
                                  {"what", finding.what}}));
  about["findings"] = findings;
  return about;
}

Json about_variables(const Container& container, const std::string& where, Findings& findings) {
  Json list = Json::list();
  for (const VariableAbout& variable : container.variables()) {
    const bool plain = variable.kind == ValueKind::array || variable.kind == ValueKind::text;
    const ContainerValue value = plain ? container.read(variable.name) : container.outline(variable.name);
    const Findings odd = findings_of(value, where + ", variable \"" + printable(variable.name) + "\"");
    findings.insert(findings.end(), odd.begin(), odd.end());
    list.push(about_one(variable.name, value, 0));
  }
  return list;
}

}  // namespace caton
