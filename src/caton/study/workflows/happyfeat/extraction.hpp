// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/progress.hpp"
#include "caton/study/workflows/happyfeat/workspace.hpp"

#include <string>
#include <vector>

namespace caton::happyfeat {

/// The features of one run, trials in order of time.
struct RunFeatures {
  std::string id;  ///< the file's name
  double rate_hz = 0;
  std::vector<std::string> channels;
  std::vector<double> freqs_hz;
  std::vector<std::int64_t> label;  ///< 0 or 1: index of the class
  std::vector<double> onset_s;      ///< of each trial's annotation
  Array<double, 3> power;           ///< trials x channels x frequencies: mean over the windows
  Array<float, 4> time_frequency;   ///< trials x channels x windows x frequencies
  Array<double, 3> baseline;      ///< trials x channels x frequencies, of an epoch as long that ends at the annotation
  Array<double, 3> strength;      ///< trials x channels x frequencies; empty without connectivity
  Array<double, 4> connectivity;  ///< classes x frequencies x channels x channels; empty without
  Findings findings;              ///< trials that were dropped, and why
  bool from_cache = false;
};

/// All runs of a workspace under a session's parameters; what was computed before is read from `cache/`, whose entries
/// are named by the digest of recording, settings and version. Refuses runs that differ in rate or channels (naming
/// which), a run without one of the classes (`class`), windows and orders that do not fit (`window`, `order`).
[[nodiscard]] std::vector<RunFeatures> extract_runs(const Workspace& workspace, const Session& session,
                                                    Progress* progress = nullptr);

}  // namespace caton::happyfeat
