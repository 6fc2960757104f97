// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/plot.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/features/band_power.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/plots/plot_signals.hpp"
#include "caton/signal/epoch.hpp"
#include "caton/signal/evoked.hpp"
#include "caton/signal/welch.hpp"
#include "signal_test.hpp"

#include <algorithm>
#include <numbers>
#include <set>

namespace caton::report {
namespace {

using caton::testing::error_of;
using caton::testing::noise;
using caton::testing::says;
using caton::testing::scratch;

const std::vector<std::string> electrodes{"Fp1", "Fp2", "F3", "F4", "C3", "C4", "P3", "P4", "O1", "O2"};
constexpr double rate_hz = 128;

/// 40 s of noise with alpha at the back and, a third of a second after every "target", a wave at the top.
Matrix made_signal() {
  Matrix x = noise(10, 40 * 128, 4e-6);
  for (std::int64_t t = 0; t < x.extent(1); ++t) {
    const double s = static_cast<double>(t) / rate_hz, since = std::fmod(s, 2.0) - 0.3;
    for (std::int64_t c = 0; c < 10; ++c) {
      const double alpha = (c >= 8 ? 20e-6 : 3e-6) * std::sin(2 * std::numbers::pi * 10 * s);
      const double wave = (c == 4 || c == 5 ? 12e-6 : 0) * std::exp(-since * since / 0.005);
      x(c, t) += alpha + wave;
    }
  }
  return x;
}

PlotRequest request_for(const std::string& name, std::vector<std::string> names = electrodes) {
  const Path file = scratch("plots-" + name) / "made.edf";
  EdfContent content;
  for (const auto& electrode : names) content.channels.push_back({.name = electrode});
  for (int i = 1; i < 19; ++i) content.annotations.push_back({2.0 * i, 0, i % 2 == 0 ? "target" : "other & <b>"});
  content.annotations.push_back({11.5, 1.5, "BAD movement"});
  const Matrix x = made_signal();
  write_edf(file, x.view().slice(0, 0, static_cast<std::int64_t>(names.size())), rate_hz, std::move(content));
  return {.file = file.string()};
}

PlotPicture drawn(const std::string& kind, const PlotRequest& request) {
  const auto* const entry = Registry<PlotKind>::instance().find(kind);
  REQUIRE(entry != nullptr);
  return entry->draw(request);
}

std::string number_of(const PlotPicture& picture, const std::string& what) {
  for (const auto& [name, value] : picture.numbers) {
    if (name == what) return value;
  }
  FAIL_CHECK("the picture does not say: " << what);
  return {};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Every tag is closed in order, every quote and entity is whole, no number is missing.
void check_well_formed(const std::string& svg) {
  std::vector<std::string> open;
  const std::size_t style = svg.find("<style>"), style_end = svg.find("</style>");
  for (std::size_t i = svg.find('<'); i != std::string::npos; i = svg.find('<', i + 1)) {
    if (i > style && i < style_end) continue;
    const std::size_t end = svg.find('>', i);
    REQUIRE(end != std::string::npos);
    const std::string tag = svg.substr(i + 1, end - i - 1);
    CHECK(std::count(tag.begin(), tag.end(), '"') % 2 == 0);
    if (tag.back() == '/') continue;
    if (tag.front() != '/') {
      open.push_back(tag.substr(0, tag.find(' ')));
      continue;
    }
    REQUIRE(!open.empty());
    CHECK("/" + open.back() == tag);
    open.pop_back();
  }
  CHECK(open.empty());
  for (std::size_t i = svg.find('&'); i != std::string::npos; i = svg.find('&', i + 1))
    CHECK(svg.find(';', i) - i <= 6);
  CHECK_FALSE(has(svg, "nan"));
  CHECK_FALSE(has(svg, "inf\""));
}

}  // namespace

TEST_SUITE("report") {
  TEST_CASE("plots: every kind draws a well-formed picture that stands alone, for many channels, few and one") {
    std::size_t count = 0;
    for (const std::vector<std::string>& names : {electrodes, {"C3", "C4", "Pz"}, std::vector<std::string>{"Cz"}}) {
      PlotRequest request = request_for("kinds" + std::to_string(names.size()), names);
      for (const auto* const kind : Registry<PlotKind>::instance().entries()) {
        CAPTURE(kind->name);
        request.others.clear();
        if (kind->name == "states") request.others.push_back(request.file);
        if (static_cast<std::int64_t>(names.size()) < kind->fewest_channels) {
          CHECK(says(error_of([&] { (void)kind->draw(request); }), "channel"));
          continue;
        }
        const PlotPicture picture = kind->draw(request);
        const std::string svg = plot_svg(picture), html = plot_html(picture);
        check_well_formed(svg);
        CHECK(svg.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0) == 0);
        CHECK(has(svg, "prefers-color-scheme: dark"));
        CHECK(has(svg, "made.edf"));
        CHECK(has(html, svg));
        CHECK_FALSE(has(html, "<b>"));
        REQUIRE(!picture.numbers.empty());
        for (const auto& [what, value] : picture.numbers) CHECK(value.size() > 0);
        CHECK(plot_svg(kind->draw(request)) == svg);
        ++count;
      }
    }
    CHECK(count >= 27);
  }

  TEST_CASE("plot psd: the numbers are those of the density") {
    const PlotRequest request = request_for("psd");
    const PlotPicture picture = drawn("psd", request);
    CHECK(number_of(picture, "peak of the mean between 7 and 13 Hz") == "10 Hz");
    const PlotSignals signals = plot_signals(request, 600);
    CHECK(signals.unit == "\xC2\xB5V");
    const auto spectrum =
        welch(signals.x, {.rate_hz = rate_hz, .fft_samples = 256, .overlap_samples = 128, .window = "hann"});
    const auto powers = band_power(spectrum.psd, spectrum.freqs_hz, {.bands = {{8, 13}, {13, 30}}});
    for (std::int64_t b = 0; b < 2; ++b) {
      double mean = 0;
      for (std::int64_t c = 0; c < 10; ++c) mean += powers.power(c, b) / 10;
      CHECK(number_of(picture, b == 0 ? "alpha, 8 to 13 Hz" : "beta, 13 to 30 Hz") ==
            three_digits(mean) + " \xC2\xB5V\xC2\xB2");
    }
    CHECK(has(plot_svg(picture), ">10 Hz</text>"));
    const PlotPicture maps = drawn("topomap", request);
    double occipital = std::max(powers.power(8, 0), powers.power(9, 0));
    CHECK(has(number_of(maps, "most alpha power"), three_digits(10 * std::log10(occipital)) + " dB"));
    CHECK(number_of(maps, "most alpha power")[0] == 'O');
  }

  TEST_CASE("plot erp and epochs: counts, heights and latencies are those of the average") {
    PlotRequest request = request_for("erp");
    request.events = {"target"};
    request.reject_uv = 500;
    const PlotSignals signals = plot_signals(request, 600);
    std::vector<std::int64_t> events;
    for (int i = 2; i < 19; i += 2) events.push_back(2 * i * 128);
    const auto cut =
        epoch(signals.x, events, {.rate_hz = rate_hz, .start_s = -0.2, .stop_s = 0.8, .baseline = TimeSpan{-0.2, 0.0}});
    const auto average = evoked(cut.epochs);
    const Peak top = peak(average.mean, {.rate_hz = rate_hz,
                                         .start_s = cut.times_s.front(),
                                         .window = {.begin_s = 0, .end_s = {}},
                                         .sign = PeakSign::positive});
    const PlotPicture picture = drawn("erp", request);
    CHECK(number_of(picture, "target").rfind("9 of 9", 0) == 0);
    CHECK(number_of(picture, "target, highest") == three_digits(top.amplitude) + " \xC2\xB5V at " +
                                                       electrodes[static_cast<std::size_t>(top.channel)] + ", " +
                                                       three_digits(1e3 * top.latency_s) + " ms");
    request.channels = {"C3"};
    const PlotPicture image = drawn("epochs", request);
    const auto* const row = average.mean[4].data();
    const auto* const high = std::max_element(row, row + average.mean.extent(1));
    CHECK(number_of(image, "C3, target, highest mean") ==
          three_digits(*high) + " \xC2\xB5V at " +
              three_digits(1e3 * cut.times_s[static_cast<std::size_t>(high - row)]) + " ms");
  }

  TEST_CASE("plot tfr: the wave after the event is the strongest rise, and stands where it was put") {
    PlotRequest request = request_for("tfr");
    request.channels = {"C3", "C4"};
    request.events = {"target"};
    const std::string rise = number_of(drawn("tfr", request), "target, strongest rise");
    const auto at = rise.find("Hz, ");
    REQUIRE(at != std::string::npos);
    const auto ms = parse_number(rise.substr(at + 4, rise.find(" ms") - at - 4));
    REQUIRE(ms.has_value());
    CHECK(std::abs(*ms - 300) < 120);
  }

  TEST_CASE("plot raw and annotations: spreads, counts; a flat channel and a gap are told") {
    const PlotRequest request = request_for("raw");
    const PlotPicture picture = drawn("raw", request);
    const PlotSignals signals = plot_signals(request, 10);
    CHECK(signals.x.extent(1) == 1280);
    for (std::int64_t c : {0, 4, 9}) {
      std::vector<double> values(signals.x[c].data(), signals.x[c].data() + 1280);
      const double middle = median(values);
      for (double& value : values) value = std::abs(value - middle);
      CHECK(number_of(picture, "spread of " + electrodes[static_cast<std::size_t>(c)]) ==
            three_digits(1.4826 * median(values)) + " \xC2\xB5V");
    }
    CHECK(has(number_of(drawn("annotations", request), "target"), "9\xC3\x97"));
    CHECK(has(number_of(drawn("annotations", request), "BAD movement"), "1.5"));
    const Path file = scratch("plots-gap") / "gap.edf";
    EdfContent content{.channels = {{.name = "C3"}, {.name = "C4"}}, .segments = {{0, 384, 0}, {384, 384, 20}}};
    Matrix x = noise(2, 768, 1e-5);
    for (std::int64_t t = 0; t < 768; ++t) x(1, t) = 0;
    write_edf(file, x, rate_hz, std::move(content));
    const PlotPicture gap = drawn("raw", {.file = file.string()});
    CHECK(number_of(gap, "channels that do not move") == "C4");
    CHECK(has(gap.svg, "stroke-dasharray=\"5 4\""));
  }

  TEST_CASE("plot states: the change between two recordings, where and by how much") {
    PlotRequest request = request_for("states");
    const Path other = scratch("plots-states-other") / "louder.edf";
    EdfContent content;
    for (const auto& electrode : electrodes) content.channels.push_back({.name = electrode});
    Matrix x = made_signal();
    for (std::int64_t t = 0; t < x.extent(1); ++t) x(9, t) *= 2;
    write_edf(other, x.view(), rate_hz, std::move(content));
    request.others = {other.string()};
    request.bands = {{8, 13}};
    const PlotPicture picture = drawn("states", request);
    check_well_formed(plot_svg(picture));
    CHECK(number_of(picture, "8-13 Hz, louder.edf against made.edf") == "largest change at O2: +6.0 dB");
    CHECK(has(picture.svg, "second less first"));
    PlotRequest wrong = request;
    wrong.others = {request_for("states-few", {"C3", "C4", "Pz"}).file};
    CHECK(says(error_of([&] { (void)drawn("states", wrong); }), "other channels"));
  }

  TEST_CASE(
      "plot connectivity: every registered measure is drawn; numbers are the operation's; arrows where it directs") {
    PlotRequest request = request_for("links");
    request.channels = {"Fp1", "F3", "C3", "P3", "O1"};
    request.bands = {{8, 13}};
    request.seconds = 30;
    request.order = 2;
    for (const PairMeasure* const measure : Registry<PairMeasure>::instance().entries()) {
      CAPTURE(measure->name);
      request.measure = measure->name;
      const PlotPicture picture = drawn("connectivity", request);
      check_well_formed(plot_svg(picture));
      CHECK(has(picture.svg, ">from</text>") == (measure->kind != PairKind::mutual));
    }
    request.measure = "plv";
    const PlotSignals signals = plot_signals(request, 120);
    const PairMeasure& plv = pair_measure_named("test", "plv");
    const auto values = measure_pairs(plv, pair_epochs(plv, signals.x, 256), {.rate_hz = rate_hz, .bands = {{8, 13}}});
    double largest = 0;
    for (const double value : values) largest = std::max(largest, value);
    CHECK(has(number_of(drawn("connectivity", request), "8-13 Hz, strongest"), three_digits(largest)));
  }

  TEST_CASE("plot ica: a planted blink is the component that is named the eye's, and its score is told") {
    const Path file = scratch("plots-blink") / "blink.edf";
    EdfContent content;
    for (const auto& electrode : electrodes) content.channels.push_back({.name = electrode});
    Matrix x = noise(10, 120 * 128, 6e-6);
    const Matrix shared = noise(1, x.extent(1), 8e-6, 77);
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      for (std::int64_t c = 0; c < 10; ++c) x(c, t) += shared(0, t);
      const double since = std::fmod(static_cast<double>(t) / rate_hz, 3.7) - 1;
      for (std::int64_t c = 0; c < 4; ++c) x(c, t) += (c < 2 ? 150e-6 : 50e-6) * std::exp(-since * since / 0.01);
    }
    write_edf(file, x, rate_hz, std::move(content));
    PlotRequest request{.file = file.string()};
    const PlotPicture picture = drawn("ica", request);
    CHECK(has(number_of(picture, "components"), "1 eye"));
    CHECK(number_of(picture, "IC 1").rfind("eye, ", 0) == 0);
    CHECK(has(picture.svg, ">IC 1, eye</text>"));
    CHECK(has(picture.svg, ">IC 9</text>"));
    request.most_components = 2;
    CHECK_FALSE(has(drawn("ica", request).svg, ">IC 9</text>"));
  }

  TEST_CASE("plots: refuse what cannot be drawn") {
    const PlotRequest request = request_for("refused");
    const auto word = [](const std::string& kind, const PlotRequest& wrong, const std::string& expected) {
      const Error error = error_of([&] { (void)drawn(kind, wrong); });
      CHECK_MESSAGE(says(error, expected), error.what());
    };
    const auto with = [&](auto change) {
      PlotRequest wrong = request;
      change(wrong);
      return wrong;
    };
    word("erp", with([](PlotRequest& r) { r.events = {"targit"}; }), "target");
    word("erp", with([](PlotRequest& r) { r.reject_uv = 1; }), "too large amplitudes");
    word("erp", with([](PlotRequest& r) { r.stop_s = -1; }), "window");
    word("psd", with([](PlotRequest& r) { r.bands = {{60, 70}}; }), "band");
    word("psd", with([](PlotRequest& r) { r.channels = {"Fz9"}; }), "Fz9");
    word("raw", with([](PlotRequest& r) { r.from_s = 41; }), "behind the end");
    word("raw", with([](PlotRequest& r) { r.seconds = 0; }), "positive");
    word("topomap", with([](PlotRequest& r) { r.montage = "standard"; }), "montage");
    word("psd", with([](PlotRequest& r) { r.low_hz = 64; }), "Nyquist");
    word("connectivity", with([](PlotRequest& r) { r.measure = "wply"; }), "wpli");
    word("connectivity", with([](PlotRequest& r) { r.channels = {"C3"}; }), "two channels");
    word("ica", with([](PlotRequest& r) { r.seconds = 1; }), "too short");
    word("montage", request_for("nowhere", {"left", "right"}), "place on the head");
  }
}

}  // namespace caton::report
