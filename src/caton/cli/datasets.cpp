// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/datasets/study.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace caton::cli {
namespace {

constexpr std::size_t width = 96;

/// `text` broken into lines at spaces, each after the first behind `indent` spaces.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const auto& word : split(text, ' ')) {
    if (column != indent && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column != indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

void print_list() {
  const auto& entries = Registry<DatasetEntry>::instance().entries();
  std::size_t longest = 0;
  for (const DatasetEntry* const entry : entries) longest = std::max(longest, entry->name.size());
  std::cout << "Studies whose folders caton reads (dataset = \"NAME\" in a recipe):\n\n";
  for (const DatasetEntry* const entry : entries) {
    std::cout << "  " << entry->name << std::string(longest - entry->name.size() + 2, ' ')
              << wrapped(entry->about, longest + 4) << "\n";
  }
  std::cout << "\ncaton datasets NAME says what the folder must look like, where to apply for it, and its traps.\n";
}

void print_entry(const DatasetEntry& entry) {
  std::cout << entry.name << ": " << wrapped(entry.about, 2) << "\n";
  if (!entry.aliases.empty()) std::cout << "also called: " << join(entry.aliases, ", ") << "\n";
  if (!entry.layout.empty()) {
    std::cout << "\nThe folder (path = \"…\" in the recipe, --data DIR, or $CATON_DATA/" << entry.name << "):\n";
    for (const auto& line : split(entry.layout, '\n')) std::cout << "  " << line << "\n";
  }
  if (!entry.apply_at.empty()) std::cout << "\nWhere to get it:\n  " << wrapped(entry.apply_at, 2) << "\n";
  if (!entry.keys.empty()) std::cout << "\nKeys of [study]:\n";
  for (const RecipeKey& key : entry.keys) {
    std::cout << "  " << key.name << " = " << key.standard.dump() << "\n      " << wrapped(key.about, 6) << "\n";
  }
  if (!entry.traps.empty()) std::cout << "\nTraps:\n";
  for (const auto& trap : entry.traps) std::cout << "  - " << wrapped(trap, 4) << "\n";
  if (!entry.citation.empty()) std::cout << "\nCite:\n  " << wrapped(entry.citation, 2) << "\n";
}

Action add(CLI::App& app) {
  const auto name = std::make_shared<std::string>();
  app.add_option("name", *name, "one study; without it all are listed");
  return [name](const Common&) {
    const auto& registry = Registry<DatasetEntry>::instance();
    if (name->empty()) {
      print_list();
      return 0;
    }
    const DatasetEntry* const entry = registry.find(*name);
    if (entry == nullptr) {
      throw usage_error("datasets", "unknown study \"" + printable(*name) + "\"", suggestion(*name, registry.names()));
    }
    print_entry(*entry);
    return 0;
  };
}

const Command datasets{
    .name = "datasets",
    .about = "list the studies whose folders caton reads, or describe one",
    .examples = "  caton datasets\n  caton datasets dreamer\n",
    .place = 60,
    .add = add,
};
CATON_REGISTER(Command, datasets);

}  // namespace
}  // namespace caton::cli
