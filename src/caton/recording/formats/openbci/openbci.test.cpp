// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/recording.hpp"
#include "golden_test.hpp"

#include <algorithm>

using namespace caton;

namespace {

std::unique_ptr<Recording> opened(const std::string& text) {
  const Path folder = caton::testing::scratch("openbci-made");
  write_file(folder / "OpenBCI-RAW.txt", text);
  return open_recording(folder / "OpenBCI-RAW.txt");
}

bool found(const Recording& recording, const char* code) {
  return std::any_of(recording.findings().begin(), recording.findings().end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("OpenBCI text: files without names of columns, and a counter that jumps") {
    std::string text =
        "%OpenBCI Raw EEG Data\n%Number of channels = 2\n%Sample Rate = 250.0 Hz\n%First Column = SampleIndex\n";
    for (int i = 0; i < 600; ++i)
      if (i < 300 || i >= 310) text += std::to_string(i % 256) + ", " + std::to_string(i) + ".5, -1.0, 0.1, 0.2, 0.9\n";
    const auto recording = opened(text);
    CHECK(recording->main_rate_hz() == 250);
    CHECK(recording->channels_of_type("eeg").size() == 2);
    CHECK(recording->channels()[0].name == "EXG Channel 0");
    CHECK(recording->channels()[2].unit == "g");
    CHECK(recording->channels()[0].samples == 590);
    CHECK(found(*recording, "openbci/packets-lost"));
    double value = 0;
    recording->read(std::vector<std::int64_t>{0}, 2, 1, View<double, 2>(&value, {1, 1}));
    CHECK(value == doctest::Approx(2.5e-6));
  }

  TEST_CASE("OpenBCI text: markers, a silence, and a file without rows") {
    std::string text =
        "%OpenBCI Raw EXG Data\n%Number of channels = 1\nSample Index, EXG Channel 0, Timestamp, Marker Channel, "
        "Timestamp (Formatted)\n";
    for (int i = 0; i < 200; ++i) {
      const int milliseconds = i * 10 + (i >= 100 ? 3000 : 0);
      text += std::to_string(i) + ", 1.0, " + std::to_string(1000 + milliseconds / 1000) + "." +
              std::to_string(1000 + milliseconds % 1000).substr(1) + ", " + (i == 50 || i == 51 ? "7.0" : "0.0") +
              ", 2020-03-02 10:11:12.000\n";
    }
    const auto recording = opened(text);
    CHECK(recording->main_rate_hz() == 100);
    CHECK(recording->start() == "2020-03-02T10:11:12");
    REQUIRE(recording->segments().size() == 2);
    CHECK(recording->segments()[1].first == 100);
    REQUIRE(recording->annotations().size() == 1);
    CHECK(recording->annotations()[0].text == "7");
    const Error error = caton::testing::error_of([&] { static_cast<void>(opened("%OpenBCI Raw EXG Data\n%x\n")); });
    CHECK(std::string(error.what()).find("empty") != std::string::npos);
  }
}
