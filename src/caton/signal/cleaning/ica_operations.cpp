// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/signal/cleaning/ica.hpp"

namespace caton {

namespace {

std::optional<Matrix> optional_matrix(const Arguments& args, const Tensors& in, const std::string& name) {
  if (in.count(name) == 0) return std::nullopt;
  return Matrix(MatrixPort(args, in, name).view());
}

Tensor one_integer(std::int64_t value) { return Tensor::vector(std::vector<std::int64_t>{value}); }

const Operation fastica_operation{
    .name = "ica_fastica",
    .room = "signal",
    .about = "Independent components by the fixed-point method (sklearn.decomposition.FastICA)",
    .arguments = {{.name = "components", .type = "integer"},
                  {.name = "algorithm", .type = "text", .standard = "parallel", .about = "parallel, deflation"},
                  {.name = "function", .type = "text", .standard = "logcosh", .about = "logcosh, exp, cube"},
                  {.name = "alpha", .type = "number", .standard = 1, .about = "of logcosh, 1 to 2"},
                  {.name = "max_iterations", .type = "integer", .standard = 200},
                  {.name = "tolerance", .type = "number", .standard = 1e-4}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "start", .shape = "K K", .optional = true}},
    .outputs = {{.name = "unmixing", .shape = "K C", .unit = "1/V"},
                {.name = "mixing", .shape = "C K", .unit = "V"},
                {.name = "mean", .shape = "C", .unit = "V"},
                {.name = "sources", .shape = "K T"},
                {.name = "iterations", .shape = "1"}},
    .streaming_form = "a fixed matrix learnt before",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const FastIca options{
              .components = args.integer("components"),
              .algorithm = choice_argument<FastIcaAlgorithm>(
                  args, "algorithm",
                  {{"parallel", FastIcaAlgorithm::parallel}, {"deflation", FastIcaAlgorithm::deflation}}),
              .function = choice_argument<Contrast>(
                  args, "function",
                  {{"logcosh", Contrast::log_cosh}, {"exp", Contrast::exp}, {"cube", Contrast::cube}}),
              .alpha = args.number("alpha"),
              .max_iterations = args.integer("max_iterations"),
              .tolerance = args.number("tolerance")};
          const IcaResult result = ica_fastica(MatrixPort(args, in, "x"), options, optional_matrix(args, in, "start"));
          return Tensors{{"unmixing", Tensor::of(result.unmixing)},
                         {"mixing", Tensor::of(result.mixing)},
                         {"mean", Tensor::vector(result.mean)},
                         {"sources", Tensor::of(result.sources)},
                         {"iterations", one_integer(result.iterations)}};
        },
};
CATON_REGISTER(Operation, fastica_operation);

const Operation picard_operation{
    .name = "ica_picard",
    .room = "signal",
    .about = "Independent components by maximum likelihood, L-BFGS with a Hessian's approximation (picard.core_picard)",
    .arguments = {{.name = "orthogonal", .type = "flag", .standard = true},
                  {.name = "extended", .type = "flag", .standard = false},
                  {.name = "memory", .type = "integer", .standard = 10},
                  {.name = "max_iterations", .type = "integer", .standard = 500},
                  {.name = "tolerance", .type = "number", .standard = 1e-7},
                  {.name = "lambda_min", .type = "number", .standard = 0.01},
                  {.name = "line_search", .type = "integer", .standard = 10},
                  {.name = "density", .type = "text", .standard = "tanh", .about = "tanh, exp, cube"}},
    .inputs = {{.name = "white", .shape = "K T"}},
    .outputs = {{.name = "unmixing", .shape = "K K"},
                {.name = "sources", .shape = "K T"},
                {.name = "iterations", .shape = "1"},
                {.name = "gradient_norm", .shape = "1"}},
    .streaming_form = "a fixed matrix learnt before",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const Picard options{
              .orthogonal = args.flag("orthogonal"),
              .extended = args.flag("extended"),
              .memory = count_argument(args, "memory"),
              .max_iterations = args.integer("max_iterations"),
              .tolerance = args.number("tolerance"),
              .lambda_min = args.number("lambda_min"),
              .line_search = count_argument(args, "line_search"),
              .density = choice_argument<Contrast>(
                  args, "density", {{"tanh", Contrast::log_cosh}, {"exp", Contrast::exp}, {"cube", Contrast::cube}})};
          const Tiles white(MatrixPort(args, in, "white").view());
          const PicardResult result = ica_picard(white, options);
          return Tensors{{"unmixing", Tensor::of(result.unmixing)},
                         {"sources", Tensor::of(multiplied(result.unmixing, white).signal())},
                         {"iterations", one_integer(result.iterations)},
                         {"gradient_norm", Tensor::vector(std::vector<double>{result.gradient_norm})}};
        },
};
CATON_REGISTER(Operation, picard_operation);

std::optional<Array<std::int64_t, 2>> permutations_port(const Arguments& args, const Tensors& in) {
  if (in.count("permutations") == 0) return std::nullopt;
  const Tensor& tensor = port(in, "permutations");
  if (tensor.rank() != 2) throw args.refuse("shape: permutations must have two axes, passes x samples");
  Array<std::int64_t, 2> result({tensor.shape()[0], tensor.shape()[1]}, uninitialised);
  const std::vector<double> values = tensor.doubles();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= 0 && values[i] < 9e15)) throw args.refuse("permutations must hold the numbers of samples");
    result.data()[i] = static_cast<std::int64_t>(values[i]);
  }
  return result;
}

const Operation infomax_operation{
    .name = "ica_infomax",
    .room = "signal",
    .about = "Independent components by (extended) Infomax (mne.preprocessing.infomax with the shuffles given)",
    .arguments = {{.name = "extended", .type = "flag", .standard = true},
                  {.name = "learning_rate", .type = "number", .standard = Json{}, .about = "null: 0.01/ln(K^2)"},
                  {.name = "block", .type = "integer", .standard = Json{}, .about = "samples; null: floor(sqrt(T/3))"},
                  {.name = "stop_change", .type = "number", .standard = 1e-12},
                  {.name = "anneal_degrees", .type = "number", .standard = 60},
                  {.name = "anneal_step", .type = "number", .standard = 0.9},
                  {.name = "extended_blocks", .type = "integer", .standard = 1},
                  {.name = "subgaussian", .type = "integer", .standard = 1},
                  {.name = "bias", .type = "flag", .standard = true},
                  {.name = "kurtosis_samples", .type = "integer", .standard = 6000},
                  {.name = "max_iterations", .type = "integer"},
                  {.name = "small_angle_count", .type = "integer", .standard = 20},
                  {.name = "blowup", .type = "number", .standard = 1e4},
                  {.name = "blowup_factor", .type = "number", .standard = 0.5}},
    .inputs = {{.name = "white", .shape = "T K"},
               {.name = "permutations", .shape = "max_iterations T", .optional = true}},
    .outputs = {{.name = "unmixing", .shape = "K K"}, {.name = "iterations", .shape = "1"}},
    .streaming_form = "a fixed matrix learnt before",
    .call =
        [](const Arguments& args, const Tensors& in) {
          Infomax options{.extended = args.flag("extended"),
                          .learning_rate = optional_number(args, "learning_rate"),
                          .stop_change = args.number("stop_change"),
                          .anneal_degrees = args.number("anneal_degrees"),
                          .anneal_step = args.number("anneal_step"),
                          .extended_blocks = args.integer("extended_blocks"),
                          .subgaussian = args.integer("subgaussian"),
                          .bias = args.flag("bias"),
                          .kurtosis_samples = args.integer("kurtosis_samples"),
                          .max_iterations = args.integer("max_iterations"),
                          .small_angle_count = args.integer("small_angle_count"),
                          .blowup = args.number("blowup"),
                          .blowup_factor = args.number("blowup_factor")};
          if (args.given("block")) options.block = args.integer("block");
          const InfomaxResult result = ica_infomax(MatrixPort(args, in, "white"), options, permutations_port(args, in));
          return Tensors{{"unmixing", Tensor::of(result.unmixing)}, {"iterations", one_integer(result.iterations)}};
        },
};
CATON_REGISTER(Operation, infomax_operation);

const Operation remove_operation{
    .name = "ica_remove",
    .room = "signal",
    .about = "Independent components taken away; what lies outside all components stays (mne ICA.apply)",
    .arguments = {{.name = "exclude", .type = "list", .about = "numbers of components"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"},
               {.name = "unmixing", .shape = "K C", .unit = "1/V"},
               {.name = "mixing", .shape = "C K", .unit = "V"},
               {.name = "mean", .shape = "C", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "sample by sample",
    .call =
        [](const Arguments& args, const Tensors& in) {
          std::vector<std::int64_t> exclude;
          for (const Json& index : args.value("exclude").items("ica_remove: exclude"))
            exclude.push_back(index.integer("ica_remove: exclude"));
          return Tensors{
              {"y", Tensor::of(ica_remove(MatrixPort(args, in, "x"), MatrixPort(args, in, "unmixing"),
                                          MatrixPort(args, in, "mixing"), vector_port(args, in, "mean"), exclude))}};
        },
};
CATON_REGISTER(Operation, remove_operation);

}  // namespace

}  // namespace caton
