// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/json.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {
namespace {

[[noreturn]] void refuse_type(std::string_view where, const char* wanted, const Json& value) {
  throw usage_error(std::string(where),
                    std::string("expected a ") + wanted + ", found a " + value.type_name() + " (" + value.dump() + ")");
}

/// Builds a `Json` from nlohmann's events, so that depth and duplicates are refused while reading.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(std::string where) : where_(std::move(where)) {}
  [[nodiscard]] Json result() && { return std::move(root_); }

  bool null() override { return put(Json{}); }
  bool boolean(bool value) override { return put(Json(value)); }
  bool number_integer(number_integer_t value) override { return put(Json(static_cast<std::int64_t>(value))); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return put(Json(static_cast<double>(value)));
    }
    return put(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return put(Json(value)); }
  bool string(string_t& value) override { return put(Json(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
  bool key(string_t& value) override {
    if (open_.back()->has(value))
      throw input_error(where_, "the key \"" + value + "\" stands twice", "keep one of them");
    key_.back() = std::move(value);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(Json::list()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t place, const std::string& /*token*/, const nlohmann::json::exception& problem) override {
    std::string message = problem.what();
    const auto begin = message.find("parse error");
    throw input_error(where_, "not valid JSON at byte " + std::to_string(place) + " (" +
                                  (begin == std::string::npos ? message : message.substr(begin)) + ")");
  }

 private:
  Json* place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (open_.back()->is_list()) {
      open_.back()->push(std::move(value));
      return const_cast<Json*>(&open_.back()->items().back());
    }
    Json& member = (*open_.back())[key_.back()];
    member = std::move(value);
    return &member;
  }
  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    if (open_.size() >= static_cast<std::size_t>(limits::nesting)) {
      throw input_error(where_, "nested deeper than " + std::to_string(limits::nesting) + " levels");
    }
    open_.push_back(place(std::move(value)));
    key_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    key_.pop_back();
    return true;
  }

  std::string where_;
  Json root_;
  std::vector<Json*> open_;
  std::vector<std::string> key_;
};

}  // namespace

// Copied apart and moved in, which cannot fail: when memory ends inside its own copy, libstdc++ 12 calls the destructor
// of a variant that it believes never to be without a value.
Json::Json(const Json& other) {
  std::visit(
      [this](const auto& value) {
        auto copied = value;
        value_.emplace<decltype(copied)>(std::move(copied));
      },
      other.value_);
}

Json& Json::operator=(const Json& other) {
  Json copied(other);
  value_ = std::move(copied.value_);
  return *this;
}

const char* Json::type_name() const noexcept {
  if (is_null()) return "null";
  if (is_flag()) return "flag";
  if (is_integer()) return "whole number";
  if (is_number()) return "number";
  if (is_text()) return "text";
  return is_list() ? "list" : "object";
}

bool Json::flag(std::string_view where) const {
  if (!is_flag()) refuse_type(where, "flag (true or false)", *this);
  return std::get<bool>(value_);
}
std::int64_t Json::integer(std::string_view where) const {
  if (is_integer()) return std::get<std::int64_t>(value_);
  if (is_number()) {
    const double value = std::get<double>(value_);
    if (value == std::floor(value) && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
  }
  refuse_type(where, "whole number", *this);
}
double Json::number(std::string_view where) const {
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(value_));
  if (!is_number()) refuse_type(where, "number", *this);
  return std::get<double>(value_);
}
const std::string& Json::text(std::string_view where) const {
  if (!is_text()) refuse_type(where, "text", *this);
  return std::get<std::string>(value_);
}
const Json::List& Json::items(std::string_view where) const& {
  if (!is_list()) refuse_type(where, "list", *this);
  return std::get<List>(value_);
}
const Json::Object& Json::members(std::string_view where) const& {
  if (!is_object()) refuse_type(where, "table", *this);
  return std::get<Object>(value_);
}
std::vector<double> Json::numbers(std::string_view where) const {
  std::vector<double> values;
  for (const auto& item : items(where)) values.push_back(item.number(where));
  return values;
}
std::vector<std::string> Json::texts(std::string_view where) const {
  std::vector<std::string> values;
  for (const auto& item : items(where)) values.push_back(item.text(where));
  return values;
}

const Json* Json::find(std::string_view key) const noexcept {
  const auto* const entries = std::get_if<Object>(&value_);
  if (entries == nullptr) return nullptr;
  for (const auto& [name, value] : *entries) {
    if (name == key) return &value;
  }
  return nullptr;
}
Json* Json::find(std::string_view key) noexcept { return const_cast<Json*>(std::as_const(*this).find(key)); }

const Json& Json::at(std::string_view key, std::string_view where) const {
  const Json* const value = find(key);
  if (value == nullptr) throw usage_error(std::string(where), "\"" + std::string(key) + "\" is missing");
  return *value;
}
Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  if (Json* const value = find(key)) return *value;
  if (!is_object()) refuse_type(key, "table", *this);
  return std::get<Object>(value_).emplace_back(std::string(key), Json{}).second;
}
void Json::push(Json value) {
  if (is_null()) value_ = List{};
  if (!is_list()) refuse_type({}, "list", *this);
  std::get<List>(value_).push_back(std::move(value));
}
void Json::erase(std::string_view key) {
  if (!is_object()) return;
  std::erase_if(std::get<Object>(value_), [&](const Member& member) { return member.first == key; });
}
std::size_t Json::size() const noexcept {
  if (const auto* const list = std::get_if<List>(&value_)) return list->size();
  const auto* const entries = std::get_if<Object>(&value_);
  return entries == nullptr ? 0 : entries->size();
}

std::string Json::dump(int indent) const {
  std::string out;
  write(out, indent, 0);
  return out;
}

void Json::write(std::string& out, int indent, int depth) const {
  const auto line = [&](int level) {
    if (indent < 0) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(level), ' ');
  };
  if (is_null()) {
    out += "null";
  } else if (is_flag()) {
    out += std::get<bool>(value_) ? "true" : "false";
  } else if (is_integer()) {
    out += std::to_string(std::get<std::int64_t>(value_));
  } else if (is_number()) {
    const double value = std::get<double>(value_);
    std::string text = std::isfinite(value) ? number_text(value) : "null";
    // A real stays a real when it is read back.
    if (std::isfinite(value) && text.find_first_of(".en") == std::string::npos) text += ".0";
    out += text;
  } else if (is_text()) {
    out += json_quoted(std::get<std::string>(value_));
  } else if (is_list()) {
    const List& list = std::get<List>(value_);
    const bool flat =
        std::none_of(list.begin(), list.end(), [](const Json& item) { return item.is_list() || item.is_object(); });
    out += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i != 0) out += indent < 0 || !flat ? "," : ", ";
      if (!flat) line(depth + 1);
      list[i].write(out, indent, depth + 1);
    }
    if (!flat && !list.empty()) line(depth);
    out += ']';
  } else {
    const Object& object = std::get<Object>(value_);
    out += '{';
    for (std::size_t i = 0; i < object.size(); ++i) {
      if (i != 0) out += ',';
      line(depth + 1);
      out += json_quoted(object[i].first);
      out += indent < 0 ? ":" : ": ";
      object[i].second.write(out, indent, depth + 1);
    }
    if (!object.empty()) line(depth);
    out += '}';
  }
}

std::string json_quoted(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : is_utf8(text) ? std::string(text) : utf8_repaired(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7F) {
      out += "\\u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else
      out += c;
  }
  return out + '"';
}

Json parse_json(std::string_view text, const std::string& where) {
  if (text.size() > static_cast<std::size_t>(limits::json_bytes)) throw input_error(where, "more than 64 MiB of JSON");
  Builder builder(where);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) throw input_error(where, "not valid JSON");
  return std::move(builder).result();
}

}  // namespace caton
