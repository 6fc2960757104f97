// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/cleaning/clean_recording.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/units.hpp"
#include "caton/sensors/montage.hpp"

namespace caton {
namespace {

Matrix read_all(const Recording& recording, std::span<const std::int64_t> channels) {
  const std::int64_t samples = recording.channels()[static_cast<std::size_t>(channels.front())].samples;
  Matrix signal({static_cast<std::int64_t>(channels.size()), samples}, uninitialised);
  recording.read(channels, 0, samples, signal.view());
  return signal;
}

/// Eye or heart channels of the same rate.
std::optional<Matrix> reference_channels(const Recording& recording, const char* type, std::int64_t samples) {
  std::vector<std::int64_t> chosen;
  for (const std::int64_t channel : recording.channels_of_type(type)) {
    const Channel& facts = recording.channels()[static_cast<std::size_t>(channel)];
    if (facts.rate_hz == recording.main_rate_hz() && facts.samples == samples) chosen.push_back(channel);
  }
  if (chosen.empty()) return std::nullopt;
  return read_all(recording, chosen);
}

/// Where all electrodes are; nothing when one is not known.
std::optional<Matrix> positions_of(const Recording& recording, std::span<const std::int64_t> channels) {
  Matrix positions({static_cast<std::int64_t>(channels.size()), 3}, uninitialised);
  std::vector<std::string> names;
  bool filed = true, known = true;
  for (const std::int64_t channel : channels) {
    const Channel& facts = recording.channels()[static_cast<std::size_t>(channel)];
    const ElectrodeName name = electrode_name(facts.name);
    known = known && name.known;
    filed = filed && facts.position_m.has_value();
    names.push_back(name.name);
  }
  if (!filed) return known ? std::optional<Matrix>(montage_positions(names).positions) : std::nullopt;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto& place = *recording.channels()[static_cast<std::size_t>(channels[i])].position_m;
    for (std::size_t axis = 0; axis < 3; ++axis)
      positions(static_cast<std::int64_t>(i), static_cast<std::int64_t>(axis)) = place[axis];
  }
  return positions;
}

/// Lengths of the stretches; nothing where they do not make up the samples.
std::vector<std::int64_t> pieces_of(const Recording& recording, std::int64_t samples) {
  std::vector<std::int64_t> pieces;
  std::int64_t all = 0;
  for (const Segment& segment : recording.segments()) {
    pieces.push_back(segment.count);
    all += segment.count;
  }
  return all == samples ? pieces : std::vector<std::int64_t>{};
}

}  // namespace

void require_voltage(const Channel& channel, const std::string& name) {
  if (unit_of(channel.unit).voltage) return;
  throw input_error(name, "the unit of channel \"" + printable(channel.name) + "\" is not a voltage",
                    "give it with --unit uV; cleaning must know how large a brain's signal is");
}

std::vector<std::int64_t> channels_to_clean(const Recording& recording, const std::string& name) {
  std::vector<std::int64_t> chosen;
  for (const std::int64_t channel : recording.channels_of_type("eeg")) {
    if (recording.channels()[static_cast<std::size_t>(channel)].rate_hz == recording.main_rate_hz())
      chosen.push_back(channel);
  }
  if (chosen.empty() || !(recording.main_rate_hz() > 0))
    throw input_error(name, "has no EEG channels of a known rate", "give the rate of an array with --rate");
  for (const std::int64_t channel : chosen) {
    require_voltage(recording.channels()[static_cast<std::size_t>(channel)], name);
  }
  return chosen;
}

CleanSource clean_source(const Recording& recording, std::span<const std::int64_t> channels) {
  const Channel& first = recording.channels()[static_cast<std::size_t>(channels.front())];
  CleanSource source{.samples = read_all(recording, channels), .input = {.signal = {}, .channels = {}}};
  CleanInput& input = source.input;
  input.signal = source.samples;
  input.rate_hz = first.rate_hz;
  for (const std::int64_t channel : channels)
    input.channels.push_back(recording.channels()[static_cast<std::size_t>(channel)].name);
  input.positions_m = positions_of(recording, channels);
  input.pieces = pieces_of(recording, input.signal.extent(1));
  input.eog = reference_channels(recording, "eog", input.signal.extent(1));
  input.ecg = reference_channels(recording, "ecg", input.signal.extent(1));
  return source;
}

}  // namespace caton
