// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fft.hpp"
#include "signal_test.hpp"

#include <hwy/highway.h>

#include <bit>

namespace caton {

namespace {

template <class T>
std::vector<T> transforms() {
  std::vector<T> result;
  for (const std::int64_t length :
       {2, 3, 4, 6, 8, 11, 12, 13, 16, 20, 28, 32, 35, 48, 63, 64, 100, 176, 512, 720, 1000, 1009, 40960}) {
    for (const std::int64_t signals : {1, 2, 3, 5, 8, 17}) {
      if (length > 2000 && signals > 1) continue;
      const Matrix noise = testing::noise(2, length * signals);
      std::vector<T> re, im;
      for (std::int64_t i = 0; i < length * signals; ++i) {
        re.push_back(static_cast<T>(noise(0, i)));
        im.push_back(static_cast<T>(noise(1, i)));
      }
      FftOf<T>(length).forward_many(re.data(), im.data(), signals);
      result.insert(result.end(), re.begin(), re.end());
      result.insert(result.end(), im.begin(), im.end());
    }
  }
  return result;
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("fft: the same bits with every instruction set that this processor has") {
    const std::int64_t all = hwy::SupportedTargets();
    std::vector<double> doubles;
    std::vector<float> floats;
    int seen = 0;
    for (std::int64_t targets = all; targets != 0; targets &= targets - 1) {  // the best first, then without it
      hwy::GetChosenTarget().Update(targets);
      const auto d = transforms<double>();
      const auto f = transforms<float>();
      if (seen++ == 0) {
        doubles = d;
        floats = f;
      }
      CAPTURE(targets);
      CHECK(std::equal(d.begin(), d.end(), doubles.begin(), doubles.end()));
      CHECK(std::equal(f.begin(), f.end(), floats.begin(), floats.end()));
    }
    hwy::GetChosenTarget().Update(all);
    CHECK(seen > 1);
  }
}

}  // namespace caton
