// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/plot_signals.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/units.hpp"
#include "caton/report/numbers.hpp"
#include "caton/sensors/montage.hpp"
#include "caton/signal/fir.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

std::vector<std::int64_t> wanted_channels(const PlotRequest& request, const Recording& recording) {
  std::vector<std::int64_t> chosen;
  for (const std::string& name : request.channels) chosen.push_back(recording.channel_index(name));
  const auto& channels = recording.channels();
  const double rate_hz =
      chosen.empty() ? recording.main_rate_hz() : channels[static_cast<std::size_t>(chosen[0])].rate_hz;
  if (!(rate_hz > 0)) {
    throw input_error(request.file, channels.empty() ? "has no channels to draw" : "its sampling rate is not known",
                      channels.empty() ? "" : "give it with --rate");
  }
  if (chosen.empty()) {
    for (const bool only_eeg : {true, false}) {
      for (std::size_t i = 0; i < channels.size() && (only_eeg || chosen.empty()); ++i) {
        const bool fits = channels[i].rate_hz == rate_hz && channels[i].samples > 0;
        if (fits && (!only_eeg || channels[i].type == "eeg")) chosen.push_back(static_cast<std::int64_t>(i));
      }
      if (!chosen.empty()) break;
    }
  }
  for (const std::int64_t i : chosen) {
    const Channel& channel = channels[static_cast<std::size_t>(i)];
    if (channel.rate_hz != rate_hz) {
      throw usage_error(request.file, "channels of different rates cannot stand in one picture (" +
                                          printable(channel.name) + " has " + number_text(channel.rate_hz) + " Hz)");
    }
  }
  if (chosen.empty()) throw input_error(request.file, "has no channels with samples");
  return chosen;
}

/// First sample and count of the part asked for.
std::pair<std::int64_t, std::int64_t> part_of(const PlotRequest& request, const PlotSignals& signals,
                                              std::int64_t samples, double most_seconds) {
  if (!(request.from_s >= 0)) throw usage_error("plot", "--from must not be negative");
  if (request.seconds && !(*request.seconds > 0)) throw usage_error("plot", "--seconds must be positive");
  const double length = request.seconds.value_or(most_seconds);
  const double last = static_cast<double>(samples) / signals.rate_hz;
  std::int64_t first = 0;
  for (const Segment& segment : signals.recording->segments()) {
    const double within = request.from_s - segment.onset_s;
    if (within >= 0)
      first =
          segment.first + std::min(segment.count, static_cast<std::int64_t>(std::llround(within * signals.rate_hz)));
  }
  if (first >= samples) {
    throw usage_error("plot", "--from " + number_text(request.from_s) + " lies behind the end: the recording has " +
                                  number_text(last) + " s");
  }
  const double count = std::min(std::ceil(length * signals.rate_hz), static_cast<double>(samples - first));
  return {first, std::max<std::int64_t>(1, static_cast<std::int64_t>(count))};
}

void band_pass(const PlotRequest& request, PlotSignals& signals) {
  if (!request.low_hz && !request.high_hz) return;
  signals.x = fir_filter(signals.x, {.rate_hz = signals.rate_hz, .low_hz = request.low_hz, .high_hz = request.high_hz});
  signals.filter = request.low_hz && request.high_hz
                       ? number_text(*request.low_hz) + " to " + number_text(*request.high_hz) + " Hz"
                   : request.low_hz ? "above " + number_text(*request.low_hz) + " Hz"
                                    : "below " + number_text(*request.high_hz) + " Hz";
}

}  // namespace

double PlotSignals::time_of(std::int64_t sample) const {
  double time = static_cast<double>(sample) / rate_hz;
  for (const Segment& segment : recording->segments()) {
    if (sample >= segment.first) time = segment.onset_s + static_cast<double>(sample - segment.first) / rate_hz;
  }
  return time;
}

std::optional<std::int64_t> PlotSignals::sample_at(double time_s) const {
  for (const Segment& segment : recording->segments()) {
    const double within = std::nearbyint((time_s - segment.onset_s) * rate_hz);
    if (within >= 0 && within < static_cast<double>(segment.count))
      return segment.first + static_cast<std::int64_t>(within);
  }
  return std::nullopt;
}

std::string PlotSignals::about() const {
  std::string text = counted(x.extent(0), "channel") + ", " + number_text(rate_hz) + " Hz, " + three_digits(seconds()) +
                     " s from " + three_digits(time_of(first)) + " s";
  if (!filter.empty()) text += ", filtered " + filter;
  return text;
}

std::optional<std::array<double, 3>> position_of(const Channel& channel, const std::string& montage) {
  if (channel.position_m) return channel.position_m;
  try {
    const auto found = montage_positions({electrode_name(channel.name).name}, montage);
    return std::array<double, 3>{found.positions(0, 0), found.positions(0, 1), found.positions(0, 2)};
  } catch (const Error&) {
    return std::nullopt;  // not an electrode of this montage
  }
}

PlotSignals plot_signals(const PlotRequest& request, double most_seconds) {
  const auto known = montage_names();
  if (std::find(known.begin(), known.end(), request.montage) == known.end())
    throw usage_error("plot", "unknown montage \"" + request.montage + "\"", suggestion(request.montage, known));
  PlotSignals signals;
  signals.recording = open_recording(request.file, request.open);
  const auto chosen = wanted_channels(request, *signals.recording);
  const auto& channels = signals.recording->channels();
  const Channel& leader = channels[static_cast<std::size_t>(chosen[0])];
  signals.rate_hz = leader.rate_hz;
  std::int64_t samples = leader.samples;
  for (const std::int64_t i : chosen) samples = std::min(samples, channels[static_cast<std::size_t>(i)].samples);
  const auto [first, count] = part_of(request, signals, samples, most_seconds);
  signals.first = first;
  signals.all = first == 0 && count == samples;
  signals.x = Matrix({static_cast<std::int64_t>(chosen.size()), count}, uninitialised);
  signals.recording->read(chosen, first, count, signals.x.view());
  const bool voltages = std::all_of(chosen.begin(), chosen.end(), [&](std::int64_t i) {
    return unit_of(channels[static_cast<std::size_t>(i)].unit).voltage;
  });
  signals.unit = voltages ? "\xC2\xB5V" : leader.unit == "unknown" ? "unit not known" : leader.unit;
  for (std::size_t row = 0; row < chosen.size(); ++row) {
    const Channel& channel = channels[static_cast<std::size_t>(chosen[row])];
    const ElectrodeName electrode = electrode_name(channel.name);
    signals.names.push_back(printable(electrode.known ? electrode.name : channel.name));
    signals.positions_m.push_back(position_of(channel, request.montage));
    const double factor = voltages ? 1e6 : 1 / channel.si_factor;
    for (std::int64_t t = 0; t < count; ++t) signals.x(static_cast<std::int64_t>(row), t) *= factor;
  }
  band_pass(request, signals);
  return signals;
}

Placed placed(const PlotSignals& signals) {
  Placed result;
  for (std::size_t i = 0; i < signals.names.size(); ++i) {
    if (!signals.positions_m[i]) continue;
    result.rows.push_back(static_cast<std::int64_t>(i));
    result.names.push_back(signals.names[i]);
    result.positions_m.push_back(*signals.positions_m[i]);
  }
  return result;
}

std::string file_name(const PlotRequest& request) { return printable(Path(request.file).filename().string()); }

}  // namespace caton::report
