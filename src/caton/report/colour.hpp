// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/svg.hpp"

#include <cstddef>

namespace caton::report {

/// Colours for values, interpolated in OKLab so that equal steps of the value look equal; safe for colour-blind eyes.
enum class Palette {
  sequential,  ///< light to dark blue, for amounts: [0, 1]
  diverging,   ///< blue, white, orange, for what has a middle: [0, 1] with the middle at 0.5
};
/// `share` is brought into [0, 1].
[[nodiscard]] Colour colour_of(Palette palette, double share);
/// The colour of class or series `index` (Okabe and Ito's, told apart by colour-blind eyes).
[[nodiscard]] Colour category(std::size_t index);
/// One of `count` hues around the wheel, for many groups whose names do not matter.
[[nodiscard]] Colour hue(std::size_t index, std::size_t count);

/// From a value to its colour.
struct ColourScale {
  Palette palette = Palette::sequential;
  double low = 0, high = 1;

  [[nodiscard]] double share(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
  [[nodiscard]] Colour of(double value) const { return colour_of(palette, share(value)); }
};

}  // namespace caton::report
