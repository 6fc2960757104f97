// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/source.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

FileReplay::FileReplay(std::shared_ptr<const Recording> recording, const std::vector<std::string>& channels,
                       std::int64_t block_samples)
    : recording_(std::move(recording)), names_(channels), block_(block_samples) {
  if (channels.empty()) throw usage_error("stream", "no channel is named (empty)");
  if (block_ < 1) throw usage_error("stream", "a block must hold a sample at least");
  for (const auto& name : channels) indices_.push_back(recording_->channel_index(name));
  rate_hz_ = recording_->channels()[static_cast<std::size_t>(indices_.front())].rate_hz;
  const auto second = std::max<std::int64_t>(block_, static_cast<std::int64_t>(std::ceil(rate_hz_)));
  memory_ = Matrix({static_cast<std::int64_t>(channels.size()), (second + block_ - 1) / block_ * block_});
}

SourceBlock FileReplay::next() {
  const auto& segments = recording_->segments();
  SourceBlock block;
  while (segment_ < segments.size() && place_ >= segments[segment_].count) {
    const Segment& before = segments[segment_++];
    place_ = read_begin_ = read_count_ = 0;
    if (segment_ == segments.size()) return {};
    const double end_s = before.onset_s + static_cast<double>(before.count) / rate_hz_;
    const auto missing = std::llround((segments[segment_].onset_s - end_s) * rate_hz_);
    block.missing = block.missing.value_or(0) + std::max<std::int64_t>(missing, 0);
  }
  if (segment_ >= segments.size()) return {};
  const Segment& segment = segments[segment_];
  if (place_ >= read_begin_ + read_count_) {
    read_begin_ = place_;
    read_count_ = std::min(memory_.extent(1), segment.count - place_);
    recording_->read(indices_, segment.first + place_, read_count_, memory_.view().slice(1, 0, read_count_));
  }
  const std::int64_t count = std::min(block_, read_begin_ + read_count_ - place_);
  block.samples = memory_.view().slice(1, place_ - read_begin_, count);
  place_ += count;
  return block;
}

}  // namespace caton
