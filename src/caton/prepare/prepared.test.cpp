// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/prepared.hpp"

#include "caton/base/cache_folder.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/result_cache.hpp"
#include "caton/prepare/cleaning/clean_step.hpp"
#include "caton/recording/memory_recording.hpp"
#include "signal_test.hpp"

#include <cmath>
#include <cstdlib>

namespace caton {
namespace {

using testing::error_of;
using testing::says;

constexpr double rate_hz = 128;
const std::vector<std::string> names{"Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2"};

std::vector<PrepareStep> steps_of(const std::string& json) { return prepare_steps(parse_json(json, "steps")); }

/// Ten channels of noise with blinks and a gap.
std::shared_ptr<const Recording> a_recording() {
  Matrix x = testing::noise(10, 60 * 128, 6e-6);
  const Matrix shared = testing::noise(1, x.extent(1), 8e-6, 77);
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    for (std::int64_t c = 0; c < 10; ++c) x(c, t) += shared(0, t);
    const double since = std::fmod(static_cast<double>(t) / rate_hz, 3.7) - 1;
    for (std::int64_t c = 0; c < 4; ++c) x(c, t) += (c < 2 ? 150e-6 : 50e-6) * std::exp(-since * since / 0.01);
  }
  MemoryContent content{.format = "test", .values = std::move(x)};
  for (const auto& name : names)
    content.channels.push_back({.name = name, .type = "eeg", .unit = "V", .rate_hz = rate_hz});
  content.segments = {{0, 40 * 128, 0}, {40 * 128, 20 * 128, 50}};
  return memory_recording(std::move(content));
}

const std::vector<std::int64_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

/// The user's cache stands in a folder of the test.
struct OwnCache {
  explicit OwnCache(const std::string& name) : folder(testing::scratch(name)) {
    setenv("XDG_CACHE_HOME", folder.c_str(), 1);
    set_caching(true);
  }
  ~OwnCache() {
    unsetenv("XDG_CACHE_HOME");
    set_caching(false);
  }
  OwnCache(const OwnCache&) = delete;
  OwnCache& operator=(const OwnCache&) = delete;
  Path folder;
};

}  // namespace

TEST_SUITE("prepare") {
  TEST_CASE("steps that share transforms give what they give one after the other") {
    const Matrix x = testing::noise(4, 5000, 1e-5);
    for (
        const char* const text :
        {R"([{"bandpass": {"low_hz": 1, "high_hz": 40}}, {"notch": {"hz": 50}}])",
         R"([{"bandpass": {"low_hz": 1, "high_hz": 40}}, {"notch": {"hz": 50}}, {"resample": {"rate_hz": 100}}])",
         R"([{"notch": {"hz": [50, 60]}}, {"resample": {"rate_hz": 64}}, {"reference": "average"}])",
         R"([{"highpass": {"low_hz": 1}}, {"reference": "average"}, {"lowpass": {"high_hz": 30}}, {"notch": {"hz": 25}}])",
         R"([{"bandpass": {"low_hz": 1, "high_hz": 40, "phase": "minimum"}}, {"notch": {"hz": 50}}])"}) {
      CAPTURE(text);
      const auto steps = steps_of(text);
      Matrix apart(x);
      double rate = 256;
      for (const PrepareStep& step : steps) {
        const Json args = step_arguments(step, rate);
        Tensors in;
        in.emplace("x", Tensor::of(apart));
        apart = run_operation(step.operation, args, in).at("y").array<2>("y");
        if (step.operation == "resample_fft") rate = args.at("up").number();
      }
      const Matrix together = apply_steps(Matrix(x), 256, steps);
      REQUIRE(together.extents() == apart.extents());
      CHECK(testing::largest_difference(together, apart) < 1e-12 * 5e-5);
    }
    const auto one = steps_of(R"([{"bandpass": {"low_hz": 1, "high_hz": 40}}])");
    Tensors in;
    in.emplace("x", Tensor::of(x));
    const Matrix alone = run_operation("fir_filter", step_arguments(one.front(), 256), in).at("y").array<2>("y");
    CHECK(testing::largest_difference(apply_steps(Matrix(x), 256, one), alone) == 0);
  }

  TEST_CASE("clean as a step: what caton clean gives, per recording, with rank, words and a reach of the whole") {
    const OwnCache cache("prepare-clean");
    const auto recording = a_recording();
    const Prepared prepared =
        prepare(*recording, all, steps_of(R"([{"clean": {"asr": false, "reference": "average"}}])"));
    const CleanSource source = clean_source(*recording, all);
    const Cleaned cleaned = clean(source.input, {.asr = false, .reference = CleanReference::average});
    CHECK(testing::largest_difference(prepared.signal, cleaned.signal) == 0);
    CHECK(prepared.rank == cleaned.rank_after);
    CHECK(prepared.rank < 10);
    CHECK(prepared.reference == "average");
    CHECK(prepared.continuous == std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 5120}, {5120, 7680}});
    CHECK(prepared.filter_reach_s >= recording->duration_s());
    REQUIRE(!prepared.findings.empty());
    CHECK(prepared.findings.back().what.find("eye") != std::string::npos);
    CHECK(prepared.steps.front().find("each recording on its own") != std::string::npos);
    // From the cache the same bits; a damaged copy is made again.
    std::vector<Path> kept;
    for (const auto& entry : std::filesystem::directory_iterator(cache_folder() / "cleaned"))
      kept.push_back(entry.path());
    REQUIRE(kept.size() == 1);
    const auto again = [&] {
      return prepare(*recording, all, steps_of(R"([{"clean": {"asr": false, "reference": "average"}}])"));
    };
    CHECK(testing::largest_difference(again().signal, prepared.signal) == 0);
    CHECK(again().findings.size() == prepared.findings.size());
    write_file(kept.front(), "damaged");
    CHECK(testing::largest_difference(again().signal, prepared.signal) == 0);
    // Other options, other numbers, another copy.
    const Prepared other = prepare(*recording, all, steps_of(R"([{"clean": {"ica": false, "asr": false}}])"));
    CHECK(testing::largest_difference(other.signal, prepared.signal) > 1e-6);
    // Later steps follow as ever.
    const Prepared less = prepare(*recording, all, steps_of(R"(["clean", {"resample": {"rate_hz": 64}}])"));
    CHECK(less.signal.extent(1) == 3840);
  }

  TEST_CASE("clean as a step: what cannot be is refused with its place") {
    const OwnCache cache("prepare-clean-refused");
    const auto refused = [&](const char* text, const char* word) {
      const Error error = error_of([&] { (void)prepare(*a_recording(), all, steps_of(text)); });
      CHECK_MESSAGE(says(error, word), error.what());
    };
    refused(R"([{"bandpass": {"low_hz": 1}}, "clean"])", "make it the first step");
    refused(R"([{"clean": {"icaa": true}}])", "ica");
    refused(R"([{"clean": {"reference": "mean"}}])", "auto, average, keep");
    refused(R"([{"clean": {"asr_cutoff": 0}}])", "positive");
    refused(R"([{"clean": {"high_pass_hz": 60}}])", "high-pass");
    CHECK(says(error_of([] { (void)apply_steps(testing::noise(2, 600), rate_hz, steps_of(R"(["clean"])")); }),
               "baseline"));
  }
}

}  // namespace caton
