// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/network_transform.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/decode/transforms/shaped.hpp"
#include "caton/models/geometric-eeg/denoiser_training.hpp"
#include "caton/signal/mixing.hpp"
#include "caton/signal/muscle_noise.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton::geometric_eeg {
namespace {

constexpr std::int64_t one_in = 10;  ///< epochs kept for validation
constexpr std::int64_t most_segments = 1'000'000;

struct StepOptions {
  std::int64_t segments = 0, patch = 0;
  DenoiserTraining training;
  double low_db = 0, high_db = 0, threshold = 0;
};

StepOptions options_from(const Json& table) {
  const auto whole = [&](const char* key, std::int64_t most) {
    const std::int64_t value = table.at(key).integer(key);
    if (value < 1 || value > most)
      throw usage_error("attention-filtration", std::string(key) + " must be 1 to " + std::to_string(most));
    return value;
  };
  StepOptions options{.segments = whole("segments", most_segments), .patch = whole("patch", 1 << 12)};
  options.training = {.epochs = whole("epochs", 100'000),
                      .batch = whole("batch", most_segments),
                      .learning_rate = table.at("learning_rate").number("learning_rate"),
                      .adversarial_weight = table.at("adversarial_weight").number("adversarial_weight")};
  options.low_db = table.at("low_db").number("low_db");
  options.high_db = table.at("high_db").number("high_db");
  options.threshold = table.at("threshold").number("threshold");
  if (!(options.training.learning_rate > 0 && options.training.learning_rate <= 1))
    throw usage_error("attention-filtration", "learning_rate must be above 0 and at most 1");
  if (!(options.training.adversarial_weight >= 0 && options.training.adversarial_weight <= 100))
    throw usage_error("attention-filtration", "adversarial_weight must be 0 to 100");
  if (!(options.low_db >= -60 && options.low_db <= options.high_db && options.high_db <= 60))
    throw usage_error("attention-filtration", "low_db and high_db must ascend within -60 to 60");
  return options;
}

/// Mean and deviation of a row.
struct Scale {
  double mean = 0, deviation = 0;
};
Scale scale_of(View<const double, 1> row) {
  const auto count = static_cast<double>(row.extent(0));
  Scale scale;
  for (std::int64_t t = 0; t < row.extent(0); ++t) scale.mean += row[t] / count;
  for (std::int64_t t = 0; t < row.extent(0); ++t)
    scale.deviation += (row[t] - scale.mean) * (row[t] - scale.mean) / count;
  scale.deviation = std::sqrt(scale.deviation);
  return scale;
}

at::Tensor torch_rows(Signal rows) {
  at::Tensor values = at::empty({rows.extent(0), rows.extent(1)}, at::kFloat);
  auto* const out = values.data_ptr<float>();
  for (std::int64_t i = 0; i < rows.extent(0); ++i)
    for (std::int64_t t = 0; t < rows.extent(1); ++t) out[i * rows.extent(1) + t] = static_cast<float>(rows(i, t));
  return values;
}

/// Channels of epochs as recorded, and with muscle that is known.
class FiltrationStep final : public FeatureTransform {
 public:
  explicit FiltrationStep(const StepOptions& options) : FeatureTransform("attention-filtration"), options_(options) {}

 private:
  [[nodiscard]] FiltrationConfig config_for(std::int64_t samples) const {
    return filtration_config(
        Json::object({{"samples", samples}, {"patch", options_.patch}, {"threshold", options_.threshold}}), name());
  }

  void learn_with(const SampleSet& training, FitContext& context) override {
    const auto x = cube_of(training, name());
    const FiltrationConfig config = config_for(x.extent(2));
    network_ = std::make_unique<AttentionFiltration>(config);
    network_->initialise(context.random.derive("initialisation"));
    RandomStream order = context.random.derive("epochs");
    const auto epochs = order.permutation(x.extent(0));
    const auto held = static_cast<std::ptrdiff_t>(x.extent(0) / one_in);
    const DenoiserPairs validation =
        pairs(x, {epochs.begin(), epochs.begin() + held}, training.rate_hz, context.random.derive("validation"));
    const DenoiserPairs shown =
        pairs(x, {epochs.begin() + held, epochs.end()}, training.rate_hz, context.random.derive("training"));
    if (!shown.noisy.defined()) throw input_error(name(), "every channel of training is flat");
    Progress quiet;
    train_denoiser(*network_, shown, validation, options_.training, context.random.derive("training"), quiet);
    parameters_ = network_->parameters().tensors();
  }

  /// Rows drawn from these epochs, with muscle of their own; undefined where there is none that varies.
  [[nodiscard]] DenoiserPairs pairs(const Array<double, 3>& x, const std::vector<std::int64_t>& epochs, double rate_hz,
                                    const RandomStream& random) const {
    RandomStream draw = random.derive("rows");
    std::vector<double> clean, noise, snr_db;
    const auto epoch_count = static_cast<std::uint64_t>(epochs.size());
    // Validation holds as much less as there are fewer epochs.
    const std::int64_t wanted =
        std::max<std::int64_t>(1, options_.segments * static_cast<std::int64_t>(epoch_count) / x.extent(0));
    for (std::int64_t s = 0; epoch_count > 0 && s < wanted; ++s) {
      const auto epoch = epochs[static_cast<std::size_t>(draw.below(epoch_count))];
      const auto channel = static_cast<std::int64_t>(draw.below(static_cast<std::uint64_t>(x.extent(1))));
      const View<const double, 1> row = x[epoch][channel];
      const Scale scale = scale_of(row);
      const double db = options_.low_db + (options_.high_db - options_.low_db) * draw.uniform();
      if (!(scale.deviation > 0)) continue;
      for (std::int64_t t = 0; t < row.extent(0); ++t) clean.push_back((row[t] - scale.mean) / scale.deviation);
      const auto muscle =
          muscle_noise(random.derive("muscle", {static_cast<std::uint64_t>(s)}), rate_hz, row.extent(0));
      noise.insert(noise.end(), muscle.begin(), muscle.end());
      snr_db.push_back(db);
    }
    if (snr_db.empty()) return {};
    const std::array<std::int64_t, 2> shape{static_cast<std::int64_t>(snr_db.size()), x.extent(2)};
    const Mixture mixed = mix_at_snr(Signal(clean.data(), shape), Signal(noise.data(), shape), snr_db);
    return {torch_rows(mixed.noisy), torch_rows(mixed.clean)};
  }

  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    const at::NoGradGuard no_gradients;
    auto x = cube_of(samples, name());
    for (std::int64_t n = 0; n < x.extent(0); ++n) denoise(x[n]);
    return with_block(samples, {main_block_name(samples), samples.channels, samples.features}, x);
  }

  /// Each channel is brought to unit scale and back; a flat one stays as it is.
  void denoise(View<double, 2> epoch) const {
    Matrix unit(epoch);
    std::vector<Scale> scales;
    for (std::int64_t c = 0; c < epoch.extent(0); ++c) {
      scales.push_back(scale_of(unit.view()[c]));
      const Scale& scale = scales.back();
      for (std::int64_t t = 0; t < epoch.extent(1); ++t)
        unit(c, t) = scale.deviation > 0 ? (unit(c, t) - scale.mean) / scale.deviation : 0;
    }
    const at::Tensor denoised = network_->forward(torch_rows(unit)).denoised.contiguous();
    const auto* const out = denoised.data_ptr<float>();
    for (std::int64_t c = 0; c < epoch.extent(0); ++c) {
      const Scale& scale = scales[static_cast<std::size_t>(c)];
      if (!(scale.deviation > 0)) continue;
      for (std::int64_t t = 0; t < epoch.extent(1); ++t)
        epoch(c, t) = scale.mean + scale.deviation * static_cast<double>(out[c * epoch.extent(1) + t]);
    }
  }

  [[nodiscard]] Tensors learned() const override { return parameters_; }
  void relearn(const Safetensors& state) override {
    const auto& shape = layout().shape;
    if (shape.size() != 2) throw input_error(name(), "the saved state is not of epochs (shape)");
    network_ = std::make_unique<AttentionFiltration>(config_for(shape[1]));
    network_->parameters().load(state.tensors, name());
    parameters_ = state.tensors;
  }

  StepOptions options_;
  std::unique_ptr<AttentionFiltration> network_;
  Tensors parameters_;
};

const NetworkTransformEntry filtration{
    .name = "attention-filtration",
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<FiltrationStep>(options_from(options));
    },
};
CATON_REGISTER(NetworkTransformEntry, filtration);

}  // namespace
}  // namespace caton::geometric_eeg
