// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/numpy_random.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/samples/neighbours.hpp"
#include "caton/samples/oversampling.hpp"

namespace caton {
namespace {

using MakeSamples = std::vector<MadeSample> (*)(View<const double, 2>, std::span<const std::int64_t>,
                                                const OversamplingOptions&);

/// Adds made samples to training; what is predicted passes unchanged.
class Oversample final : public Transform {
 public:
  Oversample(std::string name, MakeSamples make, const OversamplingOptions& options)
      : name_(std::move(name)), make_(make), options_(options) {
    if (options.neighbours < 1) throw usage_error(name_, "at least one of the neighbours must be asked for");
    static_cast<void>(numpy_seed(options.seed));
  }

  void fit(const SampleSet& training, FitContext& context) override {
    made_ = make_(as_double(training.flat()), training.label, options_);
    if (context.record == nullptr) return;
    context.record->statistics.push_back({name_, training.origins.id});
    for (const auto& sample : made_) {
      context.record->made_parents.push_back({training.origins.id[static_cast<std::size_t>(sample.first)],
                                              training.origins.id[static_cast<std::size_t>(sample.second)]});
    }
  }
  [[nodiscard]] SampleSet apply(const SampleSet& samples) const override { return samples; }
  [[nodiscard]] SampleSet apply_to_training(const SampleSet& training) override { return with_made(training, made_); }
  [[nodiscard]] Safetensors save() const override { return {{{"transform", name_}}, {}}; }
  void restore(const Safetensors& state) override {
    const auto found = state.metadata.find("transform");
    if (found == state.metadata.end() || found->second != name_)
      throw input_error(name_, "the saved state is not of this step");
  }

 private:
  std::string name_;
  MakeSamples make_;
  OversamplingOptions options_;
  std::vector<MadeSample> made_;
};

OversamplingOptions options_of(const Json& options) {
  return {options.at("neighbours").integer("neighbours"), options.at("seed").integer("seed")};
}

const std::vector<RecipeKey> oversampling_keys{
    {"neighbours", "integer", Json(5), "neighbours of the same class that a sample may be mixed with"},
    {"seed", "integer", Json(23), "of NumPy's legacy generator, as in imbalanced-learn"}};

const TransformEntry smote_entry{
    .name = "smote",
    .about = "training only: samples between neighbours of a class until all classes are as large as the largest",
    .keys = oversampling_keys,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<Oversample>("smote", smote, options_of(options));
    },
};
CATON_REGISTER(TransformEntry, smote_entry);

const TransformEntry adasyn_entry{
    .name = "adasyn",
    .about = "training only: as smote, but more samples where neighbours are of other classes",
    .keys = oversampling_keys,
    .make = [](const Json& options) -> std::unique_ptr<Transform> {
      return std::make_unique<Oversample>("adasyn", adasyn, options_of(options));
    },
};
CATON_REGISTER(TransformEntry, adasyn_entry);

}  // namespace
}  // namespace caton
