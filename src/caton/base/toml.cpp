// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/toml.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"

#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

namespace caton {
namespace {

Json value_of(const toml::node& node, const std::string& where, int depth) {
  if (depth > limits::nesting) throw usage_error(where, "nested too deeply");
  if (const auto* table = node.as_table()) {
    // toml++ keeps keys sorted; the file's own order is what a reader expects.
    std::vector<std::pair<toml::source_position, Json::Member>> ordered;
    for (const auto& [key, value] : *table) {
      ordered.emplace_back(key.source().begin, Json::Member{std::string(key.str()), value_of(value, where, depth + 1)});
    }
    std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    Json object = Json::object();
    for (auto& entry : ordered) object[entry.second.first] = std::move(entry.second.second);
    return object;
  }
  if (const auto* list = node.as_array()) {
    Json values = Json::list();
    for (const auto& item : *list) values.push(value_of(item, where, depth + 1));
    return values;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* whole = node.as_integer()) return static_cast<std::int64_t>(whole->get());
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  throw usage_error(where + ": line " + std::to_string(node.source().begin.line), "dates are not used in recipes",
                    "write it as text in quotes");
}

toml::table parsed(std::string_view text, const std::string& where) {
  if (text.size() > static_cast<std::size_t>(limits::recipe_bytes))
    throw usage_error(where, "a recipe has at most 1 MiB");
  try {
    return toml::parse(text, where);
  } catch (const toml::parse_error& problem) {
    throw usage_error(where + ": line " + std::to_string(problem.source().begin.line) + ", column " +
                          std::to_string(problem.source().begin.column),
                      std::string(problem.description()));
  }
}

bool bare(const std::string& key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}
std::string key_text(const std::string& key) { return bare(key) ? key : json_quoted(key); }

void write_inline(std::string& out, const Json& value) {
  if (value.is_list()) {
    out += '[';
    bool first = true;
    for (const auto& item : value.items()) {
      if (!first) out += ", ";
      first = false;
      write_inline(out, item);
    }
    out += ']';
  } else if (value.is_object()) {
    out += "{ ";
    bool first = true;
    for (const auto& [key, member] : value.members()) {
      if (member.is_null()) continue;
      if (!first) out += ", ";
      first = false;
      out += key_text(key) + " = ";
      write_inline(out, member);
    }
    out += first ? "}" : " }";
  } else if (value.is_number() && !value.is_integer()) {
    const std::string text = number_text(value.number());
    out += text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  } else {
    out += value.dump();
  }
}

bool is_tables(const Json& value) {
  return value.is_list() && value.size() != 0 &&
         std::all_of(value.items().begin(), value.items().end(), [](const Json& item) { return item.is_object(); });
}

void write_table(std::string& out, const Json& table, const std::string& path) {
  for (const auto& [key, value] : table.members()) {
    if (value.is_null() || value.is_object() || is_tables(value)) continue;
    out += key_text(key) + " = ";
    write_inline(out, value);
    out += '\n';
  }
  for (const auto& [key, value] : table.members()) {
    const std::string name = path.empty() ? key_text(key) : path + "." + key_text(key);
    if (value.is_object()) {
      out += "\n[" + name + "]\n";
      write_table(out, value, name);
    } else if (is_tables(value)) {
      for (const auto& item : value.items()) {
        out += "\n[[" + name + "]]\n";
        write_table(out, item, name);
      }
    }
  }
}

}  // namespace

Json parse_toml(std::string_view text, const std::string& where) { return value_of(parsed(text, where), where, 0); }

std::string to_toml(const Json& table) {
  std::string out;
  write_table(out, table, {});
  return out;
}

std::string toml_place(std::string_view text, const std::string& where, const std::string& key) {
  const toml::table table = parsed(text, where);
  const toml::node* node = &table;
  std::uint32_t line = 0;
  for (const auto& part : split(key, '.')) {
    const toml::node* next = nullptr;
    if (const auto* inner = node->as_table()) {
      if (const auto found = inner->find(part); found != inner->end()) {
        line = found->first.source().begin.line;
        next = &found->second;
      }
    } else if (const auto* list = node->as_array()) {
      const auto index = parse_integer(part);
      if (index && *index >= 0 && static_cast<std::size_t>(*index) < list->size()) {
        next = list->get(static_cast<std::size_t>(*index));
        if (next->source().begin.line != 0) line = next->source().begin.line;
      }
    }
    if (next == nullptr) break;
    node = next;
  }
  return line == 0 ? where : where + ": line " + std::to_string(line);
}

}  // namespace caton
