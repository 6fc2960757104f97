// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/xdawn.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// All epochs side by side: channels x (epochs · samples).
Matrix side_by_side(Epochs x) {
  Matrix all({x.extent(1), x.extent(0) * x.extent(2)}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) put(x[n], all.view().slice(1, n * x.extent(2), x.extent(2)));
  return all;
}

Matrix unit_columns(Matrix columns) {
  for (std::int64_t j = 0; j < columns.extent(1); ++j) {
    double squares = 0;
    for (std::int64_t i = 0; i < columns.extent(0); ++i) squares += columns(i, j) * columns(i, j);
    for (std::int64_t i = 0; i < columns.extent(0); ++i) columns(i, j) /= std::sqrt(squares);
  }
  return columns;
}

/// The first singular directions of a mean as rows of samples.
Matrix leading_rows(Signal mean, std::int64_t components) {
  const Svd parts = svd(mean);
  Matrix directions(parts.u.view().slice(1, 0, components));
  sign_columns(directions);
  return transposed_product(directions, mean);
}

}  // namespace

Matrix erp_prototypes(Epochs x, std::span<const std::int64_t> y, const std::vector<std::int64_t>& classes,
                      std::int64_t components) {
  const std::int64_t rows = components > 0 ? components : x.extent(1);
  if (components < 0 || components > std::min(x.extent(1), x.extent(2)))
    throw usage_error("covariance_erp", "svd must lie between 1 and the number of channels");
  Matrix result({rows * static_cast<std::int64_t>(classes.size()), x.extent(2)}, uninitialised);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const Matrix mean = class_mean(x, y, classes[k]);
    const auto place = result.view().slice(0, static_cast<std::int64_t>(k) * rows, rows);
    put(components > 0 ? leading_rows(mean, components) : mean, place);
  }
  return result;
}

Matrices covariances_with(Signal prototypes, Epochs x, const CovarianceOptions& options) {
  if (prototypes.extent(1) != x.extent(2))
    throw usage_error("covariance_erp", "shape: epochs and prototypes differ in samples");
  const std::int64_t above = prototypes.extent(0);
  Array<double, 3> both({x.extent(0), above + x.extent(1), x.extent(2)}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    put(prototypes, both[n].slice(0, 0, above));
    put(x[n], both[n].slice(0, above, x.extent(1)));
  }
  return covariances(both, options);
}

Xdawn fit_xdawn(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::int64_t filters,
                const CovarianceOptions& options) {
  if (filters < 1) throw usage_error("xdawn", "filters must be at least 1");
  const Matrix all = covariance(side_by_side(x), options);
  std::vector<SpatialFilters> parts;
  std::vector<Matrix> evoked;
  for (std::int64_t k = 0; k < classes; ++k) {
    const Matrix mean = class_mean(x, y, k);
    const auto eigen = generalized_eigen(covariance(mean, options), all);
    if (!eigen) {
      throw input_error("xdawn", "rank: the channels depend on each other, so that the filters are not defined",
                        "leave out a flat or interpolated channel, undo the average reference, or take the estimator "
                        "oas");
    }
    parts.push_back(ordered_filters(unit_columns(eigen->vectors), descending(eigen->values), filters));
    evoked.push_back(product(parts.back().filters, mean));
  }
  Xdawn result{stacked(parts), {}};
  const std::int64_t each = evoked.front().extent(0);
  result.evoked = Matrix({each * classes, x.extent(2)}, uninitialised);
  for (std::int64_t k = 0; k < classes; ++k)
    put(evoked[static_cast<std::size_t>(k)], result.evoked.view().slice(0, k * each, each));
  return result;
}

Array<double, 3> filtered_epochs(Signal filters, Epochs x) {
  Array<double, 3> result({x.extent(0), filters.extent(0), x.extent(2)}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) put(product(filters, x[n]), result[n]);
  return result;
}

namespace {

struct LabelledEpochs {
  LabelledEpochs(const Arguments& args, const Tensors& in)
      : x(epochs_port(args, in, "x")), classes(labels_port(args, in, "y", x.extent(0))) {}
  Array<double, 3> x;
  NumberedClasses classes;
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(classes.values.size()); }
};

CovarianceOptions estimator_of(const Arguments& args, const char* argument = "estimator") {
  return {.estimator = estimator_named(args.operation(), args.text(argument))};
}

/// Numbers of the classes that the argument `classes` lists; all of them where it is null.
std::vector<std::int64_t> chosen_classes(const Arguments& args, const NumberedClasses& known) {
  std::vector<std::int64_t> chosen;
  if (!args.given("classes")) {
    chosen.resize(known.values.size());
    std::iota(chosen.begin(), chosen.end(), 0);
    return chosen;
  }
  for (const Json& value : args.value("classes").items(args.operation() + ": classes")) {
    const auto label = value.integer(args.operation() + ": classes");
    const auto found = std::find(known.values.begin(), known.values.end(), label);
    if (found == known.values.end()) throw args.refuse("class " + std::to_string(label) + " has no epoch");
    chosen.push_back(found - known.values.begin());
  }
  if (chosen.empty()) throw args.refuse("classes is empty: no class is left");
  return chosen;
}

const Operation erp_operation{
    .name = "covariance_erp",
    .room = "decode/classical",
    .about = "Covariance of every epoch together with the mean of each class (pyRiemann ERPCovariances)",
    .arguments = {{.name = "estimator", .type = "text", .standard = "scm"},
                  {.name = "classes", .type = "list", .standard = Json{}, .about = "labels; all"},
                  {.name = "svd", .type = "integer", .standard = Json{}, .about = "singular rows kept of each mean"}},
    .inputs = {{.name = "x", .shape = "N C T"}, {.name = "y", .shape = "N"}},
    .outputs = {{.name = "prototypes", .shape = "K*C T"}, {.name = "c", .shape = "N (K+1)C (K+1)C"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const LabelledEpochs data(args, in);
          const std::int64_t components = args.given("svd") ? count_argument(args, "svd") : 0;
          const Matrix prototypes =
              erp_prototypes(data.x, data.classes.y, chosen_classes(args, data.classes), components);
          return Tensors{{"prototypes", Tensor::of(prototypes)},
                         {"c", Tensor::of(covariances_with(prototypes, data.x, estimator_of(args)))}};
        },
};
CATON_REGISTER(Operation, erp_operation);

const Operation xdawn_operation{
    .name = "xdawn",
    .room = "decode/classical",
    .about = "Filters under which class means stand out (pyRiemann Xdawn)",
    .arguments = {{.name = "filters", .type = "integer", .standard = 4, .about = "of each class"},
                  {.name = "estimator", .type = "text", .standard = "scm"}},
    .inputs = {{.name = "x", .shape = "N C T"}, {.name = "y", .shape = "N"}},
    .outputs = {{.name = "filters", .shape = "K*F C"},
                {.name = "patterns", .shape = "K*F C"},
                {.name = "evoked", .shape = "K*F T"},
                {.name = "z", .shape = "N K*F T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const LabelledEpochs data(args, in);
          const auto found =
              fit_xdawn(data.x, data.classes.y, data.count(), count_argument(args, "filters"), estimator_of(args));
          return Tensors{{"filters", Tensor::of(found.spatial.filters)},
                         {"patterns", Tensor::of(found.spatial.patterns)},
                         {"evoked", Tensor::of(found.evoked)},
                         {"z", Tensor::of(filtered_epochs(found.spatial.filters, data.x))}};
        },
};
CATON_REGISTER(Operation, xdawn_operation);

const Operation covariance_xdawn_operation{
    .name = "covariance_xdawn",
    .room = "decode/classical",
    .about = "Covariance of filtered epochs together with the filtered class means (pyRiemann XdawnCovariances)",
    .arguments = {{.name = "filters", .type = "integer", .standard = 4, .about = "of each class"},
                  {.name = "estimator", .type = "text", .standard = "scm"},
                  {.name = "xdawn_estimator", .type = "text", .standard = "scm"}},
    .inputs = {{.name = "x", .shape = "N C T"}, {.name = "y", .shape = "N"}},
    .outputs = {{.name = "c", .shape = "N 2K*F 2K*F"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const LabelledEpochs data(args, in);
          const auto found = fit_xdawn(data.x, data.classes.y, data.count(), count_argument(args, "filters"),
                                       estimator_of(args, "xdawn_estimator"));
          const auto z = filtered_epochs(found.spatial.filters, data.x);
          return Tensors{{"c", Tensor::of(covariances_with(found.evoked, z, estimator_of(args)))}};
        },
};
CATON_REGISTER(Operation, covariance_xdawn_operation);

}  // namespace

}  // namespace caton
