// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/trca_ensemble.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/decode/classical/epoch_sums.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Σ a(i) b(i) in eight partial sums, and Σ a(i).
struct DotAndSum {
  static inline __attribute__((always_inline)) void run(const double* a, const double* b, std::int64_t count,
                                                        double* dot, double* sum) {
    Lanes products{}, values{}, x, y;
    std::int64_t t = 0;
    for (; t + lane_count <= count; t += lane_count) {
      load_lanes(x, a + t);
      load_lanes(y, b + t);
      products += x * y;
      values += x;
    }
    *dot = *sum = 0;
    for (std::int64_t lane = 0; lane < lane_count; ++lane) {
      *dot += products[lane];
      *sum += values[lane];
    }
    for (; t < count; ++t) {
      *dot += a[t] * b[t];
      *sum += a[t];
    }
  }
};

/// The filters of all classes at once, on one band: the correlation of W x and W t is one of x and G t with G = WᵀW,
/// whose products need neither W x nor W t.
class EnsembleFilters {
 public:
  EnsembleFilters(Signal w, std::int64_t samples)
      : gram_(transposed_product(w, w)),
        sums_({w.extent(1)}),
        samples_(static_cast<double>(samples)),
        entries_(static_cast<double>(w.extent(0) * samples)) {
    for (std::int64_t k = 0; k < w.extent(0); ++k) {
      for (std::int64_t c = 0; c < w.extent(1); ++c) sums_[c] += w(k, c);
    }
  }

  /// Sum, and length about the mean, of the entries of W x.
  struct Spread {
    double sum = 0, length = 0;
  };
  /// Of a template whose channels sum to `sums`; `squares`: of the entries of W x.
  [[nodiscard]] Spread spread(const double* sums, double squares) const {
    // Below this share the rest is what rounding leaves of a constant.
    constexpr double nothing = 1e-14;
    Spread result;
    for (std::int64_t c = 0; c < sums_.extent(0); ++c) result.sum += sums_[c] * sums[c];
    const double about_mean = squares - result.sum * result.sum / entries_;
    result.length = about_mean > nothing * squares ? std::sqrt(about_mean) : 0;
    return result;
  }
  /// The squares of W x from the scatter of x about the means of its channels.
  [[nodiscard]] double squares(Signal scatter, const double* sums) const {
    double squares = 0;
    for (std::int64_t i = 0; i < scatter.extent(0); ++i) {
      for (std::int64_t j = 0; j < scatter.extent(1); ++j)
        squares += gram_(i, j) * (scatter(i, j) + sums[i] * sums[j] / samples_);
    }
    return squares;
  }
  /// G t into `weighted`.
  [[nodiscard]] Spread weigh(Signal t, View<double, 2> weighted) const {
    fused_product(gram_, t, weighted);
    double squares = 0;
    std::vector<double> sums(static_cast<std::size_t>(t.extent(0)));
    for (std::int64_t c = 0; c < t.extent(0); ++c) {
      double dot = 0;
      const double* const seen = weighted[c].data();
      run_on<DotAndSum>(processor(), t[c].data(), seen, t.extent(1), &dot, &sums[static_cast<std::size_t>(c)]);
      squares += dot;
    }
    return spread(sums.data(), squares);
  }
  [[nodiscard]] double correlation(double product, const Spread& a, const Spread& b) const {
    const double scale = a.length * b.length;
    return scale > 0 ? (product - a.sum * b.sum / entries_) / scale : 0;
  }

 private:
  Matrix gram_;
  Vector sums_;  ///< of the columns of W
  double samples_, entries_;
};

/// Rows of `x`, an epoch a row, times the factor; epochs that follow each other are taken together.
Matrix products(Epochs x, std::span<const std::int64_t> chosen, const PackedFactor& factor) {
  const auto count = static_cast<std::int64_t>(chosen.size());
  Matrix result({count, factor.columns()}, uninitialised);
  for (std::int64_t i = 0; i < count;) {
    const std::int64_t first = chosen[static_cast<std::size_t>(i)];
    std::int64_t run = 1;
    while (i + run < count && chosen[static_cast<std::size_t>(i + run)] == first + run) ++run;
    const Signal rows(x[first].data(), {run, x.extent(1) * x.extent(2)}, {x.stride(0), 1});
    factor.multiply(rows, result.view().slice(0, i, run));
    i += run;
  }
  return result;
}

Matrix ensemble_correlations(const SummedEpochs& epochs, std::span<const std::int64_t> chosen, Signal w,
                             Epochs templates, EnsembleMemory& memory) {
  const EnsembleFilters filters(w, templates.extent(2));
  const std::int64_t classes = templates.extent(0), length = templates.extent(1) * templates.extent(2);
  const Array<double, 3>::Extents eight{lane_count, templates.extent(1), templates.extent(2)};
  if (memory.weighted.extents() != eight) memory.weighted = Array<double, 3>(eight, uninitialised);
  if (!memory.factor || memory.factor->inner() != length || memory.factor->columns() != classes)
    memory.factor.emplace(length, classes);
  std::vector<EnsembleFilters::Spread> expected;
  for (std::int64_t first = 0; first < classes; first += lane_count) {
    const std::int64_t count = std::min(lane_count, classes - first);
    for (std::int64_t k = 0; k < count; ++k)
      expected.push_back(filters.weigh(templates[first + k], memory.weighted[k]));
    memory.factor->put(first, Signal(memory.weighted.data(), {count, length}));
  }
  Matrix result = products(epochs.x(), chosen, *memory.factor);
  for (std::int64_t i = 0; i < result.extent(0); ++i) {
    const std::int64_t n = chosen[static_cast<std::size_t>(i)];
    const auto seen = filters.spread(epochs.sums(n), filters.squares(epochs.scatter(n), epochs.sums(n)));
    for (std::int64_t k = 0; k < classes; ++k)
      result(i, k) = filters.correlation(result(i, k), seen, expected[static_cast<std::size_t>(k)]);
  }
  return result;
}

/// Every class with its own filter alone.
Matrix single_correlations(Epochs x, std::span<const std::int64_t> chosen, Signal w, Epochs templates) {
  const auto count = static_cast<std::int64_t>(chosen.size());
  Matrix expected({w.extent(0), x.extent(2)}, uninitialised), result({count, w.extent(0)}, uninitialised);
  for (std::int64_t k = 0; k < w.extent(0); ++k)
    put(product(w.slice(0, k, 1), templates[k]), expected.view().slice(0, k, 1));
  for (std::int64_t i = 0; i < count; ++i) {
    const Matrix seen = product(w, x[chosen[static_cast<std::size_t>(i)]]);
    for (std::int64_t k = 0; k < w.extent(0); ++k)
      result(i, k) = correlation(seen.view().slice(0, k, 1), expected.view().slice(0, k, 1));
  }
  return result;
}

}  // namespace

Matrix trca_correlations(const SummedEpochs& epochs, std::span<const std::int64_t> chosen, Signal w, Epochs templates,
                         bool ensemble, EnsembleMemory& memory) {
  return ensemble ? ensemble_correlations(epochs, chosen, w, templates, memory)
                  : single_correlations(epochs.x(), chosen, w, templates);
}

}  // namespace caton
