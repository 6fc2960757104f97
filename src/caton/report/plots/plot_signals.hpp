// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/report/plots/plot.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caton::report {

/// The part of a recording that a picture shows, in the unit that it shows.
struct PlotSignals {
  std::unique_ptr<Recording> recording;
  std::vector<std::string> names;
  std::vector<std::optional<std::array<double, 3>>> positions_m;
  Matrix x;          ///< channels x samples, in `unit`
  std::string unit;  ///< "µV"; what was filed where it is no voltage
  double rate_hz = 0;
  std::int64_t first = 0;  ///< index of the first sample in the recording
  bool all = true;         ///< false: not the whole recording
  std::string filter;      ///< what was done before, in words; empty: nothing

  [[nodiscard]] double seconds() const { return static_cast<double>(x.extent(1)) / rate_hz; }
  /// When a sample of the recording was taken.
  [[nodiscard]] double time_of(std::int64_t sample) const;
  /// The sample recorded at a time, or nothing in a gap or outside.
  [[nodiscard]] std::optional<std::int64_t> sample_at(double time_s) const;
  /// "64 channels, 120 s from 0 s, 1 to 30 Hz".
  [[nodiscard]] std::string about() const;
};

/// Reads what is asked for, at most `most_seconds` where no length is given, and filters it.
[[nodiscard]] PlotSignals plot_signals(const PlotRequest& request, double most_seconds);

/// Rows of the signals that have a place on the head.
struct Placed {
  std::vector<std::int64_t> rows;
  std::vector<std::string> names;
  std::vector<std::array<double, 3>> positions_m;
};
[[nodiscard]] Placed placed(const PlotSignals& signals);

/// Where the electrode of a channel sits: what the file says, else its name in the montage.
[[nodiscard]] std::optional<std::array<double, 3>> position_of(const Channel& channel, const std::string& montage);

/// The file's name without its folders.
[[nodiscard]] std::string file_name(const PlotRequest& request);

}  // namespace caton::report
