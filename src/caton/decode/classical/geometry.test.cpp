// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"
#include "caton/decode/classical/mdm.hpp"
#include "caton/decode/classical/nested_grid.hpp"
#include "caton/decode/classical/potato.hpp"
#include "caton/decode/classical/svc.hpp"
#include "caton/decode/classical/transfer.hpp"
#include "caton/decode/classical/xdawn.hpp"
#include "caton/geometry/covariance.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/spectral.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <functional>

namespace caton {

using testing::noise;
using testing::says;

namespace {

/// Trials of noise whose power in one channel says the class, mixed: trial n belongs to class n mod classes.
struct Powers {
  Array<double, 3> x;
  Matrices c;
  std::vector<std::int64_t> y;
};

Powers powers(std::int64_t trials, std::int64_t classes, std::uint64_t seed, double gain = 3, bool mix = true) {
  constexpr std::int64_t channels = 4, samples = 100;
  Matrix mixing = noise(channels, channels, 0.4, 991);
  for (std::int64_t c = 0; c < channels; ++c) mixing(c, c) += 2;
  Powers made{Array<double, 3>({trials, channels, samples}), {}, {}};
  for (std::int64_t n = 0; n < trials; ++n) {
    made.y.push_back(n % classes);
    Matrix sources = noise(channels, samples, 1, seed + static_cast<std::uint64_t>(n));
    for (std::int64_t t = 0; t < samples; ++t) sources(n % classes, t) *= gain;
    put(mix ? product(mixing, sources) : sources, made.x[n]);
  }
  made.c = covariances(made.x);
  return made;
}

std::int64_t right(const std::vector<std::int64_t>& label, const std::vector<std::int64_t>& y) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < y.size(); ++i) count += label[i] == y[i] ? 1 : 0;
  return count;
}

void refused(const std::function<void()>& call, const std::string& word) {
  const Error error = testing::error_of(call);
  INFO(error.what());
  CHECK(says(error, word));
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("decoders of covariances: golden cases") {
    for (const char* const name : {"spatial-filters", "classifiers", "transfer", "potato", "acm-nested-grid"})
      testing::replay_case(std::string("acm-riemann/") + name);
  }

  TEST_CASE("decoders of covariances: own cases") {
    testing::replay_own_cases("acm-riemann", {"classifiers", "vector-classifiers", "spatial-filters", "potato-transfer",
                                              "trcsp-grid", "geometry-combinations"});
  }

  TEST_CASE("csp: finds the sources whose power differs, whatever mixes them") {
    const auto made = powers(60, 2, 10);
    const auto csp = fit_csp(made.c, made.y, 2, {.filters = 2});
    const Matrix z = log_powers(csp.filters, made.c);
    std::vector<std::int64_t> label;
    // The first filter belongs to one of the classes, the second to the other.
    for (std::int64_t n = 0; n < 60; ++n) label.push_back(z(n, 0) > z(n, 1) ? 0 : 1);
    const auto hits = right(label, made.y);
    CHECK(std::max(hits, 60 - hits) == 60);
    const Matrix unit = product_transposed(csp.filters, csp.patterns);
    CHECK(unit(0, 0) == doctest::Approx(1));
    CHECK(std::abs(unit(0, 1)) < 1e-10);
  }

  TEST_CASE("csp: either end and distance choose the same two filters, a small ridge changes little") {
    const auto made = powers(60, 2, 20);
    const auto near = fit_csp(made.c, made.y, 2, {.filters = 2});
    const auto ends = fit_csp(made.c, made.y, 2, {.filters = 2, .choice = CspChoice::ends, .ridge = 1e-12});
    const double same = testing::largest_difference(near.filters, ends.filters);
    const Matrix last(ends.filters.view().slice(0, 1, 1)), first(near.filters.view().slice(0, 0, 1));
    CHECK((same < 1e-6 || testing::largest_difference(first, last) < 1e-6));
  }

  TEST_CASE("csp: three classes are told apart by three filters") {
    const auto made = powers(60, 3, 30, 4);
    const auto csp = fit_csp(made.c, made.y, 3, {.filters = 3});
    const Matrix z = log_powers(csp.filters, made.c);
    const auto model = fit_lda(z, made.y, 3);
    CHECK(right(prediction_of(class_probability(model, z)).label, made.y) == 60);
  }

  TEST_CASE("spoc: follows a target") {
    auto made = powers(80, 2, 40);
    std::vector<double> target;
    for (const auto y : made.y) target.push_back(y == 0 ? 5 : 1);
    const auto spoc = fit_spoc(made.c, target, {.filters = 1});
    const Matrix z = log_powers(spoc.filters, made.c);
    double even = 0, odd = 0;
    for (std::int64_t n = 0; n < 80; ++n) (n % 2 == 0 ? even : odd) += z(n, 0) / 40;
    CHECK(std::abs(even - odd) > 1);
  }

  TEST_CASE("xdawn: the evoked class stands out, prototypes are the means") {
    Array<double, 3> x({40, 3, 50});
    std::vector<std::int64_t> y;
    for (std::int64_t n = 0; n < 40; ++n) {
      y.push_back(n % 2);
      put(noise(3, 50, 1, 500 + static_cast<std::uint64_t>(n)), x[n]);
      for (std::int64_t t = 20; t < 30; ++t) x(n, 1, t) += n % 2 == 1 ? 3 : 0;
    }
    const auto found = fit_xdawn(x, y, 2, 1);
    CHECK(found.spatial.filters.extent(0) == 2);
    // The row of class 1 looks at channel 1, where the potential is.
    CHECK(std::abs(found.spatial.filters(1, 1)) > 0.9);
    CHECK(std::abs(found.evoked(1, 25)) > 2);
    const Matrix prototypes = erp_prototypes(x, y, {0, 1});
    CHECK(prototypes.extents() == std::array<std::int64_t, 2>{6, 50});
    const auto c = covariances_with(prototypes, x);
    CHECK(c.extents() == std::array<std::int64_t, 3>{40, 9, 9});
    CHECK(erp_prototypes(x, y, {1}, 2).extent(0) == 2);
  }

  TEST_CASE("mdm, fgmdm, mean field, neighbours: new trials are told apart; mixing changes nothing for mdm") {
    const auto train = powers(60, 3, 50, 4), test = powers(30, 3, 5000, 4), bare = powers(60, 3, 50, 4, false),
               bare_test = powers(30, 3, 5000, 4, false);
    const Matrices means = class_means(train.c, train.y, 3, Metric::riemann);
    const Matrix distance = distances_to(test.c, means, Metric::riemann);
    CHECK(right(smallest_of_rows(distance), test.y) == 30);
    const Matrix same = distances_to(bare_test.c, class_means(bare.c, bare.y, 3, Metric::riemann), Metric::riemann);
    CHECK(testing::largest_difference(distance, same) < 1e-6);
    const Matrix p = distance_probability(distance);
    for (std::int64_t n = 0; n < 30; ++n) CHECK(p(n, 0) + p(n, 1) + p(n, 2) == doctest::Approx(1));
    const auto filter = fit_geodesic_filter(train.c, train.y, 3);
    const Matrices own = class_means(filtered(filter, train.c), train.y, 3, Metric::riemann);
    CHECK(right(smallest_of_rows(distances_to(filtered(filter, test.c), own, Metric::riemann)), test.y) == 30);
    const auto field = fit_mean_field(train.c, train.y, 3, {-1, 0, 1}, FieldCombination::sum_means);
    CHECK(right(smallest_of_rows(field_distance(field, test.c)), test.y) == 30);
    CHECK(right(spd_nearest_label(train.c, train.y, test.c, 3, Metric::riemann), test.y) == 30);
  }

  TEST_CASE("svc: separable rows are separated, a wide margin has few support vectors") {
    Matrix rows({40, 2});
    std::vector<std::int64_t> y;
    const Matrix jitter = noise(40, 2, 0.1, 3);
    for (std::int64_t n = 0; n < 40; ++n) {
      y.push_back(n % 2);
      rows(n, 0) = jitter(n, 0) + (n % 2 == 0 ? -2 : 2);
      rows(n, 1) = jitter(n, 1);
    }
    for (const auto kernel : {SvcKernel::linear, SvcKernel::rbf}) {
      const Matrix k = kernel_matrix(rows, rows, kernel, scale_gamma(rows));
      const auto model = fit_svc(k, y, 2, 1);
      CHECK(right(svc_label(model, svc_decision(model, k)), y) == 40);
      double sum = 0;
      std::int64_t support = 0;
      for (const double a : model.coefficients) {
        sum += a;
        support += a != 0 ? 1 : 0;
        CHECK(std::abs(a) <= 1);
      }
      CHECK(sum == doctest::Approx(0).epsilon(1e-9));
      CHECK(support < 20);
    }
    CHECK(scale_gamma(Matrix({3, 2}, 5.0)) == 1);
    refused([&] { (void)fit_svc(kernel_matrix(rows, rows, SvcKernel::linear, 1), y, 2, 0); }, "c must");
  }

  TEST_CASE("potato: a gross artefact is rejected, clean matrices mostly not; updating moves the centre") {
    const auto clean = powers(60, 1, 70, 1);
    Matrices test(clean.c.view().slice(0, 0, 10));
    for (std::int64_t i = 0; i < 4; ++i) test(0, i, i) *= 100;
    Potato potato(clean.c);
    const auto z = potato.z_scores(test);
    CHECK_FALSE(potato.accepts(z[0]));
    CHECK(std::count_if(z.begin() + 1, z.end(), [&](double value) { return potato.accepts(value); }) >= 8);
    CHECK(clean_probability(z[0]) < 0.01);
    const std::vector<double> both{z[0], z[0]}, fine{0, 0};
    // Each p counts as 1e-10 at least, as in the reference.
    CHECK(combined_probability(both) < 1e-15);
    CHECK(combined_probability(fine) > 0.3);
    const Matrix before = potato.centre();
    potato.update(test.view().slice(0, 1, 4), 0);
    CHECK(testing::largest_difference(before, potato.centre()) == 0);
    potato.update(test.view().slice(0, 1, 4), 1);
    CHECK(testing::largest_difference(spd_mean(test.view().slice(0, 1, 4), Metric::riemann), potato.centre()) < 1e-8);
    refused([&] { Potato(clean.c, {.threshold = -9}); }, "threshold");
    refused([&] { potato.update(test, 2); }, "alpha");
  }

  TEST_CASE("transfer: domains meet at the identity with one dispersion; a rotation is found again") {
    auto made = powers(40, 2, 80, 4);
    std::vector<std::int64_t> domain;
    Matrix turn = identity(4);
    turn(0, 0) = turn(1, 1) = 0.6;
    turn(0, 1) = -0.8;
    turn(1, 0) = 0.8;
    for (std::int64_t n = 0; n < 40; ++n) domain.push_back(n < 20 ? 0 : 1);
    const Matrices centred = recentred(made.c, domain);
    for (const std::int64_t which : {0, 1}) {
      const Matrix mean = spd_mean(chosen_matrices(centred, members_of(domain, which)), Metric::riemann);
      CHECK(testing::largest_difference(mean, identity(4)) < 1e-6);
    }
    const auto even = stretched(centred, domain, {.centered = true});
    const auto again = stretched(even.c, domain, {.centered = true});
    for (const double d : again.dispersion) CHECK(d == doctest::Approx(1));
    // The second domain is the first one turned.
    Matrices twin(made.c);
    for (std::int64_t n = 0; n < 20; ++n) put(congruence(turn, made.c.view().slice(0, n, 1))[0], twin[n + 20]);
    for (std::size_t n = 0; n < 20; ++n) made.y[n + 20] = made.y[n];
    const auto back = rotated(twin, made.y, domain, 1);
    for (std::int64_t n = 0; n < 20; ++n)
      CHECK(testing::largest_difference(back.c[n], twin[n + 20]) < 0.05 * frobenius_norm(twin[n + 20]));
    refused([&] { (void)recentred(made.c, std::vector<std::int64_t>{1, 2}); }, "shape");
    refused([&] { (void)rotated(twin, made.y, domain, 7); }, "target");
    refused([&] { (void)mdwm_means(twin, made.y, 2, domain, 7, 0.5); }, "target");
    refused([&] { (void)mdwm_means(twin, made.y, 2, domain, 1, 1.5); }, "tradeoff");
    std::vector<std::int64_t> lopsided = made.y;
    for (std::size_t n = 0; n < 20; ++n) lopsided[n] = 0;
    refused([&] { (void)rotated(twin, lopsided, domain, 1); }, "class");
    refused([&] { (void)stretched(chosen_matrices(twin, {0, 0}), std::vector<std::int64_t>{0, 0}); }, "dispersion");
  }

  TEST_CASE("filters: what cannot be filtered is refused by its word") {
    const auto made = powers(20, 2, 90);
    refused([&] { (void)fit_csp(made.c, made.y, 1); }, "class");
    refused([&] { (void)fit_trcsp(made.c, made.y, 3); }, "two classes");
    refused([&] { (void)fit_spoc(made.c, std::vector<double>(20, 2.0)); }, "target");
    refused([&] { (void)fit_csp(made.c, std::vector<std::int64_t>{0, 1}, 2); }, "shape");
    Array<double, 3> tied = made.x;
    for (std::int64_t n = 0; n < 20; ++n) {
      for (std::int64_t t = 0; t < 100; ++t) tied(n, 3, t) = tied(n, 0, t);
    }
    refused([&] { (void)fit_xdawn(tied, made.y, 2); }, "rank");
    refused([&] { (void)spd_nearest_label(made.c, made.y, made.c, 21, Metric::riemann); }, "neighbours");
    refused([&] { (void)fit_mean_field(made.c, made.y, 2, {}, FieldCombination::sum_means); }, "powers");
    refused([&] { (void)mdm_metric("mdm", "manhattan"); }, "metric");
  }

  TEST_CASE("nested grid: folds that do not fit are refused; order 1 is the same for every lag") {
    const auto made = powers(24, 2, 95);
    std::vector<std::int64_t> outer, inner;
    for (std::int64_t n = 0; n < 24; ++n) outer.push_back(n / 2 % 2);
    for (std::int64_t fold = 0; fold < 2; ++fold) {
      for (std::int64_t n = 0; n < 24; ++n)
        inner.push_back(outer[static_cast<std::size_t>(n)] == fold ? -1 : n / 4 % 3);
    }
    const View<const std::int64_t, 2> folds(inner.data(), {2, 24});
    AcmGrid grid{.orders = {1, 2}, .lags = {1, 2}, .c = {1}, .kernels = {SvcKernel::linear}};
    const auto result = acm_nested_grid(made.x, made.y, 2, outer, folds, grid);
    for (std::int64_t fold = 0; fold < 2; ++fold) CHECK(result.inner_score(fold, 0) == result.inner_score(fold, 2));
    CHECK(right(result.label, made.y) >= 20);
    for (const double score : result.score) CHECK(score > 0.8);
    inner[0] = 0;
    refused([&] { (void)acm_nested_grid(made.x, made.y, 2, outer, folds, grid); }, "outer fold");
    inner[0] = -1;
    grid.orders.clear();
    refused([&] { (void)acm_nested_grid(made.x, made.y, 2, outer, folds, grid); }, "empty");
  }
}

}  // namespace caton
