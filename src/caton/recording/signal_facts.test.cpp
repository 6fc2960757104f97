// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/signal_facts.hpp"

#include "caton/recording/memory_recording.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace caton;

namespace {

constexpr double pi = 3.14159265358979323846;

/// Channels of a sine of 20 uV around 1 uV, which `change` may spoil.
template <class Change>
std::unique_ptr<Recording> made(std::int64_t channels, std::int64_t samples, Change&& change) {
  MemoryContent content;
  content.format = "made";
  content.values = Array<double, 2>({channels, samples});
  for (std::int64_t row = 0; row < channels; ++row) {
    content.channels.push_back({.name = "E" + std::to_string(row),
                                .unit = "uV",
                                .rate_hz = 100,
                                .si_factor = 1e-6,
                                .digital_min_value = -100e-6,
                                .digital_max_value = 100e-6});
    for (std::int64_t i = 0; i < samples; ++i)
      content.values(row, i) = 1 + 20 * std::sin(2 * pi * 0.013 * static_cast<double>(i));
  }
  change(content);
  return memory_recording(std::move(content));
}

std::vector<std::string> codes(const SignalFacts& facts) {
  std::vector<std::string> codes;
  for (const Finding& finding : facts.findings) codes.push_back(finding.code);
  return codes;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("signal facts: a sound recording gives numbers and no finding") {
    const auto facts = signal_facts(*made(2, 5000, [](MemoryContent&) {}), "made");
    CHECK(facts.everything);
    CHECK(facts.findings.empty());
    CHECK(facts.channels[0].looked_at == 5000);
    CHECK(facts.channels[0].median == doctest::Approx(1e-6).epsilon(0.05));
    CHECK(facts.channels[0].spread == doctest::Approx(1.4826 * 20e-6 / std::sqrt(2.0)).epsilon(0.01));
    CHECK(facts.channels[0].highest == doctest::Approx(21e-6).epsilon(1e-3));
  }

  TEST_CASE("signal facts: each oddity has its code, and names its channel") {
    const auto facts = signal_facts(*made(7, 5000,
                                          [](MemoryContent& content) {
                                            auto& values = content.values;
                                            for (std::int64_t i = 0; i < 5000; ++i) {
                                              values(0, i) = 3;
                                              values(1, i) = std::min(values(1, i) * 6, 100.0);
                                              values(2, i) += 4200;
                                              values(3, i) *= 1e6;
                                            }
                                            values(4, 10) = std::numeric_limits<double>::quiet_NaN();
                                            values(5, 77) = 7e5;
                                          }),
                                    "made");
    CHECK(codes(facts) == std::vector<std::string>{"signal/not-numbers", "signal/flat", "signal/clipped",
                                                   "signal/implausible", "signal/offset", "signal/outliers"});
    for (std::size_t i = 0; i < facts.findings.size(); ++i) CAPTURE(facts.findings[i].what);
    CHECK(facts.findings[1].what.rfind("E0", 0) == 0);
    CHECK(facts.findings[2].what.rfind("E1", 0) == 0);
    CHECK(facts.findings[4].what.find("4201 uV") != std::string::npos);
    CHECK(facts.channels[4].not_numbers == 1);
    CHECK(facts.channels[6].clipped == 0);
  }

  TEST_CASE("signal facts: of a long recording only pieces are looked at, with nearly the same numbers") {
    const auto recording = made(8, 200'000, [](MemoryContent&) {});
    const auto facts = signal_facts(*recording, "made");
    CHECK_FALSE(facts.everything);
    CHECK(facts.channels[7].looked_at == 4096);
    CHECK(facts.channels[7].spread == doctest::Approx(1.4826 * 20e-6 / std::sqrt(2.0)).epsilon(0.05));
  }

  TEST_CASE("signal facts: what has an unknown unit is not judged by volts") {
    const auto facts = signal_facts(*made(1, 1000,
                                          [](MemoryContent& content) {
                                            content.channels[0].unit = "unknown";
                                            content.channels[0].si_factor = 1;
                                            content.channels[0].digital_max_value = 0;
                                            content.channels[0].digital_min_value = 0;
                                          }),
                                    "made");
    CHECK(facts.findings.empty());
  }
}
