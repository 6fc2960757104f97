// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/features/template_matches.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// How seldom stretches that are alike go on to be alike (nats, one number a channel).
namespace caton {

struct TemplateEntropy {
  int order = 2;                           ///< samples in a template
  std::optional<double> tolerance_v = {};  ///< nothing: 0.2 standard deviations (ddof 0) of the channel
};

/// `antropy.app_entropy`: alike up to and including the tolerance, each template like itself. Refuses orders below 1
/// (word `order`), negative tolerances (`tolerance`), fewer than order + 2 samples (`short`).
[[nodiscard]] std::vector<double> approximate_entropy(Signal x, const TemplateEntropy& options = {});

/// `antropy.sample_entropy` (its exact form): alike strictly below the tolerance. 0 where nothing of `order` samples
/// is alike, infinite where nothing of order + 1 is. Refuses as `approximate_entropy`.
[[nodiscard]] std::vector<double> sample_entropy(Signal x, const TemplateEntropy& options = {});

/// The sample entropy of one window after the other, all of one length; asks for no memory after the first.
class SampleEntropyRow {
 public:
  /// Refuses as `sample_entropy`.
  SampleEntropyRow(std::int64_t samples, const TemplateEntropy& options);
  [[nodiscard]] double run(std::span<const double> x);

 private:
  TemplateEntropy options_;
  std::vector<double> scratch_;
  TemplateMemory memory_;
};

}  // namespace caton
