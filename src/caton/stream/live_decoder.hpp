// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/row_prediction.hpp"
#include "caton/features/feature.hpp"
#include "caton/stream/prepare_stream.hpp"
#include "caton/study/run.hpp"

#include <functional>
#include <span>

namespace caton {

/// What a decoder says of one window, while it lasts.
struct LivePrediction {
  double begin_s = 0, end_s = 0;  ///< of the window, since the beginning of the stream; delays of the steps taken off
  std::int64_t label = 0;
  std::span<const double> probability;
};

/// A pipeline of a run on samples that still come in: the recipe's steps, its feature and its decoder. The decoder is
/// the one that the run fitted on all of its samples; nothing is learned here.
class LiveDecoder {
 public:
  /// Refuses (kind `usage`) steps and features without a causal form, and pipelines that need several windows at once.
  LiveDecoder(SavedPipeline pipeline, std::int64_t channels);

  /// Takes up to `PrepareStream::most_block` samples and tells of every window that they completed. Windows that
  /// would begin before the first sample (filters are late), and those that have no value, are left out.
  void process(Signal x, const std::function<void(const LivePrediction&)>& tell);
  /// After a gap: `missing` samples were not seen; filters and windows begin anew.
  void reset(std::int64_t missing);

  [[nodiscard]] const std::vector<std::string>& classes() const noexcept { return pipeline_.classes; }
  [[nodiscard]] const std::vector<StreamStepAbout>& about() const noexcept { return about_; }
  /// All delays together, the window's length not counted.
  [[nodiscard]] double delay_s() const noexcept;
  /// Whether a prediction asks for memory (decoders without `predict_row`, features that need some for a window).
  [[nodiscard]] bool allocates() const noexcept { return allocates_; }

 private:
  void predict();

  SavedPipeline pipeline_;
  PrepareStream prepare_;
  std::unique_ptr<FeatureStream> feature_;
  std::vector<StreamStepAbout> about_;
  Array<float, 2> values_;
  std::vector<float> row_;
  std::vector<double> probability_;
  const RowPrediction* rows_ = nullptr;  ///< the decoder, where it can predict so
  SampleSet sample_;                     ///< of one window, for decoders without `predict_row`
  double start_s_ = 0;                   ///< of what was seen since the last gap
  std::int64_t windows_ = 0, seen_ = 0;
  bool by_row_ = false, allocates_ = false;
};

}  // namespace caton
