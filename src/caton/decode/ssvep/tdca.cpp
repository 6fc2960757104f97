// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/tdca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <algorithm>

namespace caton {

namespace {

constexpr const char* where = "ssvep_tdca";

void check_options(const TdcaOptions& options, Epochs x, bool training) {
  if (options.delay < 0 || options.delay > 10'000) throw usage_error(where, "delay must lie in 0 … 10000");
  if (options.components < 1) throw usage_error(where, "components must be at least 1");
  const std::int64_t needed = options.samples + (training ? options.delay : 0);
  if (options.samples < 2 || options.samples <= options.delay || x.extent(2) < needed) {
    throw usage_error(where, "epochs of " + std::to_string(x.extent(2)) + " samples are too short: samples = " +
                                 std::to_string(options.samples) + ", delay = " + std::to_string(options.delay) +
                                 (training ? " need " + std::to_string(needed) : ""));
  }
}

/// Projection on the rows of a reference: Q Qᵀ of its orthonormalised rows.
Matrix projection_on(Signal reference) {
  const Svd parts = svd(reference);
  const std::int64_t rank = rank_of(parts.singular, 1e-12);
  const Matrix basis(parts.v.view().slice(1, 0, rank));
  return product_transposed(basis, basis);
}

Array<double, 3> centred_epochs(Epochs x) {
  Array<double, 3> result(x.extents(), uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) put(centred(x[n]), result[n]);
  return result;
}

Matrix overall_mean(Epochs x) {
  return class_mean(x, std::vector<std::int64_t>(static_cast<std::size_t>(x.extent(0)), 0), 0);
}

/// Scatter between classes and within them, and the filters that part them.
Matrix discriminant_filters(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, const Matrix& mean) {
  Matrix between({x.extent(1), x.extent(1)}, 0.0), within = between;
  for (std::int64_t k = 0; k < classes; ++k) {
    const auto members = static_cast<double>(std::count(y.begin(), y.end(), k));
    const Matrix own = class_mean(x, y, k), apart = combination(1, own, -1, mean);
    between = combination(1, between, members, product_transposed(apart, apart));
    within = combination(1, within, -members, product_transposed(own, own));
  }
  for (std::int64_t n = 0; n < x.extent(0); ++n) add_to(within, product_transposed(x[n], x[n]));
  const auto eigen = generalized_eigen(symmetrised(between), symmetrised(within));
  if (!eigen) {
    throw input_error(where, "rank: the delayed channels depend on each other within the classes",
                      "take fewer delays, or more or longer epochs");
  }
  Matrix w(eigen->vectors.extents(), uninitialised);
  for (std::int64_t i = 0; i < w.extent(0); ++i) {
    for (std::int64_t k = 0; k < w.extent(1); ++k) w(i, k) = eigen->vectors(i, w.extent(1) - 1 - k);
  }
  return w;
}

Matrix components_of(const TdcaModel& model, Signal augmented) {
  return transposed_product(model.w, combination(1, centred(augmented), -1, model.mean));
}

/// Delayed copies of an epoch's rows below it: what is beyond its end is 0.
void put_delayed(Signal epoch, const TdcaOptions& options, bool training, View<double, 2> left) {
  const std::int64_t channels = epoch.extent(0);
  for (std::int64_t d = 0; d <= options.delay; ++d) {
    const std::int64_t count = training ? options.samples : options.samples - d;
    put(epoch.slice(1, d, count), left.slice(0, d * channels, channels).slice(1, 0, count));
  }
}

/// The components of an augmented epoch whose left half was filtered already: filters and projection may change places,
/// so only the few components are projected.
Matrix components_of_filtered(const Matrix& filtered, const Matrix& projection, const Matrix& filtered_mean) {
  Matrix both({filtered.extent(0), 2 * filtered.extent(1)}, uninitialised);
  put(filtered, both.view().slice(1, 0, filtered.extent(1)));
  put(product(filtered, projection), both.view().slice(1, filtered.extent(1), filtered.extent(1)));
  return combination(1, centred(both), -1, filtered_mean);
}

}  // namespace

Array<double, 3> tdca_augment(Epochs x, Signal projection, const TdcaOptions& options, bool training) {
  check_options(options, x, training);
  const std::int64_t samples = options.samples, channels = x.extent(1);
  if (projection.extent(0) != samples || projection.extent(1) != samples)
    throw usage_error(where, "shape: the projection must be samples x samples, " + std::to_string(samples) + " each");
  Array<double, 3> result({x.extent(0), (options.delay + 1) * channels, 2 * samples}, 0.0);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    const auto left = result[n].slice(1, 0, samples);
    put_delayed(x[n], options, training, left);
    put(product(left, projection), result[n].slice(1, samples, samples));
  }
  return result;
}

TdcaModel fit_tdca(Epochs x, std::span<const std::int64_t> y, View<const double, 3> reference,
                   const TdcaOptions& options) {
  const std::int64_t classes = reference.extent(0);
  check_options(options, x, true);
  if (x.extent(0) != static_cast<std::int64_t>(y.size()) || reference.extent(2) != options.samples ||
      std::any_of(y.begin(), y.end(), [&](std::int64_t k) { return k < 0 || k >= classes; })) {
    throw usage_error(where, "shape: the reference needs one block a class, each of " +
                                 std::to_string(options.samples) + " samples, and every epoch a label");
  }
  TdcaModel model{.options = options};
  Array<double, 3> augmented({x.extent(0), (options.delay + 1) * x.extent(1), 2 * options.samples}, uninitialised);
  const Array<double, 3> epochs = centred_epochs(x);
  for (std::int64_t k = 0; k < classes; ++k) model.projections.push_back(projection_on(reference[k]));
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    const Matrix& projection = model.projections[static_cast<std::size_t>(y[static_cast<std::size_t>(n)])];
    const auto one = tdca_augment(epochs.view().slice(0, n, 1), projection, options, true);
    put(centred(one[0]), augmented[n]);
  }
  model.mean = overall_mean(augmented);
  const Matrix all = discriminant_filters(augmented, y, classes, model.mean);
  const std::int64_t kept = std::min(options.components, all.extent(1));
  model.w = Matrix(all.view().slice(1, 0, kept));
  model.templates = Array<double, 3>({classes, kept, 2 * options.samples}, uninitialised);
  for (std::int64_t k = 0; k < classes; ++k) put(components_of(model, class_mean(augmented, y, k)), model.templates[k]);
  return model;
}

SsvepScores tdca_scores(const TdcaModel& model, Epochs x) {
  const auto classes = static_cast<std::int64_t>(model.projections.size());
  if (x.extent(1) * (model.options.delay + 1) != model.w.extent(0))
    throw usage_error(where, "shape: test epochs have " + std::to_string(x.extent(1)) + " channels");
  const Array<double, 3> epochs = centred_epochs(x);
  check_options(model.options, x, false);
  const Matrix filtered_mean = transposed_product(model.w, model.mean);
  Matrix score({x.extent(0), classes}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t n) {
    Matrix delayed({model.w.extent(0), model.options.samples}, 0.0);
    put_delayed(epochs[n], model.options, false, delayed);
    const Matrix filtered = transposed_product(model.w, delayed);
    for (std::int64_t k = 0; k < classes; ++k)
      score(n, k) =
          correlation(components_of_filtered(filtered, model.projections[static_cast<std::size_t>(k)], filtered_mean),
                      model.templates[k]);
  });
  return ssvep_scores(std::move(score));
}

namespace {

TdcaOptions options_of(const Arguments& args) {
  TdcaOptions options{.delay = args.integer("delay"), .samples = args.integer("samples")};
  return options;
}

Tensors run_tdca(const Arguments& args, const Tensors& in) {
  TdcaOptions options = options_of(args);
  options.components = count_argument(args, "components");
  const LabelledPorts ports(args, in, "x");
  const auto reference = epochs_port(args, in, "reference");
  if (reference.extent(0) != ports.count())
    throw args.refuse("reference has the shape of " + std::to_string(reference.extent(0)) + " classes, training of " +
                      std::to_string(ports.count()));
  return score_ports(ports, tdca_scores(fit_tdca(ports.train, ports.classes.y, reference, options), ports.test));
}

const Operation tdca_operation{
    .name = "ssvep_tdca",
    .room = "decode/ssvep",
    .about = "Task-discriminant component analysis (MetaBCI tdca.TDCA)",
    .arguments = {{.name = "delay", .type = "integer", .standard = 3, .about = "delayed copies"},
                  {.name = "components", .type = "integer", .standard = 1},
                  {.name = "samples", .type = "integer", .about = "length of a test epoch"},
                  {.name = "stimuli_hz", .type = "numbers", .standard = Json{}, .about = "of the reference"},
                  {.name = "harmonics", .type = "integer", .standard = 3, .about = "of the reference"},
                  {.name = "rate_hz", .type = "number", .standard = Json{}, .about = "of the reference"}},
    .inputs = {{.name = "train_x", .shape = "N C samples+delay", .unit = "V"},
               {.name = "train_y", .shape = "N"},
               {.name = "reference", .shape = "K Q samples"},
               {.name = "test_x", .shape = "M C samples", .unit = "V"}},
    .outputs = {{.name = "score", .shape = "M K", .unit = "1"}, {.name = "label", .shape = "M"}},
    .call = run_tdca,
};
CATON_REGISTER(Operation, tdca_operation);

const Operation augment_operation{
    .name = "tdca_augment",
    .room = "decode/ssvep",
    .about = "Epochs with delayed copies and their projection on a class' reference (MetaBCI aug_2)",
    .arguments = {{.name = "delay", .type = "integer", .standard = 3},
                  {.name = "samples", .type = "integer"},
                  {.name = "training", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "N C samples+delay", .unit = "V"},
               {.name = "projection", .shape = "samples samples"}},
    .outputs = {{.name = "y", .shape = "N (delay+1)C 2samples", .unit = "V"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort projection(args, in, "projection");
          const auto y = tdca_augment(epochs_port(args, in, "x"), projection, options_of(args), args.flag("training"));
          return Tensors{{"y", Tensor::of(y)}};
        },
};
CATON_REGISTER(Operation, augment_operation);

}  // namespace

}  // namespace caton
