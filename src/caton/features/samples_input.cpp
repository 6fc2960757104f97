// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `samples`: every moment of a trial by itself, one value a channel.
#include "caton/base/error.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/features/feature.hpp"
#include "caton/features/window_stream.hpp"
#include "caton/features/windows.hpp"

#include <cmath>
#include <optional>

namespace caton {
namespace {

constexpr const char* where = "input samples";
constexpr double microvolts = 1e6;

const std::vector<RecipeKey> keys{
    {"every", "integer", 1, "take each so-manieth sample of a trial"},
    {"reject_uv", "number", Json{},
     "moments at which any channel is farther than this from its median over the recording are left out"},
};

std::vector<double> medians_of(Signal signal) {
  std::vector<double> medians;
  for (std::int64_t c = 0; c < signal.extent(0); ++c) {
    std::vector<double> row(static_cast<std::size_t>(signal.extent(1)));
    for (std::int64_t t = 0; t < signal.extent(1); ++t) row[static_cast<std::size_t>(t)] = signal(c, t);
    medians.push_back(median(std::move(row)));
  }
  return medians;
}

bool far_from_median(Signal signal, std::int64_t t, const std::vector<double>& medians, double limit) {
  for (std::int64_t c = 0; c < signal.extent(0); ++c)
    if (!(std::abs(signal(c, t) - medians[static_cast<std::size_t>(c)]) * microvolts <= limit)) return true;
  return false;
}

FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const std::int64_t every = options.at("every").integer("every");
  if (every < 1) throw usage_error(where, "every must be at least 1");
  std::optional<double> limit;
  if (!options.at("reject_uv").is_null()) limit = options.at("reject_uv").number("reject_uv");
  if (limit && !(*limit > 0)) throw usage_error(where, "reject_uv must be above 0");
  const auto medians = limit ? medians_of(request.signal) : std::vector<double>{};
  const std::int64_t channels = request.signal.extent(0);
  WindowCollector collector(channels, 1);
  std::int64_t rejected = 0;
  Matrix values({channels, 1}, uninitialised);
  for (const TrialStretch& stretch : request.trials) {
    for (std::int64_t t = stretch.begin; t < stretch.end; t += every) {
      if (limit && far_from_median(request.signal, t, medians, *limit)) {
        ++rejected;
        continue;
      }
      for (std::int64_t c = 0; c < channels; ++c) values(c, 0) = request.signal(c, t) * microvolts;
      collector.add(stretch.trial, t, 1, values);
    }
  }
  FeatureWindows windows = std::move(collector).result();
  if (rejected > 0)
    windows.findings.push_back({"samples/rejected", Severity::note, "",
                                std::to_string(rejected) + " samples lie more than " + number_text(*limit) +
                                    " uV from the median of a channel and are left out"});
  return windows;
}

/// One moment of a stream.
class MomentMeasure final : public WindowMeasure {
 public:
  bool measure(Signal window, View<float, 2> values) override {
    for (std::int64_t c = 0; c < window.extent(0); ++c) values(c, 0) = static_cast<float>(window(c, 0));
    return true;
  }
  [[nodiscard]] std::int64_t features() const override { return 1; }
};

std::unique_ptr<FeatureStream> stream(const FeatureStreamRequest& request, const Json& options) {
  const std::int64_t every = options.at("every").integer("every");
  if (every < 1) throw usage_error(where, "every must be at least 1");
  if (!options.at("reject_uv").is_null())
    throw usage_error(where, "reject_uv has no causal form: it knows the median of the whole recording",
                      "leave it out of the recipe, and train again");
  return window_stream({.channels = request.channels, .length = 1, .step = every, .scale = microvolts},
                       std::make_unique<MomentMeasure>());
}

std::vector<std::string> names(const Json& /*options*/) { return {"value [uV]"}; }

const FeatureEntry samples_input{.name = "samples",
                                 .about =
                                     "each moment by itself, one value [uV] a channel: what tables of raw samples with "
                                     "a label in every row are decoded from",
                                 .block = "features",
                                 .keys = keys,
                                 .names = names,
                                 .measure = measure,
                                 .stream = stream};
CATON_REGISTER(FeatureEntry, samples_input);

}  // namespace
}  // namespace caton
