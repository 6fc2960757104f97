// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/geometric-eeg/denoiser_training.hpp"

#include "caton/base/error.hpp"
#include "caton/nn/optimiser.hpp"
#include "caton/nn/tensors.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace caton::geometric_eeg {
namespace {

constexpr std::int64_t validation_batch = 256;

void check_pairs(const DenoiserPairs& pairs, const char* which) {
  const std::string where = std::string("denoiser, ") + which;
  if (pairs.noisy.dim() != 2 || pairs.noisy.sizes() != pairs.clean.sizes())
    throw usage_error(where, "shape: noisy " + nn::shape_text(pairs.noisy.sizes()) + " and clean " +
                                 nn::shape_text(pairs.clean.sizes()) + " must be equal");
  if (pairs.noisy.size(0) == 0) throw usage_error(where, "empty: there is no segment");
}

bool given(const DenoiserPairs& pairs) { return pairs.noisy.defined() && pairs.noisy.numel() != 0; }

/// Both networks with what moves them.
class Trainer {
 public:
  Trainer(AttentionFiltration& network, const DenoiserTraining& options, const RandomStream& random)
      : network_(network),
        options_(options),
        adam_({.learning_rate = options.learning_rate, .decoupled = false}, network.parameters().count()),
        discriminator_adam_({.learning_rate = options.learning_rate, .beta1 = 0.5, .decoupled = false},
                            discriminator_.parameters().count()) {
    discriminator_.initialise(random.derive("discriminator"));
  }

  void step(const at::Tensor& noisy, const at::Tensor& clean, const RandomStream& random) {
    nn::Parameters& parameters = network_.parameters();
    parameters.clear_gradients();
    const auto estimate = network_.forward(noisy, random);
    at::Tensor loss = at::mse_loss(estimate.denoised, clean) +
                      options_.autoencoder_weight * at::mse_loss(estimate.autoencoder, clean);
    if (options_.adversarial_weight > 0)
      loss = loss + options_.adversarial_weight * mistaken(discriminator_.forward(estimate.denoised), 1);
    loss.backward();
    adam_.step(parameters.values(), parameters.gradients(), options_.learning_rate);
    if (options_.adversarial_weight > 0) teach_discriminator(clean, estimate.denoised.detach());
  }

 private:
  /// Binary cross-entropy of scores that should all say `wanted`.
  static at::Tensor mistaken(const at::Tensor& scores, double wanted) {
    return at::binary_cross_entropy_with_logits(scores, at::full_like(scores, wanted));
  }
  void teach_discriminator(const at::Tensor& clean, const at::Tensor& denoised) {
    nn::Parameters& parameters = discriminator_.parameters();
    parameters.clear_gradients();
    (mistaken(discriminator_.forward(clean), 1) + mistaken(discriminator_.forward(denoised), 0)).backward();
    discriminator_adam_.step(parameters.values(), parameters.gradients(), options_.learning_rate);
  }

  AttentionFiltration& network_;
  FiltrationDiscriminator discriminator_;
  const DenoiserTraining& options_;
  nn::Adam adam_, discriminator_adam_;
};

at::Tensor shuffled_order(std::int64_t count, RandomStream random) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  random.shuffle(order);
  return at::tensor(order, at::kLong);
}

}  // namespace

double denoising_error(const AttentionFiltration& network, const DenoiserPairs& pairs) {
  const at::NoGradGuard no_gradients;
  double sum = 0;
  for (std::int64_t first = 0; first < pairs.noisy.size(0); first += validation_batch) {
    const std::int64_t count = std::min(validation_batch, pairs.noisy.size(0) - first);
    const auto estimate = network.forward(pairs.noisy.narrow(0, first, count));
    sum += at::mse_loss(estimate.denoised, pairs.clean.narrow(0, first, count)).item<double>() *
           static_cast<double>(count);
  }
  return sum / static_cast<double>(pairs.noisy.size(0));
}

void train_denoiser(AttentionFiltration& network, const DenoiserPairs& training, const DenoiserPairs& validation,
                    const DenoiserTraining& options, const RandomStream& random, Progress& progress) {
  check_pairs(training, "training");
  if (given(validation)) check_pairs(validation, "validation");
  if (options.epochs < 1 || options.batch < 1) throw usage_error("denoiser", "epochs and batch must be 1 or more");
  Trainer trainer(network, options, random);
  const std::int64_t segments = training.noisy.size(0);
  double best = std::numeric_limits<double>::infinity();
  std::vector<float> kept;
  progress.begin("training the denoiser", static_cast<double>(options.epochs));
  for (std::int64_t epoch = 0; epoch < options.epochs; ++epoch) {
    const RandomStream stream = random.derive("epoch", {static_cast<std::uint64_t>(epoch)});
    const at::Tensor order = shuffled_order(segments, stream.derive("order"));
    for (std::int64_t first = 0; first < segments; first += options.batch) {
      const at::Tensor rows = order.narrow(0, first, std::min(options.batch, segments - first));
      trainer.step(training.noisy.index_select(0, rows), training.clean.index_select(0, rows),
                   stream.derive("dropout", {static_cast<std::uint64_t>(first)}));
    }
    progress.step();
    if (!given(validation)) continue;
    const double error = denoising_error(network, validation);
    if (error >= best) continue;
    best = error;
    const auto values = network.parameters().values();
    kept.assign(values.begin(), values.end());
  }
  progress.finish();
  if (!kept.empty()) std::copy(kept.begin(), kept.end(), network.parameters().values().begin());
}

}  // namespace caton::geometric_eeg
