// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/geometry/matrices.hpp"
#include "caton/signal/ssvep_bank.hpp"
#include "caton/signal/ssvep_reference.hpp"

#include <cstdint>
#include <vector>

namespace caton {

/// How alike each epoch and each stimulus are.
struct SsvepScores {
  Matrix score;                     ///< epochs x stimuli
  std::vector<std::int64_t> label;  ///< the stimulus of the largest score, the first of equals
};
[[nodiscard]] SsvepScores ssvep_scores(Matrix score);
/// The ports `score` and `label` of a detector with calibration.
[[nodiscard]] Tensors score_ports(const LabelledPorts& ports, const SsvepScores& scores);

/// Each score over the sum of its row: between 0 and 1, but no probability (MOABB `SSVEP_CCA.predict_proba`). Rows that
/// are all 0 are spread evenly.
[[nodiscard]] Matrix score_shares(Signal score);

/// Largest canonical correlation of each epoch with the sines and cosines of each stimulus; nothing is learned.
/// Refuses as `ssvep_reference`, and two stimuli of one frequency (word `duplicate`): correlation does not see phase.
[[nodiscard]] SsvepScores ssvep_cca(Epochs x, const SsvepStimuli& stimuli);

/// b^-1.25 + 0.25 for b = 1 …: what the bands of a filter bank count for.
[[nodiscard]] std::vector<double> filter_bank_weights(std::int64_t bands);
/// Sum over bands of weight times score: epochs x bands x classes to epochs x classes.
[[nodiscard]] Matrix combined_bands(View<const double, 3> band_score);

/// Epochs in every band of a filter bank (`filter_bank`): bands x epochs x channels x samples.
using FilteredEpochs = View<const double, 4>;
/// Which epochs a model learns from, and which it is asked about.
struct EpochSplit {
  std::vector<std::int64_t> training, test;
};
struct FilterBankScores {
  Array<double, 3> band_score;  ///< epochs x bands x classes
  SsvepScores combined;
};
/// Canonical correlation in the bands of the authors' filter bank, first powers summed (mnakanishi/TRCA-SSVEP
/// `test_fbcca.m`). Refuses (word `bands`) a number of bands outside 1 … 10.
[[nodiscard]] FilterBankScores ssvep_fbcca(Epochs x, const SsvepStimuli& stimuli, const std::vector<SsvepBand>& bands);
/// The same of epochs that are filtered already.
[[nodiscard]] FilterBankScores ssvep_fbcca(FilteredEpochs x, const SsvepStimuli& stimuli);

}  // namespace caton
