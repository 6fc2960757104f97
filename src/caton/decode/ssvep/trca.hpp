// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/ssvep/cca.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// Filters under which the epochs of one class resemble each other. `trca`: covariance between epochs against that of
/// all epochs side by side. `ftrca`: the same with the epochs' own covariance added and every epoch centred (the
/// authors' newest code). `sscor`: correlation of every epoch with their mean.
enum class TrcaVariant { trca, ftrca, sscor };
/// Refuses (word `variant`) an unknown name.
[[nodiscard]] TrcaVariant trca_variant(const std::string& where, std::string_view name);

struct TrcaFilter {
  Matrix s;                         ///< channels x channels: what repeats (sscor: Σ GᵀG)
  Matrix q;                         ///< channels x channels: all there is (sscor: of the mean epoch)
  std::vector<double> eigenvalues;  ///< descending
  std::vector<double> w;            ///< filter of the largest, unit norm, largest entry positive
};
/// Spatial filter of the epochs of one class (mnakanishi/TRCA-SSVEP `trca.m`, `ftrca.m`, `sscor.m`). Refuses fewer than
/// 2 epochs (word `trials`) and channels that depend on each other (`rank`, names them).
[[nodiscard]] TrcaFilter trca_filter(Epochs x, TrcaVariant variant = TrcaVariant::ftrca);

struct TrcaOptions {
  TrcaVariant variant = TrcaVariant::ftrca;
  bool ensemble = true;  ///< all classes' filters at once for every class
  /// Train band b on epochs already filtered by the bands before it, as the authors' loop does; false is the paper's
  /// meaning.
  bool cascade = true;
};

/// Templates and filters of every class in every band of a filter bank.
struct TrcaModel {
  TrcaOptions options;
  std::vector<SsvepBand> bands;
  Array<double, 3> w;          ///< bands x classes x channels
  Array<double, 4> templates;  ///< bands x classes x channels x samples: mean filtered epoch
};
/// y: 0 … classes-1, one an epoch. Refuses as `trca_filter`, naming the class.
[[nodiscard]] TrcaModel fit_trca(Epochs x, std::span<const std::int64_t> y, std::int64_t classes,
                                 std::vector<SsvepBand> bands, const TrcaOptions& options = {});
/// The same of epochs that are filtered already (with `options.cascade` as they are). Epochs with y below 0 take no
/// part, so that folds share one filtering.
[[nodiscard]] TrcaModel fit_trca(FilteredEpochs x, std::span<const std::int64_t> y, std::int64_t classes,
                                 std::vector<SsvepBand> bands, const TrcaOptions& options = {});
/// Correlation of each filtered epoch with each class' filtered template, band by band, combined as in
/// `combined_bands`. Refuses epochs of another shape than in training (word `shape`).
[[nodiscard]] FilterBankScores trca_scores(const TrcaModel& model, Epochs x);
/// The same of epochs that are filtered already.
[[nodiscard]] FilterBankScores trca_scores(const TrcaModel& model, FilteredEpochs x);

/// Scores of the tested epochs of every split by the model of its training epochs, as `fit_trca` and `trca_scores` give
/// them one after the other; what the splits share is computed once. y: 0 … classes-1, one an epoch. Refuses as both.
[[nodiscard]] std::vector<FilterBankScores> trca_split_scores(FilteredEpochs x, std::span<const std::int64_t> y,
                                                              std::int64_t classes, std::span<const EpochSplit> splits,
                                                              const TrcaOptions& options = {});

}  // namespace caton
