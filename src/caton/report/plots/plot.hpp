// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"
#include "caton/signal/baseline.hpp"
#include "caton/signal/checks.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caton::report {

/// What shall be drawn, and of which part of a recording.
struct PlotRequest {
  std::string file;
  std::vector<std::string> others = {};  ///< further recordings, where a picture compares some
  OpenOptions open = {};
  std::vector<std::string> channels = {};  ///< none: all EEG channels of the main rate
  std::string montage = "standard_1005";
  double from_s = 0;
  std::optional<double> seconds = {};
  std::optional<double> low_hz = {}, high_hz = {};  ///< band-pass before anything is drawn
  std::vector<std::string> events = {};             ///< texts of annotations; none: the most frequent ones
  double start_s = -0.2, stop_s = 0.8;              ///< of epochs, from their events
  std::optional<TimeSpan> baseline = {};            ///< nothing: from the start to 0
  std::optional<double> reject_uv = {};             ///< peak to peak
  std::vector<Band> bands = {};                     ///< none: delta to gamma
  std::string measure = "wpli";                     ///< connectivity: a registered measure between channels
  std::optional<std::int64_t> order = {};           ///< connectivity: of the models; nothing: the least BIC
  std::int64_t most_components = 24;                ///< ica: drawn
};

/// A drawing with what it shows in words and numbers.
struct PlotPicture {
  std::string title;
  std::string svg;      ///< as `Svg::finished` gives it
  std::string caption;  ///< how it was computed
  std::vector<std::pair<std::string, std::string>> numbers;
};

/// One kind of picture, registered in its own file.
struct PlotKind {
  std::string name;                  ///< "psd"
  std::string about;                 ///< "power spectral density of each channel"
  std::int64_t fewest_channels = 1;  ///< with fewer there is nothing to draw, and it is refused
  PlotPicture (*draw)(const PlotRequest& request) = nullptr;
};

/// The drawing as a file of its own: colours for light and dark, its numbers in `<desc>`.
[[nodiscard]] std::string plot_svg(const PlotPicture& picture);
/// The drawing in a page with caption and table of numbers.
[[nodiscard]] std::string plot_html(const PlotPicture& picture);

}  // namespace caton::report
