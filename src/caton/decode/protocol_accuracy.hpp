// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// The three protocols that the leak of RBTransformer's evaluation is measured with (`systems`: "The leak").
struct ProtocolOptions {
  std::string protocol = "published";  ///< "published", "trial" or "subject"
  std::int64_t folds = 5;
  double drop = 0.1;  ///< share thrown away before the published folds
  std::int64_t seed = 23;
  std::int64_t smote_neighbours = 5;  ///< oversampling inside training; 0: none
};

/// One fold: positions in the sample set.
struct ProtocolFold {
  std::vector<std::int64_t> train, test;
};
/// published: windows shuffled, a share dropped, dealt into folds; trial: trials (subject, trial) shuffled, fold f
/// takes positions f, f + folds, …; subject: each subject once, in the order of their names' numbers. Refuses other
/// names (word `protocol`) and more folds than trials (word `folds`).
[[nodiscard]] std::vector<ProtocolFold> protocol_folds(const std::vector<std::int64_t>& subject,
                                                       const std::vector<std::int64_t>& trial,
                                                       const ProtocolOptions& options);

}  // namespace caton
