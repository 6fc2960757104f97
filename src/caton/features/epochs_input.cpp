// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `epochs`: the signal itself, filtered over the whole recording and cut at the trials.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/feature.hpp"
#include "caton/features/window_stream.hpp"
#include "caton/features/windows.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton {
namespace {

constexpr const char* where = "input epochs";
constexpr double microvolts = 1e6;

const std::vector<RecipeKey> keys{
    {"bands_hz", "list", Json{}, "[low, high] of zero-phase band-passes; copies of the channels one below the other"},
    {"order", "integer", 4, "of the Butterworth filters"},
    {"from_s", "number", 0.0, "begin of the epoch within the trial"},
    {"length_s", "number", Json{}, "of an epoch (to the end of the trial)"},
    {"step_s", "number", Json{}, "to the next epoch of the same trial (one epoch a trial)"},
    {"baseline_s", "number", 0.0, "the mean of this first part of the epoch is subtracted from each channel"},
    {"reject_uv", "number", Json{}, "epochs that exceed this in any channel are left out"},
    {"scale", "text", "none", "none, or deviation: every epoch divided by the standard deviation of all its values"},
};

struct EpochPlan {
  std::vector<Band> bands;
  int order = 4;
  std::int64_t first = 0, length = 0, step = 0, baseline = 0;  ///< samples; length 0: to the end of the trial
  std::optional<double> reject_uv;
  bool by_deviation = false;
};

std::int64_t samples_of(const Json& options, const char* key, double rate_hz) {
  const double seconds = options.at(key).is_null() ? 0 : options.at(key).number(std::string(where) + ": " + key);
  if (!(seconds >= 0 && seconds < 1e6))
    throw usage_error(where, std::string(key) + " must be 0 or positive, got " + number_text(seconds));
  return std::llround(seconds * rate_hz);
}

EpochPlan plan_of(const Json& options, double rate_hz) {
  EpochPlan plan{.order = static_cast<int>(options.at("order").integer())};
  if (!options.at("bands_hz").is_null()) {
    for (const auto& band : options.at("bands_hz").items("bands_hz")) {
      const auto edges = band.numbers("bands_hz");
      if (edges.size() != 2) throw usage_error(where, "bands_hz: a band has two edges, found " + band.dump());
      plan.bands.push_back({edges[0], edges[1]});
    }
  }
  plan.first = samples_of(options, "from_s", rate_hz);
  plan.length = samples_of(options, "length_s", rate_hz);
  plan.step = samples_of(options, "step_s", rate_hz);
  plan.baseline = samples_of(options, "baseline_s", rate_hz);
  if (!options.at("reject_uv").is_null()) plan.reject_uv = options.at("reject_uv").number("reject_uv");
  const std::string& scale = options.at("scale").text("scale");
  if (scale != "none" && scale != "deviation")
    throw usage_error(where, "unknown scale \"" + scale + "\"", "known: none, deviation");
  plan.by_deviation = scale == "deviation";
  return plan;
}

/// The channels in microvolts, filtered in each band, bands one below the other.
Matrix prepared_signal(Signal x, const EpochPlan& plan, double rate_hz) {
  Matrix scaled(x);
  for (double& value : scaled) value *= microvolts;
  if (plan.bands.empty()) return scaled;
  const std::int64_t channels = x.extent(0);
  Matrix all({channels * static_cast<std::int64_t>(plan.bands.size()), x.extent(1)}, uninitialised);
  for (std::size_t b = 0; b < plan.bands.size(); ++b) {
    const Matrix sos = iir_design({.rate_hz = rate_hz,
                                   .band = BandKind::bandpass,
                                   .order = plan.order,
                                   .cut_hz = {plan.bands[b].low_hz, plan.bands[b].high_hz}});
    const Matrix y = iir_filtfilt(scaled, sos, iir_pad_samples(sos, x.extent(1), PadRule::scipy));
    std::copy(y.begin(), y.end(), &all(static_cast<std::int64_t>(b) * channels, 0));
  }
  return all;
}

void subtract_baseline(Matrix& epoch, std::int64_t samples) {
  if (samples == 0) return;
  for (std::int64_t c = 0; c < epoch.extent(0); ++c) {
    double sum = 0;
    for (std::int64_t t = 0; t < samples; ++t) sum += epoch(c, t);
    for (std::int64_t t = 0; t < epoch.extent(1); ++t) epoch(c, t) -= sum / static_cast<double>(samples);
  }
}

bool exceeds(const Matrix& epoch, const std::optional<double>& limit) {
  return limit && std::any_of(epoch.begin(), epoch.end(), [&](double value) { return std::abs(value) > *limit; });
}

void divide_by_deviation(Matrix& epoch) {
  double sum = 0, squares = 0;
  const auto count = static_cast<double>(epoch.size());
  for (const double value : epoch) sum += value;
  for (const double value : epoch) squares += (value - sum / count) * (value - sum / count);
  const double deviation = std::sqrt(squares / count);
  if (!(deviation > 0)) return;
  for (double& value : epoch) value /= deviation;
}

/// The common length of the epochs: as asked for, else the shortest trial's rest.
std::int64_t common_length(const FeatureRequest& request, const EpochPlan& plan) {
  if (plan.length > 0) return plan.length;
  std::int64_t shortest = 0;
  for (const TrialStretch& stretch : request.trials) {
    const std::int64_t rest = stretch.end - stretch.begin - plan.first;
    if (shortest == 0 || rest < shortest) shortest = rest;
  }
  return shortest;
}

FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const EpochPlan plan = plan_of(options, request.rate_hz);
  const std::int64_t length = common_length(request, plan);
  const auto copies = static_cast<std::int64_t>(std::max<std::size_t>(plan.bands.size(), 1));
  WindowCollector collector(request.signal.extent(0) * copies, length);
  if (!request.trials.empty() && (length < 2 || plan.baseline >= length))
    throw usage_error(where, "an epoch must hold at least 2 samples, and more than its baseline");
  std::int64_t rejected = 0;
  for (const auto& [first, last] : request.continuous) {
    std::optional<Matrix> signal;
    for (const TrialStretch& stretch : request.trials) {
      if (stretch.begin < first || stretch.begin >= last) continue;
      if (stretch.begin + plan.first + length > stretch.end) collector.too_short(stretch, length, request.rate_hz);
      if (!signal) signal = prepared_signal(request.signal.slice(1, first, last - first), plan, request.rate_hz);
      for (std::int64_t begin = stretch.begin + plan.first; begin + length <= stretch.end; begin += plan.step) {
        Matrix epoch(signal->view().slice(1, begin - first, length));
        subtract_baseline(epoch, plan.baseline);
        if (exceeds(epoch, plan.reject_uv)) {
          ++rejected;
        } else {
          if (plan.by_deviation) divide_by_deviation(epoch);
          collector.add(stretch.trial, begin, length, epoch);
        }
        if (plan.step == 0) break;
      }
    }
  }
  FeatureWindows windows = std::move(collector).result();
  if (rejected > 0) {
    windows.findings.push_back(
        {"epochs/rejected", Severity::note, "",
         std::to_string(rejected) + " epochs exceed " + number_text(*plan.reject_uv) + " uV and are left out"});
  }
  return windows;
}

/// An epoch of a stream, treated as `measure` treats those of a trial.
class EpochMeasure final : public WindowMeasure {
 public:
  EpochMeasure(EpochPlan plan, std::int64_t channels) : plan_(std::move(plan)), epoch_({channels, plan_.length}) {}

  bool measure(Signal window, View<float, 2> values) override {
    for (std::int64_t c = 0; c < window.extent(0); ++c) std::copy_n(&window(c, 0), plan_.length, &epoch_(c, 0));
    subtract_baseline(epoch_, plan_.baseline);
    if (exceeds(epoch_, plan_.reject_uv)) return false;
    if (plan_.by_deviation) divide_by_deviation(epoch_);
    for (std::int64_t c = 0; c < window.extent(0); ++c) {
      for (std::int64_t t = 0; t < plan_.length; ++t) values(c, t) = static_cast<float>(epoch_(c, t));
    }
    return true;
  }
  [[nodiscard]] std::int64_t features() const override { return plan_.length; }

 private:
  EpochPlan plan_;
  Matrix epoch_;
};

std::unique_ptr<FeatureStream> stream(const FeatureStreamRequest& request, const Json& options) {
  const EpochPlan plan = plan_of(options, request.rate_hz);
  if (!plan.bands.empty())
    throw usage_error(where, "bands_hz has no causal form: it filters forward and backward",
                      "band-pass in [prepare] instead, and train again");
  if (plan.length == 0)
    throw usage_error(where, "the length of an epoch is that of a trial, and a stream has no trials",
                      "give length_s in the recipe, and train again");
  if (plan.length < 2 || plan.baseline >= plan.length)
    throw usage_error(where, "an epoch must hold at least 2 samples, and more than its baseline");
  return window_stream({.channels = request.channels,
                        .length = plan.length,
                        .step = plan.step > 0 ? plan.step : plan.length,
                        .scale = microvolts,
                        .difference = plan.first > 0 || plan.step == 0
                                          ? "training took epochs at a place of each trial; a stream has no trials, "
                                            "epochs follow one another"
                                          : ""},
                       std::make_unique<EpochMeasure>(plan, request.channels));
}

std::vector<std::string> names(const Json& /*options*/) { return {}; }

const FeatureEntry epochs_input{.name = "epochs",
                                .about =
                                    "the signal itself [uV] in each trial, filtered over the whole recording: for "
                                    "spatial filters, covariances and frequency detectors",
                                .block = "epochs",
                                .keys = keys,
                                .names = names,
                                .measure = measure,
                                .stream = stream};
CATON_REGISTER(FeatureEntry, epochs_input);

}  // namespace
}  // namespace caton
