// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/source.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>

namespace caton {
namespace {

constexpr std::int64_t block_bytes = 256 << 10;
constexpr std::int64_t snapshot_bytes = 8 << 20;
constexpr std::int64_t free_expansion_bytes = 1 << 20;
constexpr std::size_t released_bytes = 16 << 10;
constexpr std::size_t small_bytes = 512, small_reads = 200'000;

[[noreturn]] void refuse_end(const std::string& where, std::int64_t place, std::size_t count, std::string_view what) {
  throw input_error(
      where + ": byte " + std::to_string(place),
      "the file is truncated: " + std::string(what) + " needs " + std::to_string(count) + " bytes that are not there",
      "copy or export the file again");
}

/// zlib's state, with value semantics.
class Stream {
 public:
  Stream(Bytes compressed, Compression compression, const std::string& where) : where_(&where) {
    // zlib declares its input without const and never writes to it.
    stream_.next_in = static_cast<Bytef*>(const_cast<void*>(static_cast<const void*>(compressed.data())));
    left_ = compressed.size();
    if (inflateInit2(&stream_, compression == Compression::raw ? -MAX_WBITS : MAX_WBITS) != Z_OK) {
      throw machine_error(where, "not enough memory to expand compressed values");
    }
  }
  Stream(const Stream& other) : left_(other.left_), ended_(other.ended_), where_(other.where_) {
    // zlib copies from a state that it declares without const, and checks that it stands where it was made.
    if (inflateCopy(&stream_, const_cast<z_stream*>(&other.stream_)) != Z_OK) {
      throw machine_error(*where_, "not enough memory to expand compressed values");
    }
  }
  Stream& operator=(const Stream&) = delete;
  ~Stream() { inflateEnd(&stream_); }

  /// Expands until `out` is full or the stream ends; how many bytes came.
  std::size_t expand(std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size() && !ended_) filled += step(out.subspan(filled));
    return filled;
  }
  /// Whether the stream has ended (and its checksum was right), asked after all wanted bytes came.
  bool at_end() {
    std::byte more{};
    return expand({&more, 1}) == 0 && ended_;
  }

 private:
  std::size_t step(std::span<std::byte> out) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max() / 2;
    const auto given = static_cast<uInt>(std::min(left_, most));
    const auto room = static_cast<uInt>(std::min(out.size(), most));
    stream_.avail_in = given;
    stream_.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
    stream_.avail_out = room;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    left_ -= given - stream_.avail_in;
    const std::size_t came = room - stream_.avail_out;
    if (result == Z_STREAM_END) {
      ended_ = true;
    } else if (result == Z_MEM_ERROR) {
      throw machine_error(*where_, "not enough memory to expand compressed values");
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      throw input_error(*where_, "the compressed values are damaged (not a zlib stream, or a wrong checksum)",
                        "copy or export the file again");
    } else if (came == 0 && left_ == 0) {
      throw input_error(*where_, "the file is truncated: the compressed values end too early",
                        "copy or export the file again");
    }
    return came;
  }

  z_stream stream_{};
  std::size_t left_ = 0;
  bool ended_ = false;
  const std::string* where_;
};

}  // namespace

std::vector<std::byte> ByteSource::take_bytes(std::int64_t place, std::int64_t count, std::string_view what) const {
  if (count < 0 || place < 0 || count > size() - place) refuse_end({}, place, static_cast<std::size_t>(count), what);
  std::vector<std::byte> bytes(static_cast<std::size_t>(count));
  read(place, bytes, what);
  return bytes;
}

void MemorySource::read(std::int64_t place, std::span<std::byte> out, std::string_view what) const {
  if (place < 0 || place > size() || out.size() > static_cast<std::size_t>(size() - place)) {
    refuse_end(where_, place, out.size(), what);
  }
  const Bytes from = bytes_.subspan(static_cast<std::size_t>(place), out.size());
  std::copy(from.begin(), from.end(), out.begin());
}

void MappedSource::read(std::int64_t place, std::span<std::byte> out, std::string_view what) const {
  bytes_.read(place, out, what);
  if (out.size() >= released_bytes) file_->release(place, static_cast<std::int64_t>(out.size()));
}

struct InflatedSource::State {
  State(Bytes given, std::int64_t bytes, std::string name) : compressed(given), size(bytes), where(std::move(name)) {}

  /// Makes `buffer` hold the block that begins at `place` (a multiple of the block size).
  void load(std::int64_t place) {
    buffer.resize(static_cast<std::size_t>(block_bytes));
    if (!stream || place < next) restart(place);
    while (next <= place) {
      if (next % snapshot_bytes == 0 && snapshots.count(next) == 0) {
        snapshots.emplace(next, std::make_unique<Stream>(*stream));
      }
      block = next;
      filled = static_cast<std::int64_t>(stream->expand(buffer));
      next += block_bytes;
      if (next >= size && !stream->at_end()) {
        throw input_error(where, "the compressed values are damaged: there are more than stated",
                          "copy or export the file again");
      }
      if (filled < block_bytes) break;
    }
  }
  void copy(std::int64_t place, std::span<std::byte> out, std::string_view what);
  void restart(std::int64_t place) {
    const auto after = snapshots.upper_bound(place);
    if (after == snapshots.begin()) {
      stream = std::make_unique<Stream>(compressed, Compression::zlib, where);
      next = 0;
    } else {
      stream = std::make_unique<Stream>(*std::prev(after)->second);
      next = std::prev(after)->first;
    }
  }

  Bytes compressed;
  std::int64_t size;
  std::string where;
  std::mutex lock;
  std::unique_ptr<Stream> stream;
  std::map<std::int64_t, std::unique_ptr<Stream>> snapshots;
  /// What was read in small pieces, that is the tags between the values: to find a part again costs no expanding.
  std::map<std::pair<std::int64_t, std::size_t>, std::vector<std::byte>> small;
  std::vector<std::byte> buffer;
  std::int64_t block = -1, filled = 0, next = 0;
};

InflatedSource::InflatedSource(Bytes compressed, std::int64_t known_bytes, std::string where)
    : state_(std::make_unique<State>(compressed, known_bytes, std::move(where))) {
  check_expansion(static_cast<std::int64_t>(compressed.size()), known_bytes, state_->where);
}
InflatedSource::~InflatedSource() = default;

std::int64_t InflatedSource::size() const noexcept { return state_->size; }

void InflatedSource::read(std::int64_t place, std::span<std::byte> out, std::string_view what) const {
  State& state = *state_;
  const std::scoped_lock guard(state.lock);
  if (out.size() > small_bytes) return state.copy(place, out, what);
  const std::pair key{place, out.size()};
  const auto known = state.small.find(key);
  if (known != state.small.end()) {
    std::copy(known->second.begin(), known->second.end(), out.begin());
    return;
  }
  state.copy(place, out, what);
  if (state.small.size() < small_reads) state.small.emplace(key, std::vector<std::byte>(out.begin(), out.end()));
}

void InflatedSource::State::copy(std::int64_t place, std::span<std::byte> out, std::string_view what) {
  while (!out.empty()) {
    if (place < 0 || place >= size) refuse_end(where, place, out.size(), what);
    if (block < 0 || place < block || place >= block + block_bytes) {
      load(place - place % block_bytes);
    }
    const std::int64_t from = place - block;
    const std::int64_t count = std::min(filled - from, static_cast<std::int64_t>(out.size()));
    if (from < 0 || count <= 0) refuse_end(where, place, out.size(), what);
    const auto begin = buffer.begin() + from;
    std::copy(begin, begin + count, out.begin());
    out = out.subspan(static_cast<std::size_t>(count));
    place += count;
  }
}

std::vector<std::byte> inflate_first(Bytes compressed, std::int64_t count, Compression compression,
                                     const std::string& where) {
  std::vector<std::byte> out(static_cast<std::size_t>(count));
  Stream stream(compressed, compression, where);
  out.resize(stream.expand(out));
  return out;
}

std::vector<std::byte> inflate_all(Bytes compressed, std::int64_t bytes, Compression compression,
                                   const std::string& where) {
  check_expansion(static_cast<std::int64_t>(compressed.size()), bytes, where);
  std::vector<std::byte> out(static_cast<std::size_t>(bytes));
  Stream stream(compressed, compression, where);
  if (stream.expand(out) != out.size() || !stream.at_end()) {
    throw input_error(where, "the compressed values do not have the stated size of " + std::to_string(bytes) + " bytes",
                      "the file is damaged; copy or export it again");
  }
  return out;
}

void check_expansion(std::int64_t compressed, std::int64_t expanded, const std::string& where) {
  if (expanded > limits::expanded_bytes) {
    throw input_error(where, "a compressed value of " + std::to_string(expanded) + " bytes is above the limit of " +
                                 std::to_string(limits::expanded_bytes));
  }
  if (expanded > free_expansion_bytes && expanded / limits::expansion > compressed) {
    throw input_error(where,
                      std::to_string(compressed) + " compressed bytes would expand to " + std::to_string(expanded) +
                          ": a ratio above the limit of " + std::to_string(limits::expansion) + ":1",
                      "save the file without compression if it is yours");
  }
}

}  // namespace caton
