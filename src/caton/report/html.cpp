// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/html.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

namespace caton::report {
namespace {

/// U+202A..202E, U+2066..2069, U+200E, U+200F turn the direction of writing and can make a name read as another.
bool turns_direction(std::string_view three) {
  if (three.size() < 3 || three[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(three[1]), third = static_cast<unsigned char>(three[2]);
  if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xAA && third <= 0xAE);
  return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

}  // namespace

std::string escaped(std::string_view text) {
  const std::string whole = utf8_repaired(text);
  const std::string_view rest(whole);
  std::string out;
  out.reserve(whole.size());
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n':
      case '\t': out += c; break;
      default:
        if (turns_direction(rest.substr(i, 3)))
          i += 2;
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
          out += "\xEF\xBF\xBD";
        else
          out += c;
    }
  }
  return out;
}

Html& Html::open(std::string_view tag, std::string_view css_class, std::string_view id) {
  out_.append("<").append(tag);
  if (!css_class.empty()) out_.append(" class=\"").append(escaped(css_class)).append("\"");
  if (!id.empty()) out_.append(" id=\"").append(escaped(id)).append("\"");
  out_ += '>';
  open_.emplace_back(tag);
  return *this;
}

Html& Html::close() {
  if (open_.empty()) throw machine_error("report", "an element is closed that was not opened");
  const std::string& tag = open_.back();
  const bool within_a_line = tag == "b" || tag == "span" || tag == "code";
  out_.append("</").append(tag).append(within_a_line ? ">" : ">\n");
  open_.pop_back();
  return *this;
}

Html& Html::text(std::string_view words) {
  out_ += escaped(words);
  return *this;
}

Html& Html::markup(std::string_view built) {
  out_ += built;
  return *this;
}

Html& Html::element(std::string_view tag, std::string_view words, std::string_view css_class) {
  return open(tag, css_class).text(words).close();
}

Html& Html::heading(int level, std::string_view words, std::string_view id) {
  return open("h" + std::to_string(level), {}, id).text(words).close();
}

std::string Html::finished() const {
  if (!open_.empty()) throw machine_error("report", "the element " + open_.back() + " was not closed");
  return out_;
}

void HtmlTable::row(const std::vector<std::string>& cells, std::string_view mark) {
  rows_ += mark.empty() ? "<tr>" : "<tr class=\"" + escaped(mark) + "\">";
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    constexpr std::size_t long_text = 40;
    const std::string cell = escaped(i < cells.size() ? cells[i] : std::string());
    rows_ += columns_[i].number        ? "<td class=\"number\">"
             : columns_[i].name_like   ? "<td class=\"name\">"
             : cell.size() > long_text ? "<td class=\"long\">"
                                       : "<td>";
    const std::size_t line = columns_[i].number ? cell.find('\n') : std::string::npos;
    rows_ += cell.substr(0, line);
    if (line != std::string::npos) rows_ += "<div class=\"below\">" + cell.substr(line + 1) + "</div>";
    rows_ += "</td>";
  }
  rows_ += "</tr>\n";
}

void HtmlTable::write(Html& page, std::string_view caption) const {
  page.open("div", "scroll").open("table");
  if (!caption.empty()) page.element("caption", caption);
  page.open("thead").open("tr");
  for (const auto& column : columns_) page.element("th", column.name, column.number ? "number" : "");
  page.close().close().open("tbody").markup(rows_).close().close().close();
}

}  // namespace caton::report
