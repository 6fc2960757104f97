// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace caton::report {

/// Text as it may stand in HTML and SVG, inside elements and quoted attributes: & < > " ' escaped, control characters
/// and broken UTF-8 replaced, marks that turn the direction of writing taken out. Everything that comes from data goes
/// through this one function.
[[nodiscard]] std::string escaped(std::string_view text);

/// Builds HTML piece by piece; elements are closed in the order in which they were opened.
class Html {
 public:
  /// Opens `<tag class="…" id="…">`; class and id are words of this program, never data.
  Html& open(std::string_view tag, std::string_view css_class = {}, std::string_view id = {});
  Html& close();
  /// Data: escaped.
  Html& text(std::string_view words);
  /// Markup that was built here (a figure); never data.
  Html& markup(std::string_view built);
  /// `<tag class>text</tag>`.
  Html& element(std::string_view tag, std::string_view words, std::string_view css_class = {});
  Html& paragraph(std::string_view words, std::string_view css_class = {}) { return element("p", words, css_class); }
  Html& heading(int level, std::string_view words, std::string_view id = {});
  /// What was built; an `Error` when an element is still open.
  [[nodiscard]] std::string finished() const;

 private:
  std::string out_;
  std::vector<std::string> open_;
};

/// A table that scrolls inside its own box when the page is narrow; columns of numbers are set right.
class HtmlTable {
 public:
  struct Column {
    std::string name;
    bool number = false;
    bool name_like = false;  ///< short names that must not be broken over lines
  };
  explicit HtmlTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Behind a line break a cell of a number column may say more, smaller, beneath. `mark`: "", "good", "warn", "bad": a
  /// coloured edge that repeats what a cell says in words.
  void row(const std::vector<std::string>& cells, std::string_view mark = {});
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  void write(Html& page, std::string_view caption = {}) const;

 private:
  std::vector<Column> columns_;
  std::string rows_;
};

}  // namespace caton::report
