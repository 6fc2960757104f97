// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Counts what asks for memory while a stream runs: every malloc of the program (operator new calls it, and
// so does Eigen), and the pool's aligned_alloc.
#include "caton/base/linear_algebra.hpp"
#include "live_decoder_test.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CATON_COUNTS_MEMORY 0
#else
#define CATON_COUNTS_MEMORY 1
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<int> requests{0};

void count_request() {
  if (counting) ++requests;
}

}  // namespace

#if CATON_COUNTS_MEMORY
// The library's own calls find these too: a program's symbols come before those of what it loads.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count_request();
  void* memory = nullptr;
  return posix_memalign(&memory, std::max(alignment, sizeof(void*)), size) == 0 ? memory : nullptr;
}

extern "C" void* malloc(std::size_t size) { return aligned_alloc(alignof(std::max_align_t), size); }
#endif

namespace caton {

TEST_SUITE("stream") {
  TEST_CASE("no memory is asked for once a stream runs") {
    if (CATON_COUNTS_MEMORY == 0) {
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
    requests = 0;
    counting = true;
    run();
    counting = false;
    CHECK(told > before + 100);
    CHECK(requests == 0);
    for (const char* const name : {"band-power", "band-ratio", "hjorth", "moments", "line-length", "epochs",
                                   "autoregression", "aperiodic", "entropies", "fractal"}) {
      CAPTURE(name);
      const FeatureChoice choice = feature_choice(Json::object({{"name", name}, {"length_s", 1.0}, {"step_s", 0.25}}));
      const auto stream = choice.entry->stream({.channels = 4, .rate_hz = 250}, choice.options);
      REQUIRE_FALSE(stream->allocates());
      Array<float, 2> values({4, stream->features()});
      int windows = 0;
      const auto feed = [&] {
        for (std::int64_t t = 0; t < 2000;) {
          bool complete = false;
          t += stream->process(x.view().slice(1, t, std::min<std::int64_t>(17, 2000 - t)), values, complete);
          windows += complete ? 1 : 0;
        }
      };
      feed();
      const int first = windows;
      requests = 0;
      counting = true;
      feed();
      counting = false;
      CHECK(windows > first + 20);
      CHECK(requests == 0);
    }
    counting = true;  // the counter counts
    const Matrix another({2, 2});
    const auto number = std::make_unique<int>(1);
    const auto singular = svd(another);  // Eigen's own requests are seen
    counting = false;
    CHECK(requests > 8);
  }
}

}  // namespace caton
