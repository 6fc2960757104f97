// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/random.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/ica.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "ica_infomax";

// Constants of EEGLAB's runica, kept by MNE.
constexpr double largest_weight = 1e8, restart_factor = 0.9, smallest_rate = 1e-10;
constexpr double sign_momentum = 0.5, sign_bias = 0.02;
constexpr int sign_count_threshold = 25;
constexpr std::int64_t sign_count_step = 2, most_blocks_between_signs = std::int64_t{1} << 40;

double dot(const Matrix& a, const Matrix& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) sum += a.data()[i] * b.data()[i];
  return sum;
}

/// The state of one descent. `weights` is the unmixing matrix itself (MNE holds its transpose): a row a source.
class Descent {
 public:
  Descent(Signal white, const Infomax& options, const std::optional<Array<std::int64_t, 2>>& permutations)
      : white_(white),
        options_(options),
        permutations_(permutations),
        count_(white.extent(1)),
        block_(options.block.value_or(
            static_cast<std::int64_t>(std::floor(std::sqrt(static_cast<double>(white.extent(0)) / 3.0))))),
        rate_(options.learning_rate.value_or(0.01 / std::log(static_cast<double>(count_ * count_)))),
        width_(whole_lanes(block_)),
        x_({count_ * width_}),
        u_({count_ * width_}),
        y_({count_ * width_}),
        update_({count_, count_}),
        next_({count_, count_}) {
    restart();
    kurtosis_before_.assign(signs_.size(), 0.0);
  }

  InfomaxResult run() {
    std::int64_t step = 0, most = options_.max_iterations, small_angles = 0;
    Matrix before = weights_, change_before;
    double size_before = 0;
    while (step < most) {
      if (!one_pass()) {
        step = 0;
        rate_ *= restart_factor;
        if (!(rate_ > smallest_rate))
          throw input_error(where, "the weights grow without bound: the rank of the data is too low",
                            "whiten to fewer components first");
        restart();
        blocks_seen_ = 1;
        before = weights_;
        continue;
      }
      ++step;
      Matrix change(weights_);
      for (std::int64_t i = 0; i < change.size(); ++i) change.data()[i] -= before.data()[i];
      const double size = dot(change, change);
      before = weights_;
      double degrees = 0;
      if (step > 2 && size * size_before > 0) {
        const double cosine = dot(change, change_before) / std::sqrt(size * size_before);
        degrees = std::acos(std::clamp(cosine, -1.0, 1.0)) * (180.0 / 3.14159265358979323846);
      }
      if (degrees > options_.anneal_degrees) {
        rate_ *= options_.anneal_step;
        change_before = std::move(change);
        size_before = size;
        small_angles = 0;
      } else {
        if (step == 1) {
          change_before = std::move(change);
          size_before = size;
        }
        if (++small_angles > options_.small_angle_count) most = step;
      }
      if (step > 2 && size < options_.stop_change)
        step = most;
      else if (size > options_.blowup)
        rate_ *= options_.blowup_factor;
    }
    return {weights_, step};
  }

 private:
  void restart() {
    weights_ = Matrix({count_, count_});
    for (std::int64_t i = 0; i < count_; ++i) weights_(i, i) = 1;
    bias_.assign(static_cast<std::size_t>(count_), 0.0);
    signs_.assign(static_cast<std::size_t>(count_), 1.0);
    for (std::int64_t i = 0; i < std::min(options_.subgaussian, count_); ++i) signs_[static_cast<std::size_t>(i)] = -1;
    signs_before_.assign(signs_.size(), 0.0);
    blocks_between_signs_ = options_.extended_blocks;
  }

  /// All blocks once, in the order of this pass; false when the weights blew up.
  bool one_pass() {
    const std::int64_t samples = white_.extent(0);
    std::vector<std::int64_t> order;
    if (permutations_) {
      const auto row = (*permutations_)[pass_ % permutations_->extent(0)];
      order.assign(row.data(), row.data() + samples);
    } else {
      order = RandomStream(0, "infomax order", {static_cast<std::uint64_t>(pass_)}).permutation(samples);
    }
    ++pass_;
    for (std::int64_t begin = 0; begin + block_ <= samples; begin += block_) {
      gather({order.data() + begin, static_cast<std::size_t>(block_)}, width_, x_.data());
      learn();
      double largest = 0;
      for (const double weight : weights_) largest = std::max(largest, std::abs(weight));
      ++blocks_seen_;
      if (!(largest <= largest_weight)) return false;
      if (options_.extended && blocks_between_signs_ > 0 && blocks_seen_ % blocks_between_signs_ == 0) look_at_signs();
    }
    return true;
  }

  /// The samples `places` as rows of `width` values, filled up with zeros.
  void gather(std::span<const std::int64_t> places, std::int64_t width, double* out) const {
    for (std::size_t t = 0; t < places.size(); ++t) {
      const double* const from = white_.data() + places[t] * count_;
      for (std::int64_t k = 0; k < count_; ++k) out[k * width + static_cast<std::int64_t>(t)] = from[k];
    }
    for (std::int64_t k = 0; k < count_; ++k)
      std::fill(out + k * width + static_cast<std::int64_t>(places.size()), out + (k + 1) * width, 0.0);
  }

  /// One step of the natural gradient on the block in `x_`.
  void learn() {
    multiply_tile(weights_.data(), count_, count_, x_.data(), width_, u_.data());
    for (std::int64_t k = 0; k < count_; ++k) {
      double* const row = u_.data() + k * width_;
      for (std::int64_t t = 0; t < block_; ++t) row[t] += bias_[static_cast<std::size_t>(k)];
    }
    // The logistic score 1 - 2/(1 + e^-u) is -tanh(u/2).
    const double inner = options_.extended ? 1 : 0.5;
    for (std::int64_t i = 0; i < u_.size(); ++i) y_.data()[i] = inner * u_.data()[i];
    tanh_in_place(y_.data(), y_.size());
    update_.fill(0);
    add_products_of_tile(y_.data(), count_, u_.data(), count_, width_, update_.data());
    if (options_.extended) {
      for (std::int64_t k = 0; k < count_; ++k) {
        for (std::int64_t j = 0; j < count_; ++j) update_(k, j) *= signs_[static_cast<std::size_t>(k)];
      }
      add_products_of_tile(u_.data(), count_, u_.data(), count_, width_, update_.data());
    }
    for (double& value : update_) value = -value;
    for (std::int64_t k = 0; k < count_; ++k) update_(k, k) += static_cast<double>(block_);
    multiply_small();
    const double bias_rate = rate_ * (options_.extended ? -2.0 : -1.0);
    if (!options_.bias) return;
    for (std::int64_t k = 0; k < count_; ++k) {
      double sum = 0;
      for (std::int64_t t = 0; t < block_; ++t) sum += y_.data()[k * width_ + t];
      bias_[static_cast<std::size_t>(k)] += bias_rate * sum;
    }
  }

  /// weights += rate update weights.
  void multiply_small() {
    next_.fill(0);
    for (std::int64_t i = 0; i < count_; ++i) {
      double* const out = next_.data() + i * count_;
      for (std::int64_t k = 0; k < count_; ++k) {
        const double factor = update_(i, k);
        const double* const from = weights_.data() + k * count_;
        for (std::int64_t j = 0; j < count_; ++j) out[j] += factor * from[j];
      }
    }
    for (std::int64_t i = 0; i < next_.size(); ++i) weights_.data()[i] += rate_ * next_.data()[i];
  }

  /// Which sources are peaked (+1) and which flat (-1), from their kurtosis with momentum.
  void look_at_signs() {
    const std::vector<double> kurtosis = kurtosis_of_sources();
    std::size_t changed = 0;
    for (std::size_t k = 0; k < signs_.size(); ++k) {
      kurtosis_before_[k] = sign_momentum * kurtosis_before_[k] + (1 - sign_momentum) * kurtosis[k];
      const double value = kurtosis_before_[k] + sign_bias;
      signs_[k] = value > 0 ? 1 : value < 0 ? -1 : 0;
      changed += signs_[k] != signs_before_[k] ? 1 : 0;
    }
    signs_before_ = signs_;
    sign_count_ = changed == 0 ? sign_count_ + 1 : 0;
    if (sign_count_ < sign_count_threshold) return;
    blocks_between_signs_ = std::min(blocks_between_signs_ * sign_count_step, most_blocks_between_signs);
    sign_count_ = 0;
  }

  std::vector<double> kurtosis_of_sources() {
    const std::int64_t samples = white_.extent(0);
    const bool all = options_.kurtosis_samples >= samples;
    if (!sample_ || !all) {
      std::vector<std::int64_t> places(static_cast<std::size_t>(all ? samples : options_.kurtosis_samples));
      RandomStream random(0, "infomax kurtosis", {static_cast<std::uint64_t>(looks_++)});
      for (std::size_t t = 0; t < places.size(); ++t) {
        places[t] = all ? static_cast<std::int64_t>(t)
                        : static_cast<std::int64_t>(random.uniform() * static_cast<double>(samples - 1));
      }
      sample_.emplace(count_, static_cast<std::int64_t>(places.size()));
      for (std::int64_t tile = 0; tile < sample_->count(); ++tile) {
        const auto begin = static_cast<std::size_t>(tile * tile_samples);
        const std::span<const std::int64_t> part(
            places.data() + begin, std::min(places.size() - begin, static_cast<std::size_t>(tile_samples)));
        gather(part, tile_samples, sample_->tile(tile));
      }
    }
    return kurtosis(multiplied(weights_, *sample_).signal());
  }

  /// Excess kurtosis of each row, biased (SciPy's default).
  static std::vector<double> kurtosis(const Matrix& y) {
    std::vector<double> values;
    const auto samples = static_cast<double>(y.extent(1));
    for (std::int64_t k = 0; k < y.extent(0); ++k) {
      const double* const row = y.data() + k * y.extent(1);
      double mean = 0, second = 0, fourth = 0;
      for (std::int64_t t = 0; t < y.extent(1); ++t) mean += row[t];
      mean /= samples;
      for (std::int64_t t = 0; t < y.extent(1); ++t) {
        const double square = (row[t] - mean) * (row[t] - mean);
        second += square;
        fourth += square * square;
      }
      values.push_back(second > 0 ? fourth * samples / (second * second) - 3 : 0);
    }
    return values;
  }

  Matrix white_;  ///< samples x components
  Infomax options_;
  const std::optional<Array<std::int64_t, 2>>& permutations_;
  std::int64_t count_, block_;
  double rate_;
  std::int64_t width_;
  Vector x_, u_, y_;
  Matrix update_, next_, weights_;
  std::vector<double> bias_, signs_, signs_before_, kurtosis_before_;
  std::optional<Tiles> sample_;
  std::int64_t blocks_between_signs_ = 1, blocks_seen_ = 0, pass_ = 0, looks_ = 0;
  int sign_count_ = 0;
};

void require_options(Signal white, const Infomax& options, const std::optional<Array<std::int64_t, 2>>& permutations) {
  require_signal(where, white);
  require_finite(where, white);
  if (white.extent(1) < 2) throw usage_error(where, "components: at least 2 are needed");
  require_iterations(where, options.max_iterations);
  if (options.learning_rate) require_positive(where, "learning_rate", *options.learning_rate);
  const std::int64_t samples = white.extent(0);
  if (options.block && (*options.block < 1 || *options.block > samples)) {
    throw usage_error(
        where, "block must be 1 to the " + std::to_string(samples) + " samples, got " + std::to_string(*options.block));
  }
  if (samples < 3) throw input_error(where, "the signal is too short: " + std::to_string(samples) + " samples");
  if (options.kurtosis_samples < 1) throw usage_error(where, "kurtosis_samples must be positive");
  if (options.extended_blocks < 0 || options.extended_blocks > most_blocks_between_signs)
    throw usage_error(where, "extended_blocks must be 0 or positive");
  if (options.subgaussian < 0 || options.subgaussian > white.extent(1))
    throw usage_error(where, "subgaussian must be 0 to the number of components");
  if (!permutations) return;
  if (permutations->extent(0) < options.max_iterations || permutations->extent(1) != samples) {
    throw usage_error(where, "shape: permutations is " + std::to_string(permutations->extent(0)) + " x " +
                                 std::to_string(permutations->extent(1)) + ", passes and samples ask for " +
                                 std::to_string(options.max_iterations) + " x " + std::to_string(samples));
  }
  for (const std::int64_t place : *permutations) {
    if (place < 0 || place >= samples)
      throw usage_error(where, "permutations name sample " + std::to_string(place) + ", which is not there");
  }
}

}  // namespace

InfomaxResult ica_infomax(Signal white, const Infomax& options,
                          const std::optional<Array<std::int64_t, 2>>& permutations) {
  require_options(white, options, permutations);
  return Descent(white, options, permutations).run();
}

}  // namespace caton
