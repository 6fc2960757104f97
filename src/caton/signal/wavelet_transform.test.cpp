// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/wavelet_transform.hpp"

#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;
using testing::sine;

namespace {

std::vector<double> values(std::int64_t samples) {
  const Matrix x = noise(1, samples);
  return {x.begin(), x.end()};
}

double energy(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return sum;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("dwt: periodic and even, it keeps the energy (orthogonal), for every wavelet") {
    const auto x = values(256);
    for (int p = 1; p <= 10; ++p) {
      const WaveletTransform options{"db" + std::to_string(p), 3, WaveletEdge::periodization};
      const auto levels = dwt(x, options);
      double sum = energy(levels.approximation);
      for (const auto& detail : levels.detail) sum += energy(detail);
      CHECK(sum == doctest::Approx(energy(x)).epsilon(1e-10));
      double leaves = 0;
      for (const double leaf : wavelet_packet(x, options).energy) leaves += leaf;
      CHECK(leaves == doctest::Approx(energy(x)).epsilon(1e-10));
    }
  }

  TEST_CASE("dwt: a polynomial below the order of the wavelet has no detail away from the ends") {
    std::vector<double> x;
    for (int t = 0; t < 200; ++t) x.push_back(1 + 0.1 * t - 0.002 * t * t);
    const auto levels = dwt(x, {"db3", 1, WaveletEdge::symmetric});
    for (std::size_t k = 5; k + 5 < levels.detail[0].size(); ++k) CHECK(std::abs(levels.detail[0][k]) < 1e-10);
    CHECK(std::abs(levels.detail[0][0]) > 1e-6);
  }

  TEST_CASE("dwt: haar is sums and differences of pairs") {
    const auto levels = dwt(std::vector<double>{1, 4, 2, -2}, {"haar", 1, WaveletEdge::zero});
    const double root = std::sqrt(2.0);
    CHECK(levels.approximation[0] == doctest::Approx(5 / root));
    CHECK(levels.detail[0][0] == doctest::Approx(-3 / root));
    CHECK(levels.detail[0][1] == doctest::Approx(4 / root));
  }

  TEST_CASE("wavelet_packet: in the order of frequency a tone stands in its leaf") {
    for (const double hz : {5.0, 18.0, 30.0, 44.0, 58.0}) {
      const Matrix tone = sine(1024, hz, 128);
      const auto packet = wavelet_packet(std::vector<double>(tone.begin(), tone.end()), {"db10", 3, {}});
      const auto top = std::max_element(packet.energy.begin(), packet.energy.end()) - packet.energy.begin();
      CHECK(top == static_cast<std::ptrdiff_t>(hz / 8));
    }
  }

  TEST_CASE("dwt: refuses what cannot be") {
    const auto x = values(128);
    CHECK(says(error_of([&] { (void)dwt(x, {"db11", 1, {}}); }), "unknown"));
    CHECK(says(error_of([&] { (void)dwt(x, {"db4", 0, {}}); }), "levels"));
    CHECK(says(error_of([&] { (void)dwt(x, {"db4", 5, {}}); }), "short"));
    CHECK(says(error_of([&] { (void)dwt({}, {}); }), "empty"));
  }
}

}  // namespace caton
