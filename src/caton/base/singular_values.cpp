// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/singular_values.hpp"

#include <Eigen/SVD>

#include <vector>

namespace caton {

struct SingularValues::State {
  State(std::int64_t rows, std::int64_t columns)
      : matrix(rows, columns), solver(rows, columns), values(static_cast<std::size_t>(std::min(rows, columns))) {}

  Eigen::MatrixXd matrix;
  Eigen::JacobiSVD<Eigen::MatrixXd> solver;
  std::vector<double> values;
};

SingularValues::SingularValues(std::int64_t rows, std::int64_t columns)
    : state_(std::make_unique<State>(rows, columns)) {}
SingularValues::~SingularValues() = default;
SingularValues::SingularValues(SingularValues&& other) noexcept = default;
SingularValues& SingularValues::operator=(SingularValues&& other) noexcept = default;

std::span<double> SingularValues::run(Signal a) {
  for (Eigen::Index i = 0; i < state_->matrix.rows(); ++i) {
    for (Eigen::Index k = 0; k < state_->matrix.cols(); ++k) state_->matrix(i, k) = a(i, k);
  }
  const auto& values = state_->solver.compute(state_->matrix).singularValues();
  std::copy(values.data(), values.data() + values.size(), state_->values.begin());
  return state_->values;
}

}  // namespace caton
