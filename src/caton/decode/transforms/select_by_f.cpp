// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/transforms/select_by_f.hpp"

#include "caton/base/error.hpp"
#include "caton/decode/transforms/feature_transform.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace caton {

std::vector<double> anova_f(View<const float, 2> rows, std::span<const std::int64_t> label) {
  const std::int64_t count = rows.extent(0), width = rows.extent(1);
  const std::int64_t classes = label.empty() ? 0 : *std::max_element(label.begin(), label.end()) + 1;
  std::vector<double> members(static_cast<std::size_t>(classes), 0.0);
  for (const auto k : label) members[static_cast<std::size_t>(k)] += 1;
  const auto present = std::count_if(members.begin(), members.end(), [](double n) { return n > 0; });
  if (present < 2) throw usage_error("select-by-f", "training has samples of one class only");
  if (count <= present) throw usage_error("select-by-f", "there are too few samples to compare classes");
  std::vector<double> result(static_cast<std::size_t>(width));
  for (std::int64_t f = 0; f < width; ++f) {
    std::vector<double> sum(members.size(), 0.0);
    double all = 0, within = 0, between = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      sum[static_cast<std::size_t>(label[static_cast<std::size_t>(i)])] += rows(i, f);
      all += rows(i, f);
    }
    for (std::int64_t i = 0; i < count; ++i) {
      const auto k = static_cast<std::size_t>(label[static_cast<std::size_t>(i)]);
      const double apart = rows(i, f) - sum[k] / members[k];
      within += apart * apart;
    }
    for (std::size_t k = 0; k < members.size(); ++k) {
      if (members[k] == 0) continue;
      const double apart = sum[k] / members[k] - all / static_cast<double>(count);
      between += members[k] * apart * apart;
    }
    const double ratio = (between / static_cast<double>(present - 1)) / (within / static_cast<double>(count - present));
    // A constant feature tells nothing; one without spread inside classes tells all.
    result[static_cast<std::size_t>(f)] = within > 0    ? ratio
                                          : between > 0 ? std::numeric_limits<double>::infinity()
                                                        : 0;
  }
  return result;
}

std::vector<std::int64_t> best_features(const std::vector<double>& score, std::int64_t count) {
  std::vector<std::int64_t> order(score.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return score[static_cast<std::size_t>(a)] > score[static_cast<std::size_t>(b)];
  });
  if (count < 1 || count > static_cast<std::int64_t>(order.size())) {
    throw usage_error("select-by-f",
                      "cannot choose " + std::to_string(count) + " of " + std::to_string(order.size()) + " features");
  }
  order.resize(static_cast<std::size_t>(count));
  std::sort(order.begin(), order.end());
  return order;
}

SampleSet with_features(const SampleSet& samples, const std::vector<std::int64_t>& chosen) {
  const auto rows = samples.flat();
  Array<float, 2> kept({samples.size(), static_cast<std::int64_t>(chosen.size())}, uninitialised);
  for (std::int64_t i = 0; i < kept.extent(0); ++i) {
    for (std::int64_t f = 0; f < kept.extent(1); ++f) kept(i, f) = rows(i, chosen[static_cast<std::size_t>(f)]);
  }
  const auto& shape = samples.main_block().shape();
  const SampleLayout layout{{shape.begin() + 1, shape.end()}, samples.channels, samples.features, samples.rate_hz};
  const auto names = flat_names(layout);
  SampleSet result = samples;
  result.blocks.clear();
  result.blocks.emplace("features", Tensor::of(kept));
  result.channels.clear();
  result.features.clear();
  for (const auto f : chosen) result.features.push_back(names.at(static_cast<std::size_t>(f)));
  return result;
}

namespace {

/// Keeps the features whose class means differ most, chosen on training alone.
class SelectByF final : public FeatureTransform {
 public:
  explicit SelectByF(std::int64_t count) : FeatureTransform("select-by-f"), count_(count) {
    if (count < 1) throw usage_error(name(), "at least one feature must be kept");
  }

 private:
  void learn(const SampleSet& training) override {
    chosen_ = best_features(anova_f(training.flat(), training.label), count_);
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override { return with_features(samples, chosen_); }
  [[nodiscard]] Tensors learned() const override { return {{"features", Tensor::vector(chosen_)}}; }
  void relearn(const Safetensors& state) override {
    chosen_ = state.at("features", name()).integers("features");
    for (const auto f : chosen_) {
      if (f < 0 || f >= layout().width())
        throw input_error(name(), "the saved state names a feature that is not there");
    }
  }

  std::int64_t count_;
  std::vector<std::int64_t> chosen_;
};

const TransformEntry select_by_f_entry{
    .name = "select-by-f",
    .about = "keeps the features whose class means differ most (F of the analysis of variance), chosen on training",
    .keys = {{"count", "integer", Json(8), "features that are kept"}},
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<SelectByF>(options.at("count").integer("count"));
    },
};
CATON_REGISTER(TransformEntry, select_by_f_entry);

}  // namespace
}  // namespace caton
