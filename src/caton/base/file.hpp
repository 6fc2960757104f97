// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace caton {

using Path = std::filesystem::path;

/// A file's bytes, mapped read-only: opening costs nothing whatever its size. The mapping is private and read-only.
class MappedFile {
 public:
  /// Refuses (kind `input`) what is missing, a folder or not readable; an empty file gives empty bytes.
  explicit MappedFile(const Path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  [[nodiscard]] const Path& path() const noexcept { return path_; }
  /// Says that these bytes will not be needed soon: the pages leave this process's memory and come back when touched.
  void release(std::int64_t first, std::int64_t count) const noexcept;

 private:
  Path path_;
  Bytes bytes_;
};

/// The whole of a small text file; refuses more than `limit` bytes.
[[nodiscard]] std::string read_text_file(const Path& path, std::int64_t limit);

/// Writes a file whole or not at all: to a partial file beside it, flushed, then renamed (RELIABILITY R17).
/// Failures (disk full, no permission) are kind `machine` and leave nothing behind.
void write_file(const Path& path, std::string_view text);
void write_file(const Path& path, Bytes bytes);

/// A file that is filled piece by piece and appears under its name only when `commit` was called.
class FileWriter {
 public:
  explicit FileWriter(const Path& path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  void write(Bytes bytes);
  void write(std::string_view text) { write(bytes_of(text)); }
  /// Overwrites bytes written before, from `place` on (a header whose counts are known at the end).
  void write_at(std::int64_t place, Bytes bytes);
  void commit();

 private:
  Path target_, partial_;
  int descriptor_ = -1;
};

/// A folder that is filled beside its final place and appears there only when `commit` was called.
class FolderWriter {
 public:
  /// Refuses (kind `usage`) when `target` exists already.
  explicit FolderWriter(Path target);
  ~FolderWriter();
  FolderWriter(const FolderWriter&) = delete;
  FolderWriter& operator=(const FolderWriter&) = delete;
  /// Where to write meanwhile.
  [[nodiscard]] const Path& path() const noexcept { return partial_; }
  void commit();

 private:
  Path target_, partial_;
  bool committed_ = false;
};

/// `folder / relative`, refused (kind `input`) when it would leave the folder: absolute, `..`, or through a link (R4).
[[nodiscard]] Path safe_join(const Path& folder, std::string_view relative, const std::string& where);

/// SHA-256 in hexadecimal.
[[nodiscard]] std::string sha256(Bytes bytes);
[[nodiscard]] inline std::string sha256(std::string_view text) { return sha256(bytes_of(text)); }

}  // namespace caton
