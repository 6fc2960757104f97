// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// A small fitted pipeline and signals cut into blocks, for tests of streams.

#include "caton/base/random.hpp"
#include "caton/stream/live_decoder.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <vector>

namespace caton::testing {

inline std::vector<PrepareStep> chain_steps() {
  return prepare_steps(Json(Json::List{
      Json::object({{"bandpass", Json::object({{"low_hz", 1}, {"high_hz", 40}})}}),
      Json::object({{"notch", Json::object({{"hz", 50}, {"transition_hz", 4}})}}),
      Json::object({{"reference", Json::object({{"kind", "average"}})}}),
      Json::object({{"resample", Json::object({{"rate_hz", 100}})}}),
  }));
}

/// Calls `each` with the parts of a signal: of random lengths, or (seed 0) of the longest that a stream takes.
template <class Each>
void in_blocks(Signal x, std::uint64_t seed, const Each& each) {
  RandomStream random(seed, "test blocks", {seed});
  for (std::int64_t begin = 0; begin < x.extent(1);) {
    std::int64_t count = PrepareStream::most_block;
    if (seed > 0) count = 1 + static_cast<std::int64_t>(random.below(seed % 2 == 0 ? 7 : 200));
    count = std::min(count, x.extent(1) - begin);
    each(x.slice(1, begin, count));
    begin += count;
  }
}

/// Differential entropies of four channels in five bands; three classes, of which training has all but the middle one's
/// neighbour: class 1 never occurs.
inline SampleSet some_samples(std::uint64_t seed) {
  constexpr std::int64_t samples = 30, channels = 4, features = 5;
  RandomStream random(seed, "test samples", {seed});
  std::vector<float> values;
  SampleSet set;
  for (std::int64_t i = 0; i < samples; ++i) {
    set.label.push_back(i % 2 == 0 ? 0 : 2);
    set.origins.id.push_back(i);
    for (std::int64_t f = 0; f < channels * features; ++f)
      values.push_back(static_cast<float>(random.normal() + (i % 2 == 0 ? 0 : 0.5)));
  }
  set.blocks.emplace("features", Tensor({samples, channels, features}, values));
  set.classes = {"calm", "never", "tense"};
  return set;
}

inline SavedPipeline some_pipeline() {
  SavedPipeline result;
  result.name = "test";
  result.rate_hz = 256;
  result.input = Json("differential-entropy");
  result.steps = {{"reference", Json::object({{"kind", "average"}})}};
  result.channels = {"Fz", "Cz", "Pz", "Oz"};
  result.unit_known = {true, true, true, true};
  result.classes = {"calm", "never", "tense"};
  result.decoder = make_pipeline(
      Json::object({{"steps", Json::list_of(std::vector<std::string>{"standardise"})}, {"decoder", "shrinkage-lda"}}));
  FitContext context{.random = RandomStream(1, "test fit", {0})};
  result.decoder->fit(some_samples(1), context);
  return result;
}

struct Told {
  double begin_s = 0, end_s = 0;
  std::int64_t label = 0;
  std::vector<double> probability;
};

inline std::vector<Told> predictions(Signal x, std::uint64_t seed) {
  LiveDecoder decoder(some_pipeline(), x.extent(0));
  std::vector<Told> all;
  in_blocks(x, seed, [&](Signal block) {
    decoder.process(block, [&](const LivePrediction& p) {
      all.push_back({p.begin_s, p.end_s, p.label, {p.probability.begin(), p.probability.end()}});
    });
  });
  return all;
}

}  // namespace caton::testing
