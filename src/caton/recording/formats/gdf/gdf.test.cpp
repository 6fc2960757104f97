// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/gdf/fields.hpp"
#include "caton/recording/recording.hpp"
#include "golden_test.hpp"
#include "made_recordings.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

using namespace caton;

namespace {

caton::testing::MadeGdf two_channels() {
  caton::testing::MadeGdf made{.labels = {"EEG-Fz", "EOG"}, .samples = {{}, {}}};
  for (std::int16_t i = 0; i < 500; ++i) {
    made.samples[0].push_back(i);
    made.samples[1].push_back(static_cast<std::int16_t>(-3 * i));
  }
  made.events = {{26, 768, 0, 50}, {251, 769, 0, 25}};
  return made;
}

std::unique_ptr<Recording> opened(const std::string& name, const std::string& bytes) {
  const Path folder = caton::testing::scratch("gdf-" + name);
  write_file(folder / "made.gdf", bytes);
  return open_recording(folder / "made.gdf");
}

bool found(const Recording& recording, const char* code) {
  return std::any_of(recording.findings().begin(), recording.findings().end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("GDF 1 and 2: samples, units, and events with and without durations") {
    for (const bool second : {false, true}) {
      for (const bool durations : {false, true}) {
        auto made = two_channels();
        made.second = second;
        made.with_durations = durations;
        const auto recording = opened("plain", made.bytes());
        CHECK(recording->variant() == (second ? "GDF 2.20" : "GDF 1.25"));
        REQUIRE(recording->channels().size() == 2);
        CHECK(recording->channels()[0].unit == "uV");
        CHECK(recording->channels()[1].type == "eog");
        CHECK(recording->duration_s() == 2);
        Array<double, 2> values({2, 500});
        recording->read(std::vector<std::int64_t>{0, 1}, 0, 500, values.view());
        CHECK(values(0, 499) == doctest::Approx(49.9e-6).epsilon(1e-9));
        CHECK(values(1, 100) == doctest::Approx(-30e-6).epsilon(1e-9));
        REQUIRE(recording->annotations().size() == 2);
        CHECK(recording->annotations()[0].onset_s == doctest::Approx(0.1));
        CHECK(recording->annotations()[1].text == "769");
        CHECK(recording->annotations()[1].duration_s == doctest::Approx(durations ? 0.1 : 0.004));
      }
    }
  }

  TEST_CASE("GDF: records that are not counted, not there, or of another kind than said") {
    auto made = two_channels();
    made.events.clear();
    made.said_records = -1;
    const auto unknown = opened("unknown", made.bytes());
    CHECK(unknown->channels()[0].samples == 500);
    CHECK(found(*unknown, "gdf/records-unknown"));
    made.said_records = 900;
    const auto cut = opened("cut", made.bytes());
    CHECK(cut->channels()[0].samples == 500);
    CHECK(found(*cut, "gdf/truncated"));
    made.said_records = 0;
    const Error none = caton::testing::error_of([&] { static_cast<void>(opened("none", made.bytes())); });
    CHECK(std::string(none.what()).find("no records") != std::string::npos);
    auto events = two_channels();
    std::string bytes = events.bytes();
    bytes.resize(bytes.size() - 7);
    const auto short_table = opened("table", bytes);
    CHECK(short_table->annotations().empty());
    CHECK(found(*short_table, "gdf/events-truncated"));
  }

  TEST_CASE("GDF fields: units by code, durations of both kinds, dates") {
    CHECK(gdf::unit_of_code(4275) == "uV");
    CHECK(gdf::unit_of_code(4274) == "mV");
    CHECK(gdf::unit_of_code(4256) == "V");
    CHECK(gdf::unit_of_code(1).empty());
    CHECK(gdf::stored_type(279) == StoredType::int24);
    CHECK_FALSE(gdf::stored_type(9999));
    CHECK(gdf::duration_of(std::uint64_t{256} << 32 | 1) == 1.0 / 256);
    CHECK(gdf::duration_of(std::bit_cast<std::uint64_t>(0.005)) == 0.005);
    CHECK(std::isinf(gdf::duration_of(1)));
    CHECK(gdf::start_of_digits("2020030210111250") == "2020-03-02T10:11:12.500000");
    CHECK(gdf::start_of_digits("2020023010111250").empty());
    CHECK(gdf::start_of_digits("                ").empty());
    CHECK(gdf::start_of_days(std::uint64_t{719529 + 18323} << 32 | 0x80000000U) == "2020-03-02T12:00:00");
    CHECK(gdf::start_of_days(std::numeric_limits<std::uint64_t>::max()).empty());
  }
}
