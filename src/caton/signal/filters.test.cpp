// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fir.hpp"
#include "caton/signal/frequency_response.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"
#include "caton/signal/notch.hpp"
#include "caton/signal/transfer_function.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::combined;
using testing::error_of;
using testing::largest_difference;
using testing::noise;
using testing::reversed;
using testing::says;
using testing::sine;

namespace {

double gain_at(Signal sos, double rate_hz, double hz) {
  return std::abs(section_response(sos, rate_hz, std::vector<double>{hz}).front());
}

double decibel(double gain) { return 20 * std::log10(gain); }

/// The root mean square of the middle half, away from the ends.
double middle_rms(Signal x) {
  double sum = 0;
  const std::int64_t begin = x.extent(1) / 4, end = 3 * x.extent(1) / 4;
  for (std::int64_t t = begin; t < end; ++t) sum += x(0, t) * x(0, t);
  return std::sqrt(sum / static_cast<double>(end - begin));
}

const std::vector<BandKind> all_bands{BandKind::lowpass, BandKind::highpass, BandKind::bandpass, BandKind::bandstop};

std::vector<double> edges_of(BandKind band) {
  if (band == BandKind::bandpass || band == BandKind::bandstop) return {20, 40};
  return {30};
}

/// A frequency in the pass band, far from its edges, where flat filters have gain 1.
double passed_hz(BandKind band) {
  switch (band) {
    case BandKind::highpass: return 124.999;
    case BandKind::bandpass: return 28.5;
    default: return 0.001;
  }
}

}  // namespace

TEST_SUITE("signal") {
  TEST_CASE("iir_design: every kind, band and order has the gain it promises at its edges") {
    for (const BandKind band : all_bands) {
      for (int order = 1; order <= 9; ++order) {
        CAPTURE(static_cast<int>(band));
        CAPTURE(order);
        const auto cut = edges_of(band);
        const IirDesign butterworth{.rate_hz = 250, .band = band, .order = order, .cut_hz = cut};
        IirDesign ripple = butterworth, stop = butterworth, elliptic = butterworth, bessel = butterworth;
        ripple.kind = IirKind::chebyshev1;
        ripple.ripple_db = 1;
        stop.kind = IirKind::chebyshev2;
        stop.attenuation_db = 40;
        elliptic.kind = IirKind::elliptic;
        elliptic.ripple_db = 1;
        elliptic.attenuation_db = 40;
        bessel.kind = IirKind::bessel;
        bessel.bessel_norm = BesselNorm::magnitude;
        for (const double hz : cut) {
          CHECK(decibel(gain_at(iir_design(butterworth), 250, hz)) == doctest::Approx(-3.0103).epsilon(1e-4));
          CHECK(decibel(gain_at(iir_design(ripple), 250, hz)) == doctest::Approx(-1).epsilon(1e-6));
          CHECK(decibel(gain_at(iir_design(stop), 250, hz)) == doctest::Approx(-40).epsilon(1e-6));
          CHECK(decibel(gain_at(iir_design(elliptic), 250, hz)) == doctest::Approx(-1).epsilon(1e-6));
          CHECK(decibel(gain_at(iir_design(bessel), 250, hz)) == doctest::Approx(-3.0103).epsilon(1e-4));
        }
        if (band != BandKind::bandpass)
          CHECK(gain_at(iir_design(butterworth), 250, passed_hz(band)) == doctest::Approx(1).epsilon(1e-4));
        else
          CHECK(gain_at(iir_design(butterworth), 250, passed_hz(band)) > 0.99);
      }
    }
  }

  TEST_CASE("iir_design: sections and polynomials are the same filter; edges that cannot be are refused") {
    const IirDesign design{.rate_hz = 128, .band = BandKind::bandpass, .order = 5, .cut_hz = {8, 14}};
    const auto ba = butter_bandpass_ba(5, 8, 14, 128);
    const Matrix x = noise(2, 400);
    CHECK(largest_difference(lfilter(ba, x), iir_filter(x, iir_design(design)).y) < 1e-6);
    const auto with = [&](double low, double high, int order) {
      return error_of([&] { (void)butter_bandpass_ba(order, low, high, 128); });
    };
    CHECK(says(with(8, 64, 5), "Nyquist"));
    CHECK(says(with(8, 8, 5), "band"));
    CHECK(says(with(0, 8, 5), "positive"));
    CHECK(says(with(4, 8, 0), "order"));
    CHECK(says(error_of([&] { (void)iir_notch_design(250, 125); }), "Nyquist"));
  }

  TEST_CASE("iir_filter: linear, and the same bits in any blocks") {
    const Matrix sos = iir_design({.rate_hz = 250, .band = BandKind::bandpass, .order = 6, .cut_hz = {1, 40}});
    const Matrix x = noise(11, 700), y = noise(11, 700, 1, 2);
    const Matrix whole = iir_filter(x, sos).y;
    CHECK(largest_difference(iir_filter(combined(x, y), sos).y, combined(whole, iir_filter(y, sos).y)) < 1e-11);
    IirFilter filter(sos, 11);
    Matrix pieces(x.extents());
    std::int64_t begin = 0;
    for (const std::int64_t length : {1, 127, 128, 129, 2, 0, 300, 13}) {
      filter.process(x.view().slice(1, begin, length), pieces.view().slice(1, begin, length));
      begin += length;
    }
    CHECK(begin == 700);
    CHECK(largest_difference(whole, pieces) == 0);
    filter.reset();
    filter.process(x, pieces);
    CHECK(largest_difference(whole, pieces) == 0);
    const Matrix one = iir_filter(x.view().slice(0, 9, 1), sos).y;
    CHECK(largest_difference(one, whole.view().slice(0, 9, 1)) == 0);
  }

  TEST_CASE("iir_filter: from the steady state a constant stays one; what decays ends at nought") {
    const Matrix sos = iir_design({.rate_hz = 250, .band = BandKind::lowpass, .order = 5, .cut_hz = {20}});
    const Matrix constant({3, 100}, 4.0);
    CHECK(largest_difference(iir_filter(constant, sos, IirStart::steady).y, constant) < 1e-11);
    Matrix impulse({1, 200000});
    impulse(0, 0) = 1;
    const auto rung = iir_filter(impulse, sos);
    CHECK(rung.y(0, 199999) == 0);
  }

  TEST_CASE("iir_filtfilt: no phase, twice the attenuation, symmetric in time") {
    const Matrix sos = iir_design({.rate_hz = 250, .band = BandKind::lowpass, .order = 3, .cut_hz = {20}});
    const Matrix x = noise(9, 801), y = iir_filtfilt(x, sos, 0);
    const Matrix tone = sine(4000, 20, 250), filtered = iir_filtfilt(tone, sos);
    CHECK(middle_rms(filtered) / middle_rms(tone) == doctest::Approx(0.5).epsilon(1e-3));
    Matrix half(tone);
    for (double& value : half) value *= 0.5;
    CHECK(largest_difference(half.view().slice(1, 1000, 2000), filtered.view().slice(1, 1000, 2000)) < 1e-3);
    CHECK(largest_difference(reversed(iir_filtfilt(reversed(x), sos)).view().slice(1, 200, 400),
                             iir_filtfilt(x, sos).view().slice(1, 200, 400)) < 1e-9);
    CHECK(largest_difference(iir_filtfilt(x.view().slice(0, 8, 1), sos, 0), y.view().slice(0, 8, 1)) == 0);
    CHECK(iir_filtfilt(Matrix({2, 1}, 3.0), sos)(1, 0) == doctest::Approx(3.0));
    CHECK(says(error_of([&] { (void)iir_filtfilt(x, sos, 801); }), "short"));
  }

  TEST_CASE("iir_filtfilt: what the sections give one after the other, however their zeros are shared out") {
    const Matrix x = noise(9, 900);
    const auto twice = [&](Signal sos) {
      return reversed(iir_filter(reversed(iir_filter(x, sos, IirStart::steady).y), sos, IirStart::steady).y);
    };
    for (const double low_hz : {0.1, 6.0, 38.0}) {
      for (const int order : {1, 4, 7, 9}) {
        CAPTURE(low_hz);
        CAPTURE(order);
        const Matrix sos =
            iir_design({.rate_hz = 250, .band = BandKind::bandpass, .order = order, .cut_hz = {low_hz, 90}});
        CHECK(largest_difference(iir_filtfilt(x, sos, 0), twice(sos)) < (low_hz < 1 ? 1e-6 : 1e-10));
      }
    }
    for (const BandKind kind : {BandKind::lowpass, BandKind::highpass}) {
      const Matrix sos = iir_design({.rate_hz = 250, .band = kind, .order = 4, .cut_hz = {20}});
      CHECK(largest_difference(iir_filtfilt(x, sos, 0), twice(sos)) < 1e-12);
    }
  }

  TEST_CASE("fir_design: symmetric, gain 1 where it passes, 0 where it stops") {
    const FirDesign design{.rate_hz = 250, .low_hz = 4, .high_hz = 30};
    for (const FirMethod method : {FirMethod::firwin, FirMethod::firwin2}) {
      FirDesign with = design;
      with.method = method;
      const auto h = fir_design(with);
      for (std::size_t i = 0; i < h.size(); ++i) CHECK(std::abs(h[i] - h[h.size() - 1 - i]) < 1e-13);
      const auto response = fir_response(h, 250, std::vector<double>{0.5, 12, 60, 125});
      CHECK(std::abs(response[0]) < 0.01);
      CHECK(std::abs(response[1]) == doctest::Approx(1).epsilon(0.01));
      CHECK(std::abs(response[2]) < 0.01);
      CHECK(std::abs(response[3]) < 0.01);
    }
    CHECK(fir_design({.rate_hz = 250}) == std::vector<double>{1});
    CHECK(fir_findings(101, 100).size() == 1);
    CHECK(fir_findings(101, 101).empty());
  }

  TEST_CASE("fir_apply: exact convolution at every length, linear, symmetric in time, each channel by itself") {
    const auto h = fir_design({.rate_hz = 250, .low_hz = 4, .high_hz = 30});
    for (const std::int64_t samples : {1, 2, 3, 60, 97, 500, 1801, 6007}) {
      CAPTURE(samples);
      const Matrix x = noise(3, samples);
      const Matrix y = fir_apply(x, h);
      const std::int64_t edge = std::min<std::int64_t>(static_cast<std::int64_t>(h.size()), samples) - 1;
      const auto extended = padded(x.view()[2], edge, edge, Pad::reflect_limited);
      double largest = 0;
      for (std::int64_t t = 0; t < samples; t += 1 + samples / 50) {
        double sum = 0;
        const std::int64_t centre = t + edge + static_cast<std::int64_t>(h.size()) / 2;
        for (std::size_t k = 0; k < h.size(); ++k) {
          const std::int64_t place = centre - static_cast<std::int64_t>(k);
          if (place >= 0 && place < static_cast<std::int64_t>(extended.size()))
            sum += h[k] * extended[static_cast<std::size_t>(place)];
        }
        largest = std::max(largest, std::abs(sum - y(2, t)));
      }
      CHECK(largest < 1e-13);
      CHECK(largest_difference(fir_apply(x.view().slice(0, 2, 1), h), y.view().slice(0, 2, 1)) == 0);
      CHECK(largest_difference(reversed(fir_apply(reversed(x), h)), y) < 1e-13);
    }
    const Matrix x = noise(2, 900), y = noise(2, 900, 1, 2);
    CHECK(largest_difference(fir_apply(combined(x, y), h), combined(fir_apply(x, h), fir_apply(y, h))) < 1e-13);
  }

  TEST_CASE("fir stream: the same bits in any blocks, equal to the offline filter away from the ends") {
    const auto h = fir_design({.rate_hz = 250, .low_hz = 4, .high_hz = 30});
    const Matrix x = noise(3, 1500);
    Matrix whole(x.extents()), pieces(x.extents());
    FirStream filter(h, 3);
    filter.process(x, whole);
    filter.reset();
    std::int64_t begin = 0;
    for (const std::int64_t length : {1, 7, 8, 9, 640, 0, 835}) {
      filter.process(x.view().slice(1, begin, length), pieces.view().slice(1, begin, length));
      begin += length;
    }
    CHECK(begin == 1500);
    CHECK(largest_difference(whole, pieces) == 0);
    const std::int64_t delay = filter.delay_samples(), taps = static_cast<std::int64_t>(h.size());
    CHECK(largest_difference(whole.view().slice(1, taps + delay, 400), fir_apply(x, h).view().slice(1, taps, 400)) <
          1e-13);
  }

  TEST_CASE("streams: pieces beyond the end, sections of another width") {
    const Tensor x = Tensor::of(noise(2, 60)), taps = Tensor::vector(std::vector<double>{0.5, 0.5});
    const Tensor sections = Tensor::of(iir_design({.rate_hz = 128, .order = 4, .cut_hz = {13}}));
    for (const std::vector<int>& pieces : {std::vector<int>{60, 10}, {70}, {30, 29}, {61, -1}, {}}) {
      const Json args = Json::object({{"chunks", Json::list_of(pieces)}});
      CHECK(says(error_of([&] { (void)run_operation("fir_stream", args, {{"x", x}, {"h", taps}}); }), "chunks"));
      CHECK(says(error_of([&] { (void)run_operation("iir_stream", args, {{"x", x}, {"sos", sections}}); }), "chunks"));
    }
    const Tensors narrow{{"x", x}, {"sos", Tensor::of(noise(2, 5))}};
    for (const char* const rule : {"auto", "scipy"}) {
      const Json args = Json::object({{"pad_samples", rule}});
      CHECK(says(error_of([&] { (void)run_operation("iir_filtfilt", args, narrow); }), "shape"));
    }
  }

  TEST_CASE("notch: removes the line by more than 40 dB and leaves the rest") {
    const Matrix line = sine(20000, 50, 500), alpha = sine(20000, 10, 500);
    const Notch options{.rate_hz = 500, .freqs_hz = {50}};
    CHECK(decibel(middle_rms(notch(line, options)) / middle_rms(line)) < -40);
    CHECK(middle_rms(notch(alpha, options)) == doctest::Approx(middle_rms(alpha)).epsilon(1e-3));
    Matrix both(line);
    for (std::int64_t t = 0; t < 20000; ++t) both(0, t) += alpha(0, t);
    const Json fit = Json::object({{"rate_hz", 500}, {"freqs_hz", Json()}, {"method", "spectrum-fit"}});
    const auto cleaned = run_operation("notch", fit, {{"x", Tensor::of(both)}}).at("y").array<2>();
    const auto only_line = notch(alpha, options);
    CHECK(cleaned.extent(1) == 20000);
    CHECK(middle_rms(cleaned) < 0.05);
    CHECK(middle_rms(only_line) > 0.7);
  }
}

}  // namespace caton
