// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/workflows/happyfeat/training.hpp"

#include <string>
#include <vector>

/// One page a step. Each is made from what the step left and computes nothing that is learnt.
namespace caton::happyfeat {

/// Runs, trials, what was dropped, mean spectra of the classes.
[[nodiscard]] std::string extract_page(const Workspace& workspace, const Session& session,
                                       const std::vector<RunFeatures>& runs);
/// R² map and topography, the classes compared at the best sensor, time-frequency maps, connectivity, what was chosen.
[[nodiscard]] std::string select_page(const Workspace& workspace, const Session& session,
                                      const std::vector<RunFeatures>& runs, const Pool& pool,
                                      const Selection& selection);
/// The honest figure first, the published kind beside it, what shuffled labels give, how stable the choice is.
[[nodiscard]] std::string train_page(const Workspace& workspace, const Json& attempt);
/// All attempts, the best corrected for their number, and pairs on the same trials.
[[nodiscard]] std::string compare_page(const Workspace& workspace, const std::vector<Json>& attempts);

/// Two attempts on the same trials.
struct AttemptPair {
  std::int64_t first = 0, second = 0;  ///< numbers
  std::int64_t only_first = 0, only_second = 0;
  double p = 1;  ///< McNemar, exact
};
[[nodiscard]] std::vector<AttemptPair> attempt_pairs(const std::vector<Json>& attempts);
/// The best honest figure's binomial p against chance, times the number of attempts (at most 1); nothing: no honest
/// figure.
[[nodiscard]] std::optional<double> corrected_p(const Json& attempt, std::size_t attempts);

}  // namespace caton::happyfeat
