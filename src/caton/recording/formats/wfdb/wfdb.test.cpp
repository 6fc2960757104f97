// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/wfdb/annotations.hpp"
#include "caton/recording/formats/wfdb/header.hpp"
#include "caton/recording/formats/wfdb/packing.hpp"
#include "golden_test.hpp"
#include "made_files.hpp"

#include <cmath>

using namespace caton;

namespace {

/// Twelve-bit samples, two in three bytes.
std::string packed_212(const std::vector<int>& samples) {
  std::string bytes;
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const int a = samples[i] & 0xfff, b = i + 1 < samples.size() ? samples[i + 1] & 0xfff : 0;
    bytes += static_cast<char>(a & 0xff);
    bytes += static_cast<char>(a >> 8 | (b >> 8) << 4);
    if (i + 1 < samples.size()) bytes += static_cast<char>(b & 0xff);
  }
  return bytes;
}

std::string problem(const std::string& header) {
  return caton::testing::error_of([&] { static_cast<void>(wfdb::read_header(header, "made.hea")); }).what();
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("WFDB: packed samples of odd number, and what was not measured") {
    const std::vector<int> samples{-2047, 2047, 0, -1, -2048, 5, 77};
    const std::string bytes = packed_212(samples);
    REQUIRE(wfdb::packed_count(212, static_cast<std::int64_t>(bytes.size())) == 7);
    for (std::size_t i = 0; i < samples.size(); ++i)
      CHECK(wfdb::packed_at(212, bytes_of(bytes), static_cast<std::int64_t>(i)) == samples[i]);
    CHECK(wfdb::is_missing(212, -2048));
    CHECK_FALSE(wfdb::is_missing(16, -2048));
    CHECK_FALSE(wfdb::is_missing(8, -128));
    const Path folder = caton::testing::scratch("wfdb-made");
    write_file(folder / "made.hea",
               std::string_view("made 1 100 7 10:11:12 02/03/2020\nmade.dat 212 10(7)/mV 12 0 0 0 0 ECG I\n"));
    write_file(folder / "made.dat", bytes);
    const auto recording = open_recording(folder / "made.dat");
    CHECK(recording->start() == "2020-03-02T10:11:12");
    CHECK(recording->channels()[0].name == "ECG I");
    Array<double, 2> values({1, 7});
    recording->read(std::vector<std::int64_t>{0}, 0, 7, values.view());
    CHECK(values(0, 6) == doctest::Approx(7e-3));
    CHECK(std::isnan(values(0, 4)));
  }

  TEST_CASE("WFDB: several samples of a frame, a skew, and a signal file that is too short") {
    const Path folder = caton::testing::scratch("wfdb-frames");
    write_file(folder / "made.hea", std::string_view("made 2 50 4\nmade.d0 16x2:1 1/mV 16 0 0 0 0 fast\n"
                                                     "made.d0 16 1/mV 16 0 0 0 0 slow\n"));
    std::string bytes;
    for (std::int16_t i = 0; i < 12; ++i) bytes += caton::testing::number_bytes(i);
    write_file(folder / "made.d0", bytes);
    const auto recording = open_recording(folder / "made.hea");
    CHECK(recording->channels()[0].rate_hz == 100);
    CHECK(recording->channels()[0].samples == 6);
    CHECK(recording->channels()[1].samples == 3);
    CHECK(recording->findings().front().code == "wfdb/truncated");
    Array<double, 2> fast({1, 6}), slow({1, 3});
    recording->read(std::vector<std::int64_t>{0}, 0, 6, fast.view());
    recording->read(std::vector<std::int64_t>{1}, 0, 3, slow.view());
    CHECK(fast(0, 0) == doctest::Approx(3e-3));
    CHECK(fast(0, 5) == doctest::Approx(10e-3));
    CHECK(slow(0, 2) == doctest::Approx(8e-3));
  }

  TEST_CASE("WFDB: frames larger than the signal file take no memory") {
    const Path folder = caton::testing::scratch("wfdb-large-frames");
    std::string header = "made 4000 50 4\n";
    for (int i = 0; i < 4000; ++i) header += "made.d0 16x1000000 1/mV 16 0 0 0 0 s\n";
    write_file(folder / "made.hea", header);
    write_file(folder / "made.d0", std::string_view("1234"));
    const Error error = caton::testing::error_of([&] { static_cast<void>(open_recording(folder / "made.hea")); });
    CHECK(std::string(error.what()).find("truncated") != std::string::npos);
  }

  TEST_CASE("WFDB headers: what makes no sense is refused with its line") {
    CHECK(problem("").find("record line") != std::string::npos);
    CHECK(problem("a/2 3 100 9\n").find("segment") != std::string::npos);
    CHECK(problem("a 2 100\na.dat 16\n").find("truncated") != std::string::npos);
    CHECK(problem("a 1 100\na.dat 508\n").find("508") != std::string::npos);
    CHECK(problem("a 1 0\na.dat 16\n").find("line 1") != std::string::npos);
    CHECK(problem("# comment\na 99999 1\n").find("line 2") != std::string::npos);
    CHECK(problem("a 1 100\na.dat 16 many/mV\n").find("gain") != std::string::npos);
    const auto header = wfdb::read_header("a 1\na.dat 16 0\n", "a.hea");
    CHECK(header.frame_rate_hz == 250);
    CHECK(header.signals[0].gain == 200);
    CHECK(header.signals[0].unit == "mV");
  }

  TEST_CASE("WFDB annotations: long intervals, notes, and a file without an end") {
    using caton::testing::number_bytes;
    const auto word = [](int code, int value) { return number_bytes(static_cast<std::uint16_t>(code << 10 | value)); };
    const std::string bytes = word(1, 10) + word(63, 2) + "AB" + word(59, 0) + number_bytes(std::uint16_t{1}) +
                              number_bytes(std::uint16_t{0}) + word(5, 4);
    Findings findings;
    const auto ended = wfdb::read_annotations(bytes_of(bytes + word(0, 0)), 10, "made.atr", findings);
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].text == "N AB");
    CHECK(ended[1].text == "V");
    CHECK(ended[1].onset_s == doctest::Approx((10 + 65536 + 4) / 10.0));
    CHECK(findings.empty());
    CHECK(wfdb::read_annotations(bytes_of(bytes), 10, "made.atr", findings).size() == 2);
    CHECK(findings.size() == 1);
  }
}
