// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"

namespace caton {

/// Keeps two runs from writing into one folder: makes `partial` and holds a lock in it until released (RELIABILITY
/// R21). Ranks other than the first share the folder without a lock.
class RunLock {
 public:
  /// `fresh`: what an earlier run left there is removed first. Refuses (kind `usage`) when another process holds it.
  RunLock(const Path& partial, bool first_rank, bool fresh);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  /// Removes the lock's file, before the folder is put in place.
  void release() const;

 private:
  Path file_;
  int descriptor_ = -1;
};

}  // namespace caton
