// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace caton {

/// A plain value: null, flag, whole number, real, text, list or object. Recipes, arguments of operations, headers and
/// results all pass as this one type. Objects keep the order in which their keys were set, so that written files are
/// the same bytes every time.
class Json {
 public:
  using List = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;
  Json(const Json& other);
  Json(Json&& other) noexcept = default;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept = default;
  ~Json() = default;
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(List value) : value_(std::move(value)) {}
  [[nodiscard]] static Json object() { return Json(Object{}, 0); }
  [[nodiscard]] static Json object(std::initializer_list<Member> members) { return Json(Object(members), 0); }
  [[nodiscard]] static Json list() { return Json(List{}); }
  template <class Range>
  [[nodiscard]] static Json list_of(const Range& values) {
    List list;
    for (const auto& value : values) list.emplace_back(value);
    return Json(std::move(list));
  }

  [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
  [[nodiscard]] bool is_flag() const noexcept { return std::holds_alternative<bool>(value_); }
  [[nodiscard]] bool is_integer() const noexcept { return std::holds_alternative<std::int64_t>(value_); }
  [[nodiscard]] bool is_number() const noexcept { return is_integer() || std::holds_alternative<double>(value_); }
  [[nodiscard]] bool is_text() const noexcept { return std::holds_alternative<std::string>(value_); }
  [[nodiscard]] bool is_list() const noexcept { return std::holds_alternative<List>(value_); }
  [[nodiscard]] bool is_object() const noexcept { return std::holds_alternative<Object>(value_); }
  /// "null", "flag", "whole number", "number", "text", "list", "object": for messages.
  [[nodiscard]] const char* type_name() const noexcept;

  /// The value itself; an `Error` of kind `usage` naming `where` when it is of another type.
  [[nodiscard]] bool flag(std::string_view where = {}) const;
  [[nodiscard]] std::int64_t integer(std::string_view where = {}) const;  ///< also a real without fraction
  [[nodiscard]] double number(std::string_view where = {}) const;
  [[nodiscard]] const std::string& text(std::string_view where = {}) const;
  [[nodiscard]] const List& items(std::string_view where = {}) const&;
  const List& items(std::string_view where = {}) const&& = delete;  // a loop over it would outlive it
  [[nodiscard]] const Object& members(std::string_view where = {}) const&;
  const Object& members(std::string_view where = {}) const&& = delete;
  [[nodiscard]] std::vector<double> numbers(std::string_view where = {}) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view where = {}) const;

  /// Objects: the member's value, or nothing.
  [[nodiscard]] const Json* find(std::string_view key) const noexcept;
  [[nodiscard]] Json* find(std::string_view key) noexcept;
  [[nodiscard]] bool has(std::string_view key) const noexcept { return find(key) != nullptr; }
  /// Objects: the member's value; an `Error` naming the key when it is missing.
  [[nodiscard]] const Json& at(std::string_view key, std::string_view where = {}) const;
  /// Objects: the member's value, made when missing (null becomes an object).
  Json& operator[](std::string_view key);
  /// Appends to a list (null becomes a list).
  void push(Json value);
  void erase(std::string_view key);
  [[nodiscard]] std::size_t size() const noexcept;

  friend bool operator==(const Json& a, const Json& b) = default;

  /// Deterministic text; `indent` < 0: in one line. Reals as the shortest text that reads back the same; NaN and
  /// infinities become null, as JSON knows none.
  [[nodiscard]] std::string dump(int indent = -1) const;

 private:
  Json(Object value, int /*tag*/) : value_(std::move(value)) {}
  void write(std::string& out, int indent, int depth) const;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> value_;
};

/// Reads JSON text. Refuses (kind `input`) broken text with line and column, duplicate keys and nesting beyond
/// `limits::nesting`.
[[nodiscard]] Json parse_json(std::string_view text, const std::string& where);

/// JSON text of a string, with quotes.
[[nodiscard]] std::string json_quoted(std::string_view text);

}  // namespace caton
