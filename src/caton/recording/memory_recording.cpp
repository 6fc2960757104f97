// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/memory_recording.hpp"

#include "caton/base/error.hpp"
#include "caton/recording/content_recording.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace caton {
namespace {

class MemoryRecording final : public ContentRecording<MemoryRecording, MemoryContent> {
 public:
  explicit MemoryRecording(MemoryContent content) : ContentRecording(std::move(content)) {}

  [[nodiscard]] double duration_s() const override {
    if (content_.channels.empty()) {
      double end = 0;
      for (const Annotation& annotation : content_.annotations)
        end = std::max(end, annotation.onset_s + annotation.duration_s);
      return end;
    }
    const Channel& model = content_.channels.front();
    return model.rate_hz > 0 ? static_cast<double>(model.samples) / model.rate_hz : 0;
  }

 private:
  friend class BothPrecisions<MemoryRecording>;

  template <class T>
  void read_any(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count, View<T, 2> out) const {
    check_read(channels, first, count, out.extents());
    const Array<double, 2>& values = loaded();
    for (std::size_t row = 0; row < channels.size(); ++row) {
      const double factor = content_.channels[static_cast<std::size_t>(channels[row])].si_factor;
      const double* const from = values.data() + channels[row] * values.extent(1) + first;
      T* const to = out.data() + static_cast<std::int64_t>(row) * out.stride(0);
      for (std::int64_t i = 0; i < count; ++i) to[i * out.stride(1)] = static_cast<T>(from[i] * factor);
    }
  }

  const Array<double, 2>& loaded() const {
    if (!content_.load) return content_.values;
    std::call_once(once_, [&] {
      values_ = content_.load();
      const auto rows = static_cast<std::int64_t>(content_.channels.size());
      if (values_.extent(0) != rows || values_.extent(1) != content_.channels.front().samples)
        throw input_error(content_.format, "the values are not as many as the description says");
    });
    return values_;
  }

  mutable std::once_flag once_;
  mutable Array<double, 2> values_;
};

}  // namespace

std::unique_ptr<Recording> memory_recording(MemoryContent content) {
  const auto rows = static_cast<std::int64_t>(content.channels.size());
  const std::int64_t given = content.values.empty() ? 0 : content.values.extent(0);
  if (!content.load && rows != given && content.values.size() > 0)
    throw input_error(content.format,
                      std::to_string(rows) + " channels are described, the values have " + std::to_string(given));
  const std::int64_t samples = rows == 0      ? 0
                               : content.load ? content.channels.front().samples
                                              : content.values.extent(1);
  for (Channel& channel : content.channels) {
    channel.samples = samples;
    if (channel.rate_hz != content.channels.front().rate_hz)
      throw input_error(content.format, "channels held in memory must have one rate");
  }
  if (content.segments.empty()) content.segments.push_back({0, samples, 0.0});
  std::int64_t next = 0;
  for (const Segment& segment : content.segments) {
    if (segment.first != next || segment.count < 0)
      throw input_error(content.format, "segments do not tile the samples at " + std::to_string(segment.first));
    next += segment.count;
  }
  if (next != samples) throw input_error(content.format, "segments do not reach the last sample");
  return std::make_unique<MemoryRecording>(std::move(content));
}

}  // namespace caton
