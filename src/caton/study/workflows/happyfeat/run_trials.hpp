// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/prepare/prepared.hpp"
#include "caton/study/workflows/happyfeat/workspace.hpp"

#include <string>
#include <vector>

namespace caton::happyfeat {

/// An annotated trial whose epoch and baseline lie in one stretch without a gap.
struct RunTrial {
  std::int64_t label = 0;  ///< index of the class
  std::int64_t onset = 0;  ///< sample of the annotation
  double onset_s = 0;
};

/// A run ready to be measured.
struct RunSignal {
  std::string id;
  double rate_hz = 0;
  std::vector<std::string> channels;
  Matrix signal;  ///< channels x samples, referenced
  std::vector<RunTrial> trials;
  Findings findings;
};

/// Opens a run, references it, finds its trials: annotations whose text is a class, else rows of the `_events.tsv`
/// beside it. A trial whose epoch leaves the recording or crosses a gap, or holds values that are not finite, is
/// dropped whole, and a finding says which. Refuses a run without trials of both classes (word `class`).
[[nodiscard]] RunSignal open_run(const Workspace& workspace, const Json& extract, const std::string& file);

}  // namespace caton::happyfeat
