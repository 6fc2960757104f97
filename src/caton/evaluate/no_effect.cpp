// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/no_effect.hpp"

#include "caton/signal/fft.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <span>

namespace caton {
namespace {

struct Place {
  std::string subject, trial, recording;
  std::int64_t begin = 0, end = 1;
};

void add_sample(SampleSet& set, const Place& place, std::int64_t label) {
  auto& origins = set.origins;
  const auto add = [](NameColumn& column, const std::string& name) { column.index.push_back(column.id(name)); };
  add(origins.study, "no-effect");
  add(origins.subject, place.subject);
  add(origins.session, "1");
  add(origins.recording, place.recording);
  add(origins.trial, place.trial);
  origins.begin.push_back(place.begin);
  origins.end.push_back(place.end);
  origins.parents.push_back({-1, -1});
  origins.id.push_back(origins.size());
  set.label.push_back(label);
}

SampleSet finished(SampleSet set, const Array<float, 2>& features) {
  set.classes = {"0", "1"};
  set.blocks.emplace("features", Tensor::of(features));
  for (std::int64_t f = 0; f < features.extent(1); ++f) set.features.push_back("feature " + std::to_string(f));
  return set;
}

/// `ones` of class 1 among `count`, in random order.
std::vector<std::int64_t> drawn_labels(RandomStream& random, std::int64_t count, std::int64_t ones) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  std::fill(labels.begin(), labels.begin() + ones, 1);
  random.shuffle(labels);
  return labels;
}

Array<float, 2> noise(RandomStream& random, std::int64_t rows, std::int64_t columns) {
  Array<float, 2> values({rows, columns}, uninitialised);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

/// Samples that are each a trial of one long recording.
SampleSet separate_trials(const std::vector<std::int64_t>& labels, const Array<float, 2>& features) {
  SampleSet set;
  for (std::size_t i = 0; i < labels.size(); ++i)
    add_sample(set,
               {"1", std::to_string(i), "1", static_cast<std::int64_t>(2 * i), static_cast<std::int64_t>(2 * i + 1)},
               labels[i]);
  return finished(std::move(set), features);
}

constexpr std::int64_t channels = 8, samples = 1280, window = 256, bands = 8, bins = 8;

/// Logarithm of mean squared Fourier coefficients, without taper, over bins 1-8, 9-16 … 57-64.
void band_powers(std::span<const double> part, float* out) {
  const auto spectrum = real_fft(part);
  for (std::int64_t band = 0; band < bands; ++band) {
    double power = 0;
    for (std::int64_t k = 1 + band * bins; k < 1 + (band + 1) * bins; ++k) power += std::norm(spectrum[k]);
    out[band] = static_cast<float>(std::log(power / static_cast<double>(bins)));
  }
}

}  // namespace

SampleSet no_effect_people(RandomStream random) {
  constexpr std::int64_t people = 20, windows = 60, width = 16;
  const auto labels = drawn_labels(random, people, people / 2);
  auto features = noise(random, people * windows, width);
  SampleSet set;
  for (std::int64_t p = 0; p < people; ++p) {
    const auto mean = noise(random, 1, width);
    const std::string name = std::to_string(p);
    for (std::int64_t w = 0; w < windows; ++w) {
      for (std::int64_t f = 0; f < width; ++f) features(p * windows + w, f) += mean(0, f);
      add_sample(set, {name, std::to_string(w), name, 2 * w, 2 * w + 1}, labels[p]);
    }
  }
  return finished(std::move(set), features);
}

SampleSet no_effect_trials(RandomStream random, std::int64_t step) {
  constexpr std::int64_t trials = 40;
  const auto labels = drawn_labels(random, trials, trials / 2);
  const std::int64_t windows = (samples - window) / step + 1;
  Array<float, 2> features({trials * windows, channels * bands}, uninitialised);
  SampleSet set;
  for (std::int64_t t = 0; t < trials; ++t) {
    for (std::int64_t c = 0; c < channels; ++c) {
      std::vector<double> signal(samples);
      for (double& value : signal) value = random.normal();
      for (std::int64_t w = 0; w < windows; ++w)
        band_powers(std::span(signal).subspan(static_cast<std::size_t>(w * step), window),
                    &features(t * windows + w, c * bands));
    }
    const auto start = t * 2 * samples;
    for (std::int64_t w = 0; w < windows; ++w)
      add_sample(set, {"1", std::to_string(t), "1", start + w * step, start + w * step + window}, labels[t]);
  }
  return finished(std::move(set), features);
}

SampleSet no_effect_minority(RandomStream random) {
  const auto labels = drawn_labels(random, 400, 40);
  return separate_trials(labels, noise(random, 400, 20));
}

SampleSet no_effect_drift(RandomStream random, bool interleaved) {
  constexpr std::int64_t trials = 480, block = 60, width = 16;
  auto features = noise(random, trials, width);
  for (std::int64_t f = 0; f < width; ++f) {
    double walk = 0;
    for (std::int64_t t = 0; t < trials; ++t) {
      walk += 0.15 * random.normal();
      features(t, f) += static_cast<float>(walk);
    }
  }
  std::vector<std::int64_t> labels(trials);
  for (std::int64_t t = 0; t < trials; ++t) labels[t] = t / block % 2;
  if (interleaved) labels = drawn_labels(random, trials, trials / 2);
  return separate_trials(labels, features);
}

SampleSet no_effect_features(RandomStream random) {
  const auto labels = drawn_labels(random, 100, 50);
  return separate_trials(labels, noise(random, 100, 5000));
}

std::vector<double> no_effect_epochs(RandomStream random, std::int64_t tested) {
  std::vector<char> right(static_cast<std::size_t>(tested));
  std::vector<double> accuracy;
  for (char& answer : right) answer = random.below(2) == 1;
  for (int epoch = 0; epoch < 100; ++epoch) {
    if (epoch > 0) {
      for (char& answer : right) {
        if (random.uniform() < 0.05) answer = random.below(2) == 1;
      }
    }
    accuracy.push_back(static_cast<double>(std::count(right.begin(), right.end(), 1)) / static_cast<double>(tested));
  }
  return accuracy;
}

std::vector<double> no_effect_seeds(RandomStream random, std::int64_t seeds) {
  std::vector<double> accuracy;
  for (std::int64_t s = 0; s < seeds; ++s) {
    int right = 0;
    for (int i = 0; i < 100; ++i) right += static_cast<int>(random.below(2));
    accuracy.push_back(right / 100.0);
  }
  return accuracy;
}

}  // namespace caton
