// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Bytes that can be read from any place: a mapped file, or a compressed stream that is expanded only as far as it is
/// read.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::int64_t size() const noexcept = 0;
  /// Fills `out` from `place` on; refuses (word `truncated`, naming `what`) what lies beyond the end. From any thread.
  virtual void read(std::int64_t place, std::span<std::byte> out, std::string_view what) const = 0;

  /// The next number at `place`.
  template <class T>
  [[nodiscard]] T take(std::int64_t place, ByteOrder order, std::string_view what) const {
    std::array<std::byte, sizeof(T)> raw;
    read(place, raw, what);
    return ByteReader(raw, {}, order).take<T>(what);
  }
  [[nodiscard]] std::vector<std::byte> take_bytes(std::int64_t place, std::int64_t count, std::string_view what) const;
};

/// Bytes that are there.
class MemorySource : public ByteSource {
 public:
  MemorySource(Bytes bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}
  [[nodiscard]] std::int64_t size() const noexcept override { return static_cast<std::int64_t>(bytes_.size()); }
  void read(std::int64_t place, std::span<std::byte> out, std::string_view what) const override;

 private:
  Bytes bytes_;
  std::string where_;
};

/// A mapped file whose large parts are let go once they were read: a file of gigabytes takes no more memory than its
/// parts.
class MappedSource : public ByteSource {
 public:
  explicit MappedSource(std::shared_ptr<const MappedFile> file)
      : file_(std::move(file)), bytes_(file_->bytes(), file_->path().string()) {}
  [[nodiscard]] std::int64_t size() const noexcept override { return bytes_.size(); }
  void read(std::int64_t place, std::span<std::byte> out, std::string_view what) const override;

 private:
  std::shared_ptr<const MappedFile> file_;
  MemorySource bytes_;
};

/// A zlib stream of known expanded size. Keeps its state every few megabytes, so that a later place is reached without
/// expanding everything again, and never holds more than a block of what it expanded.
class InflatedSource : public ByteSource {
 public:
  /// `known_bytes`: the expanded size; refused (word `ratio`) when it breaks the limits of base/limits.hpp.
  InflatedSource(Bytes compressed, std::int64_t known_bytes, std::string where);
  ~InflatedSource() override;
  [[nodiscard]] std::int64_t size() const noexcept override;
  void read(std::int64_t place, std::span<std::byte> out, std::string_view what) const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class Compression { zlib, raw };

/// The first `count` bytes of a compressed stream (fewer when it ends before).
[[nodiscard]] std::vector<std::byte> inflate_first(Bytes compressed, std::int64_t count, Compression compression,
                                                   const std::string& where);
/// Expands all of a stream that must have exactly `bytes` bytes.
[[nodiscard]] std::vector<std::byte> inflate_all(Bytes compressed, std::int64_t bytes, Compression compression,
                                                 const std::string& where);
/// Refuses (word `ratio`) an expanded size above 1 MB that is more than `limits::expansion` times the compressed one,
/// and (word `limit`) one above `limits::expanded_bytes`.
void check_expansion(std::int64_t compressed, std::int64_t expanded, const std::string& where);

}  // namespace caton
