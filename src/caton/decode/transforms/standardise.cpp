// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/row_prediction.hpp"
#include "caton/decode/transforms/feature_transform.hpp"
#include "caton/samples/scaling.hpp"

#include <numeric>

namespace caton {
namespace {

/// Mean 0 and deviation 1 of every feature over the training samples.
class Standardise final : public FeatureTransform, public RowTransform {
 public:
  Standardise() : FeatureTransform("standardise") {}
  [[nodiscard]] bool apply_row(std::span<float> row) const override {
    if (scaling_.mean.empty() || row.size() != scaling_.mean.size()) return false;
    scale(scaling_, row);
    return true;
  }

 private:
  void learn(const SampleSet& training) override {
    std::vector<std::int64_t> all(static_cast<std::size_t>(training.size()));
    std::iota(all.begin(), all.end(), 0);
    scaling_ = scaling_of(training.flat(), all);
  }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    SampleSet result = samples;
    auto& block = result.blocks.at(main_block_name(samples));
    const auto width = static_cast<std::size_t>(layout().width());
    const auto values = block.values<float>();
    for (std::size_t at = 0; at < values.size(); at += width) scale(scaling_, values.subspan(at, width));
    return result;
  }
  [[nodiscard]] Tensors learned() const override {
    return {{"mean", Tensor::vector(scaling_.mean)}, {"deviation", Tensor::vector(scaling_.deviation)}};
  }
  void relearn(const Safetensors& state) override {
    scaling_ = {state.at("mean", name()).doubles(), state.at("deviation", name()).doubles()};
    const auto width = static_cast<std::size_t>(layout().width());
    if (scaling_.mean.size() != width || scaling_.deviation.size() != width)
      throw input_error(name(), "the saved state does not fit its own layout (shape)");
  }

  Scaling scaling_;
};

/// Mean 0 and deviation 1 of every feature over the samples of each subject. A subject that training had keeps the
/// statistics of its training samples; a new one is scaled by those of the samples that are to be predicted, without
/// their labels, which the audit is told.
class StandardisePerSubject final : public FeatureTransform {
 public:
  StandardisePerSubject() : FeatureTransform("standardise-per-subject") {}
  [[nodiscard]] bool transductive() const override { return true; }

 private:
  using BySubject = std::map<std::string, Scaling>;

  [[nodiscard]] BySubject statistics(const SampleSet& samples) const {
    if (samples.origins.subject.index.empty())
      throw usage_error(name(), "the samples do not say whose they are (subject)", "use \"standardise\"");
    std::map<std::string, std::vector<std::int64_t>> members;
    for (std::int64_t i = 0; i < samples.size(); ++i) members[samples.origins.subject.at(i)].push_back(i);
    BySubject result;
    for (const auto& [subject, rows] : members) result.emplace(subject, scaling_of(samples.flat(), rows));
    return result;
  }
  void learn(const SampleSet& training) override { trained_ = statistics(training); }
  [[nodiscard]] SampleSet changed(const SampleSet& samples) const override {
    BySubject known = trained_;
    for (auto& [subject, scaling] : statistics(samples)) known.emplace(subject, scaling);
    SampleSet result = samples;
    auto& block = result.blocks.at(main_block_name(samples));
    const auto width = static_cast<std::size_t>(layout().width());
    const auto values = block.values<float>();
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      scale(known.at(samples.origins.subject.at(i)), values.subspan(static_cast<std::size_t>(i) * width, width));
    }
    return result;
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state;
    for (const auto& [subject, scaling] : trained_) {
      state.emplace("mean." + subject, Tensor::vector(scaling.mean));
      state.emplace("deviation." + subject, Tensor::vector(scaling.deviation));
    }
    return state;
  }
  void relearn(const Safetensors& state) override {
    trained_.clear();
    const std::string prefix = "mean.";
    for (const auto& [key, mean] : state.tensors) {
      if (!key.starts_with(prefix)) continue;
      const std::string subject = key.substr(prefix.size());
      Scaling scaling{mean.doubles(), state.at("deviation." + subject, name()).doubles()};
      const auto width = static_cast<std::size_t>(layout().width());
      if (scaling.mean.size() != width || scaling.deviation.size() != width)
        throw input_error(name(), "the saved state does not fit its own layout (shape)");
      trained_.emplace(subject, std::move(scaling));
    }
  }

  BySubject trained_;
};

const TransformEntry standardise_entry{
    .name = "standardise",
    .about = "mean 0 and deviation 1 of every feature over the training samples",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Transform> { return std::make_unique<Standardise>(); },
};
CATON_REGISTER(TransformEntry, standardise_entry);

const TransformEntry standardise_per_subject_entry{
    .name = "standardise-per-subject",
    .about =
        "mean 0 and deviation 1 of every feature over the samples of each subject; for a new subject these are "
        "the samples to be predicted (transductive: it needs several of them at once)",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Transform> {
      return std::make_unique<StandardisePerSubject>();
    },
};
CATON_REGISTER(TransformEntry, standardise_per_subject_entry);

}  // namespace
}  // namespace caton
