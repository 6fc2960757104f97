// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace caton::report {
namespace {

/// Ottosson's OKLab.
struct Lab {
  double l = 0, a = 0, b = 0;
};

double to_linear(std::uint8_t part) {
  const double value = part / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

std::uint8_t from_linear(double value) {
  const double clipped = std::clamp(value, 0.0, 1.0);
  const double coded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * std::pow(clipped, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(coded * 255));
}

Lab lab_of(Colour colour) {
  const double r = to_linear(colour.red), g = to_linear(colour.green), b = to_linear(colour.blue);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Colour colour_of(const Lab& lab) {
  const auto cubed = [](double x) { return x * x * x; };
  const double l = cubed(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b);
  const double m = cubed(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b);
  const double s = cubed(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b);
  return {from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

constexpr std::array<Colour, 6> sequential_stops{
    {{247, 250, 246}, {203, 225, 232}, {137, 188, 214}, {72, 141, 189}, {32, 93, 152}, {9, 44, 94}}};
constexpr std::array<Colour, 7> diverging_stops{
    {{16, 64, 116}, {68, 134, 187}, {171, 206, 228}, {247, 247, 244}, {244, 195, 158}, {209, 111, 60}, {128, 44, 12}}};
constexpr std::array<Colour, 8> categories{{{0, 114, 178},
                                            {213, 94, 0},
                                            {0, 158, 115},
                                            {204, 121, 167},
                                            {230, 159, 0},
                                            {86, 180, 233},
                                            {90, 90, 90},
                                            {150, 120, 20}}};

template <std::size_t N>
Colour between(const std::array<Colour, N>& stops, double share) {
  const double place = std::clamp(share, 0.0, 1.0) * (N - 1);
  const auto below = std::min(static_cast<std::size_t>(place), N - 2);
  const double part = place - static_cast<double>(below);
  const Lab from = lab_of(stops[below]), to = lab_of(stops[below + 1]);
  return colour_of(
      Lab{from.l + part * (to.l - from.l), from.a + part * (to.a - from.a), from.b + part * (to.b - from.b)});
}

}  // namespace

Colour colour_of(Palette palette, double share) {
  return palette == Palette::sequential ? between(sequential_stops, share) : between(diverging_stops, share);
}

Colour category(std::size_t index) { return categories[index % categories.size()]; }

Colour hue(std::size_t index, std::size_t count) {
  const double angle =
      2 * std::numbers::pi * static_cast<double>(index) / static_cast<double>(std::max<std::size_t>(count, 1));
  const double lightness = index % 2 == 0 ? 0.62 : 0.74;
  return colour_of(Lab{lightness, 0.13 * std::cos(angle), 0.13 * std::sin(angle)});
}

}  // namespace caton::report
