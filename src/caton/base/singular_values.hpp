// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <memory>
#include <span>

namespace caton {

/// Singular values of one small matrix after the other, all of one shape, by Jacobi rotations: the bits of `svd` below
/// 16 columns. Asks for no memory after the first.
class SingularValues {
 public:
  SingularValues(std::int64_t rows, std::int64_t columns);
  ~SingularValues();
  SingularValues(SingularValues&& other) noexcept;
  SingularValues& operator=(SingularValues&& other) noexcept;

  /// Descending; valid until the next call, and free to be written over.
  [[nodiscard]] std::span<double> run(Signal a);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caton
