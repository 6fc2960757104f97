// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Signals and comparisons that the tests of several rooms share.

#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/base/tensor.hpp"
#include "caton/conformance/conformance.hpp"
#include "golden_test.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace caton::testing {

/// Independent normal values.
inline Matrix noise(std::int64_t channels, std::int64_t samples, double scale = 1, std::uint64_t seed = 1) {
  Matrix x({channels, samples}, uninitialised);
  for (std::int64_t c = 0; c < channels; ++c) {
    RandomStream random(seed, "test noise", {static_cast<std::uint64_t>(c)});
    for (std::int64_t t = 0; t < samples; ++t) x(c, t) = scale * random.normal();
  }
  return x;
}

inline Matrix sine(std::int64_t samples, double hz, double rate_hz, double phase = 0) {
  Matrix x({1, samples}, uninitialised);
  for (std::int64_t t = 0; t < samples; ++t)
    x(0, t) = std::sin(2 * 3.14159265358979323846 * hz * static_cast<double>(t) / rate_hz + phase);
  return x;
}

inline double largest_difference(Signal a, Signal b) {
  REQUIRE(a.extents() == b.extents());
  double largest = 0;
  for (std::int64_t c = 0; c < a.extent(0); ++c) {
    for (std::int64_t t = 0; t < a.extent(1); ++t) largest = std::max(largest, std::abs(a(c, t) - b(c, t)));
  }
  return largest;
}

inline Matrix reversed(Signal x) {
  Matrix y(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) y(c, t) = x(c, x.extent(1) - 1 - t);
  }
  return y;
}

/// 3 x - 2 y.
inline Matrix combined(Signal x, Signal y) {
  Matrix z(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < x.extent(1); ++t) z(c, t) = 3 * x(c, t) - 2 * y(c, t);
  }
  return z;
}

inline bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

/// Replays the calls of a golden case; fails the test where one differs.
inline void replay_calls(const std::string& name, const std::vector<std::string>& only) {
  const auto path = reference("golden/" + name + ".safetensors");
  if (!path) return;
  CAPTURE(name);
  const CaseResult result = verify_calls(read_golden_case(*path), only);
  for (const OutputComparison& output : result.outputs) {
    INFO(output.name << ": " << output.problem);
    CHECK(output.passed);
  }
  INFO(result.problem);
  CHECK(result.passed);
}

/// A golden case of which every call must be known.
inline void replay_whole_case(const std::string& name) { replay_calls(name, {}); }
/// A golden case as far as its operations are registered in this program.
inline void replay_case(const std::string& name) { replay_calls(name, Registry<Operation>::instance().names()); }

}  // namespace caton::testing
