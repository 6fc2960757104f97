// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// All things of one kind, each registered where it stands. Filled by static initialisers while a library loads and
/// constant afterwards. `Entry` has a member `name` and, where names may differ, a list `aliases`.
template <class Entry>
class [[gnu::visibility("default")]] Registry {
 public:
  static Registry& instance() {
    static Registry registry;
    return registry;
  }
  void add(const Entry& entry) {
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), entry.name,
                                        [](const Entry* other, const std::string& name) { return other->name < name; });
    entries_.insert(place, &entry);
  }
  /// The entry of this name or alias, or nothing.
  [[nodiscard]] const Entry* find(std::string_view name) const {
    for (const Entry* const entry : entries_) {
      if (entry->name == name) return entry;
    }
    if constexpr (requires(const Entry& entry) { entry.aliases; }) {
      for (const Entry* const entry : entries_) {
        if (std::find(entry->aliases.begin(), entry->aliases.end(), name) != entry->aliases.end()) return entry;
      }
    }
    return nullptr;
  }
  /// Sorted by name.
  [[nodiscard]] const std::vector<const Entry*>& entries() const noexcept { return entries_; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Entry* const entry : entries_) names.push_back(entry->name);
    return names;
  }

 private:
  std::vector<const Entry*> entries_;
};

template <class Entry>
struct Registration {
  explicit Registration(const Entry& entry) { Registry<Entry>::instance().add(entry); }
};

}  // namespace caton

/// Registers a constant of static storage: `CATON_REGISTER(FormatEntry, edf);`
#define CATON_REGISTER(Entry, object) static const ::caton::Registration<Entry> registration_of_##object(object)
