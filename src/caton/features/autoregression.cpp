// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/autoregression.hpp"

#include "caton/base/ports.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// a_1 … a_m of order m + 1 from those of order m and the new reflection coefficient (Levinson).
void raise_order(std::vector<double>& a, double reflection) {
  for (std::size_t i = 0, j = a.size(); i < j--; ++i) {
    const double before = a[i];
    a[i] += reflection * a[j];
    if (i < j) a[j] += reflection * before;
  }
  a.push_back(reflection);
}

ChannelMeasure checked_order(const std::string& where, std::int64_t order, std::int64_t samples) {
  if (order < 1) throw usage_error(where, "order " + std::to_string(order) + " must be at least 1");
  // Beyond the signal the order itself may be absurd: never add to it.
  return {where, std::min(order, samples) + 1};
}

}  // namespace

BurgModel burg_recursion(std::span<const double> x, std::int64_t order) {
  std::vector<double> scratch(2 * x.size());
  BurgModel model;
  burg_recursion(x, order, scratch, model);
  return model;
}

void burg_recursion(std::span<const double> x, std::int64_t order, std::span<double> scratch, BurgModel& model) {
  const auto forward = scratch.first(x.size() - 1), backward = scratch.subspan(x.size(), x.size() - 1);
  std::copy(x.begin() + 1, x.end(), forward.begin());
  std::copy(x.begin(), x.end() - 1, backward.begin());
  model.coefficients.clear();
  model.reflection.clear();
  model.variance = model.last_stage_variance = 0;
  for (const double value : x) model.variance += value * value;
  model.variance /= static_cast<double>(x.size());
  for (std::int64_t stage = 0; stage < order; ++stage) {
    const std::size_t count = forward.size() - static_cast<std::size_t>(stage);
    double product = 0, power = 0;
    for (std::size_t t = 0; t < count; ++t) {
      product += forward[t] * backward[t];
      power += forward[t] * forward[t] + backward[t] * backward[t];
    }
    const double k = power > 0 ? -2 * product / power : 0;
    raise_order(model.coefficients, k);
    model.reflection.push_back(k);
    model.variance *= 1 - k * k;
    model.last_stage_variance = (1 - k * k) * power / (2 * static_cast<double>(count));
    for (std::size_t t = 0; t + 1 < count; ++t) {
      // The next forward error is one sample later than the next backward error.
      const double before = backward[t] + k * forward[t];
      forward[t] = forward[t + 1] + k * backward[t + 1];
      backward[t] = before;
    }
  }
}

BurgRow::BurgRow(std::int64_t samples, std::int64_t order) : order_(order) {
  require_length(checked_order("ar_burg", order, samples), samples);
  scratch_.resize(2 * static_cast<std::size_t>(samples));
  model_.coefficients.reserve(static_cast<std::size_t>(order));
  model_.reflection.reserve(static_cast<std::size_t>(order));
}

bool BurgRow::run(std::span<const double> x) {
  burg_recursion(x, order_, scratch_, model_);
  return std::any_of(x.begin(), x.end(), [](double value) { return value * value != 0; });
}

namespace {

/// Levinson's recursion on biased autocorrelations.
double solve_levinson(const std::vector<double>& lags, std::int64_t order, std::vector<double>& a) {
  double variance = lags[0];
  for (std::int64_t m = 0; m < order; ++m) {
    double error = lags[static_cast<std::size_t>(m) + 1];
    for (std::int64_t i = 0; i < m; ++i)
      error += a[static_cast<std::size_t>(i)] * lags[static_cast<std::size_t>(m - i)];
    const double k = -error / variance;
    raise_order(a, k);
    variance *= 1 - k * k;
  }
  return variance;
}

void set_row(Matrix& rows, std::int64_t row, const std::vector<double>& values) {
  std::copy(values.begin(), values.end(), rows[row].data());
}

Autoregression empty_models(Signal x, std::int64_t order) {
  return {Matrix({x.extent(0), std::min(order, x.extent(1))}),
          std::vector<double>(static_cast<std::size_t>(x.extent(0)))};
}

}  // namespace

Autoregression ar_burg(Signal x, std::int64_t order) {
  const auto measure = checked_order("ar_burg", order, x.extent(1));
  Autoregression result = empty_models(x, std::max<std::int64_t>(order, 0));
  result.reflection = Matrix(result.coefficients.extents());
  for_each_channel(measure, x, [&](std::int64_t c, std::span<const double> samples) {
    BurgRow row(x.extent(1), order);
    if (!row.run(samples)) throw flat_channel(measure.where, c);
    set_row(result.coefficients, c, row.model().coefficients);
    set_row(result.reflection, c, row.model().reflection);
    result.variance[static_cast<std::size_t>(c)] = row.model().variance;
  });
  return result;
}

Autoregression ar_yule_walker(Signal x, std::int64_t order) {
  const auto measure = checked_order("ar_yule_walker", order, x.extent(1));
  Autoregression result = empty_models(x, order);
  for_each_channel(measure, x, [&](std::int64_t c, std::span<const double> samples) {
    const double mean = mean_of(samples);
    std::vector<double> lags;
    for (std::int64_t lag = 0; lag <= order; ++lag) {
      double sum = 0;
      for (std::size_t t = static_cast<std::size_t>(lag); t < samples.size(); ++t)
        sum += (samples[t] - mean) * (samples[t - static_cast<std::size_t>(lag)] - mean);
      lags.push_back(sum / static_cast<double>(samples.size()));
    }
    if (!(lags[0] > 0)) throw flat_channel(measure.where, c);
    std::vector<double> a;
    result.variance[static_cast<std::size_t>(c)] = solve_levinson(lags, order, a);
    if (!std::isfinite(a.back())) throw flat_channel(measure.where, c);
    set_row(result.coefficients, c, a);
  });
  return result;
}

std::complex<double> prediction_polynomial(std::span<const double> coefficients, double cycles) {
  std::complex<double> sum = 1;
  for (std::size_t k = 0; k < coefficients.size(); ++k)
    sum += coefficients[k] * std::polar(1.0, -2 * std::numbers::pi * cycles * static_cast<double>(k + 1));
  return sum;
}

Matrix ar_psd(Signal coefficients, std::span<const double> variance, double rate_hz, std::span<const double> freqs_hz) {
  const std::string where = "ar_psd";
  require_positive(where, "rate_hz", rate_hz);
  require_signal(where, coefficients);
  if (static_cast<std::int64_t>(variance.size()) != coefficients.extent(0)) {
    throw usage_error(where, "shape: " + std::to_string(coefficients.extent(0)) + " channels, " +
                                 std::to_string(variance.size()) + " variances");
  }
  if (freqs_hz.empty()) throw usage_error(where, "freqs_hz is empty");
  for (const double hz : freqs_hz) {
    if (!(hz >= 0)) throw usage_error(where, "freqs_hz must be positive or 0");
    require_below_nyquist(where, "freqs_hz", hz, rate_hz);
  }
  Matrix psd({coefficients.extent(0), static_cast<std::int64_t>(freqs_hz.size())}, uninitialised);
  for (std::int64_t c = 0; c < psd.extent(0); ++c) {
    const Vector a(coefficients[c]);
    const double v = variance[static_cast<std::size_t>(c)];
    if (!(v >= 0)) throw usage_error(where, "the variance of channel " + std::to_string(c) + " must be positive or 0");
    for (std::int64_t f = 0; f < psd.extent(1); ++f) {
      const std::span<const double> row(a.data(), static_cast<std::size_t>(a.size()));
      psd(c, f) =
          2 * v / (rate_hz * std::norm(prediction_polynomial(row, freqs_hz[static_cast<std::size_t>(f)] / rate_hz)));
      if (!std::isfinite(psd(c, f)))
        throw input_error(where,
                          "the model of channel " + std::to_string(c) + " is unstable: a pole on the unit circle");
    }
  }
  return psd;
}

namespace {

const std::vector<Argument> order_key{{.name = "order", .type = "integer"}};

const Operation burg_operation{
    .name = "ar_burg",
    .room = "features",
    .about = "Autoregressive model by Burg's recursion: x[n] + sum a_k x[n-k] = e; no mean is removed",
    .arguments = order_key,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "coefficients", .shape = "C order", .unit = "1"},
                {.name = "variance", .shape = "C", .unit = "V^2"},
                {.name = "reflection", .shape = "C order", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto model = ar_burg(MatrixPort(args, in, "x"), args.integer("order"));
      return {{"coefficients", Tensor::of(model.coefficients)},
              {"variance", Tensor::vector(model.variance)},
              {"reflection", Tensor::of(model.reflection)}};
    },
};
CATON_REGISTER(Operation, burg_operation);

const Operation yule_walker_operation{
    .name = "ar_yule_walker",
    .room = "features",
    .about = "Autoregressive model from biased autocorrelations of the mean-free signal; sign as ar_burg",
    .arguments = order_key,
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "coefficients", .shape = "C order", .unit = "1"},
                {.name = "variance", .shape = "C", .unit = "V^2"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto model = ar_yule_walker(MatrixPort(args, in, "x"), args.integer("order"));
      return {{"coefficients", Tensor::of(model.coefficients)}, {"variance", Tensor::vector(model.variance)}};
    },
};
CATON_REGISTER(Operation, yule_walker_operation);

const Operation ar_psd_operation{
    .name = "ar_psd",
    .room = "features",
    .about = "One-sided density of autoregressive models: 2 v / (rate |1 + sum a_k e^(-i 2 pi f k / rate)|^2)",
    .arguments = {{.name = "rate_hz", .type = "number"}, {.name = "freqs_hz", .type = "numbers"}},
    .inputs = {{.name = "coefficients", .shape = "C p", .unit = "1"},
               {.name = "variance", .shape = "C", .unit = "V^2"}},
    .outputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      return {{"psd", Tensor::of(ar_psd(MatrixPort(args, in, "coefficients"), vector_port(args, in, "variance"),
                                        args.number("rate_hz"), args.numbers("freqs_hz")))}};
    },
};
CATON_REGISTER(Operation, ar_psd_operation);

}  // namespace

}  // namespace caton
