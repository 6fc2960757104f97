// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/decode/ssvep/ecca.hpp"
#include "caton/decode/ssvep/itr.hpp"
#include "caton/decode/ssvep/mirrored_basis.hpp"
#include "caton/decode/ssvep/msetcca.hpp"
#include "caton/decode/ssvep/reference_bases.hpp"
#include "caton/decode/ssvep/stopping.hpp"
#include "caton/decode/ssvep/tdca.hpp"
#include "caton/decode/ssvep/trca.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <functional>

namespace caton {

using testing::noise;
using testing::says;

namespace {

constexpr double rate_hz = 250;
const std::vector<double> targets{9, 11.5, 13};

/// A made speller: every channel holds the target's flicker with a weight and noise of its own.
struct Speller {
  Array<double, 3> x;
  std::vector<std::int64_t> y;
};

Speller speller(std::int64_t blocks, std::int64_t samples, std::uint64_t seed, double flicker = 1) {
  const auto classes = static_cast<std::int64_t>(targets.size());
  Speller made{Array<double, 3>({blocks * classes, 4, samples}), {}};
  for (std::int64_t n = 0; n < made.x.extent(0); ++n) {
    made.y.push_back(n % classes);
    const Matrix sine = testing::sine(samples, targets[static_cast<std::size_t>(n % classes)], rate_hz, 0.4);
    const Matrix own = noise(4, samples, 1, seed + static_cast<std::uint64_t>(n));
    for (std::int64_t c = 0; c < 4; ++c) {
      for (std::int64_t t = 0; t < samples; ++t)
        made.x(n, c, t) = own(c, t) + flicker * (0.3 + 0.2 * static_cast<double>(c)) * sine(0, t);
    }
  }
  return made;
}

SsvepStimuli stimuli() { return {.frequency_hz = targets, .rate_hz = rate_hz, .harmonics = 2}; }

std::int64_t right(const std::vector<std::int64_t>& label, const std::vector<std::int64_t>& y) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < y.size(); ++i) count += label[i] == y[i] ? 1 : 0;
  return count;
}

Matrix mixed(Signal x) {
  Matrix mixing = noise(x.extent(0), x.extent(0), 1, 77);
  for (std::int64_t c = 0; c < x.extent(0); ++c) mixing(c, c) += 3;
  return product(mixing, x);
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("ssvep: golden cases") {
    for (const char* const name : {"cca-fbcca", "trca", "msetcca-tdca", "itr-stopping"})
      testing::replay_case(std::string("ssvep-classical/") + name);
  }

  TEST_CASE("ssvep: own cases") { testing::replay_own_cases("ssvep-classical", {"ssvep", "ssvep-combinations"}); }

  TEST_CASE("canonical correlation: unchanged by mixing, symmetric, 1 with itself, 0 where nothing varies") {
    const Matrix x = noise(4, 120, 1, 1), y = noise(3, 120, 1, 2);
    const auto r = canonical_correlation(x, y), of_mixed = canonical_correlation(mixed(x), y);
    const auto turned = canonical_correlation(y, x);
    REQUIRE(r.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(of_mixed[k] == doctest::Approx(r[k]).epsilon(1e-9));
      CHECK(turned[k] == doctest::Approx(r[k]).epsilon(1e-9));
      if (k > 0) CHECK(r[k] <= r[k - 1]);
    }
    for (const double one : canonical_correlation(x, mixed(x))) CHECK(one == doctest::Approx(1));
    CHECK(canonical_correlation(Matrix({2, 50}, 3.0), noise(2, 50)) == std::vector<double>{0, 0});
    const Error error = testing::error_of([&] { (void)canonical_correlation(x, noise(2, 100)); });
    CHECK(says(error, "shape"));
  }

  TEST_CASE("canonical correlation: a channel given twice changes nothing") {
    const Matrix x = noise(2, 90, 1, 3), y = noise(2, 90, 1, 4);
    Matrix twice({3, 90});
    put(x, twice.view().slice(0, 0, 2));
    put(x.view().slice(0, 0, 1), twice.view().slice(0, 2, 1));
    const auto r = canonical_correlation(x, y), again = canonical_correlation(twice, y);
    CHECK(again[0] == doctest::Approx(r[0]).epsilon(1e-9));
  }

  TEST_CASE("ssvep: every detector reads a made speller, and none reads noise") {
    const auto train = speller(5, 260, 100), test = speller(4, 260, 900), empty = speller(8, 260, 1900, 0);
    const auto count = static_cast<std::int64_t>(test.y.size());
    const auto bands = ssvep_bands({.rate_hz = rate_hz}, 3);
    CHECK(right(ssvep_cca(test.x, stimuli()).label, test.y) == count);
    CHECK(right(ssvep_cca(empty.x, stimuli()).label, empty.y) < 16);
    CHECK(right(ssvep_fbcca(test.x, stimuli(), bands).combined.label, test.y) == count);
    for (const auto variant : {TrcaVariant::trca, TrcaVariant::ftrca, TrcaVariant::sscor}) {
      for (const bool ensemble : {false, true}) {
        const auto model =
            fit_trca(train.x, train.y, 3, bands, {.variant = variant, .ensemble = ensemble, .cascade = false});
        CHECK(right(trca_scores(model, test.x).combined.label, test.y) == count);
        CHECK(right(trca_scores(model, empty.x).combined.label, empty.y) < 18);
      }
    }
    const auto reference = ssvep_reference(stimuli(), 256);
    const auto tdca = fit_tdca(train.x, train.y, reference, {.delay = 4, .components = 2, .samples = 256});
    CHECK(right(tdca_scores(tdca, test.x).label, test.y) == count);
    const auto whole = ssvep_reference(stimuli(), 260);
    CHECK(right(ssvep_ecca(train.x, train.y, whole, test.x).label, test.y) == count);
    std::vector<Matrix> common;
    for (std::int64_t k = 0; k < 3; ++k) common.push_back(msetcca_reference(class_epochs(train.x, train.y, k)));
    CHECK(right(msetcca_scores(common, test.x).label, test.y) == count);
  }

  TEST_CASE("ssvep: one epoch gets the same scores alone as among others") {
    const auto train = speller(3, 200, 30), test = speller(2, 200, 60);
    const auto model = fit_trca(train.x, train.y, 3, ssvep_bands({.rate_hz = rate_hz}, 2));
    const auto all = trca_scores(model, test.x).combined.score;
    const auto one = trca_scores(model, test.x.view().slice(0, 4, 1)).combined.score;
    for (std::int64_t k = 0; k < 3; ++k) CHECK(one(0, k) == all(4, k));
  }

  TEST_CASE("reference bases: the largest canonical correlation, whatever the ranks and sizes") {
    std::vector<Matrix> references;
    for (std::uint64_t f = 0; f < 11; ++f) references.push_back(noise(2 + static_cast<std::int64_t>(f % 5), 90, 1, f));
    std::copy_n(references[3].data(), 90, references[3].data() + 90);  // two rows alike
    references[7].fill(2.5);                                           // flat
    const ReferenceBases bases({references.begin(), references.end()});
    for (const std::int64_t channels : {1, 4, 9}) {
      Array<double, 3> x({18, channels, 90});
      for (std::int64_t n = 0; n < 18; ++n) put(noise(channels, 90, 1, 100 + static_cast<std::uint64_t>(n)), x[n]);
      std::fill_n(x[5].data(), 90, 1.0);  // a flat channel
      const Matrix score = bases.largest_correlations(x);
      for (std::int64_t n = 0; n < 18; ++n) {
        for (std::int64_t f = 0; f < 11; ++f) {
          const double r = canonical_correlation(x[n], references[static_cast<std::size_t>(f)]).front();
          CHECK(score(n, f) == doctest::Approx(r).epsilon(1e-12));
        }
      }
    }
  }

  TEST_CASE("trca: filtered once for all folds or for each alone, the same scores") {
    const Speller made = speller(4, 250, 21);
    const auto bands = ssvep_bands({.rate_hz = rate_hz}, 3);
    for (const bool ensemble : {true, false}) {
      const TrcaOptions options{.ensemble = ensemble, .cascade = false};
      std::vector<std::int64_t> fold = made.y;
      std::fill_n(fold.begin(), 3, -1);
      const std::vector<std::int64_t> rest(made.y.begin() + 3, made.y.end());
      const Epochs all = made.x;
      const auto filtered = filter_bank(all, bands);
      const auto shared = trca_scores(fit_trca(filtered, fold, 3, bands, options), filtered.view().slice(1, 0, 3));
      const auto alone = trca_scores(fit_trca(all.slice(0, 3, 9), rest, 3, bands, options), all.slice(0, 0, 3));
      CHECK(std::equal(shared.band_score.begin(), shared.band_score.end(), alone.band_score.begin()));
    }
  }

  TEST_CASE("trca: many splits at once, the scores of each alone, whatever the order and gaps of the epochs") {
    const Speller made = speller(5, 250, 77);
    const auto bands = ssvep_bands({.rate_hz = rate_hz}, 2);
    const auto filtered = filter_bank(made.x, bands);
    const std::vector<EpochSplit> splits{{{0, 1, 2, 3, 4, 5, 6, 7, 8}, {9, 10, 11, 12, 13, 14}},
                                         {{14, 13, 12, 11, 10, 9}, {0, 4, 5, 6, 2}},
                                         {{3, 4, 5, 9, 10, 11, 12, 13, 14}, {}}};
    for (const auto variant : {TrcaVariant::ftrca, TrcaVariant::sscor}) {
      for (const bool ensemble : {true, false}) {
        const TrcaOptions options{.variant = variant, .ensemble = ensemble, .cascade = false};
        const auto together = trca_split_scores(filtered, made.y, 3, splits, options);
        REQUIRE(together.size() == splits.size());
        for (std::size_t s = 0; s < splits.size(); ++s) {
          std::vector<std::int64_t> y(made.y.size(), -1);
          for (const auto n : splits[s].training) y[static_cast<std::size_t>(n)] = made.y[static_cast<std::size_t>(n)];
          const auto alone = trca_scores(fit_trca(filtered, y, 3, bands, options), filtered);
          REQUIRE(together[s].combined.label.size() == splits[s].test.size());
          for (std::size_t i = 0; i < splits[s].test.size(); ++i) {
            for (std::int64_t k = 0; k < 3; ++k) {
              CHECK(together[s].combined.score(static_cast<std::int64_t>(i), k) ==
                    doctest::Approx(alone.combined.score(splits[s].test[i], k)).epsilon(1e-11));
            }
          }
        }
      }
    }
  }

  TEST_CASE("trca: the filters of many classes side by side are those of each alone") {
    const Speller made = speller(7, 260, 15);
    const auto model = fit_trca(made.x, made.y, 3, ssvep_bands({.rate_hz = rate_hz}, 1));
    for (std::int64_t k = 0; k < 3; ++k) {
      const auto epochs = filter_bank(class_epochs(made.x, made.y, k), model.bands);
      const auto alone = trca_filter(epochs.view()[0]).w;
      for (std::int64_t c = 0; c < 4; ++c)
        CHECK(model.w(0, k, c) == doctest::Approx(alone[static_cast<std::size_t>(c)]).epsilon(1e-9));
    }
    Array<double, 3> raised = made.x;
    for (double& value : raised) value += 1e4;  // a constant far above what varies is no signal
    const auto far = trca_scores(model, made.x).combined.score;
    const auto near = trca_scores(fit_trca(raised, made.y, 3, model.bands), raised).combined.score;
    for (std::int64_t n = 0; n < far.extent(0); ++n)
      for (std::int64_t k = 0; k < 3; ++k) CHECK(near(n, k) == doctest::Approx(far(n, k)).epsilon(1e-6));
  }

  TEST_CASE("mirrored bases: sines of any even grid fold, others do not") {
    for (const std::int64_t samples : {1, 7, 120, 121}) {
      for (const auto time : {ReferenceTime::from_one_sample, ReferenceTime::linspace, ReferenceTime::from_zero}) {
        if (samples == 1 && time == ReferenceTime::linspace) continue;
        SsvepStimuli some = stimuli();
        some.time = time;
        some.phases_pi = {0, 0.3, 1.7};
        const auto reference = ssvep_reference(some, samples);
        std::vector<Matrix> rows;
        for (std::int64_t k = 0; k < 3; ++k) rows.emplace_back(reference.view()[k]);
        CHECK(ReferenceBases({rows.begin(), rows.end()}).mirrored());
        rows.push_back(noise(3, samples, 1, 5));
        CHECK(ReferenceBases({rows.begin(), rows.end()}).mirrored() == (samples == 1));
      }
    }
    const Matrix x = noise(5, 121, 1, 8);
    const Matrix basis = centred_row_basis(ssvep_reference(stimuli(), 121).view()[1]);
    const auto halves = mirrored_basis(basis);
    REQUIRE(halves.has_value());
    Matrix even({5, 61}), odd({5, 60});
    fold(x, even, odd);
    const Matrix whole = product_transposed(x, basis), first = product_transposed(even, (*halves)[0]),
                 second = product_transposed(odd, (*halves)[1]);
    // The same rows up to a rotation: what is left of each row of x is the same.
    for (std::int64_t i = 0; i < 5; ++i) {
      const auto squares = [&](const Matrix& m) {
        double sum = 0;
        for (std::int64_t j = 0; j < m.extent(1); ++j) sum += m(i, j) * m(i, j);
        return sum;
      };
      CHECK(squares(whole) == doctest::Approx(squares(first) + squares(second)).epsilon(1e-12));
    }
  }

  TEST_CASE("ssvep: canonical correlations with folded references are those with the references themselves") {
    const Speller made = speller(4, 251, 61, 0.5);
    SsvepStimuli many = stimuli();
    for (int k = 0; k < 7; ++k) many.frequency_hz.push_back(15 + 0.7 * k);
    many.harmonics = 3;
    Array<double, 3> x = made.x;
    std::copy_n(x[2][1].data(), 251, x[2][3].data());          // a channel given twice
    for (std::int64_t t = 0; t < 251; ++t) x(4, 2, t) += 1e5;  // far from 0
    const Matrix score = ssvep_cca(x, many).score;
    const auto reference = ssvep_reference(many, 251);
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      for (std::int64_t f = 0; f < many.count(); ++f) {
        const double r = canonical_correlation(x.view()[n], reference.view()[f]).front();
        CHECK(score(n, f) == doctest::Approx(r).epsilon(n == 4 ? 1e-9 : 1e-11));
      }
    }
  }

  TEST_CASE("trca: the ensemble's score is the correlation of what the filters give") {
    const Speller made = speller(3, 250, 33);
    const auto bands = ssvep_bands({.rate_hz = rate_hz}, 2);
    const TrcaModel model = fit_trca(made.x, made.y, 3, bands);
    Array<double, 3> epochs(made.x.view().slice(0, 0, 4));
    std::fill_n(epochs[3].data(), epochs.extent(1) * epochs.extent(2), 0.0);
    const auto scores = trca_scores(model, epochs);
    for (std::int64_t n = 0; n < 4; ++n) {
      for (std::int64_t b = 0; b < 2; ++b) {
        const Matrix seen = product(model.w.view()[b], bands[static_cast<std::size_t>(b)].filter(epochs.view()[n]));
        for (std::int64_t k = 0; k < 3; ++k) {
          const double r = n == 3 ? 0 : correlation(seen, product(model.w.view()[b], model.templates.view()[b][k]));
          CHECK(scores.band_score(n, b, k) == doctest::Approx(r).epsilon(1e-11));
        }
      }
    }
  }

  TEST_CASE("trca: the filter finds the mixture that repeats, ftrca's eigenvalues are trca's plus 1") {
    const auto made = speller(6, 300, 5, 2);
    const auto epochs = class_epochs(made.x, made.y, 0);
    Array<double, 3> centred(epochs);
    for (std::int64_t n = 0; n < epochs.extent(0); ++n) put(caton::centred(epochs[n]), centred[n]);
    const auto slow = trca_filter(centred, TrcaVariant::trca), fast = trca_filter(centred, TrcaVariant::ftrca);
    for (std::size_t k = 0; k < 4; ++k)
      CHECK(fast.eigenvalues[k] == doctest::Approx(slow.eigenvalues[k] + 1).epsilon(1e-8));
    for (std::size_t c = 0; c < 4; ++c) CHECK(fast.w[c] == doctest::Approx(slow.w[c]).epsilon(1e-6));
    // Weights of the flicker rise over the channels, the noise does not.
    CHECK(std::is_sorted(fast.w.begin(), fast.w.end()));
  }

  TEST_CASE("ssvep: refusals") {
    const auto train = speller(2, 200, 8);
    const auto bands = ssvep_bands({.rate_hz = rate_hz}, 2);
    const auto refused = [](const std::function<void()>& call, const std::string& word) {
      const Error error = testing::error_of(call);
      INFO(error.what());
      CHECK(says(error, word));
    };
    refused([&] { (void)trca_filter(train.x.view().slice(0, 0, 1)); }, "trials");
    const std::vector<std::int64_t> lonely{0, 0, 0, 0, 0, 1};
    refused([&] { (void)fit_trca(train.x, lonely, 2, bands); }, "class 1");
    Array<double, 3> tied = train.x;
    for (std::int64_t n = 0; n < tied.extent(0); ++n) {
      for (std::int64_t t = 0; t < 200; ++t) tied(n, 3, t) = -tied(n, 1, t);
    }
    refused([&] { (void)trca_filter(tied); }, "rank");
    refused([&] { (void)trca_filter(tied); }, "1, 3");
    Array<double, 3> flat = train.x;
    for (std::int64_t n = 0; n < flat.extent(0); ++n) {
      for (std::int64_t t = 0; t < 200; ++t) flat(n, 2, t) = 5;
    }
    refused([&] { (void)trca_filter(flat, TrcaVariant::sscor); }, "channel 2 is flat");
    SsvepStimuli twins = stimuli();
    twins.frequency_hz = {9, 9};
    twins.phases_pi = {0, 1};
    refused([&] { (void)ssvep_cca(train.x, twins); }, "duplicate");
    const auto model = fit_trca(train.x, train.y, 3, bands);
    refused([&] { (void)trca_scores(model, speller(1, 180, 1).x); }, "shape");
    const auto reference = ssvep_reference(stimuli(), 196);
    refused([&] { (void)fit_tdca(train.x, train.y, reference, {.delay = 5, .samples = 196}); }, "samples");
    refused([&] { (void)fit_tdca(train.x, train.y, reference, {.delay = -1, .samples = 196}); }, "delay");
    refused([&] { (void)msetcca_reference(train.x, 9); }, "filters");
    refused(
        [&] {
          (void)ssvep_ecca(train.x, std::vector<std::int64_t>{0, 0, 0, 0, 2, 2}, ssvep_reference(stimuli(), 200),
                           train.x);
        },
        "class 1");
  }

  TEST_CASE("itr: known values and limits") {
    CHECK(information_transfer_rate(4, 1, 2) == doctest::Approx(60));
    CHECK(information_transfer_rate(40, 1.0 / 40, 1) == doctest::Approx(0).epsilon(1e-9));
    CHECK(information_transfer_rate(40, 0.01, 1) == 0);
    CHECK(information_transfer_rate(4, 0.9, 1) > information_transfer_rate(4, 0.8, 1));
    CHECK(says(testing::error_of([] { (void)information_transfer_rate(4, 0.9, 0); }), "seconds"));
  }

  TEST_CASE("stopping: certain of high scores, never of none") {
    const std::vector<double> correct{0.8, 0.9, 1.0, 0.85, 0.95}, wrong{0.2, 0.3, 0.25, 0.35};
    const BayesStopping model(correct, wrong);
    CHECK(model.decide(0.9).stop);
    CHECK_FALSE(model.decide(0.25).stop);
    CHECK(model.decide(1e6).posterior == 0);
    const BayesStopping unopposed(correct, std::vector<double>{0.2, 0.3});
    CHECK(unopposed.decide(0.25).density_wrong == 0);
    CHECK(says(testing::error_of([&] { BayesStopping(std::vector<double>{1, 1}, wrong); }), "density"));
    CHECK(says(testing::error_of([&] { BayesStopping(correct, wrong, 1.5); }), "prior"));
    const std::vector<double> clear{0.9, 0.1, 0.1}, close{0.50, 0.49, 0.1};
    CHECK(stopping_cost(clear, -0.01).stop);
    CHECK_FALSE(stopping_cost(close, -0.01).stop);
  }
}

}  // namespace caton
