// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace caton {

using Bytes = std::span<const std::byte>;

[[nodiscard]] inline std::string_view text_of(Bytes bytes) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}
[[nodiscard]] inline Bytes bytes_of(std::string_view text) noexcept {
  return {static_cast<const std::byte*>(static_cast<const void*>(text.data())), text.size()};
}

enum class ByteOrder { little, big };

/// Walks over bytes from outside without ever leaving them (RELIABILITY R1): every shortage is an `Error` of kind
/// `input` that names the file, the byte offset and what was being read.
class ByteReader {
 public:
  ByteReader(Bytes bytes, std::string where, ByteOrder order = ByteOrder::little)
      : bytes_(bytes), where_(std::move(where)), order_(order) {}

  [[nodiscard]] std::size_t offset() const noexcept { return base_ + at_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return bytes_.size() - at_; }
  [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  void set_order(ByteOrder order) noexcept { order_ = order; }
  [[nodiscard]] ByteOrder order() const noexcept { return order_; }

  /// The next number in the reader's byte order.
  template <class T>
  requires(std::integral<T> || std::floating_point<T>) [[nodiscard]] T take(std::string_view what) {
    const Bytes from = take_bytes(sizeof(T), what);
    std::array<std::byte, sizeof(T)> raw;
    std::memcpy(raw.data(), from.data(), sizeof(T));
    const bool swap = (order_ == ByteOrder::big) == (std::endian::native == std::endian::little);
    if (swap) std::reverse(raw.begin(), raw.end());
    return std::bit_cast<T>(raw);
  }
  [[nodiscard]] Bytes take_bytes(std::size_t count, std::string_view what);
  [[nodiscard]] std::string_view take_text(std::size_t count, std::string_view what) {
    return text_of(take_bytes(count, what));
  }
  /// A reader over the next `count` bytes, which this one skips; offsets stay those of the whole file.
  [[nodiscard]] ByteReader sub(std::size_t count, std::string_view what);
  void skip(std::size_t count, std::string_view what) { static_cast<void>(take_bytes(count, what)); }
  /// Goes to an absolute place of this reader's bytes.
  void seek(std::size_t place, std::string_view what);
  [[nodiscard]] Bytes rest() const noexcept { return bytes_.subspan(at_); }
  /// An error of kind `input` that names the file and the present offset.
  [[noreturn]] void refuse(const std::string& problem, const std::string& remedy = {}) const;

 private:
  Bytes bytes_;
  std::string where_;
  std::size_t at_ = 0;
  std::size_t base_ = 0;
  ByteOrder order_;
};

/// `a * b` (and `* c`) of sizes read from a file; an `Error` that names `what` when it overflows (RELIABILITY R2).
[[nodiscard]] std::int64_t checked_product(std::int64_t a, std::int64_t b, const std::string& where,
                                           std::string_view what);
[[nodiscard]] std::int64_t checked_sum(std::int64_t a, std::int64_t b, const std::string& where, std::string_view what);

}  // namespace caton
