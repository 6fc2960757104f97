// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/sketch.hpp"

#include "caton/base/random.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton::leak {
namespace {

/// For each value of a window the vector it belongs to and its sign there.
struct Projection {
  std::vector<std::int32_t> vector;
  std::vector<float> weight;  ///< +-1 / sqrt(size of the support)
};

Projection projection_of(std::int64_t length, std::int64_t dimensions) {
  RandomStream random(0, "audit/sketch");
  Projection result{std::vector<std::int32_t>(length), std::vector<float>(length)};
  std::vector<std::int64_t> size(static_cast<std::size_t>(dimensions));
  const auto order = random.permutation(length);
  for (std::int64_t i = 0; i < length; ++i) {
    result.vector[order[i]] = static_cast<std::int32_t>(i % dimensions);
    ++size[i % dimensions];
  }
  for (std::int64_t i = 0; i < length; ++i) {
    const auto weight = static_cast<float>(1 / std::sqrt(static_cast<double>(size[result.vector[i]])));
    result.weight[i] = random.below(2) == 0 ? weight : -weight;
  }
  return result;
}

/// Enough dimensions that windows which are no copies stay well apart, few enough to keep them all in memory.
std::int64_t dimensions_for(std::int64_t length) {
  return std::min(length, std::clamp<std::int64_t>(length / 64, 64, 512));
}

}  // namespace

Sketches::Sketches(const SignalWindows& windows, std::span<const std::int64_t> which)
    : count_(static_cast<std::int64_t>(which.size())),
      dimensions_(dimensions_for(windows.channels * windows.samples)),
      values_(static_cast<std::size_t>((count_ + block - 1) / block * block * dimensions_)),
      flat_(which.size()) {
  if (count_ == 0 || dimensions_ == 0) return;
  const auto projection = projection_of(windows.channels * windows.samples, dimensions_);
  thread_pool().parallel_for(count_, [&](std::int64_t i) {
    const auto window = windows.at(which[i]);
    std::vector<double> sums(static_cast<std::size_t>(dimensions_));
    double squares = 0;
    for (std::int64_t c = 0; c < windows.channels; ++c) {
      const auto row = window[c];
      double mean = 0;
      for (std::int64_t t = 0; t < windows.samples; ++t) mean += row[t];
      mean /= static_cast<double>(windows.samples);
      for (std::int64_t t = 0; t < windows.samples; ++t) {
        const auto place = static_cast<std::size_t>(c * windows.samples + t);
        const double v = row[t] - mean;
        squares += v * v;
        sums[projection.vector[place]] += v * projection.weight[place];
      }
    }
    flat_[i] = !(squares > 0);
    const double scale = flat_[i] != 0 ? 0 : 1 / std::sqrt(squares);
    for (std::int64_t d = 0; d < dimensions_; ++d)
      values_[static_cast<std::size_t>((i / block * dimensions_ + d) * block + i % block)] =
          static_cast<float>(sums[d] * scale);
  });
}

std::vector<std::int64_t> Sketches::near(std::int64_t i, const Sketches& others, double reach) const {
  std::vector<std::int64_t> found;
  if (flat_[i] != 0) return found;
  constexpr std::int64_t stride = 8;  // dimensions between two looks at whether the whole block is out of reach
  const auto limit = static_cast<float>(reach);
  std::vector<float> own(static_cast<std::size_t>(dimensions_));
  for (std::int64_t d = 0; d < dimensions_; ++d) own[d] = value(i, d);
  for (std::int64_t first = 0; first < others.count_; first += block) {
    const float* const values = others.values_.data() + first * others.dimensions_;
    std::array<float, block> distance{};
    bool any = true;
    for (std::int64_t d = 0; any && d < dimensions_; d += stride) {
      for (std::int64_t e = d; e < std::min(d + stride, dimensions_); ++e) {
        for (std::int64_t k = 0; k < block; ++k) {
          const float difference = values[e * block + k] - own[e];
          distance[k] += difference * difference;
        }
      }
      float least = distance[0];
      for (std::int64_t k = 1; k < block; ++k) least = std::min(least, distance[k]);
      any = least <= limit;
    }
    for (std::int64_t k = 0; any && k < std::min(block, others.count_ - first); ++k) {
      if (distance[k] <= limit && others.flat_[first + k] == 0) found.push_back(first + k);
    }
  }
  return found;
}

}  // namespace caton::leak
