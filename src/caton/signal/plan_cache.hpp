// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

namespace caton {

/// The plan of a length; each thread keeps the last few of a kind that it used.
template <class Plan>
[[nodiscard]] std::shared_ptr<const Plan> kept_plan(std::int64_t length) {
  constexpr std::size_t kept = 8;
  thread_local std::vector<std::shared_ptr<const Plan>> plans;
  const auto found =
      std::find_if(plans.begin(), plans.end(), [length](const auto& plan) { return plan->length() == length; });
  if (found != plans.end()) {
    std::rotate(plans.begin(), found, found + 1);
    return plans.front();
  }
  if (plans.size() == kept) plans.pop_back();
  plans.insert(plans.begin(), std::make_shared<const Plan>(length));
  return plans.front();
}

}  // namespace caton
