// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

namespace caton {

/// While it lives, loops that this thread shares out run to their end though the user asked to stop: for a step whose
/// half nobody could keep. Without it a loop ends before its next item with `Error{interrupted}`.
class HeldInterrupts {
 public:
  HeldInterrupts() noexcept;
  ~HeldInterrupts();
  HeldInterrupts(const HeldInterrupts&) = delete;
  HeldInterrupts& operator=(const HeldInterrupts&) = delete;
};

}  // namespace caton
