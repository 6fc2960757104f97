// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/threads.hpp"
#include "caton/recording/channel_names.hpp"
#include "caton/recording/recording.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace caton {
namespace {

constexpr double pace_hz = 8;
constexpr std::int64_t longest_trace = 4096;
/// Shorter pieces correlate by chance.
constexpr std::int64_t shortest_trace = 16;
constexpr double copy_correlation = 0.999;
/// A pair whose coarse traces differ more than this is not looked at closely.
constexpr double coarse_correlation = 0.9;
constexpr std::int64_t block_samples = 1 << 16;

std::uint64_t mixed(std::uint64_t hash, double value) {
  hash ^= std::bit_cast<std::uint64_t>(std::fabs(value) + 0.0);
  hash *= 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

/// What is gathered of one channel while its samples go by.
struct ChannelSketch {
  std::uint64_t hash = 0x243F6A8885A308D3ULL;
  std::vector<float> trace;
  bool changes = false;
};

ChannelSketch sketch_channel(const Recording& recording, std::int64_t index, std::int64_t samples, double rate_hz) {
  ChannelSketch sketch;
  const auto window = std::max<std::int64_t>(1, rate_hz > 0 ? std::llround(rate_hz / pace_hz) : 16);
  Array<double, 2> block({1, std::min(samples, block_samples)}, uninitialised);
  double sum = 0, first_value = 0, before = 0;
  std::int64_t in_window = 0, windows = 0;
  for (std::int64_t first = 0; first < samples; first += block_samples) {
    const std::int64_t count = std::min(block_samples, samples - first);
    recording.read(std::span(&index, 1), first, count, block.view().slice(1, 0, count));
    for (std::int64_t i = 0; i < count; ++i) {
      const double value = block.data()[i];
      if (first + i == 0) first_value = value;
      if (value != first_value) sketch.changes = true;
      sketch.hash = mixed(sketch.hash, value);
      sum += std::isfinite(value) ? value : 0;
      if (++in_window < window) continue;
      const double mean = sum / static_cast<double>(window);
      if (windows++ > 0 && static_cast<std::int64_t>(sketch.trace.size()) < longest_trace)
        sketch.trace.push_back(static_cast<float>(mean - before));
      before = mean;
      sum = 0;
      in_window = 0;
    }
  }
  return sketch;
}

void scale_to_unit_norm(View<float, 1> trace) {
  double power = 0, largest = 0;
  for (std::int64_t i = 0; i < trace.extent(0); ++i) largest = std::max(largest, std::fabs(double{trace[i]}));
  if (largest == 0) return;
  for (std::int64_t i = 0; i < trace.extent(0); ++i) power += trace[i] / largest * (trace[i] / largest);
  for (std::int64_t i = 0; i < trace.extent(0); ++i)
    trace[i] = static_cast<float>(trace[i] / largest / std::sqrt(power));
}

/// Correlation without sign over what both have, every `stride`-th value; 0 where there is too little.
double correlation(View<const float, 1> a, View<const float, 1> b, std::int64_t stride) {
  const std::int64_t count = std::min(a.extent(0), b.extent(0));
  if (count < shortest_trace) return 0;
  double ab = 0, aa = 0, bb = 0;
  for (std::int64_t i = 0; i < count; i += stride) {
    ab += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  return aa > 0 && bb > 0 ? std::fabs(ab) / std::sqrt(aa * bb) : 0;
}

/// Which channels of two sketches belong together: by name, else by place where the numbers of channels agree.
std::vector<std::pair<std::size_t, std::size_t>> partners(const Sketch& a, const Sketch& b) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < a.channels.size(); ++i) {
    const auto found = std::find(b.channels.begin(), b.channels.end(), a.channels[i]);
    if (found != b.channels.end()) pairs.emplace_back(i, static_cast<std::size_t>(found - b.channels.begin()));
  }
  if (pairs.empty() && a.channels.size() == b.channels.size())
    for (std::size_t i = 0; i < a.channels.size(); ++i) pairs.emplace_back(i, i);
  return pairs;
}

std::optional<Copy> compare(const Sketch& a, const Sketch& b) {
  const auto pairs = partners(a, b);
  if (pairs.empty()) return std::nullopt;
  Copy copy;
  copy.correlation = 1;
  bool near = false;
  for (std::size_t i = 0; i < std::min<std::size_t>(pairs.size(), 3) && !near; ++i) {
    const auto [x, y] = pairs[i * (pairs.size() - 1) / 2 % pairs.size()];
    near = a.hashes[x] == b.hashes[y] ||
           correlation(a.traces.view()[static_cast<std::int64_t>(x)], b.traces.view()[static_cast<std::int64_t>(y)],
                       4) > coarse_correlation;
  }
  if (!near) return std::nullopt;
  std::size_t alike = 0;
  for (const auto& [x, y] : pairs) {
    if (a.samples == b.samples && a.hashes[x] == b.hashes[y]) {
      ++copy.equal_channels;
      ++alike;
      continue;
    }
    const double r =
        correlation(a.traces.view()[static_cast<std::int64_t>(x)], b.traces.view()[static_cast<std::int64_t>(y)], 1);
    copy.correlation = std::min(copy.correlation, r);
    if (r > copy_correlation) ++alike;
  }
  if (2 * alike <= pairs.size()) return std::nullopt;
  return copy;
}

}  // namespace

Sketch sketch_of(const Recording& recording) {
  const double rate = recording.main_rate_hz();
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < recording.channels().size(); ++i) {
    const Channel& channel = recording.channels()[i];
    if (channel.rate_hz == rate && channel.samples > 0 && channel.type != "stim")
      chosen.push_back(static_cast<std::int64_t>(i));
  }
  std::vector<ChannelSketch> found(chosen.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(chosen.size()), [&](std::int64_t i) {
    const std::int64_t index = chosen[static_cast<std::size_t>(i)];
    found[static_cast<std::size_t>(i)] =
        sketch_channel(recording, index, recording.channels()[static_cast<std::size_t>(index)].samples, rate);
  });
  Sketch sketch;
  std::size_t longest = 0, rows = 0;
  for (const ChannelSketch& channel : found) {
    longest = std::max(longest, channel.trace.size());
    rows += channel.changes ? 1 : 0;
  }
  sketch.traces = Array<float, 2>({static_cast<std::int64_t>(rows), static_cast<std::int64_t>(longest)});
  std::int64_t row = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].changes) continue;
    const Channel& channel = recording.channels()[static_cast<std::size_t>(chosen[i])];
    sketch.channels.push_back(normal_channel_name(channel.name));
    sketch.hashes.push_back(found[i].hash);
    sketch.samples = std::max(sketch.samples, channel.samples);
    std::copy(found[i].trace.begin(), found[i].trace.end(), sketch.traces.data() + row * sketch.traces.extent(1));
    scale_to_unit_norm(sketch.traces.view()[row++]);
  }
  return sketch;
}

std::vector<Copy> find_copies(std::span<const Sketch> sketches) {
  const auto count = static_cast<std::int64_t>(sketches.size());
  std::vector<std::vector<Copy>> found(sketches.size());
  thread_pool().parallel_for(count, [&](std::int64_t first) {
    for (std::int64_t second = first + 1; second < count; ++second) {
      auto copy = compare(sketches[static_cast<std::size_t>(first)], sketches[static_cast<std::size_t>(second)]);
      if (!copy) continue;
      copy->first = first;
      copy->second = second;
      found[static_cast<std::size_t>(first)].push_back(*copy);
    }
  });
  std::vector<Copy> copies;
  for (const auto& of_one : found) copies.insert(copies.end(), of_one.begin(), of_one.end());
  return copies;
}

}  // namespace caton
