// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/recording.hpp"
#include "golden_test.hpp"
#include "made_recordings.hpp"

using namespace caton;
using caton::testing::fif_buffer;
using caton::testing::fif_number;
using caton::testing::fif_tag;
using caton::testing::made_fif;

namespace {

std::unique_ptr<Recording> opened(const std::string& bytes) {
  const Path folder = caton::testing::scratch("fif-made");
  write_file(folder / "made_raw.fif", bytes);
  return open_recording(folder / "made_raw.fif");
}

std::string problem(const std::string& bytes) {
  return caton::testing::error_of([&] { static_cast<void>(opened(bytes)); }).what();
}

double value(const Recording& recording, std::int64_t channel, std::int64_t sample) {
  double got = 0;
  recording.read(std::vector<std::int64_t>{channel}, sample, 1, View<double, 2>(&got, {1, 1}));
  return got;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("FIF: buffers of any length, and what was skipped is a gap") {
    const auto recording = opened(made_fif({"Fz", "Cz"}, 100,
                                           fif_number(208, 50) + fif_buffer({1, 2, 3, 4, 5, 6}) + fif_number(301, 2) +
                                               fif_buffer({7, 8}) + fif_number(303, 10) + fif_buffer({9, 10, 11, 12})));
    CHECK(recording->format() == "FIF");
    REQUIRE(recording->channels().size() == 2);
    CHECK(recording->channels()[0].unit == "V");
    CHECK(recording->channels()[0].samples == 6);
    CHECK(value(*recording, 1, 3) == doctest::Approx(8e-6).epsilon(1e-6));
    CHECK(value(*recording, 0, 4) == doctest::Approx(9e-6).epsilon(1e-6));
    REQUIRE(recording->segments().size() == 3);
    CHECK(recording->segments()[1].first == 3);
    CHECK(recording->segments()[1].onset_s == doctest::Approx(0.03 + 0.06));
    CHECK(recording->segments()[2].onset_s == doctest::Approx(0.1 + 0.1));
    CHECK(recording->findings().back().code == "fif/gaps");
  }

  TEST_CASE("FIF: tags that lead back, end too late, or say nothing are refused") {
    const std::string good = made_fif({"Fz"}, 100, fif_buffer({1, 2, 3}));
    CHECK(opened(good)->channels()[0].samples == 3);
    CHECK(problem(good.substr(0, good.size() - 30)).find("truncated") != std::string::npos);
    CHECK(problem(good.substr(0, 36) + fif_tag(106, 3, "abcd", 36)).find("loop") != std::string::npos);
    CHECK(problem(made_fif({"Fz"}, 100, {})).find("no samples") != std::string::npos);
    CHECK(problem(made_fif({"Fz"}, 0, fif_buffer({1}))).find("rate") != std::string::npos);
    CHECK(problem(made_fif({}, 100, fif_buffer({1}))).find("channel") != std::string::npos);
    CHECK(problem(made_fif({"Fz"}, 100, fif_tag(300, 20, "12345678"))).find("type 20") != std::string::npos);
    std::string deep = good.substr(0, 36);
    for (int i = 0; i < 100; ++i) deep += fif_number(104, 100);
    CHECK(problem(deep).find("nested") != std::string::npos);
  }
}
