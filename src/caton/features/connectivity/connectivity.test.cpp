// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"
#include "caton/features/connectivity/association.hpp"
#include "caton/features/connectivity/envelope_correlation.hpp"
#include "caton/features/connectivity/phase_measures.hpp"
#include "caton/features/connectivity/spectral_connectivity.hpp"
#include "caton/features/connectivity/surrogates.hpp"
#include "caton/signal/fft.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::says;

namespace {

constexpr PhaseMeasure every_measure[] = {PhaseMeasure::coherence,
                                          PhaseMeasure::imaginary_coherence,
                                          PhaseMeasure::plv,
                                          PhaseMeasure::corrected_imaginary_plv,
                                          PhaseMeasure::ppc,
                                          PhaseMeasure::pli,
                                          PhaseMeasure::pli_squared_unbiased,
                                          PhaseMeasure::directed_pli,
                                          PhaseMeasure::wpli,
                                          PhaseMeasure::wpli_squared_debiased};

/// Epochs in which channel 1 is channel 0 some samples later, plus noise.
Array<double, 3> led(std::int64_t count, std::int64_t samples, std::int64_t delay) {
  const Matrix source = noise(count, samples + delay, 1, 31), other = noise(count * 2, samples, 0.3, 32);
  Array<double, 3> epochs({count, 2, samples});
  for (std::int64_t e = 0; e < count; ++e) {
    for (std::int64_t t = 0; t < samples; ++t) {
      epochs(e, 0, t) = source(e, t + delay) + other(2 * e, t);
      epochs(e, 1, t) = source(e, t) + other(2 * e + 1, t);
    }
  }
  return epochs;
}

Array<double, 3> scaled(const Array<double, 3>& epochs, double gain) {
  Array<double, 3> result(epochs);
  for (double& value : result) value *= gain;
  return result;
}

}  // namespace

TEST_SUITE("features") {
  TEST_CASE("connectivity: golden cases") {
    for (const char* const name : {"signal-toolbox/connectivity", "signal-toolbox/mvar", "signal-toolbox/surrogates",
                                   "brain-on-chatgpt-connectivity/ddtf-windows"})
      testing::replay_case(name);
  }

  TEST_CASE("connectivity: own cases") {
    testing::replay_own_cases("signal-toolbox", {"connectivity", "mvar", "surrogates"});
    testing::replay_own_cases("brain-on-chatgpt-connectivity", {"ddtf-windows"});
  }

  TEST_CASE("spectral_connectivity: a gain changes nothing; real measures are symmetric, directed ones mirror") {
    const auto epochs = led(12, 200, 2);
    const SpectralConnectivity options{
        .rate_hz = 100, .measures = {std::begin(every_measure), std::end(every_measure)}, .bands = {{8, 12}, {20, 30}}};
    const auto one = spectral_connectivity(epochs.view(), options);
    const auto loud = spectral_connectivity(scaled(epochs, 1e6).view(), options);
    for (std::size_t m = 0; m < one.size(); ++m) {
      CAPTURE(m);
      CHECK(std::abs(one[m](0, 1, 0) - loud[m](0, 1, 0)) < 1e-9);
      CHECK(one[m](0, 0, 1).real() == 0);
      const double mirrored = one[m](1, 0, 1).real(), value = one[m](0, 1, 1).real();
      if (every_measure[m] == PhaseMeasure::imaginary_coherence)
        CHECK(mirrored == doctest::Approx(-value));
      else if (every_measure[m] == PhaseMeasure::directed_pli)
        CHECK(mirrored == doctest::Approx(1 - value));
      else
        CHECK(mirrored == doctest::Approx(value));
    }
  }

  TEST_CASE("directed measures name the channel that leads") {
    const auto epochs = led(30, 256, 2);
    CHECK(phase_slope_index(epochs.view(), 100, std::vector<Band>{{5, 20}})(0, 1, 0) > 0.05);
    const auto directed = spectral_connectivity(
        epochs.view(), {.rate_hz = 100, .measures = {PhaseMeasure::directed_pli}, .bands = {{5, 15}}});
    CHECK(directed[0](0, 1, 0).real() > 0.9);
    CHECK(directed[0](1, 0, 0).real() < 0.1);
  }

  TEST_CASE("spectral_connectivity: mixing without delay has coherence but no phase lag") {
    const Matrix source = noise(40, 128, 1, 41);
    Array<double, 3> epochs({40, 2, 128});
    for (std::int64_t e = 0; e < 40; ++e) {
      for (std::int64_t t = 0; t < 128; ++t) {
        epochs(e, 0, t) = source(e, t);
        epochs(e, 1, t) = -2 * source(e, t);
      }
    }
    const auto values = spectral_connectivity(
        epochs.view(), {.rate_hz = 100,
                        .measures = {PhaseMeasure::coherence, PhaseMeasure::plv, PhaseMeasure::imaginary_coherence},
                        .bands = {{8, 12}},
                        .mode = SpectralMode::multitaper});
    CHECK(values[0](0, 1, 0).real() == doctest::Approx(1));
    CHECK(values[1](0, 1, 0).real() == doctest::Approx(1));
    CHECK(std::abs(values[2](0, 1, 0)) < 1e-12);
  }

  TEST_CASE("spectral_connectivity refuses what has no answer") {
    const auto epochs = led(3, 100, 1);
    const auto word = [&](SpectralConnectivity options, const std::string& expected) {
      options.rate_hz = 100;
      return says(error_of([&] { (void)spectral_connectivity(epochs.view(), options); }), expected);
    };
    CHECK(word({.measures = {}, .bands = {{4, 8}}}, "measures"));
    CHECK(word({.measures = {PhaseMeasure::plv}, .bands = {}}, "band"));
    CHECK(word({.measures = {PhaseMeasure::plv}, .bands = {{8.1, 8.2}}}, "band"));
    CHECK(word({.measures = {PhaseMeasure::plv}, .bands = {{8, 51}}}, "Nyquist"));
    CHECK_NOTHROW((void)spectral_connectivity(epochs.view(),
                                              {.rate_hz = 100, .measures = {PhaseMeasure::plv}, .bands = {{0, 50}}}));
    CHECK(word(
        {.measures = {PhaseMeasure::plv}, .bands = {{8, 12}}, .mode = SpectralMode::multitaper, .bandwidth_hz = 0.5},
        "bandwidth"));
    CHECK(says(error_of([&] {
                 (void)spectral_connectivity(epochs.view().slice(0, 0, 1),
                                             {.rate_hz = 100, .measures = {PhaseMeasure::ppc}, .bands = {{8, 12}}});
               }),
               "epochs"));
    CHECK(says(error_of([&] { (void)phase_slope_index(epochs.view(), 100, std::vector<Band>{{8, 8.5}}); }), "band"));
  }

  TEST_CASE("phase_connectivity: a sine and the same a quarter later are locked") {
    Matrix x({2, 400});
    for (std::int64_t t = 0; t < 400; ++t) {
      x(0, t) = std::sin(0.1 * static_cast<double>(t) * 3.14159265358979323846);
      x(1, t) = -std::cos(0.1 * static_cast<double>(t) * 3.14159265358979323846);
    }
    const PhaseMeasure measures[] = {PhaseMeasure::plv, PhaseMeasure::directed_pli, PhaseMeasure::wpli};
    const auto values = phase_connectivity(x, measures, 20);
    CHECK(values[0](0, 1) == doctest::Approx(1));
    CHECK(values[1](0, 1) == doctest::Approx(1));
    CHECK(values[2](1, 0) == doctest::Approx(1));
    const auto refused = [&](PhaseMeasure measure, std::int64_t trim) {
      const PhaseMeasure one[] = {measure};
      return std::string(error_of([&] { (void)phase_connectivity(x, one, trim); }).what());
    };
    CHECK(refused(PhaseMeasure::coherence, 0).find("unknown") != std::string::npos);
    CHECK(refused(PhaseMeasure::plv, 200).find("short") != std::string::npos);
    CHECK(refused(PhaseMeasure::plv, -1).find("trim") != std::string::npos);
  }

  TEST_CASE("envelope_correlation: pairs are symmetric, a copy has nothing left after orthogonalising") {
    const auto epochs = led(2, 300, 0);
    const auto corr = envelope_correlation(epochs.view(), {.absolute = false});
    CHECK(corr(0, 0, 1) == corr(0, 1, 0));
    CHECK(corr(0, 0, 0) == 0);
    const auto plain = envelope_correlation(epochs.view(), {.orthogonalize = false});
    CHECK(plain(1, 1, 1) == doctest::Approx(1));
    CHECK(plain(0, 0, 1) > 0.5);
    CHECK(std::abs(corr(0, 0, 1)) < plain(0, 0, 1));
  }

  TEST_CASE("symmetric_orthogonalization: what comes out is orthogonal and close; orthogonal signals stay") {
    Matrix x = noise(4, 500, 1, 51);
    for (std::int64_t t = 0; t < 500; ++t) x(1, t) += 0.5 * x(0, t);
    const Matrix y = symmetric_orthogonalization(x);
    const Matrix products = product_transposed(y, y);
    for (std::int64_t i = 0; i < 4; ++i) {
      for (std::int64_t j = 0; j < i; ++j) CHECK(std::abs(products(i, j)) < 1e-9 * products(i, i));
    }
    CHECK(largest_difference(symmetric_orthogonalization(y), y) < 1e-6);
    CHECK(says(error_of([&] { (void)symmetric_orthogonalization(Signal(x).slice(1, 0, 3)); }), "short"));
  }

  TEST_CASE("correlation: Spearman sees order only; Pearson not gain and offset") {
    Matrix x = noise(3, 200, 1, 61), bent(x);
    for (double& value : bent) value = std::exp(value);
    CHECK(largest_difference(correlation(x, CorrelationKind::spearman), correlation(bent, CorrelationKind::spearman)) <
          1e-12);
    Matrix shifted(x);
    for (double& value : shifted) value = 3e-6 * value + 1;
    CHECK(largest_difference(correlation(x), correlation(shifted)) < 1e-9);
  }

  TEST_CASE("mutual_information: of a channel with itself its entropy; of independent ones little") {
    Matrix x = noise(2, 20000, 1, 71);
    const Matrix mi = mutual_information(x, {.bins = 8});
    CHECK(mi(0, 0) > 1);
    CHECK(mi(0, 1) < 0.01);
    CHECK(mutual_information(x, {.bins = 8, .normalize = true})(1, 1) == doctest::Approx(1));
    for (std::int64_t t = 0; t < 20000; ++t) x(1, t) = x(0, t);
    CHECK(mutual_information(x, {.bins = 8})(0, 1) == doctest::Approx(mi(0, 0)));
    CHECK(says(error_of([&] { (void)mutual_information(x, {.method = InformationMethod::gaussian}); }), "rank"));
    CHECK(says(error_of([&] { (void)mutual_information(x, {.bins = 1}); }), "bins"));
  }

  TEST_CASE("surrogates: phases keep power, one set for all keeps what channels share; shifts are undone") {
    const Matrix x = noise(2, 101, 1, 81);
    const Matrix turn = noise(2, 51, 2, 82);
    const Matrix own = surrogate_phase(x, turn), same = surrogate_phase(x, Signal(turn).slice(0, 0, 1));
    const auto power = [](const Matrix& m, std::int64_t c, std::int64_t d) { return product_transposed(m, m)(c, d); };
    CHECK(power(own, 1, 1) == doctest::Approx(power(x, 1, 1)).epsilon(1e-10));
    CHECK(power(same, 0, 1) == doctest::Approx(power(x, 0, 1)).epsilon(1e-10));
    CHECK(std::abs(power(own, 0, 1) - power(x, 0, 1)) > 1e-3);
    const std::vector<std::int64_t> there{5, -17}, back{-5, 17};
    CHECK(largest_difference(surrogate_shift(surrogate_shift(x, there), back), x) == 0);
    CHECK(surrogate_p_value(std::vector<double>{2}, Signal(turn).slice(1, 0, 1)).front() <= 1);
    const Matrix low({99, 1}, 0.0);
    CHECK(surrogate_p_value(std::vector<double>{2}, low).front() == doctest::Approx(0.01));
    CHECK(surrogate_p_value(std::vector<double>{2}, low, Tail::two_sided).front() == doctest::Approx(0.02));
  }
}

}  // namespace caton
