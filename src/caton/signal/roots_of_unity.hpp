// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace caton {

/// e^(-2 pi i k / n) for any k, each one product of two tabulated roots in long double: about sqrt(n) of them are
/// computed.
class RootsOfUnity {
 public:
  explicit RootsOfUnity(std::int64_t n);
  [[nodiscard]] std::complex<long double> at(std::int64_t k) const;

 private:
  std::int64_t n_, step_;
  std::vector<std::complex<long double>> fine_, coarse_;
};

}  // namespace caton
