// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// Tags of a FIF file and the blocks they stand in (Neuromag's file format; constants as in MNE).
namespace caton::fif {

enum Kind : int {
  file_id = 100,
  block_start = 104,
  block_end = 105,
  channel_count = 200,
  sampling_rate = 201,
  channel_info = 203,
  measurement_date = 204,
  comment = 206,
  averages = 207,
  first_sample = 208,
  last_sample = 209,
  data_buffer = 300,
  data_skip = 301,
  epoch_matrix = 302,
  data_skip_samples = 303,
  reference_file_name = 118,
  names_list = 3507,
  event_list = 3561,
  onsets = 3568,
  ends = 3569,
};

enum Block : int {
  info_block = 101,
  raw_block = 102,
  evoked_block = 104,
  aspect_block = 105,
  continuous_block = 112,
  events_block = 361,
  shielded_raw_block = 119,
  bad_channels_block = 359,
  epochs_block = 373,
  annotations_block = 3810,
};

struct Tag {
  int kind = 0;
  std::uint32_t type = 0;
  std::int64_t byte = 0, size = 0;  ///< of the content
  std::int64_t block = -1;          ///< index of the block it stands in; -1: none
};

struct BlockAbout {
  int kind = 0;
  std::int64_t parent = -1;
};

class Directory {
 public:
  /// Walks over all tags. Refuses tags that reach past the end (word `truncated`), pointers that lead back (`loop`),
  /// and blocks nested too deep.
  Directory(Bytes file, std::string where);

  [[nodiscard]] const std::vector<Tag>& tags() const noexcept { return tags_; }
  /// Whether a tag stands in a block of this kind, at any depth.
  [[nodiscard]] bool inside(const Tag& tag, int block) const;
  /// The innermost block of this kind around a tag; -1: none.
  [[nodiscard]] std::int64_t block_around(const Tag& tag, int block) const;
  /// The first tag of a kind in a block of a kind, or nothing.
  [[nodiscard]] const Tag* find(int kind, int block) const;
  /// The first tag of a kind directly in this one block, or nothing.
  [[nodiscard]] const Tag* find_in(int kind, std::int64_t block) const;
  [[nodiscard]] bool has_block(int block) const;

  /// The content of a tag, read in the file's byte order.
  [[nodiscard]] ByteReader reader(const Tag& tag) const;
  [[nodiscard]] std::string text(const Tag& tag) const;
  [[nodiscard]] std::int64_t integer(const Tag& tag) const;
  /// A list of numbers of any whole or floating type.
  [[nodiscard]] std::vector<double> numbers(const Tag& tag) const;
  [[nodiscard]] const std::string& where() const noexcept { return where_; }

 private:
  Bytes file_;
  std::string where_;
  std::vector<Tag> tags_;
  std::vector<BlockAbout> blocks_;
  std::map<std::pair<std::int64_t, int>, std::size_t> first_in_;  ///< by block and kind
};

}  // namespace caton::fif
