// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/file.hpp"

#include "caton/base/error.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace caton {
namespace {

std::string reason() { return std::generic_category().message(errno); }

[[noreturn]] void refuse_write(const Path& path, const std::string& doing) {
  const std::string why = reason();
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  throw machine_error(path.string(), "cannot " + doing + " (" + why + ")",
                      full ? "free some space or choose another place with -o" : "check the place and its permissions");
}

void sync_folder(const Path& folder) {
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

Path partial_name(const Path& target) {
  return target.parent_path() / ("." + target.filename().string() + ".partial-" + std::to_string(getpid()));
}

}  // namespace

MappedFile::MappedFile(const Path& path) : path_(path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const int cause = errno;
    const std::string why = "cannot be opened (" + reason() + ")";
    if (cause == EMFILE || cause == ENFILE || cause == ENOMEM)
      throw machine_error(path.string(), why, "close other programs or raise the limit of open files");
    throw input_error(path.string(), why, "check the name and the permissions");
  }
  struct stat status {};
  fstat(descriptor, &status);
  if (!S_ISREG(status.st_mode)) {
    close(descriptor);
    throw input_error(path.string(), S_ISDIR(status.st_mode) ? "is a folder" : "is no regular file",
                      "name a recording file");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size != 0) {
    void* const data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) {
      close(descriptor);
      throw machine_error(path.string(), "cannot be mapped (" + reason() + ")");
    }
    bytes_ = Bytes(static_cast<const std::byte*>(data), size);
  }
  close(descriptor);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

void MappedFile::release(std::int64_t first, std::int64_t count) const noexcept {
  constexpr std::int64_t page = 4096;
  const std::int64_t begin = (first + page - 1) / page * page;
  const std::int64_t end = std::min(first + count, static_cast<std::int64_t>(bytes_.size())) / page * page;
  if (begin < 0 || end <= begin) return;
  madvise(const_cast<std::byte*>(bytes_.data()) + begin, static_cast<std::size_t>(end - begin), MADV_DONTNEED);
}

std::string read_text_file(const Path& path, std::int64_t limit) {
  const MappedFile file(path);
  if (file.bytes().size() > static_cast<std::size_t>(limit)) {
    throw input_error(path.string(), "has more than " + std::to_string(limit) + " bytes");
  }
  return std::string(text_of(file.bytes()));
}

void write_file(const Path& path, std::string_view text) { write_file(path, bytes_of(text)); }
void write_file(const Path& path, Bytes bytes) {
  FileWriter writer(path);
  writer.write(bytes);
  writer.commit();
}

FileWriter::FileWriter(const Path& path) : target_(path), partial_(partial_name(path)) {
  if (path.has_parent_path()) {
    std::error_code problem;
    std::filesystem::create_directories(path.parent_path(), problem);
  }
  descriptor_ = open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) refuse_write(path, "be written");
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) {
    close(descriptor_);
    unlink(partial_.c_str());
  }
}

void FileWriter::write(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse_write(target_, "write " + std::to_string(bytes.size()) + " bytes");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void FileWriter::write_at(std::int64_t place, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), bytes.size(), place);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse_write(target_, "write " + std::to_string(bytes.size()) + " bytes");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    place += written;
  }
}

void FileWriter::commit() {
  if (fsync(descriptor_) != 0 && errno != EINVAL) refuse_write(target_, "flush");
  const int closed = close(std::exchange(descriptor_, -1));
  if (closed != 0 || rename(partial_.c_str(), target_.c_str()) != 0) {
    const int kept = errno;
    unlink(partial_.c_str());
    errno = kept;
    refuse_write(target_, "be put in place");
  }
  sync_folder(target_.parent_path());
}

FolderWriter::FolderWriter(Path target) : target_(std::move(target)) {
  if (target_.filename().empty()) target_ = target_.parent_path();
  if (std::filesystem::exists(target_)) {
    throw usage_error(target_.string(), "exists already", "name another place or remove it first");
  }
  partial_ = partial_name(target_);
  std::error_code problem;
  std::filesystem::remove_all(partial_, problem);
  std::filesystem::create_directories(partial_, problem);
  if (problem) {
    errno = problem.value();
    refuse_write(target_, "be made");
  }
}

FolderWriter::~FolderWriter() {
  if (committed_) return;
  std::error_code problem;
  std::filesystem::remove_all(partial_, problem);
}

void FolderWriter::commit() {
  if (rename(partial_.c_str(), target_.c_str()) != 0) refuse_write(target_, "be put in place");
  committed_ = true;
  sync_folder(target_.parent_path());
}

Path safe_join(const Path& folder, std::string_view relative, const std::string& where) {
  const Path part(relative);
  const auto refuse = [&] {
    throw input_error(where, "names \"" + std::string(relative) + "\", which lies outside its folder",
                      "the file may be hostile");
  };
  if (part.empty() || part.is_absolute() || relative.find('\0') != std::string_view::npos) refuse();
  Path joined = folder;
  for (const auto& piece : part) {
    if (piece == "..") refuse();
    joined /= piece;
    if (std::filesystem::is_symlink(joined)) refuse();
  }
  return joined;
}

std::string sha256(Bytes bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw machine_error("OpenSSL", "SHA-256 is not available");
  }
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += hex[digest[i] >> 4];
    text += hex[digest[i] & 15];
  }
  return text;
}

}  // namespace caton
