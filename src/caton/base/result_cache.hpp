// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/safetensors.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace caton {

/// What can be made again, kept under the digest of all that it depends on: one file an entry, written whole, with a
/// checksum in front. The folder may be deleted at any time; a damaged entry is as good as none; beyond `most_bytes`
/// the entries that were not asked for the longest go. A cache that cannot be written costs time, not the result.
class ResultCache {
 public:
  ResultCache(Path folder, std::int64_t most_bytes);

  /// Nothing where there is none, or a damaged one.
  [[nodiscard]] std::optional<Safetensors> find(const std::string& key) const;
  void keep(const std::string& key, const Safetensors& content) const;

 private:
  [[nodiscard]] Path file_of(const std::string& key) const;
  /// Makes room for so many bytes; false where they are more than the whole cache may hold.
  [[nodiscard]] bool make_room(std::int64_t bytes) const;

  Path folder_;
  std::int64_t most_bytes_;
};

/// Whether the caches of the user's cache folder are used: yes, unless `set_caching(false)` (--no-cache) or
/// $CATON_NO_CACHE says otherwise. Who keeps results there asks; a workspace's own results are not meant.
[[nodiscard]] bool caching();
void set_caching(bool on);

/// What tells this build of libcaton and this processor's instructions from any other: part of the key of every kept
/// result, so that no other formula's number is taken for this one's. Empty where the library carries no such mark;
/// then nothing is kept.
[[nodiscard]] const std::string& build_digest();

}  // namespace caton
