// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/result_cache.hpp"

#include "caton/base/folder.hpp"
#include "caton/base/lanes.hpp"

#include <link.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <vector>

namespace caton {
namespace {

constexpr std::size_t checksum_bytes = 64;

std::atomic<bool>& switched_on() {
  static std::atomic<bool> on = [] {
    const char* const off = std::getenv("CATON_NO_CACHE");
    return off == nullptr || *off == '\0';
  }();
  return on;
}

/// One at a time within this program; others are kept apart by whole files.
std::mutex& writing() {
  static std::mutex mutex;
  return mutex;
}

struct BuildId {
  std::string hex;
};

std::string hexadecimal(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    constexpr const char* digits = "0123456789abcdef";
    text += digits[std::to_integer<unsigned>(byte) >> 4U];
    text += digits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

bool holds(const dl_phdr_info& object, std::uintptr_t address) {
  for (int i = 0; i < object.dlpi_phnum; ++i) {
    const auto& part = object.dlpi_phdr[i];
    const std::uintptr_t begin = object.dlpi_addr + part.p_vaddr;
    if (part.p_type == PT_LOAD && address >= begin && address < begin + part.p_memsz) return true;
  }
  return false;
}

/// The linker's note in a loaded object's notes: sizes of name and content, type, "GNU", content.
std::string build_note(const std::byte* notes, std::size_t size) {
  const auto padded = [](std::size_t bytes) { return (bytes + 3) / 4 * 4; };
  for (std::size_t at = 0; at + 12 <= size;) {
    std::array<std::uint32_t, 3> head{};
    std::memcpy(head.data(), notes + at, sizeof(head));
    const std::size_t name = at + 12, content = name + padded(head[0]);
    if (content + head[1] > size) return {};
    if (head[2] == NT_GNU_BUILD_ID && head[0] == 4 && std::memcmp(notes + name, "GNU", 4) == 0)
      return hexadecimal({notes + content, head[1]});
    at = content + padded(head[1]);
  }
  return {};
}

int look_for_build_id(dl_phdr_info* object, std::size_t /*size*/, void* found) {
  if (!holds(*object, reinterpret_cast<std::uintptr_t>(&look_for_build_id))) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    auto& id = *static_cast<BuildId*>(found);
    id.hex = build_note(reinterpret_cast<const std::byte*>(object->dlpi_addr + part.p_vaddr), part.p_memsz);
    if (!id.hex.empty()) return 1;
  }
  return 1;
}

}  // namespace

ResultCache::ResultCache(Path folder, std::int64_t most_bytes) : folder_(std::move(folder)), most_bytes_(most_bytes) {}

Path ResultCache::file_of(const std::string& key) const { return folder_ / (sha256(key) + ".kept"); }

std::optional<Safetensors> ResultCache::find(const std::string& key) const {
  const Path file = file_of(key);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  try {
    const MappedFile mapped(file);
    const Bytes all = mapped.bytes();
    if (all.size() < checksum_bytes) return std::nullopt;
    const Bytes content = all.subspan(checksum_bytes);
    const std::string checksum = sha256(content);
    if (std::memcmp(all.data(), checksum.data(), checksum_bytes) != 0) return std::nullopt;
    Safetensors found = parse_safetensors(content, file.string());
    const auto whose = found.metadata.find("key");
    if (whose == found.metadata.end() || whose->second != key) return std::nullopt;
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now(), ignored);
    return found;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

bool ResultCache::make_room(std::int64_t bytes) const {
  if (bytes > most_bytes_) return false;
  struct Entry {
    std::filesystem::file_time_type used;
    Path path;
    std::int64_t bytes = 0;
  };
  std::vector<Entry> entries;
  std::int64_t sum = bytes;
  std::error_code error;
  for (const Path& path : entries_of(folder_)) {
    const auto size = std::filesystem::file_size(path, error);
    if (error) continue;
    const auto used = std::filesystem::last_write_time(path, error);
    if (error) continue;
    entries.push_back({used, path, static_cast<std::int64_t>(size)});
    sum += entries.back().bytes;
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used != b.used ? a.used < b.used : a.path < b.path; });
  for (const Entry& entry : entries) {
    if (sum <= most_bytes_) break;
    if (std::filesystem::remove(entry.path, error)) sum -= entry.bytes;
  }
  return sum <= most_bytes_;
}

void ResultCache::keep(const std::string& key, const Safetensors& content) const {
  try {
    Safetensors whole = content;
    whole.metadata["key"] = key;
    const std::string bytes = safetensors_bytes(whole);
    const std::lock_guard lock(writing());
    std::filesystem::create_directories(folder_);
    if (!make_room(static_cast<std::int64_t>(bytes.size() + checksum_bytes))) return;
    FileWriter file(file_of(key));
    file.write(sha256(bytes));
    file.write(bytes);
    file.commit();
  } catch (const std::exception&) {
    return;
  }
}

bool caching() { return switched_on(); }
void set_caching(bool on) { switched_on() = on; }

const std::string& build_digest() {
  static const std::string digest = [] {
    BuildId id;
    dl_iterate_phdr(look_for_build_id, &id);
    return id.hex.empty() ? std::string() : id.hex + " " + processor_name(processor());
  }();
  return digest;
}

}  // namespace caton
