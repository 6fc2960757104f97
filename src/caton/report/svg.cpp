// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/svg.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/html.hpp"

#include <cmath>

namespace caton::report {
namespace {

std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + coordinate(value) + "\"";
}

std::string painted(const Stroke& stroke) {
  std::string text = " fill=\"none\" stroke=\"" + stroke.colour.hex() + "\"";
  if (stroke.width != 1) text += attribute("stroke-width", stroke.width);
  if (stroke.opacity < 1) text += attribute("stroke-opacity", stroke.opacity);
  if (!stroke.dash.empty()) text.append(" stroke-dasharray=\"").append(stroke.dash).append("\"");
  return text;
}

std::string filled(Colour fill, double opacity = 1) {
  std::string text = " fill=\"" + fill.hex() + "\"";
  if (opacity < 1) text += attribute("fill-opacity", opacity);
  return text;
}

}  // namespace

std::string Colour::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const auto part : {red, green, blue}) {
    text += digits[part >> 4];
    text += digits[part & 15];
  }
  return text;
}

Colour Colour::ink() const {
  const double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luma < 140 ? Colour{255, 255, 255} : Colour{31, 41, 55};
}

std::string coordinate(double value) {
  if (!std::isfinite(value)) throw machine_error("report", "a figure has a coordinate that is not a finite number");
  std::string text = fixed_text(value, 2);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

Svg::Svg(double width, double height, std::string_view title) : width_(width), height_(height) {
  body_ = "<title>" + escaped(title) + "</title>\n";
}

void Svg::line(Point from, Point to, const Stroke& stroke) {
  body_ += "<line" + attribute("x1", from.x) + attribute("y1", from.y) + attribute("x2", to.x) + attribute("y2", to.y) +
           painted(stroke) + "/>\n";
}

void Svg::rectangle(Point corner, double width, double height, Colour fill, double opacity) {
  body_ += "<rect" + attribute("x", corner.x) + attribute("y", corner.y) + attribute("width", width) +
           attribute("height", height) + filled(fill, opacity) + "/>\n";
}

void Svg::frame(Point corner, double width, double height, const Stroke& stroke) {
  body_ += "<rect" + attribute("x", corner.x) + attribute("y", corner.y) + attribute("width", width) +
           attribute("height", height) + painted(stroke) + "/>\n";
}

void Svg::disc(Point centre, double radius, Colour fill, double opacity) {
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) + attribute("r", radius) +
           filled(fill, opacity) + "/>\n";
}

void Svg::disc(Point centre, double radius, Colour fill, const Stroke& stroke, std::string_view about, bool kept) {
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) + attribute("r", radius) + filled(fill) +
           " stroke=\"" + stroke.colour.hex() + "\"" + attribute("stroke-width", stroke.width) +
           (kept ? " class=\"kept\"" : "") + "><title>" + escaped(about) + "</title></circle>\n";
}

void Svg::circle(Point centre, double radius, const Stroke& stroke) {
  body_ += "<circle" + attribute("cx", centre.x) + attribute("cy", centre.y) + attribute("r", radius) +
           painted(stroke) + "/>\n";
}

void Svg::polyline(const std::vector<Point>& points, const Stroke& stroke) {
  body_ += "<polyline points=\"";
  for (const auto& [x, y] : points) body_ += coordinate(x) + "," + coordinate(y) + " ";
  body_ += "\"" + painted(stroke) + " stroke-linejoin=\"round\"/>\n";
}

void Svg::path(std::string_view commands, Colour fill, double opacity) {
  body_.append("<path fill-rule=\"evenodd\" d=\"").append(commands).append("\"");
  body_ += filled(fill, opacity) + "/>\n";
}

void Svg::path(std::string_view commands, const Stroke& stroke) {
  body_.append("<path d=\"").append(commands).append("\"");
  body_ += painted(stroke) + " stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n";
}

void Svg::cells(Point corner, double cell_width, double cell_height, std::string_view runs, Colour fill) {
  body_ += "<path shape-rendering=\"crispEdges\" fill=\"none\" stroke=\"" + fill.hex() + "\" transform=\"translate(" +
           coordinate(corner.x) + " " + coordinate(corner.y + cell_height / 2) + ") scale(" + coordinate(cell_width) +
           " " + coordinate(cell_height) + ")\" d=\"";
  body_.append(runs).append("\"/>\n");
}

void Svg::area(Point corner, std::string_view tenths, Colour fill) {
  body_ += "<path fill-rule=\"evenodd\" transform=\"translate(" + coordinate(corner.x) + " " + coordinate(corner.y) +
           ") scale(.1)\" d=\"";
  body_.append(tenths).append("\"") += filled(fill) + "/>\n";
}

void Svg::trace(Point corner, std::string_view tenths, const Stroke& stroke) {
  Stroke wide = stroke;
  wide.width *= 10;
  body_ += "<path transform=\"translate(" + coordinate(corner.x) + " " + coordinate(corner.y) + ") scale(.1)\" d=\"";
  body_.append(tenths).append("\"") += painted(wide) + " stroke-linejoin=\"round\"/>\n";
}

void Svg::place(Point corner, std::string_view drawing) {
  constexpr std::string_view begin = "<svg";
  if (drawing.substr(0, begin.size()) != begin) throw machine_error("report", "what is placed is no drawing");
  body_ += std::string(begin) + attribute("x", corner.x) + attribute("y", corner.y);
  body_.append(drawing.substr(begin.size()));
}

void Svg::dots(const std::vector<Point>& places, double radius, Colour colour) {
  if (places.empty()) return;
  body_ += "<path fill=\"none\" stroke=\"" + colour.hex() + "\" stroke-opacity=\".75\" stroke-linecap=\"round\"" +
           attribute("stroke-width", 2 * radius) + " d=\"";
  for (const auto& [x, y] : places) body_ += "M" + coordinate(x) + " " + coordinate(y) + "h0";
  body_ += "\"/>\n";
}

void Svg::text(Point at, std::string_view words, const TextStyle& style) {
  body_ +=
      "<text" + attribute("x", at.x) + attribute("y", at.y) + attribute("font-size", style.size) + filled(style.colour);
  if (style.anchor != "start") body_.append(" text-anchor=\"").append(style.anchor).append("\"");
  if (style.kept) body_ += " class=\"kept\"";
  if (style.bold) body_ += " font-weight=\"600\"";
  if (style.halo) body_ += " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\"";
  if (style.turned_degrees != 0) {
    body_ += " transform=\"rotate(" + coordinate(style.turned_degrees) + " " + coordinate(at.x) + " " +
             coordinate(at.y) + ")\"";
  }
  body_ += ">" + escaped(words) + "</text>\n";
}

std::string Svg::finished() const {
  const std::string width = coordinate(width_), height = coordinate(height_);
  return "<svg viewBox=\"0 0 " + width + " " + height + "\" width=\"" + width + "\" height=\"" + height +
         "\" role=\"img\">\n" + body_ + "</svg>\n";
}

double text_width(std::string_view words, double size) {
  double ems = 0;
  for (const char c : words) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // inside a character
    if (c == 'i' || c == 'l' || c == '.' || c == ',' || c == ' ' || c == 'j' || c == 't' || c == 'f' || c == '-')
      ems += 0.32;
    else if ((c >= 'A' && c <= 'Z') || c == 'm' || c == 'w' || c == '%')
      ems += 0.76;
    else
      ems += 0.57;
  }
  return ems * size;
}

std::string fitted(std::string_view words, double width, double size) {
  const std::string whole = utf8_repaired(words);
  if (text_width(whole, size) <= width) return whole;
  std::string kept;
  for (std::size_t i = 0; i < whole.size();) {
    std::size_t next = i + 1;
    while (next < whole.size() && (static_cast<unsigned char>(whole[next]) & 0xC0) == 0x80) ++next;
    const std::string longer = kept + whole.substr(i, next - i);
    if (text_width(longer, size) + size > width) break;
    kept = longer;
    i = next;
  }
  return kept + "\xE2\x80\xA6";
}

}  // namespace caton::report
