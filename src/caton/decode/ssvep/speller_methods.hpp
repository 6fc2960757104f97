// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/cca.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// What all methods of a speller go by.
struct SpellerSettings {
  SsvepStimuli stimuli;      ///< one a target
  std::int64_t bands = 5;    ///< of the filter bank (fbcca, trca, sscor)
  std::int64_t delay = 3;    ///< delayed copies (tdca): training epochs are so many samples longer
  std::int64_t samples = 0;  ///< the window: what of an epoch is looked at
};

/// Filtered epochs with the target of each, 0 … targets-1.
struct SpellerEpochs {
  FilteredEpochs x;
  std::span<const std::int64_t> y;
};

/// A way to tell which target somebody looks at.
struct SpellerMethod {
  std::string name;  ///< "fbcca"
  std::string about;
  bool learns = true;    ///< from the person's own training blocks
  bool bank = false;     ///< epochs in all bands of the filter bank; else in its widest band alone
  bool delayed = false;  ///< training epochs are `delay` samples longer
  /// epochs x targets: how alike each tested epoch and each target are. Nothing of one epoch reaches another's score. A
  /// method that does not learn gets no training epochs.
  Matrix (*scores)(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) = nullptr;
  /// The same for several splits of one set of epochs, of a method that computes once what they share; none: one split
  /// after the other.
  std::vector<Matrix> (*split_scores)(const SpellerEpochs& all, std::span<const EpochSplit> splits,
                                      const SpellerSettings& settings) = nullptr;
};

/// The first samples of every epoch (of tested ones the window; of training epochs what the method learns from), each
/// epoch filtered alone: bands x epochs x channels x samples.
[[nodiscard]] Array<double, 4> speller_epochs(const SpellerMethod& method, Epochs x, const SpellerSettings& settings,
                                              bool training);

/// cca, fbcca, ecca, msetcca, trca, sscor, tdca.
[[nodiscard]] const std::vector<SpellerMethod>& speller_methods();
/// Refuses (kind `usage`, near names told) a method that there is not.
[[nodiscard]] const SpellerMethod& speller_method(const std::string& name);

}  // namespace caton
