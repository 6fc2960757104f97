// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/recording/formats/edf/edf_fields.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "golden_test.hpp"

#include <cmath>

using namespace caton;

namespace {

Array<double, 1> row(const Recording& recording, std::int64_t channel) {
  const std::int64_t count = recording.channels()[static_cast<std::size_t>(channel)].samples;
  Array<double, 1> values({count}, uninitialised);
  recording.read(std::vector<std::int64_t>{channel}, 0, count, View<double, 2>(values.data(), {1, count}));
  return values;
}

/// One step of the stored numbers of a channel, in SI.
double step_of(const Channel& channel) {
  const Scaling& scaling = *channel.scaling;
  return std::fabs((scaling.physical_max - scaling.physical_min) /
                   static_cast<double>(scaling.digital_max - scaling.digital_min) * channel.si_factor);
}

void check_same(const Recording& before, const Recording& after) {
  REQUIRE(before.channels().size() == after.channels().size());
  for (std::size_t i = 0; i < before.channels().size(); ++i) {
    const Channel &a = before.channels()[i], &b = after.channels()[i];
    CAPTURE(a.name);
    CHECK(a.rate_hz == doctest::Approx(b.rate_hz).epsilon(1e-12));
    REQUIRE(a.samples == b.samples);
    if (!b.scaling) continue;
    const auto x = row(before, static_cast<std::int64_t>(i)), y = row(after, static_cast<std::int64_t>(i));
    double worst = 0;
    for (std::int64_t k = 0; k < a.samples; ++k) worst = std::max(worst, std::fabs(x[k] - y[k]));
    CHECK(worst <= step_of(b) * 0.5001);
    if (a.scaling && a.scaling->bits == 16) CHECK(worst <= step_of(b) * 1e-6);
  }
  REQUIRE(before.annotations().size() == after.annotations().size());
  for (std::size_t i = 0; i < before.annotations().size(); ++i) {
    CHECK(std::fabs(before.annotations()[i].onset_s - after.annotations()[i].onset_s) < 1e-6);
    CHECK(std::fabs(before.annotations()[i].duration_s - after.annotations()[i].duration_s) < 1e-6);
    CHECK(before.annotations()[i].text == after.annotations()[i].text);
  }
  REQUIRE(before.segments().size() == after.segments().size());
  for (std::size_t i = 0; i < before.segments().size(); ++i) {
    CHECK(before.segments()[i].count == after.segments()[i].count);
    CHECK(std::fabs(before.segments()[i].onset_s - after.segments()[i].onset_s) < 2e-6);
  }
  CHECK(before.start() == after.start());
}

EdfContent named(std::vector<std::string> names) {
  EdfContent content;
  for (const std::string& name : names) content.channels.push_back({.name = name});
  return content;
}

}  // namespace

TEST_SUITE("recording") {
  TEST_CASE("EDF: written and read again, every recording of the reference keeps samples, times and annotations") {
    const Path folder = caton::testing::scratch("edf-round-trip");
    int checked = 0;
    for (const char* const name :
         {"edf/plain.edf", "edf/edfplus_c.edf", "edf/edfplus_d.edf", "edf/edfplus_c_subsecond_start.edf",
          "edf/mixed_rates.edf", "edf/units_mV_V_nV.edf", "edf/inverted_and_12bit.edf", "edf/annotations_only.edf",
          "edf/record_duration_fraction.edf", "edf/real_stim_channel.edf", "edf/real_utf8.edf",
          "edf/annotation_channel_first_and_two.edf", "bdf/bdfplus_c.bdf", "bdf/status_channel.bdf",
          "bdf/test_generator_datarec_generator_0_5.bdf", "muse/data_2017-02-04-15_45_13.csv",
          "text/quoted_bom_crlf.csv"}) {
      const auto file = caton::testing::reference(std::string("data/formats/") + name);
      if (!file) continue;
      CAPTURE(name);
      const auto before = open_recording(*file);
      const Path target = folder / (file->stem().string() + ".edf");
      write_edf(target, *before);
      check_same(*before, *open_recording(target));
      ++checked;
    }
    CHECK(checked >= 10);
  }

  TEST_CASE("EDF: lengths that are no whole number of records, and gaps anywhere, come back exactly") {
    const Path folder = caton::testing::scratch("edf-odd-lengths");
    for (const std::int64_t samples : {1, 7, 255, 256, 257, 1021, 10573}) {
      CAPTURE(samples);
      Array<double, 2> signal({2, samples});
      for (std::int64_t i = 0; i < samples; ++i) {
        signal(0, i) = 1e-6 * std::sin(static_cast<double>(i));
        signal(1, i) = 5e-5 + 1e-4 * std::cos(0.1 * static_cast<double>(i));
      }
      EdfContent content = named({"Fp1", "\xC2\xB5 electrode"});
      content.annotations = {{0.125, 0.25, "one"}, {-0.5, 0, "before"}, {1e3, 0, "far behind"}};
      const Path target = folder / "odd.edf";
      write_edf(target, signal.view(), 256, content);
      const auto read = open_recording(target);
      CHECK(read->channels()[1].name == "u electrode");
      REQUIRE(read->channels()[0].samples == samples);
      REQUIRE(read->annotations().size() == 3);
      CHECK(read->annotations()[0].text == "before");
      const auto second = row(*read, 1);
      for (std::int64_t i = 0; i < samples; ++i)
        CHECK(std::fabs(second[i] - signal(1, i)) <= step_of(read->channels()[1]));
      if (samples < 1000) continue;
      content.segments = {{0, 333, 0}, {333, samples - 333, 17.25}};
      write_edf(target, signal.view(), 256, content);
      const auto gapped = open_recording(target);
      REQUIRE(gapped->segments().size() == 2);
      CHECK(gapped->segments()[0].count == 333);
      CHECK(gapped->segments()[1].onset_s == doctest::Approx(17.25));
      const auto first = row(*gapped, 0);
      for (std::int64_t i = 0; i < samples; ++i)
        CHECK(std::fabs(first[i] - signal(0, i)) <= step_of(gapped->channels()[0]));
    }
  }

  TEST_CASE("EDF: what cannot be written is refused and leaves nothing behind") {
    const Path folder = caton::testing::scratch("edf-write-refusals");
    Array<double, 2> signal({1, 256});
    signal(0, 17) = std::nan("");
    const auto problem = [&](double rate) {
      return std::string(
          caton::testing::error_of([&] { write_edf(folder / "x.edf", signal.view(), rate, named({"Cz"})); }).what());
    };
    CHECK(problem(256).find("sample 17") != std::string::npos);
    signal(0, 17) = 0;
    CHECK(problem(255.123456789).find("record duration") != std::string::npos);
    CHECK(caton::testing::error_of([&] {
            write_edf(folder / "x.edf", signal.view(), 256, named({"Cz", "Pz"}));
          }).kind() == ErrorKind::usage);
    CHECK(std::filesystem::is_empty(folder));
  }

  TEST_CASE("EDF: numbers in eight characters") {
    for (const double value : {0.0, -200.0, 0.0002, -8388608.0, 1e-12, -1e-12, 123456.789, -1234.56789,
                               3.14159265358979, 0.001234567, 9.87654321e9}) {
      CAPTURE(value);
      CHECK(edf::number_field(value).size() <= 8);
      CHECK(edf::rounded_down(value) <= value);
      CHECK(edf::rounded_up(value) >= value);
      CHECK(std::fabs(edf::rounded_up(value) - edf::rounded_down(value)) <= std::fabs(value) * 2e-2);
    }
  }
}
