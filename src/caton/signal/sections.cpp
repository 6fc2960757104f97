// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// How poles and zeros become second-order sections.
#include "caton/base/error.hpp"
#include "caton/signal/zpk.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace caton {

namespace {

bool is_real(Complex value) { return value.imag() == 0; }

/// One of each pair of conjugates (positive imaginary part, by rising real part), then the real ones, rising.
std::vector<Complex> one_of_each_pair(const std::vector<Complex>& values) {
  constexpr double tolerance = 100 * std::numeric_limits<double>::epsilon();
  std::vector<Complex> upper, lower, real;
  for (const Complex v : values) {
    if (std::abs(v.imag()) <= tolerance * std::abs(v))
      real.emplace_back(v.real(), 0);
    else
      (v.imag() > 0 ? upper : lower).push_back(v);
  }
  const auto in_order = [](Complex a, Complex b) {
    return a.real() != b.real() ? a.real() < b.real() : std::abs(a.imag()) < std::abs(b.imag());
  };
  const auto by_height = [](Complex a, Complex b) { return std::abs(a.imag()) < std::abs(b.imag()); };
  for (auto* const half : {&upper, &lower}) {
    std::stable_sort(half->begin(), half->end(), in_order);
    for (std::size_t begin = 0; begin < half->size();) {
      std::size_t end = begin + 1;
      while (end < half->size() &&
             (*half)[end].real() - (*half)[end - 1].real() <= tolerance * std::abs((*half)[end - 1]))
        ++end;
      std::stable_sort(half->begin() + static_cast<std::ptrdiff_t>(begin),
                       half->begin() + static_cast<std::ptrdiff_t>(end), by_height);
      begin = end;
    }
  }
  std::sort(real.begin(), real.end(), in_order);
  if (upper.size() != lower.size()) throw usage_error("to_sections", "zeros or poles do not come in conjugate pairs");
  std::vector<Complex> result;
  for (std::size_t i = 0; i < upper.size(); ++i) result.push_back((upper[i] + std::conj(lower[i])) / 2.0);
  result.insert(result.end(), real.begin(), real.end());
  return result;
}

Complex take(std::vector<Complex>& values, std::size_t place) {
  if (place >= values.size()) throw usage_error("to_sections", "zeros and poles do not come in conjugate pairs");
  const Complex value = values[place];
  values.erase(values.begin() + static_cast<std::ptrdiff_t>(place));
  return value;
}

/// The pole nearest to the unit circle, where resonance is worst.
Complex take_worst(std::vector<Complex>& poles, bool real_only) {
  std::size_t worst = poles.size();
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < poles.size(); ++i) {
    const double here = std::abs(1 - std::abs(poles[i]));
    if ((real_only && !is_real(poles[i])) || here >= distance) continue;
    worst = i;
    distance = here;
  }
  return take(poles, worst);
}

enum class Which { any, real, complex };

Complex take_nearest(std::vector<Complex>& values, Complex to, Which which) {
  std::size_t nearest = values.size();
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double here = std::abs(values[i] - to);
    if ((which != Which::any && is_real(values[i]) != (which == Which::real)) || here >= distance) continue;
    nearest = i;
    distance = here;
  }
  return take(values, nearest);
}

std::array<double, 3> quadratic(Complex first, Complex second) {
  return {1, (-first - second).real(), (first * second).real()};
}

std::size_t count_real(const std::vector<Complex>& values) {
  return static_cast<std::size_t>(std::count_if(values.begin(), values.end(), is_real));
}

}  // namespace

Matrix to_sections(const Zpk& zpk) {
  auto zeros = zpk.zeros, poles = zpk.poles;
  std::size_t count = std::max(zeros.size(), poles.size());
  count += count % 2;
  zeros.resize(count, 0);
  poles.resize(count, 0);
  zeros = one_of_each_pair(zeros);
  poles = one_of_each_pair(poles);
  const auto sections = static_cast<std::int64_t>(count / 2);
  Matrix sos({std::max<std::int64_t>(sections, 1), 6});
  if (sections == 0) {
    sos(0, 0) = zpk.gain;
    sos(0, 3) = 1;
    return sos;
  }
  for (std::int64_t s = sections; s-- > 0;) {
    const Complex p1 = take_worst(poles, false);
    Complex p2 = std::conj(p1), z1, z2;
    if (is_real(p1) && count_real(poles) == 0) {
      p2 = z2 = 0;
      z1 = take_nearest(zeros, p1, Which::real);
    } else if (poles.size() + 1 == zeros.size() && !is_real(p1) && count_real(poles) == 1 && count_real(zeros) == 1) {
      z1 = take_nearest(zeros, p1, Which::complex);
      z2 = std::conj(z1);
    } else {
      if (is_real(p1)) p2 = take_worst(poles, true);
      z1 = take_nearest(zeros, p1, Which::any);
      z2 = is_real(z1) ? take_nearest(zeros, p1, Which::real) : std::conj(z1);
    }
    const auto above = quadratic(z1, z2), below = quadratic(p1, p2);
    std::copy(above.begin(), above.end(), sos[s].data());
    std::copy(below.begin(), below.end(), sos[s].data() + 3);
  }
  for (std::int64_t i = 0; i < 3; ++i) sos(0, i) *= zpk.gain;
  return sos;
}

}  // namespace caton
