// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// What was hidden: an electrode in all bands (`band` empty), a band at all electrodes, or one band of one electrode.
struct OccludedPart {
  std::string electrode, band;

  friend bool operator==(const OccludedPart&, const OccludedPart&) = default;
};

/// How much worse a decoder does on each test sample when a part of its input is hidden.
struct Occlusion {
  std::vector<OccludedPart> parts;
  Array<double, 2>
      drop_probability;  ///< parts x samples: true-class probability with everything minus with the part hidden
  Array<double, 2> drop_accuracy;  ///< parts x samples: 1 right only with the part, -1 right only without it, else 0
  std::vector<std::string> subject, trial;  ///< of each sample; `trial` unique within the study

  /// Puts the samples of another fold behind these; refused (kind `usage`, word `parts`) when other parts were hidden.
  void append(const Occlusion& other);
};

struct OcclusionOptions {
  bool each_pair = true;          ///< also every band of every electrode alone
  std::int64_t most_samples = 0;  ///< take at most this many samples, evenly spaced; 0: all
};

/// The mean over training of each value of the main block: what takes the place of a hidden part.
[[nodiscard]] std::vector<double> training_mean(const SampleSet& training);

/// Hides one part after the other on labelled test samples by putting the training mean in its place. The main block
/// is samples x electrodes x bands (tokens), samples x electrodes x times (electrodes only are hidden) or samples x
/// features (each feature counts as a band). Refuses (kind `usage`) samples without labels (`label`), a mean of another
/// size (`mean`) and no samples (`samples`).
[[nodiscard]] Occlusion occlude(const Decoder& decoder, const SampleSet& test, const std::vector<double>& mean,
                                const OcclusionOptions& options = {});

/// One line of the result: means over samples, and the 95 % interval of the drop of probability from resampling
/// subjects (trials where there is only one subject) 1000 times.
struct OcclusionScore {
  OccludedPart part;
  double drop_probability = 0, low = 0, high = 0, drop_accuracy = 0;
};
struct OcclusionSummary {
  std::vector<OcclusionScore> scores;
  std::int64_t samples = 0, units = 0;
  std::string unit;  ///< "subjects" or "trials"
};
[[nodiscard]] OcclusionSummary summarise(const Occlusion& occlusion, std::uint64_t seed);

}  // namespace caton
