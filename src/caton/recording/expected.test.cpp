// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/json.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/recording.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <set>

using namespace caton;

namespace {

/// Folders with `formats/`, `faults/` and their lists: the project's own and, where there is one, the reference folder.
std::vector<Path> data_folders() {
  std::vector<Path> folders;
  if (const auto own = caton::testing::reference("data")) folders.push_back(*own);
  if (const auto shared = caton::testing::shared_dir())
    if (folders.empty() || folders.front() != *shared / "data") folders.push_back(*shared / "data");
  return folders;
}

/// A list of the reference folder, or the project's part of it.
Json list_of(const Path& folder, const std::string& name) {
  Path path = folder / (name + ".json");
  if (!std::filesystem::exists(path)) path = folder / (name + "-recordings.json");
  return parse_json(read_text_file(path, 64 << 20), path.string());
}

double value_at(const Recording& recording, std::int64_t channel, std::int64_t sample) {
  double value = 0;
  recording.read(std::vector<std::int64_t>{channel}, sample, 1, View<double, 2>(&value, {1, 1}));
  return value;
}

void check_values(const Recording& recording, std::int64_t index, const Json& wanted, const char* key) {
  const Json* const values = wanted.find(key);
  if (values == nullptr) return;
  for (const auto& [position, value] : values->members()) {
    const double got = value_at(recording, index, *parse_integer(position));
    CHECK(got == doctest::Approx(value.number()).epsilon(1e-8));
  }
}

void check_channels(const Recording& recording, const Json& entry) {
  const auto& wanted = entry.at("channels").items();
  REQUIRE(recording.channels().size() >= wanted.size());
  if (const Json* const count = entry.find("channel_count"))
    CHECK(static_cast<std::int64_t>(recording.channels().size()) == count->integer());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Channel& channel = recording.channels()[i];
    CAPTURE(channel.name);
    CHECK(channel.name == wanted[i].at("name").text());
    CHECK(channel.unit == wanted[i].at("unit").text());
    CHECK(channel.samples == wanted[i].at("samples").integer());
    const Json& rate = wanted[i].at("rate_hz");
    CHECK(channel.rate_hz == doctest::Approx(rate.is_null() ? 0 : rate.number()).epsilon(1e-12));
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "values_si");
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "values_unit");
  }
}

void check_annotations(const Recording& recording, const Json& entry) {
  const Json* const count = entry.find("annotation_count");
  if (count == nullptr) return;
  CHECK(static_cast<std::int64_t>(recording.annotations().size()) == count->integer());
  const Json* const onsets = entry.find("record_onsets_s");
  const double start = onsets != nullptr && onsets->size() > 0 ? onsets->items().front().number() : 0;
  const auto& wanted = entry.at("annotations").items();
  for (std::size_t i = 0; i < wanted.size() && i < recording.annotations().size(); ++i) {
    const auto& parts = wanted[i].items();
    const Annotation& got = recording.annotations()[i];
    CHECK(std::fabs(got.onset_s - (parts[0].number() - start)) < 2e-6);
    CHECK(std::fabs(got.duration_s - parts[1].number()) < 1e-9);
    CHECK(got.text == parts[2].text());
  }
}

bool readable(const Path& path) { return format_of(path).open != nullptr; }

bool holds(const std::string& text, const std::string& word) {
  return lower_case(text).find(lower_case(word)) != std::string::npos;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("every recording of the reference list has the values listed") {
    int checked = 0;
    for (const Path& folder : data_folders()) {
      const Json list = list_of(folder, "expected");
      for (const auto& [name, entry] : list.members()) {
        const Path path = folder / "formats" / name;
        CAPTURE(name);
        if (!std::filesystem::exists(path) || !entry.has("channels") || !readable(path)) continue;
        const auto recording = open_recording(path);
        CHECK(recording->format() == entry.at("format").text());
        check_channels(*recording, entry);
        check_annotations(*recording, entry);
        const Json* const duration = entry.find("duration_s");
        if (duration != nullptr && !recording->channels().empty())
          CHECK(recording->duration_s() == doctest::Approx(duration->number()));
        ++checked;
      }
    }
    CHECK(checked >= 14);
  }

  TEST_CASE("every damaged file has the outcome of the list, and the message the word of it") {
    int checked = 0;
    for (const Path& folder : data_folders()) {
      const Json list = list_of(folder / "faults", "manifest");
      for (const Json& fault : list.at("cases").items()) {
        const std::string name = fault.at("file").text(), room = name.substr(0, name.find('/'));
        const Path path = folder / "faults" / name;
        if (room != "edf" && room != "bdf" && room != "text") continue;
        if (!std::filesystem::exists(path)) continue;
        CAPTURE(name);
        ++checked;
        const std::string word = fault.at("word").text();
        if (fault.at("outcome").text() == "refuse") {
          const Error error = caton::testing::error_of([&] { static_cast<void>(open_recording(path)); });
          CHECK(error.kind() == ErrorKind::input);
          CHECK_MESSAGE(holds(error.what(), word), error.what());
          continue;
        }
        const auto recording = open_recording(path);
        const auto& findings = recording->findings();
        CHECK(std::any_of(findings.begin(), findings.end(),
                          [&](const Finding& finding) { return holds(finding.what, word); }));
        if (const Json* const channels = fault.find("channels"))
          CHECK(static_cast<std::int64_t>(recording->channels().size()) == channels->integer());
        if (const Json* const samples = fault.find("samples"))
          CHECK(recording->channels().front().samples == samples->integer());
        for (std::size_t i = 0; i < recording->channels().size(); ++i) {
          const double value = value_at(*recording, static_cast<std::int64_t>(i), 0);
          CHECK_MESSAGE((room == "text" || std::isfinite(value)), recording->channels()[i].name);
        }
      }
    }
    CHECK(checked >= 30);
  }
}
