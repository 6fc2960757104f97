// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `differential-entropy`: each channel's entropy in bands,
// windows laid by the recipe.
#include "caton/base/error.hpp"
#include "caton/features/differential_entropy.hpp"
#include "caton/features/differential_entropy_stream.hpp"
#include "caton/features/feature.hpp"
#include "caton/features/windows.hpp"

#include <cmath>

namespace caton {
namespace {

const std::vector<RecipeKey> keys{
    {"length_s", "number", Json{}, "of a window; else the recipe's [prepare] window, else 1 s"},
    {"step_s", "number", Json{}, "from one window to the next; else the recipe's, else the length"},
    {"bands_hz", "list",
     Json(Json::List{Json(Json::List{1, 4}), Json(Json::List{4, 8}), Json(Json::List{8, 14}), Json(Json::List{14, 31}),
                     Json(Json::List{31, 49})}),
     "[low, high] of each band"},
    {"order", "integer", 4, "of the zero-phase Butterworth filters"},
};

std::vector<Band> bands_of(const Json& options) {
  std::vector<Band> bands;
  for (const auto& band : options.at("bands_hz").items("bands_hz")) {
    const auto edges = band.numbers("bands_hz");
    if (edges.size() != 2)
      throw usage_error("input differential-entropy: bands_hz", "a band has two edges, found " + band.dump());
    bands.push_back({edges[0], edges[1]});
  }
  return bands;
}

std::vector<std::string> names(const Json& options) {
  std::vector<std::string> list;
  for (const Band& band : bands_of(options)) list.push_back(band_name(band.low_hz, band.high_hz));
  return list;
}

double chosen(const Json& own, double recipe, double otherwise) {
  return !own.is_null() ? own.number() : recipe > 0 ? recipe : otherwise;
}

struct Placed {
  std::vector<std::int64_t> trial, begin;
};

std::unique_ptr<FeatureStream> stream(const FeatureStreamRequest& request, const Json& options) {
  const double length_s = chosen(options.at("length_s"), request.window_length_s, 1);
  return differential_entropy_stream(request.channels,
                                     {.rate_hz = request.rate_hz,
                                      .bands = bands_of(options),
                                      .length_s = length_s,
                                      .step_s = chosen(options.at("step_s"), request.window_step_s, length_s),
                                      .order = static_cast<int>(options.at("order").integer())});
}

FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const double length_s = chosen(options.at("length_s"), request.window_length_s, 1);
  const double step_s = chosen(options.at("step_s"), request.window_step_s, length_s);
  const auto length = static_cast<std::int64_t>(std::llround(length_s * request.rate_hz));
  const auto step = static_cast<std::int64_t>(std::llround(step_s * request.rate_hz));
  if (length < 2 || step < 1)
    throw usage_error("input differential-entropy", "length_s and step_s must be positive and hold samples");
  const auto bands = bands_of(options);
  WindowCollector collector(request.signal.extent(0), static_cast<std::int64_t>(bands.size()));
  // Filters run over each gap-free stretch of the recording once; windows are
  // then cut inside the trials.
  for (const auto& [first, last] : request.continuous) {
    Placed placed;
    for (const TrialStretch& stretch : request.trials) {
      if (stretch.begin < first || stretch.begin >= last) continue;
      if (stretch.end - stretch.begin < length) collector.too_short(stretch, length, request.rate_hz);
      for (std::int64_t begin = stretch.begin; begin + length <= stretch.end; begin += step) {
        placed.trial.push_back(stretch.trial);
        placed.begin.push_back(begin - first);
      }
    }
    if (placed.begin.empty()) continue;
    const auto entropies = differential_entropy_at(
        request.signal.slice(1, first, last - first), placed.begin, length,
        {.rate_hz = request.rate_hz, .bands = bands, .order = static_cast<int>(options.at("order").integer())});
    for (std::size_t w = 0; w < placed.begin.size(); ++w) {
      const auto window = static_cast<std::int64_t>(w);
      const View<const double, 3> all = entropies.view();
      collector.add(
          placed.trial[w], placed.begin[w] + first, length,
          View<const double, 2>(&all(0, 0, window), {all.extent(0), all.extent(1)}, {all.stride(0), all.stride(1)}));
    }
  }
  return std::move(collector).result();
}

const FeatureEntry entropy_input{.name = "differential-entropy",
                                 .aliases = {"differential_entropy"},
                                 .about =
                                     "differential entropy 0.5 ln(2 pi e v) [nat] of each channel in "
                                     "bands, filtered over the whole recording",
                                 .block = "features",
                                 .keys = keys,
                                 .names = names,
                                 .measure = measure,
                                 .stream = stream};
CATON_REGISTER(FeatureEntry, entropy_input);

}  // namespace
}  // namespace caton
