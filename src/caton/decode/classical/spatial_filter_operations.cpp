// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Filters of covariances, as recipes and golden cases name them.
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/classical/lda.hpp"
#include "caton/decode/classical/spatial_filters.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/joint_diagonal.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"

namespace caton {

namespace {

CspOptions options_of(const Arguments& args) {
  return {.filters = count_argument(args, "filters"),
          .metric = metric_named(args.operation(), args.text("metric"), mean_metrics())};
}

Tensors filter_ports(const Arguments& args, const SpatialFilters& found, MatricesView c) {
  const Tensor z =
      args.flag("log") ? Tensor::of(log_powers(found.filters, c)) : Tensor::of(congruence(found.filters, c));
  return {{"filters", Tensor::of(found.filters)}, {"patterns", Tensor::of(found.patterns)}, {"z", z}};
}

struct LabelledMatrices {
  LabelledMatrices(const Arguments& args, const Tensors& in)
      : c(epochs_port(args, in, "c")), classes(labels_port(args, in, "y", c.extent(0))) {}
  Matrices c;
  NumberedClasses classes;
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(classes.values.size()); }
};

std::vector<Argument> filter_arguments(const std::vector<Argument>& more = {}) {
  std::vector<Argument> all{{.name = "filters", .type = "integer", .standard = 4},
                            {.name = "metric", .type = "text", .standard = "euclid", .about = "of the class means"},
                            {.name = "log", .type = "flag", .standard = true, .about = "z: logarithm of the power"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<Port> filter_outputs() {
  return {{.name = "filters", .shape = "F C"}, {.name = "patterns", .shape = "F C"}, {.name = "z", .shape = "N F"}};
}

const Operation csp_operation{
    .name = "csp",
    .room = "decode/classical",
    .about = "Common spatial patterns of two or more classes (pyRiemann CSP)",
    .arguments = filter_arguments(),
    .inputs = {{.name = "c", .shape = "N C C"}, {.name = "y", .shape = "N"}},
    .outputs = filter_outputs(),
    .call =
        [](const Arguments& args, const Tensors& in) {
          const LabelledMatrices data(args, in);
          return filter_ports(args, fit_csp(data.c, data.classes.y, data.count(), options_of(args)), data.c);
        },
};
CATON_REGISTER(Operation, csp_operation);

const Operation trcsp_operation{
    .name = "trcsp",
    .room = "decode/classical",
    .about = "Common spatial patterns with Tikhonov regularisation (MOABB TRCSP)",
    .arguments = filter_arguments({{.name = "alpha", .type = "number", .standard = 1}}),
    .inputs = {{.name = "c", .shape = "N C C"}, {.name = "y", .shape = "N"}},
    .outputs = filter_outputs(),
    .call =
        [](const Arguments& args, const Tensors& in) {
          const LabelledMatrices data(args, in);
          const auto found = fit_trcsp(data.c, data.classes.y, data.count(), args.number("alpha"), options_of(args));
          return filter_ports(args, found, data.c);
        },
};
CATON_REGISTER(Operation, trcsp_operation);

const Operation spoc_operation{
    .name = "spoc",
    .room = "decode/classical",
    .about = "Filters whose power follows a target (pyRiemann SPoC)",
    .arguments = filter_arguments(),
    .inputs = {{.name = "c", .shape = "N C C"}, {.name = "target", .shape = "N"}},
    .outputs = filter_outputs(),
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto c = epochs_port(args, in, "c");
          return filter_ports(args, fit_spoc(c, vector_port(args, in, "target"), options_of(args)), c);
        },
};
CATON_REGISTER(Operation, spoc_operation);

const Operation ajd_operation{
    .name = "ajd_pham",
    .room = "decode/classical",
    .about = "Approximate joint diagonalisation of positive definite matrices (pyRiemann ajd_pham)",
    .arguments = {{.name = "eps", .type = "number", .standard = 1e-6},
                  {.name = "max_iterations", .type = "integer", .standard = 20}},
    .inputs = {{.name = "c", .shape = "N C C"}},
    .outputs = {{.name = "v", .shape = "C C"}, {.name = "d", .shape = "N C C"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto found =
              joint_diagonal(epochs_port(args, in, "c"), args.number("eps"), count_argument(args, "max_iterations"));
          return Tensors{{"v", Tensor::of(found.v)}, {"d", Tensor::of(found.d)}};
        },
};
CATON_REGISTER(Operation, ajd_operation);

/// Band `b` of trials x channels x samples x bands.
Epochs band_of(View<const double, 4> x, std::int64_t b) {
  return {x.data() + b * x.stride(3), {x.extent(0), x.extent(1), x.extent(2)}, {x.stride(0), x.stride(1), x.stride(2)}};
}

Tensors run_fbcsp(const Arguments& args, const Tensors& in) {
  const CovarianceOptions covariance{.estimator = estimator_named(args.operation(), args.text("estimator"))};
  const auto train = port(in, "train_x").array<4>("train_x"), test = port(in, "test_x").array<4>("test_x");
  if (train.empty() || test.empty()) throw args.refuse("train_x or test_x is empty");
  if (train.extent(1) != test.extent(1) || train.extent(3) != test.extent(3))
    throw args.refuse("train_x and test_x differ in shape (channels or bands)");
  const auto classes = labels_port(args, in, "train_y", train.extent(0));
  const auto count = static_cast<std::int64_t>(classes.values.size());
  std::vector<Matrix> train_z, test_z;
  std::int64_t width = 0;
  for (std::int64_t b = 0; b < train.extent(3); ++b) {
    const Matrices c = covariances(band_of(train, b), covariance);
    const auto csp = fit_csp(c, classes.y, count, options_of(args));
    train_z.push_back(log_powers(csp.filters, c));
    test_z.push_back(log_powers(csp.filters, covariances(band_of(test, b), covariance)));
    width += csp.filters.extent(0);
  }
  const auto beside = [width](const std::vector<Matrix>& parts) {
    Matrix all({parts.front().extent(0), width}, uninitialised);
    std::int64_t at = 0;
    for (const Matrix& part : parts) {
      put(part, all.view().slice(1, at, part.extent(1)));
      at += part.extent(1);
    }
    return all;
  };
  const Json& lda = args.value("lda");
  const Json *solver = lda.find("solver"), *shrinkage = lda.find("shrinkage");
  const auto options = lda_options(solver != nullptr ? solver->text("lda: solver") : "lsqr",
                                   shrinkage != nullptr ? *shrinkage : Json("auto"));
  const Matrix z = beside(test_z);
  const auto model = fit_lda(beside(train_z), classes.y, count, options);
  return {{"z", Tensor::of(z)}, {"probability", Tensor::of(class_probability(model, z))}};
}

const Operation fbcsp_operation{
    .name = "fbcsp",
    .room = "decode/classical",
    .about =
        "Common spatial patterns in every band of a filter bank, and a linear discriminant (MOABB FilterBank, "
        "bands side by side)",
    .arguments = {{.name = "filters", .type = "integer", .standard = 4, .about = "of each band"},
                  {.name = "estimator", .type = "text", .standard = "scm"},
                  {.name = "metric", .type = "text", .standard = "euclid", .about = "of the class means"},
                  {.name = "lda",
                   .type = "any",
                   .standard = Json::object({{"solver", "lsqr"}, {"shrinkage", "auto"}}),
                   .about = "solver and shrinkage as those of lda"}},
    .inputs = {{.name = "train_x", .shape = "N C T B"},
               {.name = "train_y", .shape = "N"},
               {.name = "test_x", .shape = "M C T B"}},
    .outputs = {{.name = "z", .shape = "M B*F"}, {.name = "probability", .shape = "M K"}},
    .call = run_fbcsp,
};
CATON_REGISTER(Operation, fbcsp_operation);

}  // namespace

}  // namespace caton
