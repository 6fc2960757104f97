// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/linear_algebra.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "live_decoder_test.hpp"
#include "memory_requests.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace caton {

namespace {

template <class Body>
int requests_of(const Body& body) {
  const testing::MemoryRequests watch;
  body();
  return testing::MemoryRequests::count();
}

std::unique_ptr<FeatureStream> stream_of(const Json& input) {
  const FeatureChoice choice = feature_choice(input);
  return choice.entry->stream({.channels = 4, .rate_hz = 250}, choice.options);
}

/// A stream of windows that asks for no memory once it has seen some.
void check_memory(FeatureStream& stream, Signal x) {
  REQUIRE_FALSE(stream.allocates());
  Array<float, 2> values({4, stream.features()});
  int windows = 0;
  const auto feed = [&] {
    for (std::int64_t t = 0; t < 2000;) {
      bool complete = false;
      t += stream.process(x.slice(1, t, std::min<std::int64_t>(17, 2000 - t)), values, complete);
      windows += complete && stream.defined() ? 1 : 0;
    }
  };
  feed();
  const int first = windows;
  CHECK(requests_of(feed) == 0);
  CHECK(windows > first + 20);
}

}  // namespace

TEST_SUITE("stream") {
  TEST_CASE("no memory is asked for once a stream runs") {
    if (!testing::sees_memory_requests()) {
      MESSAGE("skipped: a sanitizer watches the memory");
      return;
    }
    SavedPipeline pipeline = testing::some_pipeline();
    pipeline.steps = testing::chain_steps();
    const Matrix x = testing::noise(4, 4000);
    pipeline.input = Json::object({{"name", "differential-entropy"}, {"step_s", 0.1}});
    LiveDecoder decoder(std::move(pipeline), 4);
    REQUIRE_FALSE(decoder.allocates());
    int told = 0;
    const std::function<void(const LivePrediction&)> tell = [&](const LivePrediction&) { ++told; };
    const auto run = [&] {
      for (std::int64_t t = 0; t + 3 <= x.extent(1); t += 3) decoder.process(x.view().slice(1, t, 3), tell);
    };
    run();
    const int before = told;
    CHECK(requests_of(run) == 0);
    CHECK(told > before + 100);
    for (const char* const name : {"band-power", "band-ratio", "hjorth", "moments", "line-length", "epochs",
                                   "autoregression", "aperiodic", "entropies", "fractal"}) {
      CAPTURE(name);
      check_memory(*stream_of(Json::object({{"name", name}, {"length_s", 1.0}, {"step_s", 0.25}})), x);
    }
    for (const PairMeasure* const measure : Registry<PairMeasure>::instance().entries()) {
      CAPTURE(measure->name);
      const auto stream = stream_of(Json::object({{"name", "connectivity"},
                                                  {"measure", measure->name},
                                                  {"length_s", 1.0},
                                                  {"step_s", 0.25},
                                                  {"epoch_s", 0.5}}));
      if (measure->repeated == nullptr)
        CHECK(stream->allocates());
      else
        check_memory(*stream, x);
    }
    const auto counted = [] {
      const Matrix another({2, 2});
      const auto number = std::make_unique<int>(1);
      const auto singular = svd(another);  // Eigen's own requests are seen
    };
    CHECK(requests_of(counted) > 8);
  }
}

}  // namespace caton
