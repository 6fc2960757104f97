// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/artefacts.hpp"

#include "caton/datasets/simulated/noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton::simulated {
namespace {

struct Place {
  const Head& head;
  View<double, 2> out;

  [[nodiscard]] std::int64_t electrodes() const { return out.extent(0); }
  [[nodiscard]] std::int64_t samples() const { return out.extent(1); }
  [[nodiscard]] double seconds() const { return static_cast<double>(samples()) / rate_hz; }
};

double cosine(const Head& head, std::int64_t electrode, const std::array<double, 3>& towards) {
  double dot = 0, a = 0, b = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double from_center = head.positions(electrode, static_cast<std::int64_t>(axis)) - head.center_m[axis];
    dot += from_center * towards[axis];
    a += from_center * from_center;
    b += towards[axis] * towards[axis];
  }
  return dot / std::sqrt(a * b);
}

/// How strongly the lids reach each electrode; 1 at the nearest.
std::vector<double> blink_map(const Head& head) {
  std::vector<double> map;
  for (std::int64_t e = 0; e < head.positions.extent(0); ++e) {
    double sum = 0;
    for (const double side : {-0.03, 0.03}) sum += cosine(head, e, {side, 0.085, -0.03});
    map.push_back(std::pow(std::max(0.0, sum / 2), 3));
  }
  const double largest = *std::max_element(map.begin(), map.end());
  for (double& value : map) value *= head.blink_share / largest;
  return map;
}

double hann(std::int64_t i, std::int64_t length) {
  return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(length));
}

void add_blinks(const Place& place, RandomStream random, double per_minute, std::vector<ArtefactSpan>& spans) {
  constexpr double length_s = 0.4;
  const auto length = static_cast<std::int64_t>(length_s * rate_hz);
  const std::vector<double> map = blink_map(place.head);
  const auto nearest = static_cast<std::size_t>(std::max_element(map.begin(), map.end()) - map.begin());
  double at_s = 0;
  while (true) {
    at_s += 0.6 - std::log(1 - random.uniform()) * std::max(0.5, 60 / per_minute - 0.6);
    const double amplitude_v = (60 + 80 * random.uniform()) * 1e-6;
    const auto begin = static_cast<std::int64_t>(at_s * rate_hz);
    if (begin + length > place.samples()) return;
    spans.push_back({static_cast<double>(begin) / rate_hz, length_s, "blink", place.head.electrodes[nearest]});
    for (std::int64_t e = 0; e < place.electrodes(); ++e) {
      for (std::int64_t t = 0; t < length; ++t)
        place.out(e, begin + t) += amplitude_v * map[static_cast<std::size_t>(e)] * hann(t, length);
    }
  }
}

/// Bursts of noise whose power rises with frequency, near the jaw's and the brow's muscles.
void add_muscle(const Place& place, RandomStream random, std::vector<ArtefactSpan>& spans) {
  const std::vector<std::string>& sites = place.head.muscle_sites;
  double at_s = 0;
  while (true) {
    at_s += 1 - 14 * std::log(1 - random.uniform());
    const double length_s = 0.3 + 1.2 * random.uniform(), amplitude_v = (2 + 4 * random.uniform()) * 1e-6;
    const std::string& site = sites[random.below(sites.size())];
    const auto begin = static_cast<std::int64_t>(at_s * rate_hz),
               length = static_cast<std::int64_t>(length_s * rate_hz);
    if (begin + length > place.samples()) return;
    spans.push_back({static_cast<double>(begin) / rate_hz, static_cast<double>(length) / rate_hz, "muscle", site});
    const auto e =
        std::find(place.head.electrodes.begin(), place.head.electrodes.end(), site) - place.head.electrodes.begin();
    double before = random.normal();
    for (std::int64_t t = 0; t < length; ++t) {
      const double now = random.normal();
      place.out(e, begin + t) += amplitude_v * (now - before) * hann(t, length);
      before = now;
    }
  }
}

void add_mains(const Place& place, RandomStream random, std::vector<ArtefactSpan>& spans) {
  const double hz = 50 + 0.02 * random.normal(), phase = 2 * std::numbers::pi * random.uniform();
  for (std::int64_t e = 0; e < place.electrodes(); ++e) {
    const double amplitude_v = (0.3 + 0.5 * random.uniform()) * 1e-6;
    for (std::int64_t t = 0; t < place.samples(); ++t)
      place.out(e, t) += amplitude_v * std::sin(2 * std::numbers::pi * hz * static_cast<double>(t) / rate_hz + phase);
  }
  spans.push_back({0, place.seconds(), "mains", "n/a"});
}

void add_drift(const Place& place, const RandomStream& random, std::vector<ArtefactSpan>& spans) {
  constexpr double drift_v = 4e-6, memory_s = 5;
  for (std::int64_t e = 0; e < place.electrodes(); ++e) {
    const auto course = slow_course(random.derive("electrode", {static_cast<std::uint64_t>(e)}), memory_s,
                                    static_cast<std::int64_t>(std::ceil(place.seconds())));
    for (std::int64_t t = 0; t < place.samples(); ++t)
      place.out(e, t) += drift_v * course_at(course, static_cast<double>(t) / rate_hz);
  }
  spans.push_back({0, place.seconds(), "drift", "n/a"});
}

}  // namespace

std::vector<ArtefactSpan> add_artefacts(const RandomStream& stream, const Head& head, double blinks_per_minute,
                                        View<double, 2> out) {
  const Place place{head, out};
  std::vector<ArtefactSpan> spans;
  add_mains(place, stream.derive("mains"), spans);
  add_drift(place, stream.derive("drift"), spans);
  add_blinks(place, stream.derive("blinks"), blinks_per_minute, spans);
  add_muscle(place, stream.derive("muscle"), spans);
  std::stable_sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.onset_s < b.onset_s; });
  return spans;
}

}  // namespace caton::simulated
