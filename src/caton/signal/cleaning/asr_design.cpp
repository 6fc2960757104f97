// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/asr.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

namespace caton {

namespace {

const std::string where = "asr_filter_design";
constexpr int order = 8;
constexpr std::int64_t grid = 512;        ///< points from 0 to Nyquist; 513 with both ends
constexpr std::int64_t lags = 4 * order;  ///< of the autocorrelation
constexpr double pi = 3.14159265358979323846;

using Polynomial = Eigen::VectorXd;
using ComplexVector = std::vector<Complex>;

/// The discrete Fourier transform written out: 1024 points once a design.
ComplexVector transform(const ComplexVector& x, bool inverse) {
  const std::size_t n = x.size();
  ComplexVector turn(n), out(n);
  for (std::size_t k = 0; k < n; ++k)
    turn[k] = std::polar(1.0, (inverse ? 2 : -2) * pi * static_cast<double>(k) / static_cast<double>(n));
  for (std::size_t k = 0; k < n; ++k) {
    Complex sum = 0;
    for (std::size_t t = 0; t < n; ++t) sum += x[t] * turn[k * t % n];
    out[k] = inverse ? sum / static_cast<double>(n) : sum;
  }
  return out;
}

/// The wished magnitude at the points 0 … Nyquist, straight lines between the corners, and mirrored above.
std::vector<double> magnitudes(double rate_hz) {
  const double nyquist = rate_hz / 2;
  const std::array<double, 8> corners{
      0, 2 / nyquist, 3 / nyquist, 13 / nyquist, 16 / nyquist, 40 / nyquist, std::min(80.0, nyquist - 1) / nyquist, 1};
  const std::array<double, 8> heights{3, 0.75, 0.33, 0.33, 1, 1, 3, 3};
  std::vector<double> h(static_cast<std::size_t>(grid + 1));
  std::int64_t begin = 0;
  h[0] = heights[0];
  for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
    const auto end = static_cast<std::int64_t>(std::trunc(corners[i + 1] * static_cast<double>(grid + 1))) - 1;
    for (std::int64_t k = begin; k <= end; ++k) {
      const double share = end == begin ? 0 : static_cast<double>(k - begin) / static_cast<double>(end - begin);
      h[static_cast<std::size_t>(k)] = share * heights[i + 1] + (1 - share) * heights[i];
    }
    begin = end + 1;
  }
  for (std::int64_t k = grid - 1; k > 0; --k) h.push_back(h[static_cast<std::size_t>(k)]);
  return h;
}

/// Roots outside the unit circle brought inside; leading coefficient 1 kept.
Polynomial made_stable(const Polynomial& a) {
  const Eigen::Index n = a.size() - 1;
  Eigen::MatrixXd companion = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    companion(0, i) = -a[i + 1] / a[0];
    if (i > 0) companion(i, i - 1) = 1;
  }
  const Eigen::VectorXcd roots = companion.eigenvalues();
  ComplexVector product{1};
  for (Complex root : roots) {
    if (std::abs(root) > 1) root = 1.0 / std::conj(root);
    ComplexVector next(product.size() + 1, 0);
    for (std::size_t i = 0; i < product.size(); ++i) {
      next[i] += product[i];
      next[i + 1] -= product[i] * root;
    }
    product = std::move(next);
  }
  Polynomial stable(a.size());
  for (Eigen::Index i = 0; i < a.size(); ++i) stable[i] = product[static_cast<std::size_t>(i)].real() * a[0];
  return stable;
}

/// The denominator whose autocorrelation obeys the lags beyond the numerator's.
Polynomial denominator_of(const std::vector<double>& r) {
  const Eigen::Index rows = lags - order - 1;
  Eigen::MatrixXd equations(rows, order);
  Eigen::VectorXd wanted(rows);
  for (Eigen::Index i = 0; i < rows; ++i) {
    wanted[i] = -r[static_cast<std::size_t>(order + 1 + i)];
    for (Eigen::Index j = 0; j < order; ++j) equations(i, j) = r[static_cast<std::size_t>(std::abs(order + i - j))];
  }
  Polynomial a(order + 1);
  a[0] = 1;
  a.tail(order) = equations.colPivHouseholderQr().solve(wanted);
  return made_stable(a);
}

/// The first `count` samples of the impulse response of b/a.
std::vector<double> impulse_response(const Polynomial& b, const Polynomial& a, std::int64_t count) {
  std::vector<double> h(static_cast<std::size_t>(count));
  for (std::int64_t t = 0; t < count; ++t) {
    double sum = t < b.size() ? b[t] : 0;
    for (std::int64_t k = 1; k <= std::min<std::int64_t>(t, a.size() - 1); ++k)
      sum -= a[k] * h[static_cast<std::size_t>(t - k)];
    h[static_cast<std::size_t>(t)] = sum / a[0];
  }
  return h;
}

/// The numerator of `order` + 1 coefficients whose response b/a is nearest to h.
Polynomial numerator_of(const std::vector<double>& h, const Polynomial& a) {
  const auto count = static_cast<Eigen::Index>(h.size());
  const Polynomial one = Polynomial::Ones(1);
  const std::vector<double> response = impulse_response(one, a, count);
  Eigen::MatrixXd shifted = Eigen::MatrixXd::Zero(count, order + 1);
  for (Eigen::Index j = 0; j <= order; ++j) {
    for (Eigen::Index t = j; t < count; ++t) shifted(t, j) = response[static_cast<std::size_t>(t - j)];
  }
  const Eigen::Map<const Eigen::VectorXd> wanted(h.data(), count);
  return shifted.colPivHouseholderQr().solve(wanted);
}

/// b/a at `count` points around the whole circle.
ComplexVector response_of(const Polynomial& b, const Polynomial& a, std::int64_t count) {
  ComplexVector values;
  for (std::int64_t k = 0; k < count; ++k) {
    const double angle = -2 * pi * static_cast<double>(k) / static_cast<double>(count);
    Complex above = 0, below = 0;
    for (Eigen::Index i = 0; i < b.size(); ++i) above += b[i] * std::polar(1.0, angle * static_cast<double>(i));
    for (Eigen::Index i = 0; i < a.size(); ++i) below += a[i] * std::polar(1.0, angle * static_cast<double>(i));
    values.push_back(above / below);
  }
  return values;
}

}  // namespace

TransferFunction asr_filter_design(double rate_hz) {
  require_positive(where, "rate_hz", rate_hz);
  if (!(rate_hz / 2 > 41)) {
    throw usage_error(where,
                      "the rate of " + number_text(rate_hz) +
                          " Hz is too low: the filter's corner of 40 Hz must lie 1 Hz below Nyquist",
                      "record at 84 Hz or more");
  }
  const std::vector<double> h = magnitudes(rate_hz);
  ComplexVector power;
  for (const double value : h) power.emplace_back(value * value);
  const ComplexVector correlation = transform(power, true);
  std::vector<double> r;
  for (std::int64_t k = 0; k < lags; ++k) {
    r.push_back(correlation[static_cast<std::size_t>(k)].real() *
                (0.54 + 0.46 * std::cos(pi * static_cast<double>(k) / static_cast<double>(lags - 1))));
  }
  const Polynomial a = denominator_of(r);
  std::vector<double> half = r;
  half[0] /= 2;
  const Polynomial additive = numerator_of(half, a);
  ComplexVector log_spectrum;
  for (const Complex value : response_of(additive, a, 2 * grid))
    log_spectrum.push_back(std::log(Complex(2 * value.real())));
  ComplexVector cepstrum = transform(log_spectrum, true);
  for (std::int64_t k = 0; k < 2 * grid; ++k)
    cepstrum[static_cast<std::size_t>(k)] *= k == 0 ? 0.5 : k < grid ? 1.0 : 0.0;
  ComplexVector minimum = transform(cepstrum, false);
  for (Complex& value : minimum) value = std::exp(value);
  const ComplexVector response = transform(minimum, true);
  std::vector<double> wanted;
  for (std::int64_t k = 0; k < lags; ++k) wanted.push_back(response[static_cast<std::size_t>(k)].real());
  const Polynomial b = numerator_of(wanted, a);
  return {{b.begin(), b.end()}, {a.begin(), a.end()}};
}

namespace {

const Operation design_operation{
    .name = "asr_filter_design",
    .room = "signal",
    .about = "The filter of artifact subspace reconstruction (asrpy yulewalk of order 8)",
    .arguments = {{.name = "rate_hz", .type = "number"}},
    .outputs = {{.name = "b", .shape = "9"}, {.name = "a", .shape = "9"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          const TransferFunction filter = asr_filter_design(args.number("rate_hz"));
          return Tensors{{"b", Tensor::vector(filter.b)}, {"a", Tensor::vector(filter.a)}};
        },
};
CATON_REGISTER(Operation, design_operation);

}  // namespace

}  // namespace caton
