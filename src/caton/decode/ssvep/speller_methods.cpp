// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/speller_methods.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/ecca.hpp"
#include "caton/decode/ssvep/msetcca.hpp"
#include "caton/decode/ssvep/tdca.hpp"
#include "caton/decode/ssvep/trca.hpp"

namespace caton {
namespace {

std::vector<SsvepBand> bands_of(const SpellerSettings& settings) {
  return ssvep_bands({.rate_hz = settings.stimuli.rate_hz}, settings.bands);
}

/// Of a method without a bank.
Epochs widest(FilteredEpochs x) { return x[0]; }

Matrix by_cca(const SpellerEpochs& /*training*/, FilteredEpochs test, const SpellerSettings& settings) {
  return ssvep_cca(widest(test), settings.stimuli).score;
}

Matrix by_fbcca(const SpellerEpochs& /*training*/, FilteredEpochs test, const SpellerSettings& settings) {
  return ssvep_fbcca(test, settings.stimuli).combined.score;
}

Matrix by_ecca(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) {
  return ssvep_ecca(widest(training.x), training.y, ssvep_reference(settings.stimuli, settings.samples), widest(test))
      .score;
}

Matrix by_msetcca(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) {
  std::vector<Matrix> references;
  for (std::int64_t k = 0; k < settings.stimuli.count(); ++k)
    references.push_back(msetcca_reference(class_epochs(widest(training.x), training.y, k)));
  return msetcca_scores(references, widest(test)).score;
}

// The published meaning of the bank: training and tested epochs are filtered alike.
constexpr TrcaOptions repeating{.variant = TrcaVariant::ftrca, .cascade = false};
constexpr TrcaOptions correlating{.variant = TrcaVariant::sscor, .cascade = false};

Matrix by_components(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings,
                     const TrcaOptions& options) {
  return trca_scores(fit_trca(training.x, training.y, settings.stimuli.count(), bands_of(settings), options), test)
      .combined.score;
}

std::vector<Matrix> by_components(const SpellerEpochs& all, std::span<const EpochSplit> splits,
                                  const SpellerSettings& settings, const TrcaOptions& options) {
  std::vector<Matrix> scores;
  for (auto& found : trca_split_scores(all.x, all.y, settings.stimuli.count(), splits, options))
    scores.push_back(std::move(found.combined.score));
  return scores;
}

Matrix by_trca(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) {
  return by_components(training, test, settings, repeating);
}

std::vector<Matrix> splits_by_trca(const SpellerEpochs& all, std::span<const EpochSplit> splits,
                                   const SpellerSettings& settings) {
  return by_components(all, splits, settings, repeating);
}

Matrix by_sscor(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) {
  return by_components(training, test, settings, correlating);
}

std::vector<Matrix> splits_by_sscor(const SpellerEpochs& all, std::span<const EpochSplit> splits,
                                    const SpellerSettings& settings) {
  return by_components(all, splits, settings, correlating);
}

Matrix by_tdca(const SpellerEpochs& training, FilteredEpochs test, const SpellerSettings& settings) {
  const TdcaOptions options{.delay = settings.delay, .components = 1, .samples = settings.samples};
  const auto model =
      fit_tdca(widest(training.x), training.y, ssvep_reference(settings.stimuli, settings.samples), options);
  return tdca_scores(model, widest(test)).score;
}

}  // namespace

const std::vector<SpellerMethod>& speller_methods() {
  static const std::vector<SpellerMethod> all{
      {"cca", "canonical correlation with sines and cosines", false, false, false, by_cca},
      {"fbcca", "the same in the bands of a filter bank", false, true, false, by_fbcca},
      {"ecca", "canonical correlation with sines, cosines and the person's own mean epochs", true, false, false,
       by_ecca},
      {"msetcca", "canonical correlation with what the person's own epochs have in common", true, false, false,
       by_msetcca},
      {"trca", "task-related components in a filter bank, ensemble of all targets", true, true, false, by_trca,
       splits_by_trca},
      {"sscor", "sum of squared correlations in a filter bank, ensemble of all targets", true, true, false, by_sscor,
       splits_by_sscor},
      {"tdca", "task-discriminant components of epochs with delayed copies", true, false, true, by_tdca}};
  return all;
}

Array<double, 4> speller_epochs(const SpellerMethod& method, Epochs x, const SpellerSettings& settings, bool training) {
  const auto bands = ssvep_bands({.rate_hz = settings.stimuli.rate_hz}, method.bank ? settings.bands : 1);
  const std::int64_t samples = settings.samples + (training && method.delayed ? settings.delay : 0);
  return filter_bank(Array<double, 3>(x.slice(2, 0, samples)), bands);
}

const SpellerMethod& speller_method(const std::string& name) {
  std::vector<std::string> known;
  for (const SpellerMethod& method : speller_methods()) {
    if (method.name == name) return method;
    known.push_back(method.name);
  }
  throw usage_error("speller", "there is no method \"" + printable(name) + "\"", suggestion(name, known));
}

}  // namespace caton
