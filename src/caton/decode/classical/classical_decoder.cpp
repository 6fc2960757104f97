// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/classical_decoder.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <utility>

namespace caton {

void ClassicalDecoder::fit(const SampleSet& training, FitContext& context) {
  fitted_ = false;
  if (training.label.empty() || training.size() == 0)
    throw usage_error(name_, "there are no labelled samples to train on (empty)");
  if (!training.weight.empty() && !uses_weights())
    throw usage_error(name_, "does not know weights of samples", "use logistic-regression or small-network");
  layout_ = SampleLayout::of(training);
  learn(numbered(training), context);
  fitted_ = true;
}

ClassicalDecoder::Training ClassicalDecoder::numbered(const SampleSet& training) {
  const auto counts = training.class_counts();
  classes_ = training.classes;
  class_count_ = static_cast<std::int64_t>(counts.size());
  present_.clear();
  std::vector<std::int64_t> number(counts.size(), -1);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == 0) continue;
    number[k] = present();
    present_.push_back(static_cast<std::int64_t>(k));
  }
  if (present() < 2) {
    throw usage_error(name_, "training has samples of one class only (" + present_names().front() + ")",
                      "choose a plan that leaves every class in training");
  }
  Training result{training, {}, present()};
  for (const auto label : training.label) result.y.push_back(number[static_cast<std::size_t>(label)]);
  return result;
}

void ClassicalDecoder::check_fitted() const {
  if (!fitted_) throw usage_error(name_, "was used before it was fitted", "call fit or restore first");
}

std::vector<std::string> ClassicalDecoder::present_names() const {
  std::vector<std::string> names;
  for (const auto k : present_) {
    const auto at = static_cast<std::size_t>(k);
    names.push_back(at < classes_.size() ? classes_[at] : std::to_string(k));
  }
  return names;
}

Prediction ClassicalDecoder::predict(const SampleSet& samples) const {
  check_fitted();
  layout_.check(samples, name_);
  const auto known = probability(samples);
  Array<double, 2> all({samples.size(), class_count_}, 0.0);
  for (std::int64_t i = 0; i < samples.size(); ++i) {
    for (std::int64_t k = 0; k < present(); ++k) all(i, present_[static_cast<std::size_t>(k)]) = known(i, k);
  }
  return prediction_of(std::move(all));
}

bool ClassicalDecoder::predict_row(std::span<float> row, std::span<double> probability) const {
  if (!fitted_ || static_cast<std::int64_t>(row.size()) != layout_.width() ||
      static_cast<std::int64_t>(probability.size()) != class_count_)
    return false;
  const std::size_t known = present_.size();
  if (!row_probability(row, probability.first(known))) return false;
  std::fill(probability.begin() + static_cast<std::ptrdiff_t>(known), probability.end(), 0.0);
  for (std::size_t k = known; k-- > 0;) {  // from the back: a class never moves before its place
    const auto place = static_cast<std::size_t>(present_[k]);
    if (place == k) break;
    probability[place] = std::exchange(probability[k], 0.0);
  }
  return true;
}

Safetensors ClassicalDecoder::save() const {
  check_fitted();
  Safetensors state{described(), learned()};
  state.metadata["decoder"] = name_;
  state.metadata["layout"] = layout_.json().dump();
  state.metadata["classes"] = Json::list_of(classes_).dump();
  state.metadata["class_count"] = std::to_string(class_count_);
  state.metadata["present"] = Json::list_of(present_).dump();
  return state;
}

void ClassicalDecoder::restore(const Safetensors& state) {
  const auto metadata = [&](const std::string& key) {
    const auto found = state.metadata.find(key);
    if (found == state.metadata.end()) throw input_error(name_, "the saved state lacks \"" + key + "\"");
    return found->second;
  };
  fitted_ = false;
  if (metadata("decoder") != name_) throw input_error(name_, "the saved state is of \"" + metadata("decoder") + "\"");
  layout_ = SampleLayout::from(parse_json(metadata("layout"), name_), name_);
  classes_ = parse_json(metadata("classes"), name_).texts(name_);
  class_count_ = parse_json(metadata("class_count"), name_).integer(name_);
  present_.clear();
  const Json present_list = parse_json(metadata("present"), name_);
  for (const auto& value : present_list.items(name_)) {
    const auto k = value.integer(name_);
    if (k < 0 || k >= class_count_ || (!present_.empty() && k <= present_.back()))
      throw input_error(name_, "the saved state has impossible classes");
    present_.push_back(k);
  }
  if (present() < 2 || class_count_ > 1'000'000) throw input_error(name_, "the saved state has impossible classes");
  relearn(state);
  fitted_ = true;
}

const Tensor& ClassicalDecoder::expected(const Safetensors& state, const std::string& key,
                                         const std::vector<std::int64_t>& shape) const {
  const Tensor& tensor = state.at(key, name_);
  if (tensor.shape() != shape)
    throw input_error(name_, "the saved \"" + key + "\" is " + tensor.about() + ", which does not fit (shape)");
  return tensor;
}

}  // namespace caton
