// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/small_network.hpp"

#include "caton/base/progress.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {
namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::RowVectorXf;

float gelu(float x) { return 0.5F * x * (1 + std::erf(x * std::numbers::sqrt2_v<float> / 2)); }

float gelu_slope(float x) {
  const float density = std::exp(-0.5F * x * x) * std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>;
  return 0.5F * (1 + std::erf(x * std::numbers::sqrt2_v<float> / 2)) + x * density;
}

void draw(Array<float, 2>& weight, Array<float, 1>& bias, RandomStream random) {
  const double limit = 1 / std::sqrt(static_cast<double>(weight.extent(0)));
  for (auto& value : weight) value = static_cast<float>((2 * random.uniform() - 1) * limit);
  for (auto& value : bias) value = static_cast<float>((2 * random.uniform() - 1) * limit);
}

/// One parameter array with Adam's two moments.
class Parameter {
 public:
  Parameter(float* values, std::int64_t count)
      : values_(values, static_cast<std::size_t>(count)), first_(values_.size(), 0), second_(values_.size(), 0) {}

  void step(const float* gradient, double learning_rate, std::int64_t time) {
    constexpr float beta1 = 0.9F, beta2 = 0.999F, epsilon = 1e-8F;
    const auto t = static_cast<double>(time);
    const auto rate = static_cast<float>(learning_rate / (1 - std::pow(0.9, t)));
    const auto correction = static_cast<float>(std::sqrt(1 - std::pow(0.999, t)));
    for (std::size_t i = 0; i < values_.size(); ++i) {
      first_[i] = beta1 * first_[i] + (1 - beta1) * gradient[i];
      second_[i] = beta2 * second_[i] + (1 - beta2) * gradient[i] * gradient[i];
      values_[i] -= rate * first_[i] / (std::sqrt(second_[i]) / correction + epsilon);
    }
  }

 private:
  std::span<float> values_;
  std::vector<float> first_, second_;
};

Eigen::Map<RowMatrix> matrix(Array<float, 2>& values) { return {values.data(), values.extent(0), values.extent(1)}; }
Eigen::Map<Row> vector(Array<float, 1>& values) { return {values.data(), values.extent(0)}; }

class Trainer {
 public:
  Trainer(SmallNetwork& network, View<const float, 2> x, std::span<const std::int64_t> y,
          std::span<const double> weight)
      : network_(network),
        x_(x),
        y_(y),
        weight_(weight),
        parameters_{{network.inner.data(), network.inner.size()},
                    {network.inner_bias.data(), network.inner_bias.size()},
                    {network.outer.data(), network.outer.size()},
                    {network.outer_bias.data(), network.outer_bias.size()}} {}

  /// One step on a batch of sample numbers; the batch's summed loss and weight.
  std::pair<double, double> step(std::span<const std::int64_t> batch, double learning_rate) {
    const auto count = static_cast<Eigen::Index>(batch.size());
    RowMatrix input(count, x_.extent(1));
    for (Eigen::Index i = 0; i < count; ++i) {
      for (Eigen::Index f = 0; f < input.cols(); ++f) input(i, f) = x_(batch[static_cast<std::size_t>(i)], f);
    }
    RowMatrix before = input * matrix(network_.inner);
    before.rowwise() += vector(network_.inner_bias);
    const RowMatrix hidden = before.unaryExpr(&gelu);
    RowMatrix score = hidden * matrix(network_.outer);
    score.rowwise() += vector(network_.outer_bias);

    const auto [loss, total] = loss_and_slope(batch, score);
    const RowMatrix outer_slope = hidden.transpose() * score;
    const Row outer_bias_slope = score.colwise().sum();
    RowMatrix back = score * matrix(network_.outer).transpose();
    back.array() *= before.unaryExpr(&gelu_slope).array();
    const RowMatrix inner_slope = input.transpose() * back;
    const Row inner_bias_slope = back.colwise().sum();

    ++time_;
    parameters_[0].step(inner_slope.data(), learning_rate, time_);
    parameters_[1].step(inner_bias_slope.data(), learning_rate, time_);
    parameters_[2].step(outer_slope.data(), learning_rate, time_);
    parameters_[3].step(outer_bias_slope.data(), learning_rate, time_);
    return {loss, total};
  }

 private:
  /// Turns scores into the slope of the mean weighted loss with respect to them.
  std::pair<double, double> loss_and_slope(std::span<const std::int64_t> batch, RowMatrix& score) const {
    double loss = 0, total = 0;
    for (const auto sample : batch) total += weight_of(sample);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto row = score.row(static_cast<Eigen::Index>(i));
      const auto k = static_cast<Eigen::Index>(y_[static_cast<std::size_t>(batch[i])]);
      const double weight = weight_of(batch[i]);
      const float largest = row.maxCoeff(), own = row[k] - largest;
      float sum = 0;
      for (auto& value : row) sum += value = std::exp(value - largest);
      loss += weight * (std::log(static_cast<double>(sum)) - own);
      row /= sum;
      row[k] -= 1;
      row *= static_cast<float>(total > 0 ? weight / total : 0);
    }
    return {loss, total};
  }
  [[nodiscard]] double weight_of(std::int64_t sample) const {
    return weight_.empty() ? 1 : weight_[static_cast<std::size_t>(sample)];
  }

  SmallNetwork& network_;
  View<const float, 2> x_;
  std::span<const std::int64_t> y_;
  std::span<const double> weight_;
  std::vector<Parameter> parameters_;
  std::int64_t time_ = 0;
};

}  // namespace

SmallNetwork SmallNetwork::drawn(std::int64_t features, std::int64_t hidden, std::int64_t classes,
                                 const RandomStream& random) {
  SmallNetwork network{Array<float, 2>({features, hidden}), Array<float, 1>({hidden}),
                       Array<float, 2>({hidden, classes}), Array<float, 1>({classes})};
  draw(network.inner, network.inner_bias, random.derive("inner layer"));
  draw(network.outer, network.outer_bias, random.derive("outer layer"));
  return network;
}

void SmallNetwork::probability(std::span<const float> features, std::span<double> result) const {
  std::vector<float> hidden(inner_bias.begin(), inner_bias.end());
  for (std::size_t f = 0; f < features.size(); ++f) {
    const auto weights = inner[static_cast<std::int64_t>(f)];
    for (std::size_t h = 0; h < hidden.size(); ++h) hidden[h] += features[f] * weights[static_cast<std::int64_t>(h)];
  }
  std::vector<float> score(outer_bias.begin(), outer_bias.end());
  for (std::size_t h = 0; h < hidden.size(); ++h) {
    const float active = gelu(hidden[h]);
    for (std::size_t k = 0; k < score.size(); ++k) score[k] += active * outer(h, k);
  }
  const double largest = *std::max_element(score.begin(), score.end());
  double sum = 0;
  for (std::size_t k = 0; k < score.size(); ++k) sum += result[k] = std::exp(score[k] - largest);
  for (auto& value : result) value /= sum;
}

void train(SmallNetwork& network, View<const float, 2> x, std::span<const std::int64_t> y,
           std::span<const double> weight, const SmallNetworkTraining& training, const RandomStream& random,
           const std::function<void(std::int64_t, double)>& told) {
  Trainer trainer(network, x, y, weight);
  for (std::int64_t epoch = 1; epoch <= training.epochs; ++epoch) {
    check_interrupted();
    const auto order = random.derive("order", {static_cast<std::uint64_t>(epoch)}).permutation(x.extent(0));
    double loss = 0, total = 0;
    for (std::size_t at = 0; at < order.size(); at += static_cast<std::size_t>(training.batch)) {
      const auto count = std::min(order.size() - at, static_cast<std::size_t>(training.batch));
      const auto [batch_loss, batch_weight] = trainer.step(std::span(order).subspan(at, count), training.learning_rate);
      loss += batch_loss;
      total += batch_weight;
    }
    told(epoch, total > 0 ? loss / total : 0);
  }
}

}  // namespace caton
