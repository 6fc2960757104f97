// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <memory>

namespace caton {

enum class CorrelationKind { pearson, spearman };

/// Correlation of every pair of channels, C x C with 1 on the diagonal (numpy.corrcoef, scipy.stats.spearmanr). Refuses
/// flat channels (word `flat`) and fewer than 2 samples (`short`).
[[nodiscard]] Matrix correlation(Signal x, CorrelationKind kind = CorrelationKind::pearson);

/// `correlation` (pearson) of one window after the other, all of one shape; asks for no memory after the beginning.
class RepeatedCorrelation {
 public:
  RepeatedCorrelation(std::int64_t channels, std::int64_t samples);
  ~RepeatedCorrelation();
  RepeatedCorrelation(RepeatedCorrelation&& other) noexcept;
  /// Valid until the next call. Refuses as `correlation`.
  [[nodiscard]] const Matrix& run(Signal x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class InformationMethod { histogram, gaussian };
struct MutualInformation {
  std::int64_t bins = 16;
  InformationMethod method = InformationMethod::histogram;
  bool normalize = false;  ///< histogram: divided by sqrt(H_i H_j)
};

/// Mutual information of every pair in nats, C x C. Histogram: equal-width bins from each channel's least to its
/// largest value, plug-in; the diagonal is the entropy. Gaussian: -0.5 ln(1 - r^2), diagonal 0. Refuses fewer than 2
/// bins (word `bins`), flat channels (`flat`) and, Gaussian, channels that are multiples of each other (`rank`).
[[nodiscard]] Matrix mutual_information(Signal x, const MutualInformation& options);

/// `mutual_information` (histogram) of one window after the other, all of one shape; asks for no memory after the
/// beginning.
class RepeatedInformation {
 public:
  RepeatedInformation(std::int64_t channels, std::int64_t samples, std::int64_t bins);
  ~RepeatedInformation();
  RepeatedInformation(RepeatedInformation&& other) noexcept;
  /// Valid until the next call. Refuses as `mutual_information`.
  [[nodiscard]] const Matrix& run(Signal x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caton
