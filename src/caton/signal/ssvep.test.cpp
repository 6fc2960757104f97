// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/ssvep_bank.hpp"
#include "caton/signal/ssvep_reference.hpp"
#include "signal_test.hpp"

namespace caton {

TEST_SUITE("signal") {
  TEST_CASE("ssvep bank: golden case") { testing::replay_case("ssvep-classical/filter-bank"); }

  TEST_CASE("ssvep bank: orders of the authors' bands at 250 Hz") {
    std::vector<int> orders;
    for (const auto& band : ssvep_bands({.rate_hz = 250}, 5)) orders.push_back(band.order);
    CHECK(orders == std::vector<int>{6, 6, 6, 7, 7});
  }

  TEST_CASE("ssvep bank: a band passes what lies inside and stops what lies outside, without delay") {
    const auto band = ssvep_band({.rate_hz = 250}, 1);
    const Matrix inside = testing::sine(2000, 30, 250), outside = testing::sine(2000, 8, 250);
    const auto middle = [](const Matrix& x) { return Matrix(x.view().slice(1, 500, 1000)); };
    const Matrix kept = middle(band.filter(inside)), stopped = middle(band.filter(outside));
    // 0.5 dB ripple, twice.
    CHECK(testing::largest_difference(kept, middle(inside)) < 0.13);
    CHECK(testing::largest_difference(stopped, Matrix({1, 1000})) < 1e-3);
  }

  TEST_CASE("ssvep bank: all bands at once, the bits of each alone, of what came in or of the band before") {
    const auto bands = ssvep_bands({.rate_hz = 250}, 3);
    Array<double, 3> x({5, 3, 120}, uninitialised);
    for (std::int64_t n = 0; n < 5; ++n) {
      const Matrix own = testing::noise(3, 120, 1, static_cast<std::uint64_t>(n));
      std::copy(own.begin(), own.end(), x[n].data());
    }
    const auto each = filter_bank(x, bands), cascade = filter_bank(x, bands, true);
    const auto gaps = filter_bank(x.view().slice(1, 0, 2), bands);
    for (std::int64_t n = 0; n < 5; ++n) {
      Matrix before(x.view()[n]);
      for (std::int64_t b = 0; b < 3; ++b) {
        const SsvepBand& band = bands[static_cast<std::size_t>(b)];
        const Matrix alone = band.filter(x.view()[n]);
        CHECK(testing::largest_difference(each.view()[b][n], alone) == 0);
        CHECK(testing::largest_difference(gaps.view()[b][n], alone.view().slice(0, 0, 2)) == 0);
        before = band.filter(before);
        CHECK(testing::largest_difference(cascade.view()[b][n], before) == 0);
      }
    }
  }

  TEST_CASE("ssvep bank: refusals name the band") {
    const auto refused = [](const SsvepBank& bank, std::int64_t band, const std::string& word) {
      const Error error = testing::error_of([&] { (void)ssvep_band(bank, band); });
      CHECK(testing::says(error, word));
    };
    refused({.rate_hz = 250}, 10, "band 10");
    refused({.rate_hz = 250}, -1, "band");
    refused({.rate_hz = 190}, 3, "band 3");
    refused({.rate_hz = 190}, 3, "Nyquist");
    refused({.rule = SsvepBankRule::moabb, .rate_hz = 250}, 0, "stimuli_hz");
    refused({.rule = SsvepBankRule::moabb, .rate_hz = 250, .stimuli_hz = {1.5, 9}}, 0, "band");
    refused({.rule = SsvepBankRule::moabb, .rate_hz = 40, .stimuli_hz = {9, 30}}, 1, "Nyquist");
    refused({.rate_hz = 0}, 0, "positive");
    const auto band = ssvep_band({.rate_hz = 250}, 0);
    const Error error = testing::error_of([&] { (void)band.filter(testing::noise(2, 6 * band.order)); });
    CHECK(testing::says(error, "short"));
    CHECK_NOTHROW((void)band.filter(testing::noise(2, 6 * band.order + 1)));
  }

  TEST_CASE("ssvep reference: rows are sines and cosines of each harmonic, a phase shifts them") {
    const SsvepStimuli plain{.frequency_hz = {10}, .rate_hz = 200, .harmonics = 2, .time = ReferenceTime::from_zero};
    SsvepStimuli shifted = plain;
    shifted.phases_pi = {0.5};
    const auto a = ssvep_reference(plain, 40), b = ssvep_reference(shifted, 40);
    for (std::int64_t t = 0; t < 40; ++t) {
      CHECK(a(0, 0, t) * a(0, 0, t) + a(0, 1, t) * a(0, 1, t) == doctest::Approx(1));
      CHECK(b(0, 0, t) == doctest::Approx(a(0, 1, t)));
      CHECK(a(0, 2, t) == doctest::Approx(2 * a(0, 0, t) * a(0, 1, t)));
    }
    SsvepStimuli later = plain;
    later.time = ReferenceTime::from_one_sample;
    CHECK(ssvep_reference(later, 39)(0, 0, 0) == a(0, 0, 1));
    SsvepStimuli stretched = plain;
    stretched.time = ReferenceTime::linspace;
    // Forty even steps end at 40/200 s, where two periods are full.
    CHECK(ssvep_reference(stretched, 40)(0, 0, 39) == doctest::Approx(0).epsilon(1e-12));
    CHECK(ssvep_reference(stretched, 1)(0, 1, 0) == 1);
  }

  TEST_CASE("ssvep reference: refusals") {
    const auto refused = [](const SsvepStimuli& stimuli, std::int64_t samples, const std::string& word) {
      const Error error = testing::error_of([&] { (void)ssvep_reference(stimuli, samples); });
      CHECK(testing::says(error, word));
    };
    refused({.frequency_hz = {20}, .rate_hz = 120}, 50, "Nyquist");
    refused({.frequency_hz = {9, 9}}, 50, "duplicate");
    refused({.frequency_hz = {9, 9}, .phases_pi = {0, 0.5, 1}}, 50, "phases_pi");
    refused({.frequency_hz = {}}, 50, "stimuli_hz");
    refused({.frequency_hz = {9}}, 0, "samples");
    refused({.frequency_hz = {9}}, std::int64_t{1} << 60, "samples");
    refused({.frequency_hz = {9}, .harmonics = 0}, 50, "harmonics");
    CHECK_NOTHROW((void)ssvep_reference({.frequency_hz = {9, 9}, .phases_pi = {0, 0.5}}, 50));
  }
}

}  // namespace caton
