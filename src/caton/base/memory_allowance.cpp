// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/memory_allowance.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <limits>

namespace caton {
namespace {

std::atomic<std::int64_t> allowed_by_user{0};

std::int64_t physical_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(pages) * page;
}

/// The limit of the control group this process lives in ("max": none).
std::int64_t group_memory() {
  std::ifstream file("/sys/fs/cgroup/memory.max");
  std::string text;
  file >> text;
  return parse_integer(text).value_or(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::int64_t memory_allowance() {
  if (const std::int64_t given = allowed_by_user; given > 0) return given;
  return std::min(physical_memory(), group_memory()) / 10 * 8;
}

void set_memory_allowance(std::int64_t bytes) { allowed_by_user = bytes; }

void require_memory(std::int64_t bytes, const std::string& where, const std::string& remedy) {
  const std::int64_t allowance = memory_allowance();
  if (bytes <= allowance) return;
  throw machine_error(
      where, "needs about " + bytes_text(bytes) + " of memory, " + bytes_text(allowance) + " may be used", remedy);
}

std::string bytes_text(std::int64_t bytes) {
  const auto size = static_cast<double>(bytes);
  return size >= 1e9 ? fixed_text(size / 1e9, 1) + " GB" : fixed_text(std::max(0.1, size / 1e6), 1) + " MB";
}

}  // namespace caton
