// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/pair_sums.hpp"
#include "caton/base/random.hpp"
#include "caton/signal/fft.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <complex>
#include <numbers>

namespace caton {

namespace {

TaperedSpectra noise_spectra(std::int64_t repetitions, std::int64_t tapers, std::int64_t channels) {
  TaperedSpectra spectra(2, repetitions, tapers, channels);
  RandomStream random(4, "pair sums");
  for (std::int64_t bin = 0; bin < 2; ++bin) {
    for (std::int64_t row = 0; row < repetitions * tapers; ++row) {
      for (std::int64_t c = 0; c < channels; ++c) {
        spectra.re(bin, row, c) = random.normal();
        spectra.im(bin, row, c) = random.normal();
      }
    }
  }
  return spectra;
}

/// The sums of one pair as they are defined.
std::vector<double> plain_sums(const TaperedSpectra& spectra, std::int64_t i, std::int64_t j, PairSum sum) {
  std::vector<double> total(3);
  for (std::int64_t e = 0; e < spectra.repetitions; ++e) {
    std::complex<double> s;
    for (std::int64_t k = 0; k < spectra.tapers; ++k) {
      const std::int64_t row = e * spectra.tapers + k;
      s += std::complex(spectra.re(1, row, i), spectra.im(1, row, i)) *
           std::conj(std::complex(spectra.re(1, row, j), spectra.im(1, row, j)));
    }
    if (sum == PairSum::signs) {
      total[0] += s.imag() > 0 ? 1 : -1;
    } else if (sum == PairSum::units || sum == PairSum::products) {
      if (sum == PairSum::units) s /= std::abs(s);
      total[0] += s.real();
      total[1] += s.imag();
    } else {
      total[0] += s.imag();
      total[1] += std::abs(s.imag());
      total[2] += s.imag() * s.imag();
    }
  }
  if (sum == PairSum::sizes) total.pop_back();
  if (sum == PairSum::signs) total.resize(1);
  if (sum == PairSum::units || sum == PairSum::products) total.resize(2);
  return total;
}

TEST_SUITE("features") {
  TEST_CASE("sum_pairs: every sum of every pair as it is defined, also where a tile reaches beyond the channels") {
    for (const std::int64_t tapers : {1, 3}) {
      const TaperedSpectra spectra = noise_spectra(7, tapers, 11);
      for (const PairSum sum : {PairSum::products, PairSum::units, PairSum::signs, PairSum::sizes, PairSum::squares}) {
        for (const PairTile& tile : {PairTile{1, 0, 0}, PairTile{1, 0, 8}, PairTile{1, 8, 8}}) {
          TileSums sums{};
          sum_pairs(spectra, tile, sum, sums);
          for (std::int64_t i = tile.first_row; i < std::min<std::int64_t>(tile.first_row + PairTile::rows, 11); ++i) {
            for (std::int64_t j = tile.first_column; j < std::min<std::int64_t>(tile.first_column + 8, 11); ++j) {
              if (i == j) continue;
              const auto wanted = plain_sums(spectra, i, j, sum);
              for (std::size_t s = 0; s < wanted.size(); ++s)
                CHECK(sums.values[s][(i - tile.first_row) * 8 + j - tile.first_column] ==
                      doctest::Approx(wanted[s]).epsilon(1e-12));
            }
          }
        }
      }
    }
  }

  TEST_CASE("tapered_spectra: each channel's own transform, whatever its neighbours and however it lies in memory") {
    constexpr std::int64_t epochs = 9, channels = 5, samples = 60;
    Array<double, 3> x({epochs, channels, samples}, uninitialised), turned({epochs, samples, channels}, uninitialised);
    RandomStream random(5, "tapered spectra");
    for (double& value : x) value = 3 + random.normal();
    for (std::int64_t e = 0; e < epochs; ++e) {
      for (std::int64_t c = 0; c < channels; ++c) {
        for (std::int64_t t = 0; t < samples; ++t) turned(e, t, c) = x(e, c, t);
      }
    }
    Matrix tapers({2, samples}, uninitialised);
    for (std::int64_t t = 0; t < samples; ++t) {
      tapers(0, t) = std::sin(std::numbers::pi * (static_cast<double>(t) + 0.5) / samples);
      tapers(1, t) = std::sin(2 * std::numbers::pi * (static_cast<double>(t) + 0.5) / samples);
    }
    const TaperedSpectra spectra = tapered_spectra(x, tapers, 2, 9);
    const Epochs across(turned.data(), {epochs, channels, samples}, {samples * channels, 1, channels});
    const TaperedSpectra same = tapered_spectra(across, tapers, 2, 9);
    for (std::int64_t e = 0; e < epochs; ++e) {
      for (std::int64_t c = 0; c < channels; ++c) {
        double mean = 0;
        for (std::int64_t t = 0; t < samples; ++t) mean += x(e, c, t) / samples;
        for (std::int64_t k = 0; k < 2; ++k) {
          std::vector<double> one;
          for (std::int64_t t = 0; t < samples; ++t) one.push_back((x(e, c, t) - mean) * tapers(k, t));
          const auto wanted = real_fft(one);
          for (std::int64_t bin = 0; bin < 7; ++bin) {
            const Complex value(spectra.re(bin, 2 * e + k, c), spectra.im(bin, 2 * e + k, c));
            CHECK(std::abs(value - wanted[static_cast<std::size_t>(bin + 2)]) < 1e-12);
            CHECK(same.re(bin, 2 * e + k, c) == spectra.re(bin, 2 * e + k, c));
            CHECK(same.im(bin, 2 * e + k, c) == spectra.im(bin, 2 * e + k, c));
          }
        }
      }
    }
  }
}

}  // namespace

}  // namespace caton
