// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/noise.hpp"

#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace caton::simulated {
namespace {

struct Pole {
  double pole, gain;
};
constexpr std::array<Pole, 3> poles{{{0.99765, 0.0990460}, {0.96300, 0.2965164}, {0.57000, 1.0526913}}};
constexpr double direct = 0.1848;

/// Power of the filtered noise: the sum of the squared impulse response.
double pink_power() {
  double power = direct * direct;
  for (const Pole& a : poles) {
    power += 2 * direct * a.gain;
    for (const Pole& b : poles) power += a.gain * b.gain / (1 - a.pole * b.pole);
  }
  return power;
}

double pink_density(double hz) {
  const std::complex<double> delay = std::polar(1.0, -2 * std::numbers::pi * hz / rate_hz);
  std::complex<double> response = direct;
  for (const Pole& p : poles) response += p.gain / (1.0 - p.pole * delay);
  return std::norm(response) / (rate_hz / 2);
}

/// Root mean square of white noise behind the filter.
double noise_gain(const Matrix& sections) {
  constexpr std::int64_t length = 4096;
  Matrix impulse({1, length});
  impulse(0, 0) = 1;
  const Matrix response = iir_filter(impulse, sections).y;
  double power = 0;
  for (const double value : response) power += value * value;
  return std::sqrt(power);
}

}  // namespace

PinkNoise::PinkNoise(RandomStream stream) : stream_(std::move(stream)), scale_(1 / std::sqrt(pink_power())) {
  for (int i = 0; i < 2048; ++i) static_cast<void>(next());  // the slowest pole forgets its start
}

double PinkNoise::next() noexcept {
  const double white = stream_.normal();
  double sum = direct * white;
  for (std::size_t i = 0; i < poles.size(); ++i) {
    state_[i] = poles[i].pole * state_[i] + poles[i].gain * white;
    sum += state_[i];
  }
  return scale_ * sum;
}

double PinkNoise::share(BandEdges band) {
  constexpr int steps = 64;  // of equal ratio, as the density falls with frequency
  const double ratio = std::pow(band.high_hz / band.low_hz, 1.0 / steps);
  double power = 0, low_hz = band.low_hz;
  for (int i = 0; i < steps; ++i) {
    power += low_hz * (ratio - 1) * pink_density(low_hz * std::sqrt(ratio));
    low_hz *= ratio;
  }
  return power / pink_power();
}

std::vector<double> band_noise(RandomStream stream, BandEdges band, std::int64_t samples) {
  constexpr std::int64_t settling = 512;
  IirDesign design;
  design.rate_hz = rate_hz;
  design.band = BandKind::bandpass;
  design.order = 2;
  design.cut_hz = {band.low_hz, band.high_hz};
  const Matrix sections = iir_design(design);
  Matrix white({1, settling + samples}, uninitialised);
  for (double& value : white) value = stream.normal();
  IirFilter(sections, 1).process(white, white);
  const double scale = 1 / noise_gain(sections);
  std::vector<double> result(static_cast<std::size_t>(samples));
  for (std::int64_t t = 0; t < samples; ++t) result[static_cast<std::size_t>(t)] = scale * white(0, settling + t);
  return result;
}

double bounded(RandomStream& random) noexcept { return std::sqrt(12.0) * (random.uniform() - 0.5); }

std::vector<double> slow_course(RandomStream stream, double memory_s, std::int64_t seconds) {
  const double kept = std::exp(-1 / memory_s);
  std::vector<double> course{stream.normal()};
  while (static_cast<std::int64_t>(course.size()) < seconds + 1)
    course.push_back(kept * course.back() + std::sqrt(1 - kept * kept) * stream.normal());
  return course;
}

double course_at(const std::vector<double>& course, double time_s) noexcept {
  const auto last = static_cast<double>(course.size() - 1);
  const double at = std::clamp(time_s, 0.0, last);
  const auto before = std::min(static_cast<std::size_t>(at), course.size() - 2);
  const double part = at - static_cast<double>(before);
  return (1 - part) * course[before] + part * course[before + 1];
}

}  // namespace caton::simulated
