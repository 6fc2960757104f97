// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace caton {

/// A ring of samples between a source with a clock of its own and one reader. Nothing is allocated after the beginning.
/// When the reader is too slow the newest samples are refused and counted; the reader learns of it as a gap.
class StreamBuffer {
 public:
  using Clock = std::chrono::steady_clock;

  StreamBuffer(std::int64_t channels, std::int64_t capacity);

  /// Puts samples (channels x n) in, before which `missing` were not recorded. Those that find no room are lost.
  void push(Signal x, std::optional<std::int64_t> missing = {});
  /// No more will come.
  void close();

  struct Taken {
    std::int64_t count = 0;               ///< samples written; 0: the source has ended
    std::optional<std::int64_t> missing;  ///< as `push`, lost ones among them
    Clock::time_point arrived;            ///< when the last of them was put in
  };
  /// Waits for samples and takes as many as `y` has columns at most, never across a gap.
  [[nodiscard]] Taken take(View<double, 2> y);
  [[nodiscard]] std::int64_t lost() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable more_;
  Matrix ring_;
  std::int64_t written_ = 0, read_ = 0, lost_ = 0;
  std::optional<std::int64_t> gap_at_;       ///< number of the first sample after a gap that was not yet told
  std::int64_t gap_missing_ = 0;             ///< of that gap
  std::optional<std::int64_t> missing_now_;  ///< before the next sample that finds room
  bool closed_ = false;
  Clock::time_point arrived_{};
};

}  // namespace caton
