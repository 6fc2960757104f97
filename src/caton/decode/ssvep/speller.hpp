// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/speller_methods.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A speller tried on the blocks of one person: each block is left out once, the method learns from the others, and
/// everything that is chosen, the moment of deciding too, is chosen on those.
namespace caton {

/// One person's epochs.
struct SpellerPerson {
  Array<double, 3> x;               ///< epochs x channels x samples: the longest window and `delay` samples more
  std::vector<std::int64_t> y;      ///< target of each epoch
  std::vector<std::int64_t> block;  ///< 0 … blocks-1, of each epoch

  [[nodiscard]] std::int64_t blocks() const;
};

struct SpellerOptions {
  SsvepStimuli stimuli;
  std::vector<std::int64_t> window_samples;  ///< ascending
  std::int64_t bands = 5, delay = 3;
};

/// Scores of one method at one window length.
struct WindowScores {
  Matrix outer;  ///< epochs x targets, each by what was learned without the epoch's block
  /// For each block that is left out the scores of the other blocks' epochs, learned without both blocks: what the
  /// densities of dynamic stopping are made of. Empty where too few blocks are left to learn from.
  std::vector<Matrix> inner;
};
/// One for each window. Refuses fewer than 2 blocks (word `blocks`), epochs shorter than the longest window and the
/// delay (`samples`), a method that learns where a target has fewer than 2 epochs left (`trials`).
[[nodiscard]] std::vector<WindowScores> speller_scores(const SpellerMethod& method, const SpellerPerson& person,
                                                       const SpellerOptions& options);

/// Share of epochs whose largest score is their target's.
[[nodiscard]] double share_right(Signal score, const std::vector<std::int64_t>& y);

/// Accuracy at one window where the method learns from `blocks` training blocks only (those that follow the left-out
/// one, around the corner): how much calibration is needed.
[[nodiscard]] double accuracy_with_blocks(const SpellerMethod& method, const SpellerPerson& person,
                                          const SpellerOptions& options, std::int64_t window, std::int64_t blocks);

/// A rule by which a speller decides before the longest window is over. `bayes`: the posterior that the decision is
/// right reaches `setting`. `cost`: the lead of the best score over the cost of rejecting all exceeds the quantile
/// `setting` of what it was on the training blocks.
enum class StoppingRule { bayes, cost };

struct StoppedRun {
  double seconds = 0;   ///< mean time looked at the target, without the shift of gaze
  double accuracy = 0;  ///< of the decisions
};

/// What dynamic stopping would have done with one person's epochs.
class SpellerStopping {
 public:
  /// Refuses (word `blocks`) scores without inner ones.
  SpellerStopping(const std::vector<WindowScores>& scores, const SpellerPerson& person,
                  const std::vector<double>& window_s);

  [[nodiscard]] StoppedRun run(StoppingRule rule, double setting) const;
  /// Posterior of every epoch at every window, and whether deciding then would have been right.
  struct Judged {
    double posterior = 0;
    bool right = false;
  };
  [[nodiscard]] const std::vector<Judged>& judged() const noexcept { return judged_; }

 private:
  const SpellerPerson& person_;
  std::vector<double> window_s_;
  std::vector<Judged> judged_;              ///< windows x epochs
  std::vector<double> lead_;                ///< windows x epochs: best score's lead over the cost of rejecting
  std::vector<std::vector<double>> known_;  ///< of each left-out block the leads of its training blocks, ascending
};

}  // namespace caton
