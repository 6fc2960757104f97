// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/sinusoid_references.hpp"

#include "caton/decode/ssvep/canonical_correlation.hpp"
#include "caton/decode/ssvep/cca.hpp"
#include "signal_test.hpp"

#include <algorithm>

namespace caton {

namespace {

SsvepStimuli many_stimuli(std::int64_t harmonics, ReferenceTime time) {
  SsvepStimuli stimuli{.rate_hz = 250, .harmonics = harmonics, .time = time};
  for (int k = 0; k < 50; ++k) stimuli.frequency_hz.push_back(7.3 + 0.17 * k);
  return stimuli;
}

Array<double, 3> epochs_of(std::int64_t count, std::int64_t channels, std::int64_t samples) {
  Array<double, 3> x({count, channels, samples});
  for (std::int64_t n = 0; n < count; ++n) {
    const Matrix own = testing::noise(channels, samples, 1, 40 + static_cast<std::uint64_t>(n));
    const Matrix sine = testing::sine(samples, 7 + static_cast<double>(n), 250, 0.4);
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < samples; ++t) x(n, c, t) = own(c, t) + 0.2 * static_cast<double>(c) * sine(0, t) + 3;
    }
  }
  return x;
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("sinusoid references: the canonical correlations with the sampled sines and cosines") {
    for (const std::int64_t samples : {150, 251}) {
      for (const std::int64_t harmonics : {2, 5}) {
        for (const auto time : {ReferenceTime::from_one_sample, ReferenceTime::linspace}) {
          const SsvepStimuli stimuli = many_stimuli(harmonics, time);
          const auto quick = SinusoidReferences::of(stimuli, samples);
          REQUIRE(quick.has_value());
          const auto reference = ssvep_reference(stimuli, samples);
          for (const std::int64_t channels : {1, 4, 11}) {
            CAPTURE(samples);
            CAPTURE(harmonics);
            CAPTURE(channels);
            auto x = epochs_of(10, channels, samples);
            std::fill_n(&x(5, 0, 0), samples, 1.0);  // a flat channel
            Matrix score({10, 50}, 0.0);
            const auto found = quick->put_correlations(x, score);
            CHECK(std::count(found.begin(), found.end(), false) == 1);
            CHECK_FALSE(found[5]);
            const Matrix all = ssvep_cca(x, stimuli).score;
            double largest = 0;
            for (std::int64_t n = 0; n < 10; ++n) {
              for (std::int64_t f = 0; f < 50; f += 7) {
                const double wanted = canonical_correlation(x.view()[n], reference.view()[f]).front();
                largest = std::max(largest, std::abs(all(n, f) - wanted));
                if (n != 5) CHECK(all(n, f) == score(n, f));
              }
            }
            CHECK(largest < 1e-12);
          }
        }
      }
    }
  }

  TEST_CASE("sinusoid references: an epoch alone has the bits it has among others") {
    const SsvepStimuli stimuli = many_stimuli(4, ReferenceTime::from_one_sample);
    const auto x = epochs_of(19, 6, 200);
    const Matrix all = ssvep_cca(x, stimuli).score;
    for (const std::int64_t n : {0, 9, 18}) {
      const Matrix one = ssvep_cca(x.view().slice(0, n, 1), stimuli).score;
      CHECK(std::equal(one.begin(), one.end(), all[n].data()));
    }
  }

  TEST_CASE("sinusoid references: few of them, or harmonics that an epoch hardly tells apart, are for their samples") {
    SsvepStimuli stimuli = many_stimuli(5, ReferenceTime::from_one_sample);
    for (double& hz : stimuli.frequency_hz) hz /= 40;
    CHECK_FALSE(SinusoidReferences::of(stimuli, 250).has_value());
    CHECK_FALSE(SinusoidReferences::of(many_stimuli(5, ReferenceTime::from_one_sample), 10).has_value());
    stimuli = many_stimuli(2, ReferenceTime::from_one_sample);
    stimuli.frequency_hz.resize(4);
    CHECK_FALSE(SinusoidReferences::of(stimuli, 250).has_value());
  }
}

}  // namespace caton
