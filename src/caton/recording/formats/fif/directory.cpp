// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/fif/directory.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/recording/formats/fif/matrix.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/stored_numbers.hpp"

#include <algorithm>

namespace caton::fif {
namespace {

constexpr std::int64_t tag_head = 16;
constexpr std::int64_t largest_list = 1 << 20;

}  // namespace

Directory::Directory(Bytes file, std::string where) : file_(file), where_(std::move(where)) {
  ByteReader reader(file_, where_, ByteOrder::big);
  std::int64_t current = -1, depth = 0, place = 0;
  while (place < static_cast<std::int64_t>(file_.size())) {
    reader.seek(static_cast<std::size_t>(place), "a tag");
    Tag tag;
    tag.kind = reader.take<std::int32_t>("a tag");
    tag.type = reader.take<std::uint32_t>("a tag");
    tag.size = reader.take<std::int32_t>("a tag");
    const std::int64_t next = reader.take<std::int32_t>("a tag");
    tag.byte = place + tag_head;
    if (tag.size < 0) reader.refuse("a tag has the size " + std::to_string(tag.size));
    reader.skip(static_cast<std::size_t>(tag.size), "a tag of kind " + std::to_string(tag.kind));
    if (tag.kind == block_start) {
      if (++depth > limits::nesting) reader.refuse("blocks are nested deeper than " + std::to_string(limits::nesting));
      blocks_.push_back({static_cast<int>(integer(tag)), current});
      current = static_cast<std::int64_t>(blocks_.size()) - 1;
    } else if (tag.kind == block_end) {
      if (current >= 0) {
        current = blocks_[static_cast<std::size_t>(current)].parent;
        --depth;
      }
    } else {
      tag.block = current;
      first_in_.try_emplace({current, tag.kind}, tags_.size());
      tags_.push_back(tag);
    }
    if (next == -1) return;
    // A pointer may only lead on: every other one would be walked for ever.
    if (next > 0 && next < tag.byte + tag.size)
      throw input_error(where_ + ": byte " + std::to_string(place),
                        "the next tag is said to be at byte " + std::to_string(next) + ": a loop",
                        "the file is damaged; copy it again");
    place = next > 0 ? next : tag.byte + tag.size;
  }
}

std::int64_t Directory::block_around(const Tag& tag, int block) const {
  for (std::int64_t at = tag.block; at >= 0; at = blocks_[static_cast<std::size_t>(at)].parent)
    if (blocks_[static_cast<std::size_t>(at)].kind == block) return at;
  return -1;
}

bool Directory::inside(const Tag& tag, int block) const { return block_around(tag, block) >= 0; }

const Tag* Directory::find(int kind, int block) const {
  for (const Tag& tag : tags_)
    if (tag.kind == kind && inside(tag, block)) return &tag;
  return nullptr;
}

const Tag* Directory::find_in(int kind, std::int64_t block) const {
  const auto found = first_in_.find({block, kind});
  return found == first_in_.end() ? nullptr : &tags_[found->second];
}

bool Directory::has_block(int block) const {
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const BlockAbout& about) { return about.kind == block; });
}

ByteReader Directory::reader(const Tag& tag) const {
  ByteReader whole(file_, where_, ByteOrder::big);
  whole.seek(static_cast<std::size_t>(tag.byte), "a tag");
  return whole.sub(static_cast<std::size_t>(tag.size), "a tag");
}

std::string Directory::text(const Tag& tag) const {
  const std::int64_t size = std::min(tag.size, limits::header_bytes);
  return utf8_text(reader(tag).take_text(static_cast<std::size_t>(size), "a text"));
}

std::int64_t Directory::integer(const Tag& tag) const { return reader(tag).take<std::int32_t>("a whole number"); }

std::vector<double> Directory::numbers(const Tag& tag) const {
  const StoredType type = stored_type(tag.type, where_);
  const std::int64_t count = tag.size / stored_width(type);
  if (count > largest_list * 16)
    throw input_error(where_, "a list of " + std::to_string(count) + " numbers is too long");
  std::vector<double> values(static_cast<std::size_t>(count));
  decode_stored(file_, {type, ByteOrder::big, tag.byte, stored_width(type)}, {}, values);
  return values;
}

}  // namespace caton::fif
