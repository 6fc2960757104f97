// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Detectors of steady-state visual potentials as decoders of recipes: class k of the study looks at stimulus k.
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"
#include "caton/decode/ssvep/cca.hpp"
#include "caton/decode/ssvep/tdca.hpp"
#include "caton/decode/ssvep/trca.hpp"
#include "caton/decode/transforms/shaped.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

/// softmax(10 score): orders classes as the scores do; not calibrated.
Array<double, 2> ordered_probability(Signal score) {
  constexpr double sharpness = 10;
  Array<double, 2> result(score.extents(), uninitialised);
  for (std::int64_t n = 0; n < score.extent(0); ++n) {
    double largest = score(n, 0), sum = 0;
    for (std::int64_t k = 1; k < score.extent(1); ++k) largest = std::max(largest, score(n, k));
    for (std::int64_t k = 0; k < score.extent(1); ++k)
      sum += result(n, k) = std::exp(sharpness * (score(n, k) - largest));
    for (std::int64_t k = 0; k < score.extent(1); ++k) result(n, k) /= sum;
  }
  return result;
}

/// Stimuli of the classes that training has, from a list with one frequency for each class of the study.
SsvepStimuli stimuli_of(const SsvepStimuli& all, const std::vector<std::string>& names,
                        const std::vector<std::string>& present, const std::string& who) {
  if (all.frequency_hz.size() != names.size()) {
    throw usage_error(who,
                      "stimuli_hz has " + std::to_string(all.frequency_hz.size()) + " values for the " +
                          std::to_string(names.size()) + " classes of the study",
                      "give one frequency for each class, in the order of the classes");
  }
  SsvepStimuli chosen = all;
  chosen.frequency_hz.clear();
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (std::find(present.begin(), present.end(), names[k]) != present.end())
      chosen.frequency_hz.push_back(all.frequency_hz[k]);
  }
  return chosen;
}

/// Canonical correlation with sines and cosines, in one band or in a filter bank. Learns nothing but which classes
/// there are.
class CcaDecoder final : public ClassicalDecoder {
 public:
  CcaDecoder(SsvepStimuli stimuli, std::int64_t bands)
      : ClassicalDecoder("ssvep-cca"), stimuli_(std::move(stimuli)), bands_(bands) {}

 private:
  void learn(const Training& training, FitContext& /*context*/) override {
    chosen_ = stimuli_of(stimuli_, training.samples.classes, present_names(), name());
    chosen_.rate_hz = training.samples.rate_hz;
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    const auto x = cube_of(samples, name());
    if (bands_ == 0) return ordered_probability(ssvep_cca(x, chosen_).score);
    return ordered_probability(
        ssvep_fbcca(x, chosen_, ssvep_bands({.rate_hz = chosen_.rate_hz}, bands_)).combined.score);
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"stimuli_hz", Tensor::vector(chosen_.frequency_hz)},
            {"rate_hz", Tensor::vector(std::vector<double>{chosen_.rate_hz})}};
  }
  void relearn(const Safetensors& state) override {
    chosen_ = stimuli_;
    chosen_.frequency_hz = expected(state, "stimuli_hz", {present()}).doubles();
    chosen_.rate_hz = expected(state, "rate_hz", {1}).doubles().front();
  }

  SsvepStimuli stimuli_, chosen_;
  std::int64_t bands_;
};

const DecoderEntry cca_entry{
    .name = "ssvep-cca",
    .aliases = {"ssvep-fbcca"},
    .about = "canonical correlation with each stimulus' sines and cosines; learns nothing from training",
    .paper = "Lin et al. 2006; Chen et al. 2015",
    .keys = {{"stimuli_hz", "list", Json{}, "one for each class, in their order"},
             {"harmonics", "integer", Json(3), ""},
             {"bands", "integer", Json(0), "of the filter bank; 0: none"}},
    .takes = SampleForm::epochs,
    .learns = false,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      SsvepStimuli stimuli{.harmonics = options.at("harmonics").integer("ssvep-cca: harmonics"),
                           .time = ReferenceTime::from_zero};
      if (options.at("stimuli_hz").is_null())
        throw usage_error("ssvep-cca", "stimuli_hz is missing", "give the frequency of each class, in their order");
      stimuli.frequency_hz = options.at("stimuli_hz").numbers("ssvep-cca: stimuli_hz");
      return std::make_unique<CcaDecoder>(std::move(stimuli), options.at("bands").integer("ssvep-cca: bands"));
    },
};
CATON_REGISTER(DecoderEntry, cca_entry);

class TrcaDecoder final : public ClassicalDecoder {
 public:
  TrcaDecoder(const TrcaOptions& options, std::int64_t bands)
      : ClassicalDecoder("ssvep-trca"), options_(options), bands_(bands) {}

 private:
  void learn(const Training& training, FitContext& context) override {
    const auto x = cube_of(training.samples, name());
    model_ = fit_trca(x, training.y, training.classes, own_bands(), options_);
    if (context.record != nullptr) context.record->statistics.push_back({name(), training.samples.origins.id});
  }
  [[nodiscard]] std::vector<SsvepBand> own_bands() const { return ssvep_bands({.rate_hz = layout().rate_hz}, bands_); }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    return ordered_probability(trca_scores(model_, cube_of(samples, name())).combined.score);
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"w", Tensor::of(model_.w)}, {"templates", Tensor::of(model_.templates)}};
  }
  void relearn(const Safetensors& state) override {
    const auto& shape = layout().shape;
    if (shape.size() != 2) throw input_error(name(), "the saved state is not of epochs (shape)");
    model_ = {options_, own_bands(), expected(state, "w", {bands_, present(), shape[0]}).array<3>("w"),
              expected(state, "templates", {bands_, present(), shape[0], shape[1]}).array<4>("templates")};
  }

  TrcaOptions options_;
  std::int64_t bands_;
  TrcaModel model_;
};

const DecoderEntry trca_entry{
    .name = "ssvep-trca",
    .about = "task-related components: filters under which the epochs of a class repeat, compared with class templates",
    .paper = "Nakanishi et al. 2018",
    .keys = {{"variant", "text", Json("ftrca"), "ftrca, trca or sscor"},
             {"bands", "integer", Json(3), "of the filter bank"},
             {"ensemble", "flag", Json(true), "all classes' filters for every class"},
             {"cascade", "flag", Json(true),
              "train each band on epochs filtered by the bands before it too, as the authors"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const TrcaOptions chosen{.variant = trca_variant("ssvep-trca", options.at("variant").text("ssvep-trca: variant")),
                               .ensemble = options.at("ensemble").flag("ssvep-trca: ensemble"),
                               .cascade = options.at("cascade").flag("ssvep-trca: cascade")};
      const auto bands = options.at("bands").integer("ssvep-trca: bands");
      if (bands < 1) throw usage_error("ssvep-trca", "bands must be at least 1");
      return std::make_unique<TrcaDecoder>(chosen, bands);
    },
};
CATON_REGISTER(DecoderEntry, trca_entry);

}  // namespace
}  // namespace caton
