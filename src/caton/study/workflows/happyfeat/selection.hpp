// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/selection/block_training.hpp"
#include "caton/study/workflows/happyfeat/extraction.hpp"

#include <string>
#include <vector>

namespace caton::happyfeat {

/// A channel at a frequency, or over a range: mean over the bins.
struct ChosenFeature {
  std::string channel;
  double low_hz = 0, high_hz = 0;

  /// "C3;12" or "C3;10:13".
  [[nodiscard]] std::string text() const;
  friend bool operator==(const ChosenFeature&, const ChosenFeature&) = default;
};

/// Trials of several runs one after another.
struct Pool {
  std::vector<std::string> runs, channels;
  std::vector<double> freqs_hz;
  std::vector<Part> parts;  ///< of each run
  std::vector<std::int64_t> label;
  Array<double, 3> values;  ///< trials x channels x frequencies: power or node strength, log10 where asked for
};
/// `select`: the complete table; `numbers`: runs from 1 on, empty: all. Refuses numbers of no run (word `run`), node
/// strength that was not extracted (`connectivity`).
[[nodiscard]] Pool pool_runs(const std::vector<RunFeatures>& runs, const Json& select,
                             const std::vector<std::int64_t>& numbers = {});

/// Reads a feature of the pool; refuses an unknown channel (near names told), a frequency outside 0 … half the rate, a
/// range without a bin.
[[nodiscard]] ChosenFeature parse_feature(const std::string& text, const Pool& pool);
/// Trials x features.
[[nodiscard]] Matrix feature_matrix(const Pool& pool, const std::vector<ChosenFeature>& features);

/// What the `select` table asks of the automatic choice.
[[nodiscard]] SelectedTraining training_of(const Pool& pool, const Json& select);

struct Selection {
  Json select;  ///< the table it was made with
  bool automatic = true;
  std::vector<ChosenFeature> features;
};
/// The automatic choice, on all trials of the pool.
[[nodiscard]] Selection select_automatically(const Pool& pool, const Json& select);
/// Keeps a selection in its session, and reads it back; nothing was selected yet: refused.
void write_selection(const Session& session, const Selection& selection);
[[nodiscard]] Selection read_selection(const Session& session, const Workspace& workspace);

}  // namespace caton::happyfeat
