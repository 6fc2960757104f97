// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/covariance.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/covariance_kernels.hpp"
#include "caton/geometry/window_scatter.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "covariance";
const std::vector<std::string> estimator_names{"scm", "cov", "corr", "lwf", "oas", "sch", "hub", "stu", "tyl"};
const std::vector<std::string> norm_names{"corr", "trace", "determinant"};

std::size_t index_of(const std::string& place, const char* what, std::string_view name,
                     const std::vector<std::string>& known) {
  const auto found = std::find(known.begin(), known.end(), name);
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  std::string list;
  for (const auto& one : known) list += (list.empty() ? "" : ", ") + one;
  throw usage_error(place, "unknown " + std::string(what) + " \"" + std::string(name) + "\"", "known are " + list);
}

/// A row less its mean.
struct CentreRow {
  static inline __attribute__((always_inline)) void run(const double* row, std::int64_t samples, double mean,
                                                        double* out) {
    Lanes value;
    std::int64_t t = 0;
    for (; t + lane_count <= samples; t += lane_count) {
      load_lanes(value, row + t);
      value -= mean;
      store_lanes(value, out + t);
    }
    for (; t < samples; ++t) out[t] = row[t] - mean;
  }
};

/// `x` less one value a channel.
Matrix less(Signal x, std::span<const double> means) {
  if (x.stride(1) != 1 && x.extent(1) > 1) return less(Matrix(x), means);
  Matrix y(x.extents(), uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    run_on<CentreRow>(processor(), x.data() + c * x.stride(0), x.extent(1), means[static_cast<std::size_t>(c)],
                      y.data() + c * x.extent(1));
  }
  return y;
}

double sum_of_squares(Signal matrix) {
  double sum = 0;
  for (std::int64_t i = 0; i < matrix.extent(0); ++i) {
    for (std::int64_t j = 0; j < matrix.extent(1); ++j) sum += matrix(i, j) * matrix(i, j);
  }
  return sum;
}

Matrix squares(Signal x) {
  Matrix result(x);
  for (double& value : result) value *= value;
  return result;
}

/// c becomes (1 - share) c + share mean-variance I.
void shrink(View<double, 2> c, double share) {
  const double mean = trace(c) / static_cast<double>(c.extent(0));
  for (std::int64_t i = 0; i < c.extent(0); ++i) {
    for (std::int64_t j = 0; j < c.extent(1); ++j) c(i, j) *= 1 - share;
    c(i, i) += share * mean;
  }
}

double ledoit_wolf_share(Signal x, Signal s) {
  const double channels = static_cast<double>(x.extent(0)), samples = static_cast<double>(x.extent(1));
  if (x.extent(0) == 1) return 0;
  std::vector<double> power(static_cast<std::size_t>(x.extent(1)), 0.0);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const double* const row = x[c].data();
    for (std::size_t t = 0; t < power.size(); ++t) power[t] += row[t] * row[t];
  }
  double fourth = 0;  // sum over all pairs of channels of Σ x_i² x_j²
  for (const double value : power) fourth += value * value;
  const double square = sum_of_squares(s), sum = trace(s), mu = sum / channels;
  const double beta = (fourth / samples - square) / (channels * samples);
  const double delta = (square - 2 * mu * sum + channels * mu * mu) / channels;
  const double least = std::min(beta, delta);
  return least == 0 ? 0 : least / delta;
}

double oracle_share(Signal c, double samples) {
  const double channels = static_cast<double>(c.extent(0)), mu = trace(c) / channels;
  if (c.extent(0) == 1) return 0;
  const double alpha = sum_of_squares(c) / (channels * channels);
  const double denominator = (samples + 1) * (alpha - mu * mu / channels);
  return denominator == 0 ? 1 : std::min(1.0, (alpha + mu * mu) / denominator);
}

Matrix schaefer_strimmer(Signal x, Signal s) {
  const double samples = static_cast<double>(x.extent(1)), before = samples - 1;
  const auto variance = variances(where, x);
  const Matrix fourth = scatter(squares(x));
  double spread = 0, correlated = 0;
  for (std::int64_t i = 0; i < s.extent(0); ++i) {
    for (std::int64_t j = 0; j < s.extent(0); ++j) {
      if (i == j) continue;
      const double product = variance[static_cast<std::size_t>(i)] * variance[static_cast<std::size_t>(j)];
      spread += (fourth(i, j) - samples * s(i, j) * s(i, j)) * samples / (before * before * before * product);
      const double r = samples / before * s(i, j) / std::sqrt(product);
      correlated += r * r;
    }
  }
  const double share = correlated == 0 ? 0 : std::clamp(spread / correlated, 0.0, 1.0);
  Matrix result = scaled(s, (1 - share) * samples / before);
  for (std::int64_t i = 0; i < s.extent(0); ++i) result(i, i) = samples / before * s(i, i);
  return result;
}

Matrix correlation(Signal x, Signal s) {
  (void)variances(where, x);
  return normalised(where, s, MatrixNorm::corr);
}

Matrix weighted_covariance(Signal x, std::span<const double> weights, bool assume_centered) {
  const auto share = normalised_weights(where, weights, x.extent(1));
  Matrix y(x);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double mean = 0;
    if (!assume_centered) {
      for (std::size_t t = 0; t < share.size(); ++t) mean += share[t] * y(c, t);
    }
    for (std::size_t t = 0; t < share.size(); ++t) y(c, t) = (y(c, t) - mean) * std::sqrt(share[t]);
  }
  return scatter(y);
}

void require_options(const CovarianceOptions& options, std::span<const double> weights, Epochs x) {
  const bool divides = options.estimator == Estimator::cov || options.estimator == Estimator::sch;
  if (divides && x.extent(2) < 2) throw usage_error(where, "one sample has no variance: at least 2 samples are needed");
  if (!weights.empty() && options.estimator != Estimator::scm)
    throw usage_error(where, "weights of samples are for the estimator scm only");
  if (!(options.q > 0 && options.q <= 1)) throw usage_error(where, "q must be in (0, 1]");
  if (!(options.nu > 0) || !std::isfinite(options.nu)) throw usage_error(where, "nu must be above 0");
  if (!(options.tol >= 0)) throw usage_error(where, "tol must not be negative");
  if (options.n_iter_max < 1) throw usage_error(where, "n_iter_max must be at least 1");
}

void require_finite_trial(Signal x, std::span<const double> means, std::int64_t n) {
  // One value that is not finite spoils the mean of its row.
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    if (std::isfinite(means[static_cast<std::size_t>(c)])) continue;
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      if (std::isfinite(x(c, t))) continue;
      throw input_error(where, "trial " + std::to_string(n) + ", channel " + std::to_string(c) +
                                   " is not finite at sample " + std::to_string(t));
    }
    throw input_error(where, "trial " + std::to_string(n) + ", channel " + std::to_string(c) +
                                 ": the mean of the values is not finite");
  }
}

/// Estimators that ask more of the signal than its sums of products.
void estimate_from_signal(Signal y, const CovarianceOptions& options, View<double, 2> out) {
  if (options.estimator >= Estimator::hub) return put(robust_covariance(y, options), out);
  scatter(y, 1 / static_cast<double>(y.extent(1)), out);
  switch (options.estimator) {
    case Estimator::corr: return put(correlation(y, out), out);
    case Estimator::sch: return put(schaefer_strimmer(y, out), out);
    default: return shrink(out, ledoit_wolf_share(y, out));
  }
}

bool from_sums(Estimator estimator) {
  return estimator == Estimator::scm || estimator == Estimator::cov || estimator == Estimator::oas;
}

/// Estimators that ask of the signal its sums of products and no more: trials `begin` to `end`.
void estimate_from_sums(Epochs x, std::int64_t begin, std::int64_t end, const CovarianceOptions& options,
                        View<double, 3> out) {
  const auto samples = static_cast<double>(x.extent(2));
  const double factor = 1 / (options.estimator == Estimator::cov ? samples - 1 : samples);
  WindowScatter windows(x.extent(1), x.extent(2), !options.assume_centered);
  for (std::int64_t n = begin; n < end; ++n) {
    windows.take(x[n], {.next = n + 1 < end ? Signal(x[n + 1]) : Signal{}, .out = out[n]});
    require_finite_trial(x[n], windows.means(), n);
    windows.put(factor, out[n]);
    if (options.estimator == Estimator::oas) shrink(out[n], oracle_share(out[n], samples));
  }
}

void estimate_one(Signal trial, std::int64_t n, const CovarianceOptions& options, std::span<const double> weights,
                  View<double, 2> out) {
  const auto means = channel_means(trial);
  require_finite_trial(trial, means, n);
  if (!weights.empty()) return put(weighted_covariance(trial, weights, options.assume_centered), out);
  estimate_from_signal(options.assume_centered ? Matrix(trial) : less(trial, means), options, out);
}

}  // namespace

const std::string& estimator_name(Estimator estimator) {
  return estimator_names.at(static_cast<std::size_t>(estimator));
}

Estimator estimator_named(const std::string& place, std::string_view name) {
  return static_cast<Estimator>(index_of(place, "estimator", name, estimator_names));
}

MatrixNorm norm_named(const std::string& place, std::string_view name) {
  return static_cast<MatrixNorm>(index_of(place, "norm", name, norm_names));
}

Matrix centred(Signal x) { return less(x, channel_means(x)); }

std::vector<double> variances(const std::string& place, Signal x) {
  std::vector<double> result;
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double sum = 0;
    for (std::int64_t t = 0; t < x.extent(1); ++t) sum += x(c, t) * x(c, t);
    if (!(sum > 0)) {
      throw input_error(place, "channel " + std::to_string(c) + " is flat: it has no variance",
                        "leave the channel out, or interpolate it and estimate with \"oas\" or \"lwf\"");
    }
    result.push_back(sum / static_cast<double>(x.extent(1)));
  }
  return result;
}

Matrices covariances(Epochs x, const CovarianceOptions& options, std::span<const double> weights) {
  if (x.empty()) throw usage_error(where, "the signals are empty");
  require_options(options, weights, x);
  Matrices result({x.extent(0), x.extent(1), x.extent(1)}, uninitialised);
  if (!weights.empty() || !from_sums(options.estimator)) {
    thread_pool().parallel_for(x.extent(0),
                               [&](std::int64_t n) { estimate_one(x[n], n, options, weights, result[n]); });
    return result;
  }
  if (x.stride(2) != 1 && x.extent(2) > 1) return covariances(Array<double, 3>(x), options);
  // A thread takes several in a row: windows that overlap share sums, and the next one is brought near.
  const std::int64_t trials = x.extent(0), together = std::clamp<std::int64_t>(trials / 16, 1, 32);
  thread_pool().parallel_for((trials + together - 1) / together, [&](std::int64_t group) {
    const std::int64_t begin = group * together;
    estimate_from_sums(x, begin, std::min(trials, begin + together), options, result);
  });
  return result;
}

Matrix covariance(Signal x, const CovarianceOptions& options, std::span<const double> weights) {
  return copy_of(covariances(as_set(x), options, weights), 0);
}

CovarianceOptions covariance_options(const Arguments& args) {
  CovarianceOptions options;
  const std::string& place = args.operation();
  options.estimator = estimator_named(place, args.text("estimator"));
  if (args.given("assume_centered")) options.assume_centered = args.flag("assume_centered");
  if (args.given("q")) options.q = args.number("q");
  if (args.given("nu")) options.nu = args.number("nu");
  if (args.given("tol")) options.tol = args.number("tol");
  if (args.given("n_iter_max")) {
    const std::int64_t most = args.integer("n_iter_max");
    if (most < 1 || most > 10000) throw args.refuse("n_iter_max must be between 1 and 10000");
    options.n_iter_max = static_cast<int>(most);
  }
  if (args.given("norm")) options.norm = norm_named(place, args.text("norm"));
  return options;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const CovarianceOptions options = covariance_options(args);
  return {
      {"c", Tensor::of(covariances(epochs_port(args, in, "x"), options, optional_vector_port(args, in, "weights")))}};
}

const Operation operation{
    .name = "covariance",
    .room = "geometry",
    .about =
        "covariance matrix of every trial by one of nine estimators (pyRiemann covariances; Ledoit-Wolf and OAS "
        "as scikit-learn)",
    .arguments = {{"estimator", "text", Json("scm"), "scm, cov, corr, lwf, oas, sch, hub, stu or tyl"},
                  {"assume_centered", "flag", Json(false), "leave the mean of each channel in"},
                  {"q", "number", Json(0.9), "hub: share of samples taken as uncorrupted"},
                  {"nu", "number", Json(5), "stu: degrees of freedom"},
                  {"tol", "number", Json(0.01), "hub, stu, tyl: relative change at which to stop"},
                  {"n_iter_max", "integer", Json(50), "hub, stu, tyl: most rounds"},
                  {"norm", "text", Json("trace"), "tyl: trace or determinant"}},
    .inputs = {{"x", "N C T", "uV"}, {"weights", "T", {}, true}},
    .outputs = {{"c", "N C C", "uV^2"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
