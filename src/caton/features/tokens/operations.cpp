// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The tokens' operations, as recipes and golden cases name them.
#include "caton/base/ports.hpp"
#include "caton/features/tokens/trial_tokens.hpp"

namespace caton {

namespace {

Json code_bands_argument() {
  Json list = Json::list();
  for (const Band& band : rbt_code_bands()) list.push(Json::list_of(std::vector<double>{band.low_hz, band.high_hz}));
  return list;
}

std::vector<Band> token_bands(const Arguments& args) {
  if (!args.value("bands_hz").is_text()) return bands_of(pairs_argument(args, "bands_hz"));
  return choice_argument<std::vector<Band>>(args, "bands_hz",
                                            {{"code", rbt_code_bands()}, {"paper", rbt_paper_bands()}});
}

TokenOptions token_options(const Arguments& args) {
  TokenOptions options{.rate_hz = args.number("rate_hz"), .order = count_argument(args, "order")};
  options.bands = token_bands(args);
  options.settle = args.integer("settle");
  return options;
}

std::vector<Argument> filter_arguments() {
  return {{.name = "rate_hz", .type = "number", .standard = 128, .about = "of the filter design, for every data set"},
          {.name = "order", .type = "integer", .standard = 5},
          {.name = "bands_hz", .type = "any", .standard = code_bands_argument(), .about = "pairs, or code, or paper"},
          {.name = "settle", .type = "integer", .standard = 0, .about = "filtered samples dropped at each start"}};
}

std::vector<Argument> trial_arguments() {
  auto arguments = filter_arguments();
  const std::vector<Argument> more{
      {.name = "window", .type = "integer", .standard = 512, .about = "samples"},
      {.name = "stride", .type = "integer", .standard = 117, .about = "samples"},
      {.name = "start", .type = "integer", .standard = 0, .about = "where the first window begins"},
      {.name = "baseline_segments", .type = "integer", .standard = 0},
      {.name = "baseline_length", .type = "integer", .standard = 128, .about = "samples"},
      {.name = "baseline_from", .type = "text", .standard = "none", .about = "none, own, start"},
      {.name = "per_channel", .type = "flag", .standard = false, .about = "z-score each channel by itself"},
      {.name = "flat", .type = "text", .standard = "refuse", .about = "refuse or allow constant channels"}};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TrialTokenOptions trial_options(const Arguments& args) {
  TrialTokenOptions options;
  options.tokens = token_options(args);
  options.tokens.per_channel = args.flag("per_channel");
  options.tokens.allow_flat = choice_argument<bool>(args, "flat", {{"refuse", false}, {"allow", true}});
  options.window = args.integer("window");
  options.stride = args.integer("stride");
  options.start = args.integer("start");
  options.baseline_segments = args.integer("baseline_segments");
  options.baseline_length = args.integer("baseline_length");
  options.baseline_from = choice_argument<BaselineFrom>(
      args, "baseline_from",
      {{"none", BaselineFrom::none}, {"own", BaselineFrom::own}, {"start", BaselineFrom::start}});
  return options;
}

Tensors trial_tokens(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto options = trial_options(args);
  std::optional<MatrixPort> baseline;
  if (in.count("baseline") != 0) baseline.emplace(args, in, "baseline");
  const auto result = rbt_trial_tokens(x, baseline ? std::optional<Signal>(baseline->view()) : std::nullopt, options);
  Tensors out{{"tokens", Tensor::of(result.tokens)}, {"start", Tensor::vector(result.start)}};
  if (!result.baseline_tokens.empty()) {
    out["baseline_mean"] = Tensor::of(result.baseline_mean);
    out["baseline_tokens"] = Tensor::of(result.baseline_tokens);
  }
  return out;
}

const Operation zscore_operation{
    .name = "zscore_window",
    .room = "features",
    .about = "Mean 0 and population deviation 1 over a whole window, or over each channel",
    .arguments = {{.name = "per_channel", .type = "flag", .standard = false}},
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "y", .shape = "C T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"y", Tensor::of(zscore_window(x, args.flag("per_channel")))}};
        },
};
CATON_REGISTER(Operation, zscore_operation);

const Operation band_entropy_operation{
    .name = "band_differential_entropy",
    .room = "features",
    .about = "Differential entropy of each channel in each band after a causal Butterworth filter from rest",
    .arguments = filter_arguments(),
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "tokens", .shape = "C bands", .unit = "bit"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"tokens", Tensor::of(band_differential_entropy(x, token_options(args)))}};
        },
};
CATON_REGISTER(Operation, band_entropy_operation);

const Operation trial_tokens_operation{
    .name = "rbt_trial_tokens",
    .room = "features",
    .about = "RBTransformer's tokens of all windows of a trial, its baseline subtracted (the authors' preprocessing)",
    .arguments = trial_arguments(),
    .inputs = {{.name = "x", .shape = "C T"}, {.name = "baseline", .shape = "C Tb", .optional = true}},
    .outputs = {{.name = "tokens", .shape = "W C bands", .unit = "bit"},
                {.name = "start", .shape = "W", .unit = "samples"},
                {.name = "baseline_mean", .shape = "C length", .optional = true},
                {.name = "baseline_tokens", .shape = "C bands", .unit = "bit", .optional = true}},
    .call = trial_tokens,
};
CATON_REGISTER(Operation, trial_tokens_operation);

}  // namespace

}  // namespace caton
