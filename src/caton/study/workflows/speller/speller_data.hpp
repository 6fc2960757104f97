// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/study/workflows/speller/speller_study.hpp"

namespace caton::speller {

/// The epochs of a study, a person at a time.
struct Data {
  std::vector<std::string> subjects, channels;
  std::vector<SpellerPerson> persons;
  std::vector<std::vector<std::string>> block_names;  ///< of each person
  std::vector<TargetAbout> targets;                   ///< in the order of the classes
  double latency_s = 0, rate_hz = 0;
  Findings findings;
};
/// Reads epochs of the longest window and `delay` samples more. Refusals: `try_speller`.
[[nodiscard]] Data read_data(const Request& request, std::int64_t delay);

}  // namespace caton::speller
