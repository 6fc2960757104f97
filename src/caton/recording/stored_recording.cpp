// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/stored_recording.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/recording/content_recording.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace caton {
namespace {

/// Numbers that are decoded at once on the way to the caller's place.
constexpr std::int64_t chunk_samples = 4096;
constexpr std::int64_t parallel_samples = 1 << 18;

class StoredRecording final : public ContentRecording<StoredRecording, StoredContent> {
 public:
  explicit StoredRecording(StoredContent content) : ContentRecording(std::move(content)) {
    const double rate = main_rate_hz();
    std::int64_t samples = 0;
    for (const Channel& channel : content_.channels)
      if (channel.rate_hz == rate) samples = std::max(samples, channel.samples);
    if (content_.segments.empty()) content_.segments.push_back({0, samples, 0.0});
    if (rate > 0) duration_s_ = static_cast<double>(samples) / rate;
    if (content_.channels.empty())
      for (const Annotation& annotation : content_.annotations)
        duration_s_ = std::max(duration_s_, annotation.onset_s + annotation.duration_s);
  }

  [[nodiscard]] double duration_s() const override { return duration_s_; }

 private:
  friend class BothPrecisions<StoredRecording>;

  template <class T>
  void read_any(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count, View<T, 2> out) const {
    check_read(channels, first, count, out.extents());
    const auto rows = static_cast<std::int64_t>(channels.size());
    if (rows == 0 || count == 0) return;
    const auto read_row = [&](std::int64_t row) {
      read_channel(static_cast<std::size_t>(channels[static_cast<std::size_t>(row)]), first, count,
                   out.data() + row * out.stride(0), out.stride(1));
    };
    if (rows * count < parallel_samples) {
      for (std::int64_t row = 0; row < rows; ++row) read_row(row);
    } else {
      thread_pool().parallel_for(rows, read_row);
    }
  }

  /// The block that holds a sample.
  StoredBlock block_of(std::int64_t sample, const StoredChannel& stored) const {
    if (content_.blocks.empty()) {
      const std::int64_t number = sample / stored.block_samples;
      return {number * stored.block_samples, stored.block_samples, content_.first_byte + number * content_.block_bytes};
    }
    const auto after = std::upper_bound(content_.blocks.begin(), content_.blocks.end(), sample,
                                        [](std::int64_t at, const StoredBlock& block) { return at < block.first; });
    return *std::prev(after);
  }

  template <class T>
  void read_channel(std::size_t channel, std::int64_t first, std::int64_t count, T* to, std::int64_t stride) const {
    const StoredChannel& stored = content_.stored[channel];
    std::array<double, chunk_samples> chunk;
    for (std::int64_t at = first; at < first + count;) {
      const StoredBlock block = block_of(at, stored);
      const std::int64_t run = std::min({first + count - at, block.first + block.count - at, chunk_samples});
      const StoredPlaces places{stored.type, stored.order,
                                block.byte + stored.offset + (at - block.first) * stored.stride, stored.stride};
      const std::span<double> values(chunk.data(), static_cast<std::size_t>(run));
      decode_stored(content_.file->bytes(), places, stored.gain, values);
      for (const double value : values) {
        *to = static_cast<T>(value);
        to += stride;
      }
      at += run;
    }
  }

  double duration_s_ = 0;
};

void check_block(const StoredContent& content, const Channel& channel, const StoredChannel& stored,
                 std::int64_t samples, std::int64_t byte) {
  const std::string where = content.file->path().string();
  const std::string what = "channel \"" + printable(channel.name) + "\"";
  const std::int64_t last = checked_product(samples - 1, stored.stride, where, what);
  const std::int64_t end = checked_sum(checked_sum(byte, stored.offset, where, what),
                                       checked_sum(last, stored_width(stored.type), where, what), where, what);
  if (byte < 0 || stored.offset < 0 || end > static_cast<std::int64_t>(content.file->bytes().size()))
    throw input_error(where, "the file is truncated: " + what + " reaches to byte " + std::to_string(end) +
                                 ", the file has " + std::to_string(content.file->bytes().size()));
}

void check_places(const StoredContent& content) {
  for (std::size_t i = 0; i < content.channels.size(); ++i) {
    const Channel& channel = content.channels[i];
    const StoredChannel& stored = content.stored[i];
    if (channel.samples == 0) continue;
    for (const StoredBlock& block : content.blocks) check_block(content, channel, stored, block.count, block.byte);
    if (!content.blocks.empty()) continue;
    if (stored.block_samples <= 0) throw input_error(content.file->path().string(), "a block holds no samples");
    const std::int64_t last = (channel.samples - 1) / stored.block_samples;
    const std::int64_t byte =
        checked_sum(content.first_byte, checked_product(last, content.block_bytes, channel.name, "the last block"),
                    channel.name, "the last block");
    check_block(content, channel, stored, channel.samples - last * stored.block_samples, byte);
  }
}

void check_list(const std::vector<StoredBlock>& blocks, const std::vector<Channel>& channels) {
  std::int64_t next = 0;
  for (const StoredBlock& block : blocks) {
    if (block.first != next || block.count <= 0) throw input_error("samples", "blocks do not follow one another");
    next += block.count;
  }
  for (const Channel& channel : channels)
    if (!blocks.empty() && channel.samples != next)
      throw input_error("samples", "blocks hold another number of samples");
}

}  // namespace

void set_stored_range(Channel& channel, const StoredChannel& stored) {
  if (!is_whole(stored.type)) return;
  const double low = smallest_stored(stored.type), high = largest_stored(stored.type);
  const double a = low * stored.gain.gain + stored.gain.offset, b = high * stored.gain.gain + stored.gain.offset;
  channel.digital_min_value = std::min(a, b);
  channel.digital_max_value = std::max(a, b);
  if (stored_width(stored.type) > 4) return;
  channel.scaling = Scaling{static_cast<std::int64_t>(low), static_cast<std::int64_t>(high), a / channel.si_factor,
                            b / channel.si_factor, 8 * stored_width(stored.type)};
}

std::unique_ptr<Recording> stored_recording(StoredContent content) {
  if (content.stored.size() != content.channels.size())
    throw input_error(content.format, "channels and their places do not agree");
  check_list(content.blocks, content.channels);
  check_places(content);
  return std::make_unique<StoredRecording>(std::move(content));
}

}  // namespace caton
