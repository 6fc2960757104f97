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

/// Equal in eight digits, whatever the size of the number; `reach` is the size of the terms it was computed from.
bool near(double got, double wanted, double reach = 0) {
  return std::fabs(got - wanted) <= 1e-8 * std::fabs(wanted) + 1e-14 * std::fabs(reach);
}

void check_values(const Recording& recording, std::int64_t index, const Json& wanted, const char* key, double factor) {
  const Json* const values = wanted.find(key);
  if (values == nullptr) return;
  for (const auto& [position, value] : values->members()) {
    const double got = value_at(recording, index, *parse_integer(position));
    CHECK(near(got, value.number() * factor, recording.channels()[static_cast<std::size_t>(index)].digital_max_value));
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
    if (const Json* const unit = wanted[i].find("unit")) CHECK(channel.unit == unit->text());
    CHECK(channel.samples == wanted[i].at("samples").integer());
    if (const Json* const rate = wanted[i].find("rate_hz"))
      CHECK(channel.rate_hz == doctest::Approx(rate->is_null() ? 0 : rate->number()).epsilon(1e-12));
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "values_si", 1);
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "values_unit", 1);
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "physical", channel.si_factor);
  }
}

void check_annotations(const Recording& recording, const Json& entry) {
  const Json* const count = entry.find("annotation_count");
  if (count == nullptr) return;
  CHECK(static_cast<std::int64_t>(recording.annotations().size()) == count->integer());
  const Json* const onsets = entry.find("record_onsets_s");
  double start = onsets != nullptr && onsets->size() > 0 ? onsets->items().front().number() : 0;
  // FIF files of MNE count from when the amplifier began.
  if (const Json* const first = entry.find("first_samp"))
    start = static_cast<double>(first->integer()) / recording.main_rate_hz();
  const auto& wanted = entry.at("annotations").items();
  for (std::size_t i = 0; i < wanted.size() && i < recording.annotations().size(); ++i) {
    const auto& parts = wanted[i].items();
    const Annotation& got = recording.annotations()[i];
    CHECK(std::fabs(got.onset_s - (parts[0].number() - start)) < 2e-6);
    CHECK(std::fabs(got.duration_s - parts[1].number()) < 1e-9);
    CHECK(got.text == parts[2].text());
  }
}

/// GDF files as BioSig reads them: values in the file's unit.
void check_biosig(const Recording& recording, const Json& entry) {
  const Json* const biosig = entry.find("biosig");
  if (biosig == nullptr || entry.has("channels")) return;
  const auto& wanted = biosig->at("channels").items();
  REQUIRE(recording.channels().size() == wanted.size());
  CHECK(recording.main_rate_hz() == doctest::Approx(biosig->at("rate_hz").number()));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Channel& channel = recording.channels()[i];
    CHECK(channel.name == wanted[i].at("name").text());
    CHECK(channel.samples == biosig->at("samples").integer());
    check_values(recording, static_cast<std::int64_t>(i), wanted[i], "values_unit", channel.si_factor);
  }
}

/// Epochs (epoch, channel, sample, value) and averages (channel, sample, value): a segment each.
void check_pieces(const Recording& recording, const Json& entry) {
  const Json* const epochs = entry.find("epochs");
  const auto count = entry.at("samples").integer();
  CHECK(static_cast<std::int64_t>(recording.segments().size()) == (epochs == nullptr ? 1 : epochs->integer()));
  CHECK(static_cast<std::int64_t>(recording.channels().size()) == entry.at("channel_count").integer());
  for (const Segment& segment : recording.segments()) CHECK(segment.count == count);
  for (const Json& one : entry.at("values_si").items()) {
    auto parts = one.numbers();
    if (epochs == nullptr) parts.insert(parts.begin(), 0);
    REQUIRE(parts.size() == 4);
    const auto sample = static_cast<std::int64_t>(parts[0]) * count + static_cast<std::int64_t>(parts[2]);
    CHECK(near(value_at(recording, static_cast<std::int64_t>(parts[1]), sample), parts[3]));
  }
  const double zero_s = -entry.at("tmin_s").number();
  REQUIRE_FALSE(recording.annotations().empty());
  CHECK(recording.annotations()[0].onset_s == doctest::Approx(zero_s).epsilon(1e-6));
}

void check_symbols(const Recording& recording, const Json& entry) {
  const auto& all = recording.annotations();
  REQUIRE(static_cast<std::int64_t>(all.size()) == entry.at("count").integer());
  const double rate = entry.at("rate_hz").number();
  const auto check = [&](const Annotation& got, const Json& wanted) {
    CHECK(std::llround(got.onset_s * rate) == wanted.items()[0].integer());
    CHECK(got.text == wanted.items()[1].text());
  };
  const auto& first = entry.at("first").items();
  for (std::size_t i = 0; i < first.size(); ++i) check(all[i], first[i]);
  check(all.back(), entry.at("last"));
}

void check_exg(const Recording& recording, const Json& exg) {
  const auto first = exg.at("first_uv").numbers(), last = exg.at("last_uv").numbers();
  CHECK(recording.main_rate_hz() == exg.at("rate_hz").number());
  CHECK(static_cast<std::int64_t>(recording.channels_of_type("eeg").size()) == exg.at("count").integer());
  const std::int64_t samples = exg.at("samples").integer();
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(recording.channels()[i].samples == samples);
    CHECK(near(value_at(recording, static_cast<std::int64_t>(i), 0), first[i] * 1e-6));
    CHECK(near(value_at(recording, static_cast<std::int64_t>(i), samples - 1), last[i] * 1e-6));
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
        const bool known = entry.has("channels") || entry.has("values_si") || entry.has("biosig") || entry.has("exg") ||
                           name.ends_with(".hea");
        if (!std::filesystem::exists(path) || !known || !readable(path)) continue;
        const auto recording = open_recording(path);
        const bool symbols = entry.has("count");
        CHECK(recording->format() == (symbols ? "WFDB" : entry.at("format").text()));
        if (entry.has("channels")) check_channels(*recording, entry);
        if (entry.has("values_si")) check_pieces(*recording, entry);
        if (symbols) check_symbols(*recording, entry);
        if (const Json* const exg = entry.find("exg")) check_exg(*recording, *exg);
        check_biosig(*recording, entry);
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
        const std::set<std::string> rooms{"edf", "bdf", "text", "gdf", "brainvision", "eeglab", "fif", "wfdb"};
        if (rooms.count(room) == 0) continue;
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
