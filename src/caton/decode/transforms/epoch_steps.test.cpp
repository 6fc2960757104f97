// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/random.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/signal/muscle_noise.hpp"
#include "golden_test.hpp"

#include <cmath>
#include <numbers>

using namespace caton;
using namespace caton::testing;

namespace {

constexpr std::int64_t samples = 256;
constexpr double rate_hz = 128;

/// Two epochs of one channel: a sine of 6 Hz, and the same with as much of 40 Hz.
SampleSet sines() {
  SampleSet set;
  std::vector<float> values;
  for (int n = 0; n < 2; ++n) {
    for (std::int64_t t = 0; t < samples; ++t) {
      const double turn = 2 * std::numbers::pi * static_cast<double>(t) / rate_hz;
      values.push_back(static_cast<float>(std::sin(6.5 * turn) + (n == 1 ? std::sin(40.5 * turn) : 0)));
    }
    set.label.push_back(n);
    for (auto* const column : {&set.origins.study, &set.origins.subject, &set.origins.session, &set.origins.recording})
      column->index.push_back(column->id("a"));
    set.origins.trial.index.push_back(set.origins.trial.id(std::to_string(n)));
    set.origins.begin.push_back(n * samples);
    set.origins.end.push_back((n + 1) * samples);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(70 + n);
  }
  set.blocks.emplace("epochs", Tensor({2, 1, samples}, values));
  set.classes = {"low", "both"};
  set.channels = {"Cz"};
  set.rate_hz = rate_hz;
  return set;
}

SampleSet through(const std::string& step, const SampleSet& set) {
  const auto transform = make_transform(parse_json(step, "test"));
  FitContext context{.random = RandomStream(1, "fit")};
  transform->fit(set, context);
  return transform->apply(set);
}

double power(View<const float, 1> row) {
  double sum = 0;
  for (std::int64_t t = 0; t < row.extent(0); ++t) sum += static_cast<double>(row[t]) * static_cast<double>(row[t]);
  return sum / static_cast<double>(row.extent(0));
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("epoch-lowpass: takes what is above its edge, leaves what is below") {
    const SampleSet set = sines(), filtered = through(R"({"epoch-lowpass":15})", set);
    CHECK(power(set.flat()[1]) == doctest::Approx(1).epsilon(0.02));
    CHECK(power(filtered.flat()[0]) == doctest::Approx(0.5).epsilon(0.03));
    CHECK(power(filtered.flat()[1]) == doctest::Approx(0.5).epsilon(0.03));
    (void)error_of([&] { (void)through(R"({"epoch-lowpass":90})", set); });
    (void)error_of([&] { (void)through(R"({"epoch-lowpass":{"order":0}})", set); });
  }

  TEST_CASE("fft-features: cells of one hertz, the loudest where the sine is") {
    const SampleSet cells = through(R"({"fft-features":{"low_hz":2,"high_hz":50}})", sines());
    REQUIRE(cells.flat().extent(1) == 48);
    CHECK(cells.features.front() == "2-3 Hz");
    const auto row = cells.flat()[0];
    for (std::int64_t f = 0; f < 48; ++f) CHECK(row[f] <= row[4]);
    CHECK(cells.flat()(1, 38) > cells.flat()(0, 38) + 3);
    (void)error_of([] { (void)through(R"({"fft-features":{"low_hz":9,"high_hz":9}})", sines()); });
  }

  TEST_CASE("muscle-noise: as strong as asked, the same for a sample wherever it stands, none in training") {
    const SampleSet set = sines(), noisy = through(R"({"muscle-noise":{"snr_db":-3}})", set);
    const auto clean_row = set.flat()[0], noisy_row = noisy.flat()[0];
    double noise = 0;
    for (std::int64_t t = 0; t < samples; ++t)
      noise += std::pow(static_cast<double>(noisy_row[t]) - static_cast<double>(clean_row[t]), 2) / samples;
    // 3 dB of amplitude are a factor of 1.995.
    CHECK(std::sqrt(noise / 0.5) == doctest::Approx(std::pow(10, 0.3)).epsilon(0.01));
    const SampleSet second = set.selected(std::vector<std::int64_t>{1});
    CHECK(power(through(R"({"muscle-noise":{"snr_db":-3}})", second).flat()[0]) == power(noisy.flat()[1]));
    CHECK(power(through(R"({"muscle-noise":{"snr_db":-3,"seed":2}})", second).flat()[0]) != power(noisy.flat()[1]));
    const auto step = make_transform(parse_json(R"({"muscle-noise":{"snr_db":-3,"training":true}})", "test"));
    FitContext context{.random = RandomStream(1, "fit")};
    step->fit(set, context);
    CHECK(step->apply_to_training(set).digest() == noisy.digest());
    (void)error_of([&] { (void)through(R"({"muscle-noise":{"snr_db":99}})", set); });
  }

  TEST_CASE("muscle noise: unit power, nothing slow, and a rate that carries it") {
    const auto noise = muscle_noise(RandomStream(1, "muscle"), 256, 1024);
    double sum = 0, slow = 0, cosine = 0;
    for (std::size_t t = 0; t < noise.size(); ++t) {
      sum += noise[t] * noise[t] / 1024;
      slow += noise[t] * std::sin(2 * std::numbers::pi * 6 * static_cast<double>(t) / 256) / 512;
      cosine += noise[t] * std::cos(2 * std::numbers::pi * 6 * static_cast<double>(t) / 256) / 512;
    }
    CHECK(sum == doctest::Approx(1));
    CHECK(slow * slow + cosine * cosine < 0.01);
    (void)error_of([] { (void)muscle_noise(RandomStream(1, "muscle"), 30, 100); });
  }
}
