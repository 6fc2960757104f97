// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/run_lock.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace caton {

RunLock::RunLock(const Path& partial, bool first_rank, bool fresh) : file_(partial / "lock") {
  std::error_code problem;
  std::filesystem::create_directories(partial, problem);
  if (problem) {
    throw machine_error(partial.string(), "cannot be made (" + problem.message() + ")", "choose another place with -o");
  }
  if (!first_rank) return;
  descriptor_ = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw machine_error(file_.string(), "cannot be written", "check the permissions");
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor_);
    descriptor_ = -1;
    throw usage_error(partial.string(), "another caton is computing this run",
                      "wait for it, or name another place with -o");
  }
  if (!fresh) return;
  for (const Path& entry : entries_of(partial)) {
    if (entry != file_) std::filesystem::remove_all(entry, problem);
  }
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

void RunLock::release() const { unlink(file_.c_str()); }

}  // namespace caton
