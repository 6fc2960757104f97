// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `connectivity`: a measure between all channels, window by window.
#include "caton/base/error.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/features/window_stream.hpp"
#include "caton/features/windows.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr const char* where = "input connectivity";

const std::vector<RecipeKey> keys{
    {"measure", "text", "wpli", "a registered measure between channels (caton plot connectivity --help lists them)"},
    {"bands_hz", "list", Json(Json::List{Json(Json::List{4, 8}), Json(Json::List{8, 13}), Json(Json::List{13, 30})}),
     "[low, high] of each band"},
    {"length_s", "number", Json{}, "of a window; else the recipe's [prepare] window, else 10 s"},
    {"step_s", "number", Json{}, "from one window to the next; else the recipe's, else the length"},
    {"epoch_s", "number", 1.0, "of the pieces of a window over which phases are compared"},
    {"order", "integer", 4, "of autoregressive models"}};

struct Plan {
  const PairMeasure* measure = nullptr;
  PairOptions options;
  std::int64_t length = 0, step = 0, epoch = 0;
};

template <class Request>
Plan plan_of(const Request& request, const Json& options) {
  Plan plan{.measure = &pair_measure_named(where, options.at("measure").text("measure"))};
  plan.options.rate_hz = request.rate_hz;
  plan.options.order = options.at("order").integer("order");
  for (const auto& band : options.at("bands_hz").items("bands_hz")) {
    const auto edges = band.numbers("bands_hz");
    if (edges.size() != 2) throw usage_error(where, "bands_hz: a band has two edges, found " + band.dump());
    plan.options.bands.push_back({edges[0], edges[1]});
  }
  require_bands(where, plan.options.bands, request.rate_hz);
  const auto chosen = [&](const char* key, double recipe, double otherwise) {
    const Json& own = options.at(key);
    const double seconds = !own.is_null() ? own.number(key) : recipe > 0 ? recipe : otherwise;
    return static_cast<std::int64_t>(std::llround(std::min(seconds * request.rate_hz, 1e15)));
  };
  plan.length = chosen("length_s", request.window_length_s, 10);
  plan.step = chosen("step_s", request.window_step_s, static_cast<double>(plan.length) / request.rate_hz);
  plan.epoch = plan.measure->repetitions ? chosen("epoch_s", 0, 1) : plan.length;
  if (plan.length < 2 || plan.step < 1 || plan.epoch < 2 || plan.epoch > plan.length)
    throw usage_error(where, "length_s, step_s and epoch_s must be positive, and a window must hold an epoch");
  return plan;
}

/// Bands x to x from as channels (to) x features (bands one after the other, from within them).
template <class T>
void lay_out(const Array<double, 3>& cube, View<T, 2> values) {
  for (std::int64_t b = 0; b < cube.extent(0); ++b) {
    for (std::int64_t to = 0; to < cube.extent(1); ++to) {
      for (std::int64_t from = 0; from < cube.extent(2); ++from)
        values(to, b * cube.extent(2) + from) = static_cast<T>(cube(b, to, from));
    }
  }
}

Array<double, 3> measured(const Plan& plan, Signal window) {
  return measure_pairs(*plan.measure, pair_epochs(*plan.measure, window, plan.epoch), plan.options);
}

Matrix values_of(const Plan& plan, Signal window) {
  Matrix values({window.extent(0), static_cast<std::int64_t>(plan.options.bands.size()) * window.extent(0)},
                uninitialised);
  lay_out(measured(plan, window), values.view());
  return values;
}

FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const Plan plan = plan_of(request, options);
  const std::int64_t channels = request.signal.extent(0);
  WindowCollector collector(channels, static_cast<std::int64_t>(plan.options.bands.size()) * channels);
  for (const TrialStretch& stretch : request.trials) {
    if (stretch.end - stretch.begin < plan.length) collector.too_short(stretch, plan.length, request.rate_hz);
    for (std::int64_t begin = stretch.begin; begin + plan.length <= stretch.end; begin += plan.step) {
      try {
        collector.add(stretch.trial, begin, plan.length, values_of(plan, request.signal.slice(1, begin, plan.length)));
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::input) throw;
        collector.undefined(stretch.trial, static_cast<double>(begin) / request.rate_hz, error.what());
      }
    }
  }
  return std::move(collector).result();
}

class PairWindow final : public WindowMeasure {
 public:
  PairWindow(Plan plan, std::int64_t channels)
      : plan_(std::move(plan)), features_(static_cast<std::int64_t>(plan_.options.bands.size()) * channels) {
    // A single channel has no partner: the plain form says so of each window.
    if (plan_.measure->repeated == nullptr || channels < 2) return;
    epochs_ = Array<double, 3>({plan_.length / plan_.epoch, channels, plan_.epoch});
    pairs_ = plan_.measure->repeated(*plan_.measure, epochs_.extents(), plan_.options);
  }

  bool measure(Signal window, View<float, 2> values) override {
    if (pairs_ == nullptr) {
      lay_out(measured(plan_, window), values);
    } else {
      pair_epochs(*plan_.measure, window, epochs_);
      lay_out(pairs_->run(epochs_), values);
    }
    return true;
  }
  [[nodiscard]] std::int64_t features() const override { return features_; }
  [[nodiscard]] bool allocates() const override { return pairs_ == nullptr; }

 private:
  Plan plan_;
  std::int64_t features_;
  Array<double, 3> epochs_;
  std::unique_ptr<RepeatedPairs> pairs_;  ///< nothing: the measure has no form for windows again and again
};

std::unique_ptr<FeatureStream> stream(const FeatureStreamRequest& request, const Json& options) {
  Plan plan = plan_of(request, options);
  const WindowStreamAbout about{.channels = request.channels, .length = plan.length, .step = plan.step};
  return window_stream(about, std::make_unique<PairWindow>(std::move(plan), request.channels));
}

std::vector<std::string> names(const Json& /*options*/) { return {}; }

std::vector<std::string> names_with(const Json& options, const std::vector<std::string>& channels) {
  const bool mutual = pair_measure_named(where, options.at("measure").text("measure")).kind == PairKind::mutual;
  std::vector<std::string> all;
  for (const auto& band : options.at("bands_hz").items("bands_hz")) {
    const auto edges = band.numbers("bands_hz");
    for (const auto& channel : channels)
      all.push_back(band_name(edges.at(0), edges.at(1)) + (mutual ? " with " : " from ") + channel);
  }
  return all;
}

const FeatureEntry connectivity_input{.name = "connectivity",
                                      .about = "a measure between all channels in bands, [to, from] of each window",
                                      .block = "features",
                                      .keys = keys,
                                      .names = names,
                                      .names_with = names_with,
                                      .measure = measure,
                                      .stream = stream};
CATON_REGISTER(FeatureEntry, connectivity_input);

}  // namespace
}  // namespace caton
