// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/lanes.hpp"
#include "caton/signal/butterfly.hpp"
#include "signal_test.hpp"

namespace caton {

TEST_SUITE("signal") {
  TEST_CASE("kernels give the same bits on every processor this machine can be") {
    const Matrix x = testing::noise(1, 2 * 5 * 64), twiddles = testing::noise(1, 8 * 64), roots = testing::noise(1, 10);
    std::vector<Processor> targets{Processor::baseline};
    if (processor() != Processor::baseline) targets.push_back(Processor::avx2);
    if (processor() == Processor::avx512) targets.push_back(Processor::avx512);
    std::vector<Matrix> results;
    for (const Processor target : targets) {
      Matrix y({1, 2 * 5 * 64});
      for (const std::int64_t stride : {1, 3, 8, 64}) {
        run_on<StageKernel<5>>(target, x.data(), x.data() + 320, y.data(), y.data() + 320, 64 / stride, stride,
                               twiddles.data(), roots.data());
      }
      results.push_back(y);
    }
    for (const Matrix& result : results) CHECK(testing::largest_difference(result, results.front()) == 0);
    CHECK(testing::largest_difference(results.front(), Matrix({1, 640})) > 0);
  }
}

}  // namespace caton
