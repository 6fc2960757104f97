// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/recording.hpp"

#include "caton/base/text.hpp"
#include "caton/recording/channel_names.hpp"
#include "caton/recording/units.hpp"
#include "golden_test.hpp"

#include <cmath>
#include <cstring>
#include <set>

using namespace caton;

namespace {

/// Every file of the reference folders that a reader here opens.
std::vector<Path> readable_files() {
  std::vector<Path> files;
  const auto data = caton::testing::reference("data/formats");
  const auto shared = caton::testing::shared_dir();
  std::vector<Path> folders;
  if (data) folders.push_back(*data);
  if (shared) folders.push_back(*shared / "data" / "formats");
  for (const Path& folder : folders) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file() || entry.path().parent_path() == folder) continue;
      const std::string room = entry.path().parent_path().filename().string();
      const std::set<std::string> rooms{"edf",         "bdf",    "muse", "text", "numpy",  "gdf",
                                        "brainvision", "eeglab", "fif",  "wfdb", "openbci"};
      if (rooms.count(room) == 0) continue;
      // Signal files of WFDB have any name; they are read through their header.
      if (room == "wfdb" && entry.path().extension() != ".hea" && entry.path().extension() != ".dat") continue;
      if (std::filesystem::is_empty(entry.path())) continue;
      try {
        if (format_of(entry.path()).open != nullptr) files.push_back(entry.path());
      } catch (const Error&) {
        continue;
      }
    }
  }
  return files;
}

/// Channels that have the rate and the length of the first one.
std::vector<std::int64_t> equal_channels(const Recording& recording) {
  std::vector<std::int64_t> channels;
  const auto& all = recording.channels();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].rate_hz == all[0].rate_hz && all[i].samples == all[0].samples)
      channels.push_back(static_cast<std::int64_t>(i));
  return channels;
}

template <class T>
Array<T, 2> samples(const Recording& recording, std::span<const std::int64_t> channels, std::int64_t first,
                    std::int64_t count) {
  Array<T, 2> values({static_cast<std::int64_t>(channels.size()), count}, uninitialised);
  recording.read(channels, first, count, values.view());
  return values;
}

/// Equal bits, NaN included.
template <class T>
bool same(View<const T, 2> a, View<const T, 2> b) {
  for (std::int64_t i = 0; i < a.extent(0); ++i)
    for (std::int64_t k = 0; k < a.extent(1); ++k)
      if (std::memcmp(&a(i, k), &b(i, k), sizeof(T)) != 0) return false;
  return a.extents() == b.extents();
}

void check_slices(const Recording& recording, const std::vector<std::int64_t>& channels, View<const double, 2> whole) {
  const std::int64_t count = whole.extent(1);
  for (const auto& [first, length] : {std::pair<std::int64_t, std::int64_t>{0, std::min<std::int64_t>(count, 1)},
                                      {count / 3, count / 4},
                                      {count / 2, count - count / 2},
                                      {count, 0}}) {
    const auto part = samples<double>(recording, channels, first, length);
    CHECK(same<double>(part.view(), whole.slice(1, first, length)));
  }
}

void check_order(const Recording& recording, const std::vector<std::int64_t>& channels, View<const double, 2> whole) {
  const std::vector<std::int64_t> backwards(channels.rbegin(), channels.rend());
  const auto turned = samples<double>(recording, backwards, 0, whole.extent(1));
  const auto rows = static_cast<std::int64_t>(channels.size());
  for (std::int64_t row = 0; row < rows; ++row)
    CHECK(same<double>(turned.view().slice(0, rows - 1 - row, 1), whole.slice(0, row, 1)));
}

void check_single_precision(const Recording& recording, const std::vector<std::int64_t>& channels,
                            View<const double, 2> whole) {
  const auto single = samples<float>(recording, channels, 0, whole.extent(1));
  for (std::int64_t row = 0; row < whole.extent(0); ++row) {
    double reach = 0;
    for (std::int64_t i = 0; i < whole.extent(1); ++i)
      if (std::isfinite(whole(row, i))) reach = std::max(reach, std::fabs(whole(row, i)));
    const Channel& channel = recording.channels()[static_cast<std::size_t>(channels[static_cast<std::size_t>(row)])];
    reach = std::max({reach, std::fabs(channel.digital_min_value), std::fabs(channel.digital_max_value)});
    std::int64_t wrong = 0;
    for (std::int64_t i = 0; i < whole.extent(1); ++i) {
      const double a = single(row, i), b = whole(row, i);
      if (std::isnan(a) != std::isnan(b) || (!std::isnan(a) && std::fabs(a - b) > 2e-7 * reach)) ++wrong;
    }
    CHECK(wrong == 0);
  }
}

void check_refusals(const Recording& recording, const std::vector<std::int64_t>& channels, std::int64_t count) {
  const auto rows = static_cast<std::int64_t>(channels.size());
  Array<double, 2> place({rows, 2});
  const auto refused = [&](std::span<const std::int64_t> which, std::int64_t first) {
    return caton::testing::error_of([&] { recording.read(which, first, 2, place.view()); }).kind() == ErrorKind::usage;
  };
  CHECK(refused(channels, count - 1));
  CHECK(refused(channels, -1));
  CHECK(refused(channels, std::int64_t{1} << 62));
  std::vector<std::int64_t> outside = channels;
  outside.back() = static_cast<std::int64_t>(recording.channels().size());
  CHECK(refused(outside, 0));
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("what every format keeps: slices, any order, both precisions, twice the same, refusals") {
    const auto files = readable_files();
    CHECK(files.size() >= 10);
    for (const Path& file : files) {
      CAPTURE(file.filename().string());
      const auto recording = open_recording(file);
      if (recording->channels().empty() || recording->channels()[0].samples < 2) continue;
      const auto channels = equal_channels(*recording);
      const std::int64_t count = recording->channels()[0].samples;
      const auto whole = samples<double>(*recording, channels, 0, count);
      CHECK(same<double>(whole.view(), samples<double>(*open_recording(file), channels, 0, count).view()));
      check_slices(*recording, channels, whole.view());
      check_order(*recording, channels, whole.view());
      check_single_precision(*recording, channels, whole.view());
      check_refusals(*recording, channels, count);
      Array<double, 2> columns({count, static_cast<std::int64_t>(channels.size())});
      recording->read(channels, 0, count, columns.view().transposed());
      CHECK(same<double>(columns.view().transposed(), whole.view()));
      std::int64_t next = 0;
      double end = -1;
      for (const Segment& segment : recording->segments()) {
        CHECK(segment.first == next);
        CHECK(segment.onset_s > end);
        next += segment.count;
        end = segment.onset_s;
      }
    }
  }

  TEST_CASE("channels of different rates are not read at once") {
    const auto file = caton::testing::reference("data/formats/edf/mixed_rates.edf");
    if (!file) return;
    const auto recording = open_recording(*file);
    Array<double, 2> place({2, 4});
    const Error error = caton::testing::error_of([&] {
      recording->read(std::vector<std::int64_t>{0, 2}, 0, 4, place.view());
    });
    CHECK(std::string(error.what()).find("100 Hz") != std::string::npos);
    CHECK(recording->main_rate_hz() == 200);
  }

  TEST_CASE("an unknown channel is refused with the near names") {
    const auto file = caton::testing::reference("data/formats/edf/plain.edf");
    if (!file) return;
    const auto recording = open_recording(*file);
    CHECK(recording->channel_index("EEG C3") == 2);
    CHECK(recording->channel_index("eeg c3") == 2);
    const Error error = caton::testing::error_of([&] { static_cast<void>(recording->channel_index("EEG C5")); });
    CHECK(error.kind() == ErrorKind::input);
    CHECK(std::string(error.what()).find("EEG C") != std::string::npos);
  }

  TEST_CASE("missing files, folders and strangers are refused in one line") {
    const Path folder = caton::testing::scratch("recording-refusals");
    write_file(folder / "stranger.bin", std::string_view("\x01\x02\x03 nothing known"));
    write_file(folder / "made.xdf", std::string_view("XDF:\x01\x02"));
    const auto message = [](const Path& path) {
      return std::string(caton::testing::error_of([&] { static_cast<void>(open_recording(path)); }).what());
    };
    CHECK(message(folder / "none.edf").find("does not exist") != std::string::npos);
    CHECK(message(folder).find("folder") != std::string::npos);
    CHECK(message(folder / "stranger.bin").find("not recognised") != std::string::npos);
    CHECK(message(folder / "made.xdf").find("XDF") != std::string::npos);
    CHECK(message(folder / "made.xdf").find("not read yet") != std::string::npos);
  }

  TEST_CASE("every known format of the reference folder is refused by its name") {
    const auto shared = caton::testing::shared_dir();
    if (!shared) return;
    for (const auto& [file, name] : {std::pair{"besa/simulation.avr", "BESA"},
                                     {"cnt/long.cnt", "Neuroscan CNT"},
                                     {"curry/c8.cdt", "Curry"},
                                     {"egi/test_egi.raw", "EGI"},
                                     {"kit/test_umd-raw.sqd", "KIT"},
                                     {"nicolet/test_nicolet_raw.head", "Nicolet"},
                                     {"nihon/rec.EEG", "Nihon Kohden"},
                                     {"persyst/rec.lay", "Persyst"},
                                     {"snirf/two_wavelengths.snirf", "SNIRF"},
                                     {"xdf/minimal.xdf", "XDF"}}) {
      const Path path = *shared / "data" / "formats" / file;
      CAPTURE(file);
      CHECK(format_of(path).name == name);
      const bool unread = format_of(path).open == nullptr;
      CHECK(unread);
      CHECK_FALSE(format_of(path).remedy.empty());
    }
  }

  TEST_CASE("units: one table, and what it lacks stays unknown") {
    CHECK(unit_of("uV").si_factor == 1e-6);
    CHECK(unit_of("\xC2\xB5V").name == "uV");
    CHECK(unit_of(" microvolts ").name == "uV");
    CHECK(unit_of("mV").si_factor == 1e-3);
    CHECK(unit_of("nV").si_factor == 1e-9);
    CHECK(unit_of("V").voltage);
    CHECK(unit_of("degC").si_factor == 1);
    CHECK_FALSE(unit_of("degC").voltage);
    for (const char* const text : {"", "MV", "furlong", "0.1uV", "uVrms"}) {
      CAPTURE(text);
      CHECK(unit_of(text).name == "unknown");
      CHECK(unit_of(text).si_factor == 1);
    }
    std::string label = "Fp1 (uV)";
    CHECK(split_unit(label).name == "uV");
    CHECK(label == "Fp1");
    label = "left (hand)";
    CHECK(split_unit(label).name == "unknown");
    CHECK(label == "left (hand)");
  }

  TEST_CASE("channel names: the electrode behind a label") {
    for (const auto& [label, name] : {std::pair{"EEG Fp1-REF", "Fp1"},
                                      {"Fc5.", "FC5"},
                                      {"Cz..", "Cz"},
                                      {"FPZ", "Fpz"},
                                      {"EEG F1-Ref", "F1"},
                                      {"C3-A2", "C3"},
                                      {"C3-C4", "C3-C4"},
                                      {"aff5h", "AFF5h"},
                                      {"T7", "T7"},
                                      {"TP9", "TP9"},
                                      {"m1", "M1"},
                                      {"sine 10Hz", "sine 10Hz"},
                                      {"", ""}}) {
      CAPTURE(label);
      CHECK(normal_channel_name(label) == name);
    }
    CHECK(is_electrode_name("FCz"));
    CHECK_FALSE(is_electrode_name("EOG"));
    CHECK_FALSE(is_electrode_name("C"));
  }

  TEST_CASE("channel types: label first, then unit") {
    CHECK(channel_type("EEG Fp1", "uV") == "eeg");
    CHECK(channel_type("Status", "Boolean") == "stim");
    CHECK(channel_type("STI 014", "uV") == "stim");
    CHECK(channel_type("EOG left", "uV") == "eog");
    CHECK(channel_type("ECG", "mV") == "ecg");
    CHECK(channel_type("EMG1", "uV") == "emg");
    CHECK(channel_type("Temp", "degC") == "temperature");
    CHECK(channel_type("Fp1", "unknown") == "eeg");
    CHECK(channel_type("column 1", "unknown") == "misc");
    CHECK(channel_type("ECG1", "uV") == "ecg");
    CHECK(channel_type("Right AUX", "uV") == "misc");
  }
}
