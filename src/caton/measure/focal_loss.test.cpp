// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/focal_loss.hpp"

#include "caton/conformance/conformance.hpp"
#include "golden_test.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace caton;
using namespace caton::testing;

TEST_SUITE("measure") {
  TEST_CASE("focal loss: the reference's numbers") {
    if (const auto path = reference("golden/rbtransformer/focal-loss.safetensors")) {
      const auto result = verify_calls(read_golden_case(*path), {"focal_loss", "inverse_frequency_weights"});
      INFO(result.problem);
      CHECK(result.passed);
    }
  }

  TEST_CASE("focal loss: gamma 0 is the cross-entropy; the gradient is the slope; what it refuses") {
    Array<double, 2> logits({2, 3});
    for (std::int64_t i = 0; i < 6; ++i) logits.data()[i] = 0.3 * static_cast<double>(i * i % 7) - 0.5;
    const std::vector<std::int64_t> label{2, 0};
    const std::vector<double> weight{1.5, 1, 0.5};
    double entropy = 0;
    for (std::int64_t i = 0; i < 2; ++i) {
      double sum = 0;
      for (std::int64_t k = 0; k < 3; ++k) sum += std::exp(logits(i, k));
      const auto own = label[static_cast<std::size_t>(i)];
      entropy += weight[static_cast<std::size_t>(own)] * (std::log(sum) - logits(i, own)) / 2;
    }
    CHECK(focal_loss(logits, label, weight, 0).loss == doctest::Approx(entropy).epsilon(1e-12));
    for (const double gamma : {0.0, 0.5, 2.0}) {
      const auto here = focal_loss(logits, label, weight, gamma);
      for (std::int64_t i = 0; i < 6; ++i) {
        Array<double, 2> up = logits, down = logits;
        up.data()[i] += 1e-6;
        down.data()[i] -= 1e-6;
        const double slope =
            (focal_loss(up, label, weight, gamma).loss - focal_loss(down, label, weight, gamma).loss) / 2e-6;
        CHECK(here.gradient.data()[i] == doctest::Approx(slope).epsilon(1e-6));
      }
    }
    const std::vector<std::int64_t> odd{3, 0};
    CHECK(std::string(error_of([&] { static_cast<void>(focal_loss(logits, odd, weight, 2)); }).what()).find("class") !=
          std::string::npos);
    CHECK(
        std::string(error_of([&] { static_cast<void>(focal_loss(logits, label, weight, -1)); }).what()).find("gamma") !=
        std::string::npos);
  }
}
