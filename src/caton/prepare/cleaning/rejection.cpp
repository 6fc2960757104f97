// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/rejection.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/signal/cleaning/reject_threshold.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

constexpr double epoch_s = 1, loud = 3, flat_v = 1e-9;
constexpr int folds = 5;
constexpr std::int64_t fewest_epochs = 10;
/// Epochs that the limit is found from; more are thinned out evenly.
constexpr std::int64_t most_epochs = 400;

struct Size {
  std::int64_t channel = 0;
  double peak_to_peak = 0;
};

double peak_to_peak(Signal x, std::int64_t channel, std::int64_t begin, std::int64_t end) {
  double low = x(channel, begin), high = low;
  for (std::int64_t t = begin + 1; t < end; ++t) {
    low = std::min(low, x(channel, t));
    high = std::max(high, x(channel, t));
  }
  return high - low;
}

struct Epoch {
  std::int64_t begin = 0, piece = 0;
};

/// What is left of a piece at its end is looked at together with what came before.
std::vector<Epoch> epochs_of(std::int64_t samples, std::int64_t length, std::span<const std::int64_t> pieces) {
  const std::array<std::int64_t, 1> whole{samples};
  std::vector<Epoch> epochs;
  std::int64_t first = 0, piece = 0;
  for (const std::int64_t count : pieces.empty() ? std::span<const std::int64_t>(whole) : pieces) {
    for (std::int64_t t = 0; t + length <= count; t += length) epochs.push_back({first + t, piece});
    if (count >= length && count % length != 0) epochs.push_back({first + count - length, piece});
    first += count;
    ++piece;
  }
  return epochs;
}

Size largest(Signal x, const std::vector<std::int64_t>& channels, std::int64_t begin, std::int64_t end) {
  Size size;
  for (const std::int64_t channel : channels) {
    const double value = peak_to_peak(x, channel, begin, end);
    if (value > size.peak_to_peak) size = {channel, value};
  }
  return size;
}

double limit_from(Signal x, const std::vector<std::int64_t>& channels, const std::vector<Epoch>& all,
                  std::int64_t length, const std::vector<Size>& sizes) {
  const auto count = static_cast<std::int64_t>(all.size()), kept = std::min(count, most_epochs);
  Array<double, 3> epochs({kept, static_cast<std::int64_t>(channels.size()), length}, uninitialised);
  for (std::int64_t e = 0; e < kept; ++e) {
    const std::int64_t begin = all[static_cast<std::size_t>(e * count / kept)].begin;
    for (std::size_t c = 0; c < channels.size(); ++c)
      for (std::int64_t t = 0; t < length; ++t) epochs(e, static_cast<std::int64_t>(c), t) = x(channels[c], begin + t);
  }
  std::vector<double> values;
  for (const Size& size : sizes) values.push_back(size.peak_to_peak);
  return std::max(loud * median(std::move(values)), reject_threshold(epochs.view(), folds).threshold.front());
}

/// A channel that stands still in the epoch.
std::optional<std::int64_t> flat_channel(Signal recorded, const std::vector<std::int64_t>& channels, std::int64_t begin,
                                         std::int64_t end) {
  for (const std::int64_t channel : channels)
    if (peak_to_peak(recorded, channel, begin, end) < flat_v) return channel;
  return std::nullopt;
}

/// Neighbours of which the same is wrong become one span.
void add(std::vector<RejectedSpan>& spans, const RejectedSpan& span, bool same_piece) {
  if (spans.empty() || !same_piece || spans.back().end < span.begin || spans.back().flat != span.flat) {
    spans.push_back(span);
    return;
  }
  RejectedSpan& last = spans.back();
  last.end = span.end;
  if (span.largest_v <= last.largest_v) return;
  last.largest_v = span.largest_v;
  last.channel = span.channel;
}

}  // namespace

Rejection reject_epochs(Signal recorded, Signal cleaned, const RejectionOptions& options) {
  Rejection result;
  const auto length = static_cast<std::int64_t>(std::ceil(epoch_s * options.rate_hz));
  const auto epochs = epochs_of(cleaned.extent(1), length, options.pieces);
  if (epochs.empty() || options.channels.empty()) return result;
  result.epochs = static_cast<std::int64_t>(epochs.size());
  std::vector<Size> sizes;
  for (const Epoch& epoch : epochs)
    sizes.push_back(largest(cleaned, options.channels, epoch.begin, epoch.begin + length));
  result.limit_found = !options.limit_v && result.epochs >= fewest_epochs;
  if (options.limit_v)
    result.limit_v = *options.limit_v;
  else if (result.limit_found)
    result.limit_v = limit_from(cleaned, options.channels, epochs, length, sizes);
  std::int64_t last_piece = -1;
  for (std::size_t e = 0; e < epochs.size(); ++e) {
    const std::int64_t begin = epochs[e].begin, end = begin + length;
    const auto flat = flat_channel(recorded, options.channels, begin, end);
    const bool large = result.limit_v > 0 && sizes[e].peak_to_peak > result.limit_v;
    if (!flat && !large) continue;
    ++result.rejected;
    (flat ? result.flat : result.too_large) += 1;
    add(result.spans,
        flat ? RejectedSpan{begin, end, true, *flat, 0}
             : RejectedSpan{begin, end, false, sizes[e].channel, sizes[e].peak_to_peak},
        epochs[e].piece == last_piece);
    last_piece = epochs[e].piece;
  }
  return result;
}

const char* annotation_of(const RejectedSpan& span) noexcept { return span.flat ? "BAD_flat" : "BAD_peak"; }

}  // namespace caton
