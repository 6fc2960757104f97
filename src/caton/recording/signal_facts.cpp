// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/signal_facts.hpp"

#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

constexpr double mad_to_deviation = 1.4826;
/// What scalp recordings lie within, whoever recorded them.
constexpr double least_plausible_v = 0.5e-6, most_plausible_v = 500e-6;
constexpr double outlier_spreads = 50;
constexpr std::int64_t clipped_run = 3;
constexpr std::size_t named_channels = 6;
constexpr std::int64_t pieces = 16;
/// Of all channels together, where not everything is looked at.
constexpr std::int64_t samples_in_pieces = 1 << 16;

double median_of(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Counts samples in runs at the ends of the range; a run does not go from one piece into the next.
std::int64_t clipped_samples(std::span<const double> piece, const Channel& channel) {
  if (channel.digital_min_value == channel.digital_max_value) return 0;
  const double slack = 1e-9 * (channel.digital_max_value - channel.digital_min_value);
  std::int64_t clipped = 0, run = 0;
  const auto close_run = [&] {
    if (run >= clipped_run) clipped += run;
    run = 0;
  };
  double before = 0;
  for (const double value : piece) {
    const bool end = value <= channel.digital_min_value + slack || value >= channel.digital_max_value - slack;
    if (!end || (run > 0 && value != before)) close_run();
    if (end) ++run;
    before = value;
  }
  close_run();
  return clipped;
}

ChannelFacts facts_of(const Recording& recording, std::int64_t index, std::int64_t length) {
  const Channel& channel = recording.channels()[static_cast<std::size_t>(index)];
  ChannelFacts facts;
  const bool whole = length >= channel.samples;
  const std::int64_t count = whole ? 1 : pieces;
  const std::int64_t piece = whole ? channel.samples : std::max<std::int64_t>(1, length / pieces);
  std::vector<double> values, block(static_cast<std::size_t>(piece));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t first = count == 1 ? 0 : (channel.samples - piece) * i / (count - 1);
    recording.read(std::span(&index, 1), first, piece, View<double, 2>(block.data(), {1, piece}));
    facts.clipped += clipped_samples(block, channel);
    for (const double value : block) {
      if (std::isfinite(value))
        values.push_back(value);
      else
        ++facts.not_numbers;
    }
    facts.looked_at += piece;
  }
  if (values.empty()) return facts;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  facts.lowest = *low;
  facts.highest = *high;
  facts.flat = facts.lowest == facts.highest && values.size() > 1;
  facts.median = median_of(values);
  for (double& value : values) value = std::fabs(value - facts.median);
  facts.spread = median_of(values) * mad_to_deviation;
  return facts;
}

/// Channels of which the same is to be said.
class Group {
 public:
  void add(const Channel& channel) {
    if (count_++ < named_channels) names_.push_back(printable(channel.name));
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string text() const {
    const std::string more = count_ > named_channels ? " and " + std::to_string(count_ - named_channels) + " more" : "";
    return join(names_, ", ") + more;
  }

 private:
  std::vector<std::string> names_;
  std::size_t count_ = 0;
};

std::string microvolts(double volts) {
  const double value = volts * 1e6;
  return fixed_text(value, std::fabs(value) < 10 ? 2 : 0) + " uV";
}

void report(const Recording& recording, SignalFacts& facts, const std::string& where) {
  Group flat, clipped, not_numbers, offset, implausible, outliers;
  std::int64_t clipped_count = 0, missing = 0;
  double largest_offset = 0, odd_spread = 0, farthest = 0;
  for (std::size_t i = 0; i < facts.channels.size(); ++i) {
    const Channel& channel = recording.channels()[i];
    const ChannelFacts& about = facts.channels[i];
    if (about.not_numbers > 0) not_numbers.add(channel);
    missing += about.not_numbers;
    if (channel.type == "stim" || about.looked_at < 2) continue;
    if (about.flat) flat.add(channel);
    if (about.clipped > 0 && !about.flat) clipped.add(channel);
    clipped_count += about.flat ? 0 : about.clipped;
    const bool volts = channel.type == "eeg" && channel.unit != "unknown" && channel.unit.back() == 'V';
    if (!volts || about.flat) continue;
    if (about.spread < least_plausible_v || about.spread > most_plausible_v) {
      implausible.add(channel);
      odd_spread = about.spread;
      continue;
    }
    if (std::fabs(about.median) > most_plausible_v) {
      offset.add(channel);
      if (std::fabs(about.median) > std::fabs(largest_offset)) largest_offset = about.median;
    }
    const double far = std::max(about.highest - about.median, about.median - about.lowest);
    if (far > outlier_spreads * about.spread) {
      outliers.add(channel);
      farthest = std::max(farthest, far);
    }
  }
  const auto add = [&](const char* code, Severity severity, const Group& group, const std::string& what) {
    if (!group.empty()) facts.findings.push_back({code, severity, where, group.text() + ": " + what});
  };
  add("signal/not-numbers", Severity::warn, not_numbers, std::to_string(missing) + " values are not finite");
  add("signal/flat", Severity::warn, flat, "never change; leave them out or interpolate them");
  add("signal/clipped", Severity::warn, clipped,
      std::to_string(clipped_count) + " samples lie at the end of the converter's range for three samples or longer");
  add("signal/implausible", Severity::warn, implausible,
      "the amplitude (" + microvolts(odd_spread) + ") is none that a scalp gives (0.5 to 500 uV); check the unit");
  add("signal/offset", Severity::note, offset,
      "a constant offset of up to " + microvolts(largest_offset) + "; filter or subtract it before anything else");
  add("signal/outliers", Severity::warn, outliers,
      "single values up to " + microvolts(farthest) + " away, more than 50 times the usual amplitude");
}

}  // namespace

SignalFacts signal_facts(const Recording& recording, const std::string& where, std::int64_t most) {
  SignalFacts facts;
  std::int64_t total = 0;
  for (const Channel& channel : recording.channels()) total += channel.samples;
  facts.everything = total <= most;
  const auto channels = static_cast<std::int64_t>(recording.channels().size());
  for (std::int64_t i = 0; i < channels; ++i) {
    const std::int64_t samples = recording.channels()[static_cast<std::size_t>(i)].samples;
    const std::int64_t share =
        facts.everything ? samples : std::clamp<std::int64_t>(samples_in_pieces / channels, 256, 4096);
    facts.channels.push_back(samples > 0 ? facts_of(recording, i, share) : ChannelFacts{});
  }
  report(recording, facts, where);
  return facts;
}

}  // namespace caton
