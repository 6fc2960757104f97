// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/multivariate_burg.hpp"

#include "caton/base/ports.hpp"
#include "caton/features/burg_spectrum.hpp"
#include "caton/features/channelwise.hpp"
#include "caton/signal/fft.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <vector>

namespace caton {

namespace {

/// The recursion for N channels: N = 2 for the many pairs of a connectivity matrix, otherwise known only at run time.
template <int N>
class NuttallStrand {
 public:
  using Square = Eigen::Matrix<double, N, N>;
  using Samples = Eigen::Matrix<double, N, Eigen::Dynamic>;

  NuttallStrand(Samples centred, std::int64_t order, const std::string& where)
      : where_(where), forward_(std::move(centred)), backward_(forward_) {
    forward_error_ = forward_ * forward_.transpose() / static_cast<double>(forward_.cols());
    backward_error_ = forward_error_;
    for (std::int64_t stage = 0; stage < order; ++stage) step();
  }
  [[nodiscard]] const std::vector<Square>& ar() const { return a_; }
  [[nodiscard]] const Square& variance() const { return forward_error_; }

 private:
  void step() {
    const Eigen::Index count = forward_.cols() - static_cast<Eigen::Index>(a_.size()) - 1;
    const Square l = root(forward_error_), m = root(backward_error_), x = balance(l, m, count);
    // With P_f = l lᵀ, P_b = m mᵀ and Δ = l x mᵀ: K_f = Δ P_b⁻¹ = l x m⁻¹, K_b = Δᵀ P_f⁻¹ = m xᵀ l⁻¹.
    const Square kf = m.transpose().template triangularView<Eigen::Upper>().solve((l * x).transpose()).transpose();
    const Square kb =
        l.transpose().template triangularView<Eigen::Upper>().solve((m * x.transpose()).transpose()).transpose();
    for (Eigen::Index t = 0; t < count; ++t) {
      const Eigen::Matrix<double, N, 1> later = forward_.col(t + 1), earlier = backward_.col(t);
      forward_.col(t).noalias() = later - kf * earlier;
      backward_.col(t).noalias() = earlier - kb * later;
    }
    raise(kf, kb);
    const Square identity = Square::Identity(l.rows(), l.cols());
    forward_error_ = ((identity - kf * kb) * forward_error_).eval();
    backward_error_ = ((identity - kb * kf) * backward_error_).eval();
  }
  /// Solves R_f P_f⁻¹ Δ + Δ P_b⁻¹ R_b = 2 R in the coordinates in which both products are symmetric.
  [[nodiscard]] Square balance(const Square& l, const Square& m, Eigen::Index count) const {
    const auto later = forward_.middleCols(1, count), earlier = backward_.leftCols(count);
    const auto lower_l = l.template triangularView<Eigen::Lower>(), lower_m = m.template triangularView<Eigen::Lower>();
    const Square rf = later * later.transpose(), rb = earlier * earlier.transpose(), r = later * earlier.transpose();
    const auto between = [](const auto& left, const Square& middle, const auto& right) -> Square {
      const Square half = left.solve(middle);
      return right.solve(half.transpose()).transpose();
    };
    const Eigen::SelfAdjointEigenSolver<Square> f(between(lower_l, rf, lower_l)), b(between(lower_m, rb, lower_m));
    Square y = 2 * (f.eigenvectors().transpose() * between(lower_l, r, lower_m) * b.eigenvectors());
    for (Eigen::Index i = 0; i < y.rows(); ++i) {
      for (Eigen::Index j = 0; j < y.cols(); ++j) {
        const double sum = f.eigenvalues()[i] + b.eigenvalues()[j];
        y(i, j) = sum > 0 ? y(i, j) / sum : 0;
      }
    }
    return f.eigenvectors() * y * b.eigenvectors().transpose();
  }
  [[nodiscard]] Square root(const Square& error) const {
    const Eigen::LLT<Square> factor(error);
    const auto diagonal = error.diagonal().array();
    // A pivot at the rounding error of its channel's own power: the channel is a mixture of those before it.
    const auto left = factor.matrixLLT().diagonal().array().square();
    if (factor.info() != Eigen::Success || (left <= 1e-14 * diagonal).any()) {
      throw input_error(where_, "the channels depend on each other: their rank is below their number",
                        "leave a channel out, or model before the average reference");
    }
    return factor.matrixL();
  }
  void raise(const Square& kf, const Square& kb) {
    const std::vector<Square> a = a_, b = b_;
    for (std::size_t k = 0; k < a.size(); ++k) {
      a_[k] -= kf * b[k];
      b_[k] -= kb * a[k];
    }
    a_.push_back(kf);
    b_.insert(b_.begin(), kb);
  }

  std::string where_;
  Samples forward_, backward_;
  Square forward_error_, backward_error_;
  std::vector<Square> a_;  ///< of x[t-1] … x[t-p]
  std::vector<Square> b_;  ///< of x[t] … x[t-p+1], for the backward prediction of x[t-p]
};

template <int N>
MultivariateModel model_of(Signal x, std::int64_t order, const std::string& where) {
  typename NuttallStrand<N>::Samples samples(x.extent(0), x.extent(1));
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double mean = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) mean += x(c, t);
    mean /= static_cast<double>(x.extent(1));
    double power = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      samples(c, t) = x(c, t) - mean;
      power += samples(c, t) * samples(c, t);
    }
    if (!(power > 0)) throw flat_channel(where, c);
  }
  const NuttallStrand<N> recursion(std::move(samples), order, where);
  MultivariateModel model{Array<double, 3>({order, x.extent(0), x.extent(0)}, uninitialised),
                          Matrix({x.extent(0), x.extent(0)}, uninitialised)};
  for (std::int64_t i = 0; i < x.extent(0); ++i) {
    for (std::int64_t j = 0; j < x.extent(0); ++j) {
      model.variance(i, j) = recursion.variance()(i, j);
      for (std::int64_t k = 0; k < order; ++k) model.ar(k, i, j) = recursion.ar()[static_cast<std::size_t>(k)](i, j);
    }
  }
  return model;
}

}  // namespace

MultivariateModel multivariate_burg(Signal x, std::int64_t order, const std::string& where) {
  require_signal(where, x);
  require_finite(where, x);
  if (order < 1 || order >= x.extent(1)) {
    throw usage_error(where, "order " + std::to_string(order) + " must be at least 1 and below the " +
                                 std::to_string(x.extent(1)) + " samples");
  }
  return x.extent(0) == 2 ? model_of<2>(x, order, where) : model_of<Eigen::Dynamic>(x, order, where);
}

namespace {

/// I - sum A_k e^(-2 pi i f k / size), entry by entry through one transform each.
ComplexSpectrum prediction_matrices(View<const double, 3> ar, std::int64_t size) {
  const std::int64_t channels = ar.extent(1);
  ComplexSpectrum result({size / 2 + 1, channels, channels}, uninitialised);
  std::vector<double> entry(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j) {
      std::fill(entry.begin(), entry.end(), 0.0);
      entry[0] = i == j ? 1 : 0;
      for (std::int64_t k = 0; k < ar.extent(0); ++k) entry[static_cast<std::size_t>((k + 1) % size)] -= ar(k, i, j);
      const auto bins = real_fft(entry);
      for (std::int64_t f = 0; f <= size / 2; ++f) result(f, i, j) = bins[static_cast<std::size_t>(f)];
    }
  }
  return result;
}

template <int N>
ComplexSpectrum spectrum_of(View<const double, 3> ar, Signal variance, std::int64_t size, const std::string& where) {
  using Square = Eigen::Matrix<Complex, N, N, Eigen::RowMajor>;
  const std::int64_t channels = variance.extent(0);
  Square noise(channels, channels);
  for (std::int64_t i = 0; i < channels; ++i)
    for (std::int64_t j = 0; j < channels; ++j) noise(i, j) = variance(i, j);
  ComplexSpectrum s = prediction_matrices(ar, size);
  for (std::int64_t f = 0; f < s.extent(0); ++f) {
    Eigen::Map<Square> at(&s(f, 0, 0), channels, channels);
    const Square h = at.inverse();
    at = (h * noise * h.adjoint()).eval();
    if (!at.allFinite()) throw input_error(where, "the model is unstable: a pole on the unit circle");
  }
  return s;
}

}  // namespace

ComplexSpectrum multivariate_ar_spectrum(View<const double, 3> ar, Signal variance, std::int64_t size,
                                         const std::string& where) {
  if (size < 2 || size > largest_spectrum_size) {
    throw usage_error(where,
                      "size " + std::to_string(size) + " must be from 2 to " + std::to_string(largest_spectrum_size));
  }
  const std::int64_t channels = variance.extent(0);
  if (ar.empty() || variance.empty()) throw input_error(where, "the model is empty");
  if (variance.extent(1) != channels || ar.extent(1) != channels || ar.extent(2) != channels) {
    throw usage_error(where, "shape: coefficients of " + std::to_string(ar.extent(1)) + " x " +
                                 std::to_string(ar.extent(2)) + " channels, variance of " + std::to_string(channels) +
                                 " x " + std::to_string(variance.extent(1)));
  }
  return channels == 2 ? spectrum_of<2>(ar, variance, size, where)
                       : spectrum_of<Eigen::Dynamic>(ar, variance, size, where);
}

namespace {

Tensors call_spectrum(const Arguments& args, const Tensors& in) {
  const auto ar = port(in, "ar").array<3>("ar");
  const auto s = multivariate_ar_spectrum(ar, MatrixPort(args, in, "variance"), args.integer("size"));
  Array<double, 4> parts({s.extent(0), s.extent(1), s.extent(2), 2}, uninitialised);
  for (std::int64_t i = 0; i < s.size(); ++i) {
    parts.data()[2 * i] = s.data()[i].real();
    parts.data()[2 * i + 1] = s.data()[i].imag();
  }
  return {{"s", Tensor::of(parts)}};
}

const Operation burg_operation{
    .name = "multivariate_burg",
    .room = "features",
    .about = "Autoregressive model of several channels: Nuttall and Strand's form of Burg's recursion",
    .arguments = {{.name = "order", .type = "integer"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "ar", .shape = "order C C", .unit = "1"}, {.name = "variance", .shape = "C C", .unit = "V^2"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto model = multivariate_burg(MatrixPort(args, in, "x"), args.integer("order"));
      return {{"ar", Tensor::of(model.ar)}, {"variance", Tensor::of(model.variance)}};
    },
};
CATON_REGISTER(Operation, burg_operation);

const Operation spectrum_operation{
    .name = "multivariate_ar_spectrum",
    .room = "features",
    .about = "Cross-spectra of an autoregressive model of several channels",
    .arguments = {{.name = "size", .type = "integer", .about = "points around the circle"}},
    .inputs = {{.name = "ar", .shape = "order C C", .unit = "1"}, {.name = "variance", .shape = "C C", .unit = "V^2"}},
    .outputs = {{.name = "s", .shape = "size/2+1 C C 2", .unit = "V^2"}},
    .call = call_spectrum,
};
CATON_REGISTER(Operation, spectrum_operation);

}  // namespace

}  // namespace caton
