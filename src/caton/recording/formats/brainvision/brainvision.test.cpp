// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/brainvision/brainvision_writer.hpp"
#include "caton/recording/formats/brainvision/header.hpp"
#include "caton/recording/memory_recording.hpp"
#include "golden_test.hpp"

#include <cmath>

using namespace caton;

namespace {

/// Two channels of two seconds at 100 Hz, whose values need more than 16 bits, with a pause in the middle.
std::unique_ptr<Recording> made() {
  MemoryContent content;
  content.format = "made";
  content.channels = {{.name = "Fp1", .unit = "uV", .rate_hz = 100, .si_factor = 1e-6},
                      {.name = "odd, name", .type = "misc", .rate_hz = 100}};
  content.values = Array<double, 2>({2, 200}, uninitialised);
  for (std::int64_t i = 0; i < 200; ++i) {
    content.values(0, i) = 12.3456789 * std::sin(0.1 * static_cast<double>(i));
    content.values(1, i) = static_cast<double>(i) / 7;
  }
  content.segments = {{0, 120, 0}, {120, 80, 31.2}};
  content.annotations = {{0.5, 0.25, "Stimulus/S  1"}, {31.2, 0, "eyes, closed"}, {31.5, 0.1, "rest"}};
  content.start = "2020-03-02T10:11:12.375000";
  return memory_recording(std::move(content));
}

Array<double, 2> all_of(const Recording& recording) {
  const auto rows = static_cast<std::int64_t>(recording.channels().size());
  std::vector<std::int64_t> channels;
  for (std::int64_t i = 0; i < rows; ++i) channels.push_back(i);
  Array<double, 2> values({rows, recording.channels()[0].samples}, uninitialised);
  recording.read(channels, 0, values.extent(1), values.view());
  return values;
}

std::string problem(const std::string& text) {
  return caton::testing::error_of([&] { static_cast<void>(brainvision::read_header(text, "base", "made.vhdr")); })
      .what();
}

const std::string good =
    "Brain Vision Data Exchange Header File Version 1.0\n[Common Infos]\nDataFile=$b.eeg\nDataFormat=BINARY\n"
    "DataOrientation=MULTIPLEXED\nNumberOfChannels=1\nSamplingInterval=4000\n[Binary Infos]\nBinaryFormat=INT_16\n"
    "[Channel Infos]\nCh1=Cz,,0.5\n";

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  text.replace(text.find(from), from.size(), to);
  return text;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("BrainVision: what is written is read again, gaps and names with commas too") {
    const Path folder = caton::testing::scratch("brainvision-writer");
    const auto source = made();
    write_brainvision(folder / "made.vhdr", *source);
    for (const char* const name : {"made.vhdr", "made.eeg", "made.vmrk"}) {
      const auto back = open_recording(folder / name);
      CHECK(back->format() == "BrainVision");
      CHECK(back->channels()[0].unit == "uV");
      CHECK(back->channels()[1].name == "odd, name");
      CHECK(back->channels()[1].unit == "unknown");
      CHECK(back->start() == source->start());
      const auto a = all_of(*source), b = all_of(*back);
      for (std::int64_t i = 0; i < a.size(); ++i)
        CHECK(std::fabs(a.data()[i] - b.data()[i]) <= 1e-7 * std::fabs(a.data()[i]));
      REQUIRE(back->segments().size() == 2);
      CHECK(back->segments()[1].first == 120);
      REQUIRE(back->annotations().size() == 5);
      CHECK(back->annotations()[2].text == "Stimulus/S  1");
      CHECK(back->annotations()[2].onset_s == doctest::Approx(0.5));
      CHECK(back->annotations()[2].duration_s == doctest::Approx(0.25));
      CHECK(back->annotations()[3].text == "Comment/eyes, closed");
      CHECK(back->annotations()[3].onset_s == doctest::Approx(1.2));
      CHECK(back->annotations()[4].onset_s == doctest::Approx(1.5));
    }
  }

  TEST_CASE("BrainVision: the numbers of a 16-bit source come back equal") {
    const auto file = caton::testing::reference("data/formats/brainvision/int16_multiplexed.vhdr");
    if (!file) return;
    const Path folder = caton::testing::scratch("brainvision-int16");
    const auto source = open_recording(*file);
    write_brainvision(folder / "again.vhdr", *source);
    const auto back = open_recording(folder / "again.vhdr");
    CHECK(std::filesystem::file_size(folder / "again.eeg") == 19200);
    const auto a = all_of(*source), b = all_of(*back);
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
    REQUIRE(back->annotations().size() == source->annotations().size());
    for (std::size_t i = 0; i < back->annotations().size(); ++i) {
      CHECK(back->annotations()[i].text == source->annotations()[i].text);
      CHECK(back->annotations()[i].onset_s == source->annotations()[i].onset_s);
      CHECK(back->annotations()[i].duration_s == source->annotations()[i].duration_s);
    }
  }

  TEST_CASE("BrainVision: volts are written as microvolts") {
    const auto file = caton::testing::reference("data/formats/fif/short_raw.fif");
    if (!file) return;
    const Path folder = caton::testing::scratch("brainvision-volts");
    const auto source = open_recording(*file);
    write_brainvision(folder / "volts.vhdr", *source);
    const auto back = open_recording(folder / "volts.vhdr");
    CHECK(source->channels()[0].unit == "V");
    CHECK(back->channels()[0].unit == "uV");
    const auto a = all_of(*source), b = all_of(*back);
    for (std::int64_t i = 0; i < a.size(); ++i)
      CHECK(std::fabs(a.data()[i] - b.data()[i]) <= 1e-7 * std::fabs(a.data()[i]));
  }

  TEST_CASE("BrainVision: different rates and other endings are refused, and nothing is left") {
    const Path folder = caton::testing::scratch("brainvision-refusals");
    const auto source = made();
    const auto refused = [&](const Path& path) {
      return caton::testing::error_of([&] { write_brainvision(path, *source); }).kind() == ErrorKind::usage;
    };
    CHECK(refused(folder / "made.txt"));
    const auto rates = caton::testing::reference("data/formats/edf/mixed_rates.edf");
    if (!rates) return;
    const auto mixed = open_recording(*rates);
    const Error error = caton::testing::error_of([&] { write_brainvision(folder / "mixed.vhdr", *mixed); });
    CHECK(std::string(error.what()).find("one rate") != std::string::npos);
    CHECK(std::filesystem::is_empty(folder));
  }

  TEST_CASE("BrainVision headers: what would give wrong samples is refused by name") {
    const auto header = brainvision::read_header(good, "base", "made.vhdr");
    CHECK(header.data_file == "base.eeg");
    CHECK(header.rate_hz == 250);
    CHECK(header.channels.at(0).resolution == 0.5);
    for (const auto& [from, to, word] : {std::tuple{"BINARY", "ASCII", "DataFormat"},
                                         {"MULTIPLEXED", "SIDEWAYS", "DataOrientation"},
                                         {"INT_16", "INT_7", "BinaryFormat"},
                                         {"NumberOfChannels=1", "NumberOfChannels=0", "NumberOfChannels"},
                                         {"NumberOfChannels=1", "NumberOfChannels=2", "channel"},
                                         {"Ch1=", "Ch7=", "Ch1"},
                                         {"0.5", "zero", "resolution"},
                                         {"4000", "1e-9", "SamplingInterval"},
                                         {"4000", "-4", "SamplingInterval"},
                                         {"DataFile=$b.eeg\n", "", "DataFile"}}) {
      CAPTURE(to);
      CHECK(problem(with(from, to)).find(word) != std::string::npos);
    }
  }

  TEST_CASE("BrainVision markers: dates, commas, and lines that are none") {
    Findings findings;
    const auto markers = brainvision::read_markers(
        "[Marker Infos]\nMk1=New Segment,,1,1,0,20131113161403794232\nMk2=Comment,a\\1b,5,2,0\nMk3=nonsense\n"
        "Mk4=New Segment,,9,1,0,20131399161403794232\nMk5=Stimulus,S 1,11,1,0\n[Other]\nMk6=Stimulus,S 2,2,1,0\n",
        100, 10, "made.vmrk", findings);
    REQUIRE(markers.annotations.size() == 3);
    CHECK(markers.start == "2013-11-13T16:14:03.794232");
    CHECK(markers.annotations[1].text == "Comment/a,b");
    CHECK(markers.segment_begins == std::vector<std::int64_t>{0, 8});
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].code == "brainvision/marker-broken");
    CHECK(findings[1].code == "brainvision/marker-outside");
  }
}
