// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/live_decoder.hpp"

#include "caton/base/error.hpp"

#include <algorithm>

namespace caton {

namespace {

std::unique_ptr<FeatureStream> feature_stream(const SavedPipeline& pipeline, const PrepareStream& prepare) {
  const FeatureChoice choice = feature_choice(pipeline.input);
  if (choice.entry->stream == nullptr) {
    std::string known;
    for (const FeatureEntry* const entry : Registry<FeatureEntry>::instance().entries()) {
      if (entry->stream != nullptr) known += (known.empty() ? "" : ", ") + entry->name;
    }
    throw usage_error("stream: input " + choice.entry->name,
                      "has no causal form: it needs samples that are still to come", "inputs that have one: " + known);
  }
  return choice.entry->stream({.channels = prepare.channels(),
                               .rate_hz = prepare.rate_hz(),
                               .window_length_s = pipeline.window_length_s,
                               .window_step_s = pipeline.window_step_s},
                              choice.options);
}

/// A sample set of one window, of zeros.
SampleSet one_window(const SavedPipeline& pipeline, std::int64_t channels, std::int64_t features) {
  const FeatureChoice choice = feature_choice(pipeline.input);
  SampleSet set;
  set.blocks.emplace(choice.entry->block, Tensor(Dtype::f32, {1, channels, features}));
  set.classes = pipeline.classes;
  set.channels = pipeline.channels;
  set.features = feature_names(choice, pipeline.channels);
  set.rate_hz = pipeline.rate_hz;
  for (NameColumn* const column :
       {&set.origins.study, &set.origins.subject, &set.origins.session, &set.origins.recording, &set.origins.trial})
    column->index.push_back(column->id("stream"));
  set.origins.begin = {0};
  set.origins.end = {1};
  set.origins.parents = {{-1, -1}};
  set.origins.id = {0};
  return set;
}

}  // namespace

LiveDecoder::LiveDecoder(SavedPipeline pipeline, std::int64_t channels)
    : pipeline_(std::move(pipeline)),
      prepare_(pipeline_.steps, channels, pipeline_.rate_hz),
      feature_(feature_stream(pipeline_, prepare_)) {
  if (pipeline_.decoder->transductive()) {
    throw usage_error("stream: " + pipeline_.name,
                      "needs many windows of a person at once: it scales by their statistics",
                      "use \"standardise\" in the recipe");
  }
  about_ = prepare_.about();
  about_.push_back(
      {feature_choice(pipeline_.input).entry->name, feature_->delay_s(), prepare_.rate_hz(), feature_->difference()});
  values_ = Array<float, 2>({prepare_.channels(), feature_->features()});
  row_.resize(static_cast<std::size_t>(values_.size()));
  probability_.resize(pipeline_.classes.size());
  rows_ = dynamic_cast<const RowPrediction*>(pipeline_.decoder.get());
  by_row_ = rows_ != nullptr && rows_->predict_row(row_, probability_);
  allocates_ = !by_row_ || feature_->allocates();
  if (!by_row_) sample_ = one_window(pipeline_, prepare_.channels(), feature_->features());
}

double LiveDecoder::delay_s() const noexcept {
  double sum = 0;
  for (const StreamStepAbout& step : about_) sum += step.delay_s;
  return sum;
}

void LiveDecoder::predict() {
  if (by_row_) {
    std::copy(values_.begin(), values_.end(), row_.begin());
    if (rows_->predict_row(row_, probability_)) return;
  }
  auto block = sample_.blocks.begin()->second.values<float>();
  std::copy(values_.begin(), values_.end(), block.begin());
  const Prediction prediction = pipeline_.decoder->predict(sample_);
  std::copy_n(prediction.probability.data(), probability_.size(), probability_.begin());
}

void LiveDecoder::process(Signal x, const std::function<void(const LivePrediction&)>& tell) {
  seen_ += x.extent(1);
  Signal rest = prepare_.process(x);
  while (rest.extent(1) > 0) {
    bool complete = false;
    const std::int64_t taken = feature_->process(rest, values_, complete);
    rest = rest.slice(1, taken, rest.extent(1) - taken);
    if (!complete) continue;
    const double begin_s =
        start_s_ + static_cast<double>(windows_ * feature_->step_samples()) / prepare_.rate_hz() - delay_s();
    ++windows_;
    if (begin_s < start_s_) continue;  // from before the first sample: the filters are not yet filled
    if (!feature_->defined()) continue;
    predict();
    tell({.begin_s = begin_s,
          .end_s = begin_s + static_cast<double>(feature_->window_samples()) / prepare_.rate_hz(),
          .label = std::max_element(probability_.begin(), probability_.end()) - probability_.begin(),
          .probability = probability_});
  }
}

void LiveDecoder::reset(std::int64_t missing) {
  start_s_ += static_cast<double>(seen_ + missing) / pipeline_.rate_hz;
  seen_ = windows_ = 0;
  prepare_.reset();
  feature_->reset();
}

}  // namespace caton
