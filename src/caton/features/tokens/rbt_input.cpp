// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `rbt-trial-tokens`: RBTransformer's tokens of every trial,
// the authors' way by default.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/feature.hpp"
#include "caton/features/tokens/trial_tokens.hpp"
#include "caton/features/windows.hpp"

#include <cmath>

namespace caton {
namespace {

const std::vector<RecipeKey> keys{
    {"window_samples", "integer", 512, "length of a window"},
    {"stride_samples", "integer", 117, "from one window to the next"},
    {"start_samples", "integer", 0, "where the first window of a trial begins"},
    {"window_s", "number", Json{}, "length in seconds, instead of samples"},
    {"stride_s", "number", Json{}, "step in seconds; with window_s alone 117/512 of it"},
    {"true_rate", "flag", false,
     "design the filters for the recording's rate; the authors take 128 Hz for "
     "all"},
    {"order", "integer", 5, "of the Butterworth filters"},
    {"bands", "any", "code", "code, paper, or a list of [low, high] in Hz"},
    {"per_channel", "flag", false,
     "z-score every channel by itself (paper) instead of the whole window "
     "(code)"},
    {"settle_samples", "integer", 0, "filtered samples dropped at the start of a window"},
    {"flat", "text", "refuse", "constant channels: refuse or allow"},
    {"baseline", "text", "none", "none, own (a recording before the trial) or start (of the trial)"},
    {"baseline_segments", "integer", 0, "segments of the baseline that are averaged"},
    {"baseline_length", "integer", 128, "samples of a segment"},
};

const Presets presets{
    {"dreamer", Json::object({{"baseline", "own"}, {"baseline_segments", 61}})},
    // The first 3 s of a DEAP trial are its baseline; the layout hands them over as such and lets the trial begin
    // behind.
    {"deap", Json::object({{"baseline", "own"}, {"baseline_segments", 3}})},
    {"seed", Json::object()},
    {"own", Json::object({{"true_rate", true}, {"window_s", 4.0}})},
};

std::vector<Band> bands_of(const Json& options) {
  const Json& bands = options.at("bands");
  if (bands.is_text()) {
    if (bands.text() == "code") return rbt_code_bands();
    if (bands.text() == "paper") return rbt_paper_bands();
    throw usage_error("input rbt-trial-tokens: bands", "\"" + bands.text() + "\" is not known",
                      "code, paper, or a list of [low, high]");
  }
  std::vector<Band> list;
  for (const auto& band : bands.items("bands")) {
    const auto edges = band.numbers("bands");
    if (edges.size() != 2)
      throw usage_error("input rbt-trial-tokens: bands", "a band has two edges, found " + band.dump());
    list.push_back({edges[0], edges[1]});
  }
  return list;
}

std::vector<std::string> names(const Json& options) {
  std::vector<std::string> list;
  for (const Band& band : bands_of(options)) list.push_back(band_name(band.low_hz, band.high_hz));
  return list;
}

BaselineFrom baseline_of(const Json& options) {
  const std::string& text = options.at("baseline").text();
  if (text == "none") return BaselineFrom::none;
  if (text == "own") return BaselineFrom::own;
  if (text == "start") return BaselineFrom::start;
  throw usage_error("input rbt-trial-tokens: baseline", "\"" + text + "\" is not known", "none, own or start");
}

TrialTokenOptions options_of(const Json& options, double rate_hz) {
  TrialTokenOptions tokens;
  tokens.tokens.rate_hz = options.at("true_rate").flag() ? rate_hz : 128;
  tokens.tokens.order = static_cast<int>(options.at("order").integer());
  tokens.tokens.bands = bands_of(options);
  tokens.tokens.per_channel = options.at("per_channel").flag();
  tokens.tokens.settle = options.at("settle_samples").integer();
  const std::string& flat = options.at("flat").text();
  if (flat != "refuse" && flat != "allow")
    throw usage_error("input rbt-trial-tokens: flat", "\"" + flat + "\" is not known", "refuse or allow");
  tokens.tokens.allow_flat = flat == "allow";
  tokens.window = options.at("window_samples").integer();
  tokens.stride = options.at("stride_samples").integer();
  if (!options.at("window_s").is_null()) {
    tokens.window = std::llround(options.at("window_s").number() * rate_hz);
    tokens.stride = std::llround(static_cast<double>(tokens.window) * 117 / 512);
  }
  if (!options.at("stride_s").is_null()) tokens.stride = std::llround(options.at("stride_s").number() * rate_hz);
  tokens.start = options.at("start_samples").integer();
  tokens.baseline_from = baseline_of(options);
  tokens.baseline_segments = options.at("baseline_segments").integer();
  tokens.baseline_length = options.at("baseline_length").integer();
  return tokens;
}

FeatureWindows measure(const FeatureRequest& request, const Json& options) {
  const TrialTokenOptions tokens = options_of(options, request.rate_hz);
  WindowCollector collector(request.signal.extent(0), static_cast<std::int64_t>(tokens.tokens.bands.size()));
  for (const TrialStretch& stretch : request.trials) {
    const Signal part = request.signal.slice(1, stretch.begin, stretch.end - stretch.begin);
    if (part.extent(1) < tokens.start + tokens.window) {
      collector.too_short(stretch, tokens.start + tokens.window, request.rate_hz);
      continue;
    }
    std::optional<Array<double, 2>> baseline;
    if (tokens.baseline_from == BaselineFrom::own && request.baseline) baseline = request.baseline(stretch.trial);
    const TrialTokens made =
        rbt_trial_tokens(part, baseline ? std::optional<Signal>(baseline->view()) : std::nullopt, tokens);
    for (std::size_t w = 0; w < made.start.size(); ++w) {
      collector.add(stretch.trial, stretch.begin + made.start[w], tokens.window,
                    made.tokens.view()[static_cast<std::int64_t>(w)]);
    }
  }
  return std::move(collector).result();
}

const FeatureEntry rbt_input{.name = "rbt-trial-tokens",
                             .aliases = {"rbt_trial_tokens"},
                             .about =
                                 "RBTransformer's tokens: differential entropy "
                                 "[bit] of each electrode in four bands",
                             .block = "tokens",
                             .keys = keys,
                             .presets = presets,
                             .names = names,
                             .measure = measure};
CATON_REGISTER(FeatureEntry, rbt_input);

}  // namespace
}  // namespace caton
