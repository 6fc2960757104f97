// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/container.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr std::size_t head_bytes = 4096;

template <class T>
std::int64_t count_not_finite(const Tensor& array) {
  const auto values = array.values<T>();
  return std::count_if(values.begin(), values.end(), [](T value) { return !std::isfinite(value); });
}

const ContainerValue& step_into(const ContainerValue& value, const std::string& step, const std::string& where) {
  if (const auto index = parse_integer(step)) return value.item(*index, where);
  return value.field(step, where);
}

}  // namespace

const ContainerValue* ContainerValue::find(const std::string& name) const noexcept {
  for (const auto& [key, value] : fields) {
    if (key == name) return &value;
  }
  return nullptr;
}

const ContainerValue& ContainerValue::field(const std::string& name, const std::string& where) const {
  if (const ContainerValue* const found = find(name)) return *found;
  if (kind == ValueKind::structure && items.size() == 1) return items.front().field(name, where);
  std::vector<std::string> names;
  for (const auto& member : fields) names.push_back(member.name);
  throw input_error(where, "the field " + printable(name) + " is missing",
                    names.empty() ? "what is there is no struct" : suggestion(name, names));
}

const ContainerValue& ContainerValue::item(std::int64_t index, const std::string& where) const {
  if (items.empty() && kind != ValueKind::cell && index == 0) return *this;
  if (index < 0 || index >= count()) {
    throw input_error(where,
                      "element " + std::to_string(index + 1) + " is missing, there are " + std::to_string(count()));
  }
  return items[static_cast<std::size_t>(index)];
}

std::int64_t ContainerValue::count() const noexcept {
  return items.empty() && kind != ValueKind::cell ? 1 : static_cast<std::int64_t>(items.size());
}

ContainerValue Container::outline(const std::string& name) const { return read(name); }

ContainerValue Container::read_part(const std::string& name, const std::vector<std::string>& path) const {
  const ContainerValue whole = read(name);
  const ContainerValue* at = &whole;
  std::string where = name;
  for (const auto& step : path) {
    at = &step_into(*at, step, where);
    where += "/" + step;
  }
  return *at;
}

Findings findings_of(const ContainerValue& value, const std::string& where) {
  Findings findings;
  if (value.kind == ValueKind::array && !value.left_out) {
    std::int64_t bad = 0;
    if (value.array.dtype() == Dtype::f64) bad = count_not_finite<double>(value.array);
    if (value.array.dtype() == Dtype::f32) bad = count_not_finite<float>(value.array);
    if (bad != 0) {
      findings.push_back({"container/not-finite", Severity::warn, where,
                          std::to_string(bad) + " of " + std::to_string(value.array.size()) +
                              " values are not finite (NaN or infinite)"});
    }
  }
  for (const auto& [name, field] : value.fields) {
    for (auto& finding : findings_of(field, where + "/" + name)) findings.push_back(std::move(finding));
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    for (auto& finding : findings_of(value.items[i], where + "/" + std::to_string(i))) {
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

VariableAbout about_value(const std::string& name, const ContainerValue& value) {
  return {name, value.kind, value.dtype, value.shape};
}

const VariableAbout& variable_named(const std::vector<VariableAbout>& variables, const std::string& name,
                                    const std::string& where) {
  const auto found =
      std::find_if(variables.begin(), variables.end(), [&](const VariableAbout& one) { return one.name == name; });
  if (found != variables.end()) return *found;
  std::vector<std::string> names;
  for (const auto& variable : variables) names.push_back(variable.name);
  throw input_error(where, "has no variable " + printable(name), suggestion(name, names));
}

const ContainerFormat* container_format_of(const Path& path) {
  const MappedFile file(path);
  const Bytes head = file.bytes().first(std::min(head_bytes, file.bytes().size()));
  for (const ContainerFormat* const format : Registry<ContainerFormat>::instance().entries()) {
    if (format->recognise(head, path)) return format;
  }
  return nullptr;
}

std::unique_ptr<Container> open_container(const Path& path) {
  if (const ContainerFormat* const format = container_format_of(path)) return format->open(path);
  throw input_error(path.string(), "is no container of named values that caton knows",
                    "read are: " + join(Registry<ContainerFormat>::instance().names(), ", "));
}

}  // namespace caton
