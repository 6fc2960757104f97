// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/cca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/reference_bases.hpp"
#include "caton/decode/ssvep/sinusoid_references.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

namespace caton {

namespace {

/// Epochs against the sines and cosines of each stimulus: by way of their frequencies, or of their samples where that
/// is quicker or safer.
class StimulusReferences {
 public:
  StimulusReferences(const SsvepStimuli& stimuli, std::int64_t samples) : stimuli_(stimuli), samples_(samples) {
    require_ssvep_reference(stimuli, samples);
    const std::set<double> different(stimuli.frequency_hz.begin(), stimuli.frequency_hz.end());
    if (different.size() != stimuli.frequency_hz.size()) {
      throw usage_error("ssvep_cca", "duplicate frequency among the stimuli: a correlation does not see their phases",
                        "use a method with calibration, for instance ssvep_trca");
    }
    quick_ = SinusoidReferences::of(stimuli, samples);
  }

  [[nodiscard]] Matrix largest_correlations(Epochs x) {
    if (!quick_ || !quick_->takes(x.extent(1))) return plain().largest_correlations(x);
    Matrix score({x.extent(0), stimuli_.count()}, 0.0);
    const auto found = quick_->put_correlations(x, score);
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      if (!found[static_cast<std::size_t>(n)])
        put(plain().largest_correlations(x.slice(0, n, 1)), score.view().slice(0, n, 1));
    }
    return score;
  }

 private:
  const ReferenceBases& plain() {
    if (plain_) return *plain_;
    const auto reference = ssvep_reference(stimuli_, samples_);
    std::vector<Signal> rows;
    for (std::int64_t f = 0; f < reference.extent(0); ++f) rows.push_back(reference.view()[f]);
    return plain_.emplace(rows);
  }

  const SsvepStimuli& stimuli_;
  std::int64_t samples_;
  std::optional<SinusoidReferences> quick_;
  std::optional<ReferenceBases> plain_;
};

}  // namespace

SsvepScores ssvep_scores(Matrix score) {
  auto label = largest_of_rows(score);
  return {std::move(score), std::move(label)};
}

Tensors score_ports(const LabelledPorts& ports, const SsvepScores& scores) {
  return {{"score", Tensor::of(scores.score)}, {"label", ports.labels(scores.label)}};
}

Matrix score_shares(Signal score) {
  Matrix shares(score);
  for (std::int64_t n = 0; n < score.extent(0); ++n) {
    double sum = 0;
    for (std::int64_t k = 0; k < score.extent(1); ++k) sum += score(n, k);
    for (std::int64_t k = 0; k < score.extent(1); ++k)
      shares(n, k) = sum > 0 ? score(n, k) / sum : 1 / static_cast<double>(score.extent(1));
  }
  return shares;
}

SsvepScores ssvep_cca(Epochs x, const SsvepStimuli& stimuli) {
  return ssvep_scores(StimulusReferences(stimuli, x.extent(2)).largest_correlations(x));
}

std::vector<double> filter_bank_weights(std::int64_t bands) {
  std::vector<double> weights;
  for (std::int64_t b = 1; b <= bands; ++b) weights.push_back(std::pow(static_cast<double>(b), -1.25) + 0.25);
  return weights;
}

Matrix combined_bands(View<const double, 3> band_score) {
  const auto weights = filter_bank_weights(band_score.extent(1));
  Matrix score({band_score.extent(0), band_score.extent(2)}, 0.0);
  for (std::int64_t n = 0; n < band_score.extent(0); ++n) {
    for (std::int64_t b = 0; b < band_score.extent(1); ++b) {
      for (std::int64_t k = 0; k < band_score.extent(2); ++k)
        score(n, k) += weights[static_cast<std::size_t>(b)] * band_score(n, b, k);
    }
  }
  return score;
}

FilterBankScores ssvep_fbcca(Epochs x, const SsvepStimuli& stimuli, const std::vector<SsvepBand>& bands) {
  if (bands.empty()) throw usage_error("ssvep_fbcca", "bands must be at least 1");
  return ssvep_fbcca(filter_bank(x, bands), stimuli);
}

FilterBankScores ssvep_fbcca(FilteredEpochs x, const SsvepStimuli& stimuli) {
  StimulusReferences references(stimuli, x.extent(3));
  FilterBankScores result{Array<double, 3>({x.extent(1), x.extent(0), stimuli.count()}, uninitialised), {}};
  for (std::int64_t b = 0; b < x.extent(0); ++b) {
    const Matrix score = references.largest_correlations(x[b]);
    for (std::int64_t n = 0; n < score.extent(0); ++n)
      std::copy(score[n].data(), score[n].data() + stimuli.count(), &result.band_score(n, b, 0));
  }
  result.combined = ssvep_scores(combined_bands(result.band_score));
  return result;
}

namespace {

Tensors run_cca(const Arguments& args, const Tensors& in) {
  if (args.text("probability") != "sum") throw args.refuse("unknown probability", "known: sum");
  const auto scores = ssvep_cca(epochs_port(args, in, "x"), ssvep_stimuli(args));
  return {{"score", Tensor::of(scores.score)},
          {"label", Tensor::vector(scores.label)},
          {"probability", Tensor::of(score_shares(scores.score))}};
}

Tensors run_fbcca(const Arguments& args, const Tensors& in) {
  const auto stimuli = ssvep_stimuli(args);
  const auto bands = ssvep_bands({.rate_hz = stimuli.rate_hz}, count_argument(args, "bands"));
  const auto scores = ssvep_fbcca(epochs_port(args, in, "x"), stimuli, bands);
  return {{"weights", Tensor::vector(filter_bank_weights(static_cast<std::int64_t>(bands.size())))},
          {"band_score", Tensor::of(scores.band_score)},
          {"score", Tensor::of(scores.combined.score)},
          {"label", Tensor::vector(scores.combined.label)}};
}

std::vector<Argument> with_stimuli(const Argument& more) {
  auto all = ssvep_stimuli_arguments();
  all.push_back(more);
  return all;
}

const Operation cca_operation{
    .name = "ssvep_cca",
    .room = "decode/ssvep",
    .about = "Canonical correlation with each stimulus' sines and cosines (mnakanishi/TRCA-SSVEP, MOABB SSVEP_CCA)",
    .arguments = with_stimuli({.name = "probability", .type = "text", .standard = "sum", .about = "sum"}),
    .inputs = {{.name = "x", .shape = "N C T", .unit = "V"}},
    .outputs = {{.name = "score", .shape = "N F", .unit = "1"},
                {.name = "label", .shape = "N"},
                {.name = "probability", .shape = "N F", .unit = "1"}},
    .call = run_cca,
};
CATON_REGISTER(Operation, cca_operation);

const Operation fbcca_operation{
    .name = "ssvep_fbcca",
    .room = "decode/ssvep",
    .about = "Canonical correlation in the bands of a filter bank (mnakanishi/TRCA-SSVEP test_fbcca.m)",
    .arguments = with_stimuli({.name = "bands", .type = "integer", .standard = 5}),
    .inputs = {{.name = "x", .shape = "N C T", .unit = "V"}},
    .outputs = {{.name = "weights", .shape = "B", .unit = "1"},
                {.name = "band_score", .shape = "N B F", .unit = "1"},
                {.name = "score", .shape = "N F", .unit = "1"},
                {.name = "label", .shape = "N"}},
    .call = run_fbcca,
};
CATON_REGISTER(Operation, fbcca_operation);

}  // namespace

}  // namespace caton
