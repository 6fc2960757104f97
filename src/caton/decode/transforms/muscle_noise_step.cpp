// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/signal/muscle_noise.hpp"

#include <cmath>

namespace caton {
namespace {

/// Muscle that nobody had: epochs with a noise of known strength, to see what a decoder and a denoiser make of it. The
/// noise of an epoch follows from its id, its channel and the seed alone.
class MuscleNoise final : public FeatureTransform {
 public:
  MuscleNoise(double snr_db, std::uint64_t seed, bool in_training)
      : FeatureTransform("muscle-noise"), snr_db_(snr_db), seed_(seed), in_training_(in_training) {
    if (!(std::abs(snr_db) <= 60)) throw usage_error(name(), "snr_db must be -60 to 60");
  }

  [[nodiscard]] SampleSet apply_to_training(const SampleSet& training) override {
    return in_training_ ? apply(training) : training;
  }

 private:
  void learn(const SampleSet& training) override { (void)cube_of(training, name()); }

  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    auto x = cube_of(samples, name());
    const double share = std::pow(10, -snr_db_ / 10);  // decibels of amplitude, as EEGdenoiseNet counts them
    for (std::int64_t n = 0; n < x.extent(0); ++n)
      for (std::int64_t c = 0; c < x.extent(1); ++c)
        add(samples.origins.id[static_cast<std::size_t>(n)], c, share, samples.rate_hz, x[n][c]);
    return with_block(samples, {main_block_name(samples), samples.channels, samples.features}, x);
  }

  void add(std::int64_t id, std::int64_t channel, double share, double rate_hz, View<double, 1> row) const {
    const RandomStream random(seed_, "muscle-noise",
                              {static_cast<std::uint64_t>(id), static_cast<std::uint64_t>(channel)});
    const auto noise = muscle_noise(random, rate_hz, row.extent(0));
    double mean = 0, power = 0;
    for (std::int64_t t = 0; t < row.extent(0); ++t) mean += row[t] / static_cast<double>(row.extent(0));
    for (std::int64_t t = 0; t < row.extent(0); ++t) power += (row[t] - mean) * (row[t] - mean);
    const double gain = share * std::sqrt(power / static_cast<double>(row.extent(0)));
    for (std::int64_t t = 0; t < row.extent(0); ++t) row[t] += gain * noise[static_cast<std::size_t>(t)];
  }

  [[nodiscard]] Tensors learned() const override { return {}; }
  void relearn(const Safetensors& /*state*/) override {}

  double snr_db_;
  std::uint64_t seed_;
  bool in_training_;
};

const TransformEntry muscle_noise_entry{
    .name = "muscle-noise",
    .about = "adds made-up muscle to each channel of an epoch at a signal-to-noise ratio: for experiments with noise",
    .keys = {{"snr_db", "number", 0.0, "10 log10 of the ratio of amplitudes (EEGdenoiseNet's rule)"},
             {"training", "flag", false, "also in training; otherwise only what is predicted is noisy"},
             {"seed", "integer", 1, "another seed, another noise"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<MuscleNoise>(options.at("snr_db").number("muscle-noise: snr_db"),
                                           static_cast<std::uint64_t>(options.at("seed").integer("muscle-noise: seed")),
                                           options.at("training").flag("muscle-noise: training"));
    },
};
CATON_REGISTER(TransformEntry, muscle_noise_entry);

}  // namespace
}  // namespace caton
