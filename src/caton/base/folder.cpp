// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"

#include <dirent.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>

namespace caton {

namespace {

struct Closer {
  void operator()(DIR* folder) const { closedir(folder); }
};

void collect(const Path& folder, std::int64_t depth, std::vector<Path>& all) {
  for (const Path& entry : entries_of(folder)) {
    const bool inner = !std::filesystem::is_symlink(entry) && std::filesystem::is_directory(entry);
    all.push_back(entry);
    if (inner && depth < limits::nesting) collect(entry, depth + 1, all);
  }
}

}  // namespace

std::vector<Path> entries_of(const Path& folder) {
  const std::unique_ptr<DIR, Closer> opened(opendir(folder.c_str()));
  if (opened == nullptr) {
    if (errno == ENOMEM) throw std::bad_alloc();
    throw input_error(folder.string(), std::string("cannot be listed: ") + std::strerror(errno));
  }
  std::vector<Path> entries;
  while (const dirent* const entry = readdir(opened.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back(folder / name);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<Path> all_entries_of(const Path& folder) {
  std::vector<Path> all;
  collect(folder, 0, all);
  return all;
}

}  // namespace caton
