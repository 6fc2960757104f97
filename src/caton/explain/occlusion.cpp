// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/explain/occlusion.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton {
namespace {

/// The main block as samples x electrodes x bands; `electrodes` or `bands` is empty where that axis has no names.
struct Layout {
  std::string block;
  std::int64_t rows = 1, columns = 1;
  std::vector<std::string> electrodes, bands;
};

Layout layout_of(const SampleSet& samples) {
  Layout layout;
  if (samples.blocks.count("tokens") != 0)
    layout.block = "tokens";
  else if (samples.blocks.size() == 1)
    layout.block = samples.blocks.begin()->first;
  else
    throw usage_error("occlusion", "the samples have no main block");
  const Tensor& values = samples.blocks.at(layout.block);
  const auto names_fit = [](const std::vector<std::string>& names, std::int64_t extent) {
    return static_cast<std::int64_t>(names.size()) == extent;
  };
  if (values.rank() == 2) {
    layout.columns = values.extent(1);
    if (names_fit(samples.channels, layout.columns)) {
      std::swap(layout.rows, layout.columns);
      layout.electrodes = samples.channels;
    } else {
      for (std::int64_t i = 0; i < layout.columns; ++i)
        layout.bands.push_back(names_fit(samples.features, layout.columns)
                                   ? samples.features[static_cast<std::size_t>(i)]
                                   : "feature " + std::to_string(i + 1));
    }
    return layout;
  }
  if (values.rank() != 3) throw usage_error("occlusion", "the block " + layout.block + " is " + values.about());
  layout.rows = values.extent(1);
  layout.columns = values.extent(2);
  if (!names_fit(samples.channels, layout.rows))
    throw usage_error("occlusion", "the samples name " + std::to_string(samples.channels.size()) + " electrodes, the " +
                                       "block has " + std::to_string(layout.rows));
  layout.electrodes = samples.channels;
  if (names_fit(samples.features, layout.columns)) layout.bands = samples.features;
  return layout;
}

/// A part and the places [row, row_end) x [column, column_end) that it covers.
struct Region {
  OccludedPart part;
  std::int64_t row = 0, row_end = 0, column = 0, column_end = 0;
};

std::vector<Region> regions_of(const Layout& layout, bool each_pair) {
  std::vector<Region> regions;
  const auto rows = static_cast<std::int64_t>(layout.electrodes.size());
  const auto columns = static_cast<std::int64_t>(layout.bands.size());
  const auto electrode = [&](std::int64_t i) { return layout.electrodes[static_cast<std::size_t>(i)]; };
  const auto band = [&](std::int64_t i) { return layout.bands[static_cast<std::size_t>(i)]; };
  for (std::int64_t i = 0; i < rows; ++i) regions.push_back({{electrode(i), ""}, i, i + 1, 0, layout.columns});
  for (std::int64_t k = 0; k < columns; ++k) regions.push_back({{"", band(k)}, 0, layout.rows, k, k + 1});
  if (!each_pair) return regions;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t k = 0; k < columns; ++k) regions.push_back({{electrode(i), band(k)}, i, i + 1, k, k + 1});
  }
  return regions;
}

template <class T>
void hide(std::span<T> values, const Layout& layout, const Region& region, const std::vector<double>& mean) {
  const std::int64_t size = layout.rows * layout.columns;
  for (std::int64_t first = 0; first < static_cast<std::int64_t>(values.size()); first += size) {
    for (std::int64_t i = region.row; i < region.row_end; ++i) {
      for (std::int64_t k = region.column; k < region.column_end; ++k) {
        const auto at = static_cast<std::size_t>(i * layout.columns + k);
        values[static_cast<std::size_t>(first) + at] = static_cast<T>(mean[at]);
      }
    }
  }
}

void hide(Tensor& block, const Layout& layout, const Region& region, const std::vector<double>& mean) {
  if (block.dtype() == Dtype::f32)
    hide(block.values<float>(), layout, region, mean);
  else
    hide(block.values<double>("occluded block"), layout, region, mean);
}

SampleSet thinned(const SampleSet& samples, std::int64_t most) {
  if (most <= 0 || samples.size() <= most) return samples;
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < most; ++i) kept.push_back(i * samples.size() / most);
  return samples.selected(kept);
}

std::string name_at(const NameColumn& column, std::int64_t sample) {
  const auto i = static_cast<std::size_t>(sample);
  if (i >= column.index.size() || column.index[i] < 0) return {};
  return column.names[static_cast<std::size_t>(column.index[i])];
}

/// Samples of one unit: sums of its drops, so that a resample is a sum of sums.
struct Unit {
  double sum = 0, count = 0;
};

std::pair<double, double> interval(const std::vector<Unit>& units, RandomStream random) {
  constexpr int resamples = 1000;
  std::vector<double> means;
  for (int r = 0; r < resamples; ++r) {
    Unit total;
    for (std::size_t i = 0; i < units.size(); ++i) {
      const Unit& drawn = units[random.below(units.size())];
      total.sum += drawn.sum;
      total.count += drawn.count;
    }
    means.push_back(total.sum / total.count);
  }
  std::sort(means.begin(), means.end());
  const auto quantile = [&](double share) {
    const double place = share * (resamples - 1);
    const auto below = static_cast<std::size_t>(place);
    return means[below] + (place - static_cast<double>(below)) * (means[below + 1] - means[below]);
  };
  return {quantile(0.025), quantile(0.975)};
}

}  // namespace

void Occlusion::append(const Occlusion& other) {
  if (parts.empty()) {
    *this = other;
    return;
  }
  if (parts != other.parts) throw usage_error("occlusion", "the folds hid different parts");
  const auto joined = [](const Array<double, 2>& a, const Array<double, 2>& b) {
    Array<double, 2> both({a.extent(0), a.extent(1) + b.extent(1)}, uninitialised);
    for (std::int64_t i = 0; i < a.extent(0); ++i) {
      for (std::int64_t k = 0; k < a.extent(1); ++k) both(i, k) = a(i, k);
      for (std::int64_t k = 0; k < b.extent(1); ++k) both(i, a.extent(1) + k) = b(i, k);
    }
    return both;
  };
  drop_probability = joined(drop_probability, other.drop_probability);
  drop_accuracy = joined(drop_accuracy, other.drop_accuracy);
  subject.insert(subject.end(), other.subject.begin(), other.subject.end());
  trial.insert(trial.end(), other.trial.begin(), other.trial.end());
}

std::vector<double> training_mean(const SampleSet& training) {
  const Tensor& values = training.blocks.at(layout_of(training).block);
  if (values.extent(0) == 0) throw usage_error("occlusion", "no training samples to take a mean of");
  const auto all = values.doubles();
  const auto size = all.size() / static_cast<std::size_t>(values.extent(0));
  std::vector<double> mean(size, 0.0);
  for (std::size_t i = 0; i < all.size(); ++i) mean[i % size] += all[i];
  for (double& value : mean) value /= static_cast<double>(values.extent(0));
  return mean;
}

Occlusion occlude(const Decoder& decoder, const SampleSet& test, const std::vector<double>& mean,
                  const OcclusionOptions& options) {
  if (test.size() == 0) throw usage_error("occlusion", "no test samples");
  if (test.label.size() != static_cast<std::size_t>(test.size()))
    throw usage_error("occlusion", "every test sample needs a label");
  const Layout layout = layout_of(test);
  if (static_cast<std::int64_t>(mean.size()) != layout.rows * layout.columns)
    throw usage_error("occlusion", "the training mean has " + std::to_string(mean.size()) + " values, a sample " +
                                       std::to_string(layout.rows * layout.columns));
  SampleSet samples = thinned(test, options.most_samples);
  const Tensor whole = samples.blocks.at(layout.block);
  const auto regions = regions_of(layout, options.each_pair);
  const std::int64_t count = samples.size();
  const Prediction seen = decoder.predict(samples);
  Occlusion result;
  const auto extents = Array<double, 2>::Extents{static_cast<std::int64_t>(regions.size()), count};
  result.drop_probability = Array<double, 2>(extents, uninitialised);
  result.drop_accuracy = Array<double, 2>(extents, uninitialised);
  for (std::size_t r = 0; r < regions.size(); ++r) {
    Tensor& block = samples.blocks.at(layout.block);
    block = whole;
    hide(block, layout, regions[r], mean);
    const Prediction hidden = decoder.predict(samples);
    const auto row = static_cast<std::int64_t>(r);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto s = static_cast<std::size_t>(i);
      const std::int64_t truth = samples.label[s];
      result.drop_probability(row, i) = seen.probability(i, truth) - hidden.probability(i, truth);
      result.drop_accuracy(row, i) = (seen.label[s] == truth ? 1.0 : 0.0) - (hidden.label[s] == truth ? 1.0 : 0.0);
    }
    result.parts.push_back(regions[r].part);
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& origins = samples.origins;
    result.subject.push_back(name_at(origins.study, i) + "/" + name_at(origins.subject, i));
    result.trial.push_back(result.subject.back() + "/" + name_at(origins.session, i) + "/" +
                           name_at(origins.recording, i) + "/" + name_at(origins.trial, i));
  }
  return result;
}

OcclusionSummary summarise(const Occlusion& occlusion, std::uint64_t seed) {
  const auto samples = occlusion.drop_probability.extent(1);
  if (occlusion.parts.empty() || samples == 0) throw usage_error("occlusion", "no samples to summarise");
  std::map<std::string, std::size_t> places;
  const auto count_units = [&](const std::vector<std::string>& names) {
    places.clear();
    for (const auto& name : names) places.emplace(name, places.size());
    return places.size();
  };
  OcclusionSummary summary{.scores = {}, .samples = samples, .units = 0, .unit = "subjects"};
  const std::vector<std::string>* names = &occlusion.subject;
  if (count_units(occlusion.subject) < 2) {
    summary.unit = "trials";
    names = &occlusion.trial;
    count_units(occlusion.trial);
  }
  summary.units = static_cast<std::int64_t>(places.size());
  for (std::size_t p = 0; p < occlusion.parts.size(); ++p) {
    const auto row = static_cast<std::int64_t>(p);
    std::vector<Unit> units(places.size());
    OcclusionScore score{.part = occlusion.parts[p]};
    for (std::int64_t i = 0; i < samples; ++i) {
      Unit& unit = units[places.at((*names)[static_cast<std::size_t>(i)])];
      unit.sum += occlusion.drop_probability(row, i);
      unit.count += 1;
      score.drop_probability += occlusion.drop_probability(row, i) / static_cast<double>(samples);
      score.drop_accuracy += occlusion.drop_accuracy(row, i) / static_cast<double>(samples);
    }
    const bool enough = units.size() >= 2;
    const auto [low, high] =
        enough ? interval(units, RandomStream(seed, "occlusion", {p})) : std::pair{std::nan(""), std::nan("")};
    score.low = low;
    score.high = high;
    summary.scores.push_back(score);
  }
  return summary;
}

}  // namespace caton
