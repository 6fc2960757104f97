// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Steps that look at one epoch at a time and learn nothing: a filter, and spectra.
#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/features/fft_features.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>

namespace caton {
namespace {

/// Zero-phase Butterworth low-pass of each epoch alone.
class EpochLowpass final : public FeatureTransform {
 public:
  EpochLowpass(double hz, int order) : FeatureTransform("epoch-lowpass"), hz_(hz), order_(order) {}

 private:
  [[nodiscard]] Matrix sections(double rate_hz) const {
    return iir_design({.rate_hz = rate_hz, .band = BandKind::lowpass, .order = order_, .cut_hz = {hz_}});
  }
  void learn(const SampleSet& training) override { (void)sections(training.rate_hz); }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const Matrix sos = sections(samples.rate_hz);
    auto x = cube_of(samples, name());
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      const Matrix y = iir_filtfilt(Matrix(x[n]), sos);
      std::copy(y.begin(), y.end(), &x(n, 0, 0));
    }
    return with_block(samples, {main_block_name(samples), samples.channels, samples.features}, x);
  }
  [[nodiscard]] Tensors learned() const override { return {}; }
  void relearn(const Safetensors& /*state*/) override {}

  double hz_;
  int order_;
};

const TransformEntry epoch_lowpass{
    .name = "epoch-lowpass",
    .about = "zero-phase Butterworth low-pass of each epoch alone",
    .keys = {{"hz", "number", 15.0, "edge"}, {"order", "integer", 4, "of the filter"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      const auto order = options.at("order").integer("epoch-lowpass: order");
      if (order < 1 || order > 20) throw usage_error("epoch-lowpass", "order must be 1 to 20");
      return std::make_unique<EpochLowpass>(options.at("hz").number("epoch-lowpass: hz"), static_cast<int>(order));
    },
};
CATON_REGISTER(TransformEntry, epoch_lowpass);

/// `fft_features` of each epoch.
class FftFeaturesStep final : public FeatureTransform {
 public:
  FftFeaturesStep(std::int64_t low_hz, std::int64_t high_hz)
      : FeatureTransform("fft-features"), low_hz_(low_hz), high_hz_(high_hz) {}

 private:
  [[nodiscard]] FftFeatures options(double rate_hz) const {
    return {.rate_hz = rate_hz, .low_hz = low_hz_, .high_hz = high_hz_};
  }
  void learn(const SampleSet& training) override {
    (void)fft_features(Matrix(cube_of(training, name())[0]), options(training.rate_hz));
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const auto x = cube_of(samples, name());
    NewBlock about{.name = "features", .channels = samples.channels};
    for (std::int64_t hz = low_hz_; hz < high_hz_; ++hz)
      about.features.push_back(std::to_string(hz) + "-" + std::to_string(hz + 1) + " Hz");
    Array<double, 3> cells({x.extent(0), x.extent(1), high_hz_ - low_hz_}, uninitialised);
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      const Matrix of_epoch = fft_features(Matrix(x[n]), options(samples.rate_hz));
      std::copy(of_epoch.begin(), of_epoch.end(), &cells(n, 0, 0));
    }
    return with_block(samples, about, cells);
  }
  [[nodiscard]] Tensors learned() const override { return {}; }
  void relearn(const Safetensors& /*state*/) override {}

  std::int64_t low_hz_, high_hz_;
};

const TransformEntry fft_features_entry{
    .name = "fft-features",
    .about = "logarithm of the mean amplitude in cells of 1 Hz, of each channel of an epoch (at least 1 s)",
    .keys = {{"low_hz", "integer", 1, "first cell"}, {"high_hz", "integer", 45, "end of the last cell"}},
    .takes = SampleForm::epochs,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<FftFeaturesStep>(options.at("low_hz").integer("fft-features: low_hz"),
                                               options.at("high_hz").integer("fft-features: high_hz"));
    },
};
CATON_REGISTER(TransformEntry, fft_features_entry);

}  // namespace
}  // namespace caton
