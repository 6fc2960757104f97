// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/sample_layout.hpp"

#include "caton/base/bytes.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <cmath>

namespace caton {
namespace {

void check_finite(const SampleSet& samples) {
  const auto rows = samples.flat();
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t f = 0; f < rows.extent(1); ++f) {
      if (std::isfinite(rows(i, f))) continue;
      throw input_error(
          "samples", "the value of feature " + std::to_string(f) + " in sample " + std::to_string(i) + " is not finite",
          "mark or fill what was not measured first");
    }
  }
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::vector<std::string> parts;
  for (const auto extent : shape) parts.push_back(std::to_string(extent));
  return join(parts, " x ");
}

void check_names(const std::vector<std::string>& trained, const std::vector<std::string>& given,
                 const std::string& what, const std::string& who) {
  if (trained == given) return;
  throw usage_error(who, "was trained on the " + what + " " + join(trained, " ") + ", got " + join(given, " "),
                    "give the same " + what + " in the same order");
}

}  // namespace

SampleLayout SampleLayout::of(const SampleSet& samples) {
  check_finite(samples);
  const auto& shape = samples.main_block().shape();
  return {{shape.begin() + 1, shape.end()}, samples.channels, samples.features, samples.rate_hz};
}

void SampleLayout::check(const SampleSet& samples, const std::string& who) const {
  check_names(channels, samples.channels, "channels", who);
  check_names(features, samples.features, "features", who);
  const auto& given = samples.main_block().shape();
  const std::vector<std::int64_t> own(given.begin() + (given.empty() ? 0 : 1), given.end());
  if (own != shape) {
    throw usage_error(who, "was trained on samples of shape " + shape_text(shape) + ", got " + shape_text(own));
  }
  if (samples.rate_hz != rate_hz) {
    throw usage_error(who,
                      "was trained on a signal of " + number_text(rate_hz) + " Hz, got " +
                          number_text(samples.rate_hz) + " Hz (rate)",
                      "resample the recording first");
  }
  check_finite(samples);
}

std::int64_t SampleLayout::width() const noexcept {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

Json SampleLayout::json() const {
  return Json::object({{"shape", Json::list_of(shape)},
                       {"channels", Json::list_of(channels)},
                       {"features", Json::list_of(features)},
                       {"rate_hz", rate_hz}});
}

SampleLayout SampleLayout::from(const Json& json, const std::string& where) {
  SampleLayout layout;
  std::int64_t width = 1;
  const Json& shape = json.at("shape", where);
  for (const auto& extent : shape.items(where)) {
    layout.shape.push_back(extent.integer(where));
    if (layout.shape.back() < 0) throw input_error(where, "the layout has a negative extent (shape)");
    width = checked_product(width, layout.shape.back(), where, "layout");
  }
  layout.channels = json.at("channels", where).texts(where);
  layout.features = json.at("features", where).texts(where);
  layout.rate_hz = json.at("rate_hz", where).number(where);
  return layout;
}

std::vector<std::string> axis_names(const std::vector<std::string>& names, std::int64_t count) {
  if (static_cast<std::int64_t>(names.size()) == count) return names;
  std::vector<std::string> numbers;
  for (std::int64_t i = 0; i < count; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

std::vector<std::string> flat_names(const SampleLayout& layout) {
  if (layout.shape.size() != 2) return axis_names(layout.features, layout.width());
  std::vector<std::string> names;
  const auto channels = axis_names(layout.channels, layout.shape[0]);
  const auto features = axis_names(layout.features, layout.shape[1]);
  for (const auto& channel : channels) {
    for (const auto& feature : features) names.push_back(channel + " " + feature);
  }
  return names;
}

}  // namespace caton
