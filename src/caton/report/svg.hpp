// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace caton::report {

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;

  [[nodiscard]] std::string hex() const;
  /// Black or white, whichever can be read on this colour.
  [[nodiscard]] Colour ink() const;
  friend bool operator==(const Colour&, const Colour&) = default;
};

namespace ink {
inline constexpr Colour text{31, 41, 55}, faint{107, 114, 128}, grid{226, 232, 240}, axis{148, 163, 184},
    paper{255, 255, 255}, accent{29, 78, 137}, honest{29, 78, 137}, leaky{180, 83, 9}, chance{107, 114, 128};
}

struct Point {
  double x = 0, y = 0;
};

/// A coordinate with at most two digits behind the point, the same text on every machine. Values that are not finite
/// are a defect of the figure and refused.
[[nodiscard]] std::string coordinate(double value);

struct Stroke {
  Colour colour = ink::axis;
  double width = 1;
  std::string_view dash = {};  ///< "4 3"
  double opacity = 1;
};

struct TextStyle {
  std::string_view anchor = "start";  ///< "start", "middle", "end"
  double size = 12;
  Colour colour = ink::text;
  bool bold = false;
  double turned_degrees = 0;
  bool halo = false;  ///< a rim of paper, so that lines beneath do not cut the words
  bool kept = false;  ///< stands on a colour of its own and keeps its ink on dark pages
};

/// A drawing of fixed size in px that shrinks with the page. `title` is read aloud and shown when pointed at.
class Svg {
 public:
  Svg(double width, double height, std::string_view title);

  void line(Point from, Point to, const Stroke& stroke = {});
  void rectangle(Point corner, double width, double height, Colour fill, double opacity = 1);
  void frame(Point corner, double width, double height, const Stroke& stroke = {});
  void disc(Point centre, double radius, Colour fill, double opacity = 1);
  /// `about` is shown when pointed at.
  void disc(Point centre, double radius, Colour fill, const Stroke& stroke, std::string_view about, bool kept = false);
  void circle(Point centre, double radius, const Stroke& stroke);
  void polyline(const std::vector<Point>& points, const Stroke& stroke);
  /// A path of numbers that were written by `coordinate`.
  void path(std::string_view commands, Colour fill, double opacity = 1);
  void path(std::string_view commands, const Stroke& stroke);
  /// Runs of cells of an integer grid, magnified, with sharp edges: "M3 1h2" is cells 3 and 4 of row 1.
  void cells(Point corner, double cell_width, double cell_height, std::string_view runs, Colour fill);
  /// A path in whole tenths of a px from `corner`.
  void area(Point corner, std::string_view tenths, Colour fill);
  /// A line in whole tenths of a px from `corner`: small for curves of many points.
  void trace(Point corner, std::string_view tenths, const Stroke& stroke);
  /// A finished drawing inside this one.
  void place(Point corner, std::string_view drawing);
  /// Many discs of one colour, let through a little so that crowds show.
  void dots(const std::vector<Point>& places, double radius, Colour colour);
  void text(Point at, std::string_view words, const TextStyle& style = {});
  [[nodiscard]] double width() const noexcept { return width_; }
  [[nodiscard]] double height() const noexcept { return height_; }
  [[nodiscard]] std::string finished() const;

 private:
  double width_, height_;
  std::string body_;
};

/// `words` cut to what fits into `width` px at a text size, with "…" at the end.
[[nodiscard]] std::string fitted(std::string_view words, double width, double size = 12);
/// About how wide `words` will be, in px.
[[nodiscard]] double text_width(std::string_view words, double size = 12);

}  // namespace caton::report
