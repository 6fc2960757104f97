// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/signal/welch.hpp"

#include <memory>
#include <span>

namespace caton {

/// `welch` (mean over segments) of one channel after the other, all of one length, with the same bits; asks for no
/// memory after the first.
class WelchRow {
 public:
  /// Refuses as `welch`.
  WelchRow(std::int64_t samples, const Welch& options);
  ~WelchRow();
  WelchRow(const WelchRow&) = delete;
  WelchRow& operator=(const WelchRow&) = delete;

  [[nodiscard]] const std::vector<double>& freqs_hz() const noexcept;
  /// The density of one channel, a value for each frequency.
  void run(View<const double, 1> x, std::span<double> psd);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace caton
