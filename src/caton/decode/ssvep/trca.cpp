// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/trca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/geometry/covariance_kernels.hpp"

#include <cmath>

namespace caton {

namespace {

constexpr const char* where = "ssvep_trca";

/// Template and filter of one class in every band.
void learn_class(TrcaModel& model, FilteredEpochs x, std::span<const std::int64_t> y, std::int64_t k) {
  for (std::int64_t b = 0; b < model.w.extent(0); ++b) {
    const auto epochs = class_epochs(x[b], y, k);
    const std::vector<std::int64_t> all(static_cast<std::size_t>(epochs.extent(0)), 0);
    put(class_mean(epochs, all, 0), model.templates[b][k]);
    const auto filter = trca_filter(epochs, model.options.variant).w;
    std::copy(filter.begin(), filter.end(), &model.w(b, k, 0));
  }
}

/// An epoch a row. Channels and samples must lie side by side.
Signal flattened(View<const double, 3> x) {
  return {x.data(), {x.extent(0), x.extent(1) * x.extent(2)}, {x.stride(0), 1}};
}

double inner_product(Signal a, Signal b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.extent(0); ++i) {
    for (std::int64_t j = 0; j < a.extent(1); ++j) sum += a(i, j) * b(i, j);
  }
  return sum;
}

/// The filters of all classes at once, on one band: the correlation of W x and W t is one of x and G t with G = WᵀW,
/// whose products need neither W x nor W t.
class EnsembleFilters {
 public:
  explicit EnsembleFilters(Signal w) : gram_(transposed_product(w, w)), count_(w.extent(0)), sums_({1, w.extent(1)}) {
    for (std::int64_t k = 0; k < w.extent(0); ++k) {
      for (std::int64_t c = 0; c < w.extent(1); ++c) sums_(0, c) += w(k, c);
    }
  }

  /// Sum, and length about the mean, of the entries of W x.
  struct Spread {
    double sum = 0, length = 0;
  };
  [[nodiscard]] Spread spread(Signal x) const {
    // Below this share the rest is what rounding leaves of a constant.
    constexpr double nothing = 1e-14;
    Spread result;
    for (std::int64_t c = 0; c < x.extent(0); ++c) {
      double sum = 0;
      for (std::int64_t t = 0; t < x.extent(1); ++t) sum += x(c, t);
      result.sum += sums_(0, c) * sum;
    }
    const double squares = inner_product(gram_, scatter(x));
    const double about_mean = squares - result.sum * result.sum / entries(x);
    result.length = about_mean > nothing * squares ? std::sqrt(about_mean) : 0;
    return result;
  }
  /// Correlation of every epoch with every template: epochs x classes.
  [[nodiscard]] Matrix correlations(Epochs x, Epochs templates) const {
    Array<double, 3> weighted(templates.extents(), uninitialised);
    std::vector<Spread> expected;
    for (std::int64_t k = 0; k < templates.extent(0); ++k) {
      put(product(gram_, templates[k]), weighted[k]);
      expected.push_back(spread(templates[k]));
    }
    Matrix result = product_transposed(flattened(x), flattened(weighted));
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      const Spread seen = spread(x[n]);
      for (std::int64_t k = 0; k < result.extent(1); ++k) {
        const Spread& other = expected[static_cast<std::size_t>(k)];
        const double scale = seen.length * other.length;
        result(n, k) = scale > 0 ? (result(n, k) - seen.sum * other.sum / entries(x[n])) / scale : 0;
      }
    }
    return result;
  }

 private:
  [[nodiscard]] double entries(Signal x) const { return static_cast<double>(count_ * x.extent(1)); }

  Matrix gram_;
  std::int64_t count_;
  Matrix sums_;  ///< of the columns of W
};

/// Every class with its own filter alone.
Matrix single_correlations(Signal w, Epochs x, Epochs templates) {
  Matrix expected({w.extent(0), x.extent(2)}, uninitialised), result({x.extent(0), w.extent(0)}, uninitialised);
  for (std::int64_t k = 0; k < w.extent(0); ++k)
    put(product(w.slice(0, k, 1), templates[k]), expected.view().slice(0, k, 1));
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    const Matrix seen = product(w, x[n]);
    for (std::int64_t k = 0; k < w.extent(0); ++k)
      result(n, k) = correlation(seen.view().slice(0, k, 1), expected.view().slice(0, k, 1));
  }
  return result;
}

}  // namespace

TrcaModel fit_trca(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::vector<SsvepBand> bands,
                   const TrcaOptions& options) {
  const auto filtered = filter_bank(x, bands, options.cascade);
  return fit_trca(filtered, y, classes, std::move(bands), options);
}

TrcaModel fit_trca(FilteredEpochs x, std::span<const std::int64_t> y, std::int64_t classes,
                   std::vector<SsvepBand> bands, const TrcaOptions& options) {
  if (bands.empty()) throw usage_error(where, "bands must be at least 1");
  const auto count = static_cast<std::int64_t>(bands.size());
  if (x.extent(0) != count || x.extent(1) != static_cast<std::int64_t>(y.size()))
    throw usage_error(where, "as many labels as epochs are needed (shape)");
  TrcaModel model{options, std::move(bands), Array<double, 3>({count, classes, x.extent(2)}),
                  Array<double, 4>({count, classes, x.extent(2), x.extent(3)})};
  thread_pool().parallel_for(classes, [&](std::int64_t k) {
    try {
      learn_class(model, x, y, k);
    } catch (const Error& error) {
      throw Error(error.kind(), where, "class " + std::to_string(k) + ": " + error.problem(), error.remedy());
    }
  });
  return model;
}

FilterBankScores trca_scores(const TrcaModel& model, Epochs x) {
  require_epochs(where, x, model.templates.extent(2), model.templates.extent(3));
  return trca_scores(model, filter_bank(x, model.bands));
}

FilterBankScores trca_scores(const TrcaModel& model, FilteredEpochs x) {
  const std::int64_t bands = model.w.extent(0), classes = model.w.extent(1);
  if (x.extent(0) != bands) throw usage_error(where, "shape: the epochs are not filtered in the bands of training");
  require_epochs(where, x[0], model.templates.extent(2), model.templates.extent(3));
  FilterBankScores result{Array<double, 3>({x.extent(1), bands, classes}, uninitialised), {}};
  thread_pool().parallel_for(bands, [&](std::int64_t b) {
    const Signal w = model.w[b];
    const Epochs templates = model.templates[b];
    const bool plain = x[b][0].contiguous();
    const Array<double, 3> copied = plain ? Array<double, 3>() : Array<double, 3>(x[b]);
    const Epochs epochs = plain ? x[b] : copied.view();
    const Matrix score = model.options.ensemble ? EnsembleFilters(w).correlations(epochs, templates)
                                                : single_correlations(w, epochs, templates);
    for (std::int64_t n = 0; n < score.extent(0); ++n)
      std::copy(score[n].data(), score[n].data() + classes, &result.band_score(n, b, 0));
  });
  result.combined = ssvep_scores(combined_bands(result.band_score));
  return result;
}

namespace {

Tensors run_trca(const Arguments& args, const Tensors& in) {
  SsvepBank bank{.rule = ssvep_bank_rule(args.operation(), args.text("rule")), .rate_hz = args.number("rate_hz")};
  if (args.given("stimuli_hz")) bank.stimuli_hz = args.numbers("stimuli_hz");
  const TrcaOptions options{.variant = trca_variant(args.operation(), args.text("variant")),
                            .ensemble = args.flag("ensemble"),
                            .cascade = args.flag("cascade")};
  const LabelledPorts ports(args, in, "x");
  const auto model =
      fit_trca(ports.train, ports.classes.y, ports.count(), ssvep_bands(bank, count_argument(args, "bands")), options);
  const auto scores = trca_scores(model, ports.test);
  Tensors out = score_ports(ports, scores.combined);
  out.emplace("w", Tensor::of(model.w));
  out.emplace("band_score", Tensor::of(scores.band_score));
  return out;
}

const Operation trca_operation{
    .name = "ssvep_trca",
    .room = "decode/ssvep",
    .about =
        "Task-related components in the bands of a filter bank (mnakanishi/TRCA-SSVEP train_model.m, "
        "test_model.m)",
    .arguments = {{.name = "variant", .type = "text", .standard = "ftrca", .about = "ftrca, trca, sscor"},
                  {.name = "bands", .type = "integer", .standard = 3},
                  {.name = "rule", .type = "text", .standard = "nakanishi", .about = "nakanishi, moabb"},
                  {.name = "ensemble", .type = "flag", .standard = true},
                  {.name = "cascade",
                   .type = "flag",
                   .standard = true,
                   .about = "train band b on epochs filtered by all bands before it too, as the authors' code does"},
                  {.name = "rate_hz", .type = "number"},
                  {.name = "stimuli_hz", .type = "numbers", .standard = Json{}, .about = "for rule moabb"}},
    .inputs = {{.name = "train_x", .shape = "N C T", .unit = "V"},
               {.name = "train_y", .shape = "N"},
               {.name = "test_x", .shape = "M C T", .unit = "V"}},
    .outputs = {{.name = "w", .shape = "B K C"},
                {.name = "band_score", .shape = "M B K", .unit = "1"},
                {.name = "score", .shape = "M K", .unit = "1"},
                {.name = "label", .shape = "M"}},
    .call = run_trca,
};
CATON_REGISTER(Operation, trca_operation);

}  // namespace

}  // namespace caton
