// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/section_cascade.hpp"

#include "caton/base/lanes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

template <int sections>
struct Cascade {
  static inline __attribute__((always_inline)) void run(double* lanes, std::int64_t step, std::int64_t count,
                                                        const double* coefficients, double* state) {
    Lanes s1[sections], s2[sections];
    for (int s = 0; s < sections; ++s) {
      load_lanes(s1[s], state + 16 * s);
      load_lanes(s2[s], state + 16 * s + 8);
    }
    for (std::int64_t t = 0; t < count; ++t) {
      Lanes in;
      load_lanes(in, lanes + step * t);
#pragma GCC unroll 8
      for (int s = 0; s < sections; ++s) {
        const double* const c = coefficients + 5 * s;
        const Lanes out = c[0] * in + s1[s];
        s1[s] = c[1] * in - c[3] * out + s2[s];
        s2[s] = c[2] * in - c[4] * out;
        in = out;
      }
      store_lanes(in, lanes + step * t);
    }
    for (int s = 0; s < sections; ++s) {
      store_lanes(s1[s], state + 16 * s);
      store_lanes(s2[s], state + 16 * s + 8);
    }
  }
};

/// The states have the opposite sign of those of `Cascade`, which saves their negation. What comes in times `gain`;
/// `settled`: the first value came in for ever before, otherwise nothing did.
template <int sections>
struct BandCascade {
  static inline __attribute__((always_inline)) void run(double* lanes, std::int64_t step, std::int64_t count,
                                                        const double* poles, double gain, bool settled) {
    Lanes s1[sections] = {}, s2[sections] = {}, in;
    // A constant passes no section: only the first one ever sees it.
    if (settled) {
      load_lanes(in, lanes);
      s1[0] = s2[0] = gain * in;
    }
    for (std::int64_t t = 0; t < count; ++t) {
      load_lanes(in, lanes + step * t);
      in *= gain;
#pragma GCC unroll 8
      for (int s = 0; s < sections; ++s) {
        const Lanes out = in - s1[s];
        s1[s] = s2[s] + poles[2 * s] * out;
        s2[s] = in + poles[2 * s + 1] * out;
        in = out;
      }
      store_lanes(in, lanes + step * t);
    }
  }
};

/// The kernel of `now` (1 … most) sections.
template <template <int> class Kernel, int most, class... Args>
void run_kernel(std::int64_t now, Args... args) {
  if constexpr (most > 1) {
    if (now < most) return run_kernel<Kernel, most - 1>(now, args...);
  }
  run_on<Kernel<most>>(processor(), args...);
}

/// By how much a section with one zero at 1 lifts what lies beside its poles there, until another section takes it
/// back; two zeros would not. `at_one`: (1 - p)(1 - p*).
double lift(double at_one) { return std::max(1.0, 2 / std::sqrt(at_one)); }

/// 1 for zeros at 1 and -1, 2 for two at 1, 3 for two at -1, 0 for others.
int kind_of_zeros(const double* section) {
  const double b0 = section[0], b1 = section[1], b2 = section[2];
  if (b0 == 0) return 0;
  if (b1 == 0 && b2 == -b0) return 1;
  if (b2 != b0) return 0;
  return b1 == -2 * b0 ? 2 : b1 == 2 * b0 ? 3 : 0;
}

}  // namespace

void run_sections(double* lanes, std::int64_t step, std::int64_t count, const double* coefficients, double* state,
                  std::int64_t sections) {
  constexpr int most = 4;
  for (std::int64_t s = 0; s < sections; s += most)
    run_kernel<Cascade, most>(std::min<std::int64_t>(sections - s, most), lanes, step, count, coefficients + 5 * s,
                              state + 16 * s);
}

std::optional<BandSections> band_sections(const std::vector<double>& coefficients) {
  // Of the sixteen digits three at worst, one in practice.
  constexpr double most_lift = 4096;
  BandSections result;
  std::array<int, 4> kinds{};
  double low = 1, high = 1;
  for (std::size_t s = 0; s + 5 <= coefficients.size(); s += 5) {
    ++kinds.at(static_cast<std::size_t>(kind_of_zeros(&coefficients[s])));
    const double a1 = coefficients[s + 3], a2 = coefficients[s + 4];
    result.gain *= coefficients[s];
    result.poles.insert(result.poles.end(), {a1, a2});
    low *= lift(1 + a1 + a2);
    high *= lift(1 - a1 + a2);
  }
  if (kinds[0] > 0 || kinds[2] != kinds[3] || !(low <= most_lift && high <= most_lift)) return std::nullopt;
  return result;
}

void run_from_steady(double* lanes, std::int64_t step, std::int64_t count, const BandSections& sections) {
  constexpr int most = 8;
  // Narrower processors have half as many registers.
  const std::int64_t together = processor() == Processor::avx512 ? most : most / 2;
  for (std::int64_t s = 0; s < sections.count(); s += together)
    run_kernel<BandCascade, most>(std::min(sections.count() - s, together), lanes, step, count,
                                  sections.poles.data() + 2 * s, s == 0 ? sections.gain : 1.0, s == 0);
}

}  // namespace caton
