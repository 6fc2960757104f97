// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/stream_buffer.hpp"

#include "caton/base/error.hpp"

#include <algorithm>

namespace caton {

StreamBuffer::StreamBuffer(std::int64_t channels, std::int64_t capacity) {
  if (channels < 1 || capacity < 1) throw usage_error("stream", "a buffer for nothing (empty)");
  ring_ = Matrix({channels, capacity});
}

void StreamBuffer::push(Signal x, std::optional<std::int64_t> missing) {
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t capacity = ring_.extent(1);
    if (missing) missing_now_ = missing_now_.value_or(0) + *missing;
    // One gap at a time can be told: until then what comes after another one finds no room.
    const bool blocked = missing_now_ && gap_at_;
    const std::int64_t count = blocked ? 0 : std::min(x.extent(1), capacity - (written_ - read_));
    if (count > 0) {
      if (missing_now_) {
        gap_at_ = written_;
        gap_missing_ = *missing_now_;
        missing_now_.reset();
      }
      for (std::int64_t c = 0; c < ring_.extent(0); ++c) {
        for (std::int64_t t = 0; t < count; ++t) ring_(c, (written_ + t) % capacity) = x(c, t);
      }
      written_ += count;
      arrived_ = Clock::now();
    }
    const std::int64_t lost = x.extent(1) - count;
    if (lost > 0) missing_now_ = missing_now_.value_or(0) + lost;
    lost_ += lost;
  }
  more_.notify_one();
}

void StreamBuffer::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  more_.notify_one();
}

StreamBuffer::Taken StreamBuffer::take(View<double, 2> y) {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [&] { return closed_ || written_ > read_; });
  Taken taken{.arrived = arrived_};
  if (gap_at_ == read_) {
    taken.missing = gap_missing_;
    gap_at_.reset();
  }
  taken.count = std::min(y.extent(1), gap_at_.value_or(written_) - read_);
  for (std::int64_t c = 0; c < ring_.extent(0); ++c) {
    for (std::int64_t t = 0; t < taken.count; ++t) y(c, t) = ring_(c, (read_ + t) % ring_.extent(1));
  }
  read_ += taken.count;
  return taken;
}

std::int64_t StreamBuffer::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace caton
