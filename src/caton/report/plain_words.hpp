// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>

/// Codes and names of plans in words that a person without statistics understands.
namespace caton::report {

struct LeakWords {
  std::string_view name;         ///< "Windows that overlap"
  std::string_view explanation;  ///< one sentence: what it means and why it inflates
};
/// The words for an audit code; for an unknown one its code alone.
[[nodiscard]] LeakWords leak_words(std::string_view code);

/// What the test set of a plan holds that training has not seen: "people never seen in training".
[[nodiscard]] std::string plan_is_new(std::string_view plan);
/// How far a figure of this plan reaches; larger says more about new people (0: nothing is held out as a whole).
[[nodiscard]] int plan_reach(std::string_view plan);

}  // namespace caton::report
