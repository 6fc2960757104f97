// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/bad_spans.hpp"

#include "caton/prepare/prepared.hpp"
#include "caton/recording/memory_recording.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

/// 10 s at 100 Hz, a gap of 5 s, 10 s.
std::unique_ptr<Recording> with_marks() {
  MemoryContent content{.format = "test", .values = testing::noise(1, 2000)};
  content.channels.push_back({.name = "Cz", .unit = "V", .rate_hz = 100});
  content.segments = {{0, 1000, 0}, {1000, 1000, 15}};
  content.annotations = {
      {16, 1, "bad_jump"}, {2, 3, "BAD_muscle"}, {4, 0, "BAD boundary"}, {7, 1, "blink"}, {9, 7, "Bad"}};
  return memory_recording(std::move(content));
}

FeatureWindows windows_each(std::int64_t length, std::int64_t count) {
  FeatureWindows windows;
  windows.values = Array<float, 3>({count, 1, 2}, uninitialised);
  for (std::int64_t w = 0; w < count; ++w) {
    windows.trial.push_back(w / 2);
    windows.begin.push_back(w * length);
    windows.end.push_back((w + 1) * length);
    windows.values(w, 0, 0) = static_cast<float>(w);
    windows.values(w, 0, 1) = static_cast<float>(-w);
  }
  return windows;
}

}  // namespace

TEST_SUITE("prepare") {
  TEST_CASE("annotations that begin with bad and last are stretches, in samples") {
    const auto spans = marked_bad(*with_marks());
    REQUIRE(spans.size() == 3);
    CHECK(spans[0].begin == 200);
    CHECK(spans[0].end == 500);
    CHECK(spans[0].what == "BAD_muscle");
    CHECK(spans[1].begin == 900);  // over the gap
    CHECK(spans[1].end == 1100);
    CHECK(spans[2].begin == 1100);
    CHECK(touches_bad(spans, 0, 201));
    CHECK_FALSE(touches_bad(spans, 0, 200));
    CHECK_FALSE(touches_bad(spans, 500, 900));
  }

  TEST_CASE("they travel with a prepared recording, at its own rate, cut at gaps") {
    const std::vector<std::int64_t> channels{0};
    const auto recording = with_marks();
    const Prepared prepared =
        prepare(*recording, channels, prepare_steps(parse_json(R"([{"resample":{"rate_hz":50}}])", "test")));
    REQUIRE(prepared.bad.size() == 4);
    CHECK(prepared.bad[0].begin == 100);
    CHECK(prepared.bad[0].end == 250);
    CHECK(prepared.bad[1].begin == 450);
    CHECK(prepared.bad[1].end == 500);
    CHECK(prepared.bad[2].begin == 500);
    CHECK(prepared.bad[2].end == 550);
    CHECK(prepared.bad[3].end == 600);
  }

  TEST_CASE("windows that share a sample with one are left out, counted and told") {
    FeatureWindows windows = windows_each(100, 20);
    const auto spans = marked_bad(*with_marks());
    CHECK(leave_out_bad(windows, {}) == 0);
    CHECK(windows.findings.empty());
    CHECK(leave_out_bad(windows, spans) == 6);
    CHECK(windows.begin ==
          std::vector<std::int64_t>{0, 100, 500, 600, 700, 800, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900});
    REQUIRE(windows.values.extent(0) == 14);
    for (std::int64_t w = 0; w < 14; ++w) {
      const std::int64_t was = windows.begin[static_cast<std::size_t>(w)] / 100;
      CHECK(windows.values(w, 0, 0) == static_cast<float>(was));
      CHECK(windows.values(w, 0, 1) == static_cast<float>(-was));
      CHECK(windows.trial[static_cast<std::size_t>(w)] == was / 2);
    }
    REQUIRE(windows.findings.size() == 1);
    CHECK(windows.findings[0].code == "prepare/bad-windows");
    CHECK(windows.findings[0].what.find("6 of 20 windows") == 0);
    CHECK(windows.findings[0].what.find("BAD_muscle, Bad, bad_jump") != std::string::npos);
    CHECK(leave_out_bad(windows, {{0, 2000, "BAD"}}) == 14);
    CHECK(windows.values.size() == 0);
  }
}

}  // namespace caton
