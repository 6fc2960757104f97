// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/mixing.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fft.hpp"

#include <cmath>

namespace caton {

namespace {

void require_rows(const std::string& where, Signal a, Signal b) {
  require_signal(where, a);
  require_finite(where, a);
  require_finite(where, b);
  if (a.extents() == b.extents()) return;
  throw usage_error(where, "shape: " + std::to_string(a.extent(0)) + " x " + std::to_string(a.extent(1)) + " beside " +
                               std::to_string(b.extent(0)) + " x " + std::to_string(b.extent(1)));
}

std::vector<double> row_of(Signal x, std::int64_t row) {
  std::vector<double> values;
  for (std::int64_t t = 0; t < x.extent(1); ++t) values.push_back(x(row, t));
  return values;
}

double mean_of(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

double root_mean_square(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return std::sqrt(sum / static_cast<double>(x.size()));
}

double deviation(std::span<const double> x) {
  const double mean = mean_of(x);
  double sum = 0;
  for (const double value : x) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

double relative_error(std::span<const double> truth, std::span<const double> estimate) {
  std::vector<double> difference(truth.begin(), truth.end());
  for (std::size_t k = 0; k < difference.size(); ++k) difference[k] -= estimate[k];
  return root_mean_square(difference) / root_mean_square(truth);
}

double correlation(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += (a[k] - mean_a) * (b[k] - mean_b);
  return sum / static_cast<double>(a.size()) / (deviation(a) * deviation(b));
}

std::vector<double> power_spectrum(std::span<const double> x) {
  std::vector<double> result;
  for (const Complex bin : real_fft(x)) result.push_back(bin.real() * bin.real() + bin.imag() * bin.imag());
  return result;
}

void require_power(const std::string& where, const char* what, std::int64_t row, double size) {
  if (size > 0 && std::isfinite(size)) return;
  throw input_error(where, std::string(what) + " row " + std::to_string(row) + " is flat (or without finite power)");
}

}  // namespace

Mixture mix_at_snr(Signal eeg, Signal noise, std::span<const double> snr_db, SnrRule rule) {
  const std::string where = "mix_at_snr";
  require_rows(where, eeg, noise);
  if (static_cast<std::int64_t>(snr_db.size()) != eeg.extent(0))
    throw usage_error(
        where, "shape: " + std::to_string(snr_db.size()) + " ratios for " + std::to_string(eeg.extent(0)) + " rows");
  Mixture result{Matrix(eeg), Matrix(eeg), {}, {}};
  for (std::int64_t n = 0; n < eeg.extent(0); ++n) {
    const auto x = row_of(eeg, n), disturbance = row_of(noise, n);
    require_power(where, "eeg", n, root_mean_square(x));
    require_power(where, "noise", n, root_mean_square(disturbance));
    const double decibel = snr_db[static_cast<std::size_t>(n)];
    const double ratio = std::pow(10, decibel / (rule == SnrRule::eegdenoisenet ? 10 : 20));
    const double gain = root_mean_square(x) / (root_mean_square(disturbance) * ratio);
    std::vector<double> mixed(x);
    for (std::size_t t = 0; t < mixed.size(); ++t) mixed[t] += gain * disturbance[t];
    const double scale = deviation(mixed);
    require_power(where, "the mixture of", n, scale);
    for (std::size_t t = 0; t < mixed.size(); ++t) {
      result.noisy(n, t) = mixed[t] / scale;
      result.clean(n, t) = x[t] / scale;
    }
    result.gain.push_back(gain);
    result.scale.push_back(scale);
  }
  return result;
}

DenoisingMetrics denoising_metrics(Signal clean, Signal denoised) {
  const std::string where = "denoising_metrics";
  require_rows(where, clean, denoised);
  DenoisingMetrics result;
  for (std::int64_t n = 0; n < clean.extent(0); ++n) {
    const auto truth = row_of(clean, n), estimate = row_of(denoised, n);
    require_power(where, "clean", n, deviation(truth));
    require_power(where, "denoised", n, deviation(estimate));
    result.rrmse_time.push_back(relative_error(truth, estimate));
    result.rrmse_spectrum.push_back(relative_error(power_spectrum(truth), power_spectrum(estimate)));
    result.correlation.push_back(correlation(truth, estimate));
  }
  return result;
}

namespace {

Tensors call_mix(const Arguments& args, const Tensors& in) {
  const auto rule =
      choice_argument<SnrRule>(args, "rule", {{"eegdenoisenet", SnrRule::eegdenoisenet}, {"power", SnrRule::power}});
  const MatrixPort eeg(args, in, "eeg"), noise(args, in, "noise");
  const Mixture mixture = mix_at_snr(eeg, noise, vector_port(args, in, "snr_db"), rule);
  return {{"noisy", Tensor::of(mixture.noisy)},
          {"clean", Tensor::of(mixture.clean)},
          {"gain", Tensor::vector(mixture.gain)},
          {"scale", Tensor::vector(mixture.scale)}};
}

Tensors call_metrics(const Arguments& args, const Tensors& in) {
  const MatrixPort clean(args, in, "clean"), denoised(args, in, "denoised");
  const DenoisingMetrics metrics = denoising_metrics(clean, denoised);
  return {{"rrmse_time", Tensor::vector(metrics.rrmse_time)},
          {"rrmse_spectrum", Tensor::vector(metrics.rrmse_spectrum)},
          {"correlation", Tensor::vector(metrics.correlation)}};
}

const Operation mix_operation{
    .name = "mix_at_snr",
    .room = "signal",
    .about = "noise added at a signal-to-noise ratio, scaled to unit deviation (EEGdenoiseNet)",
    .arguments = {{"rule", "text", Json("eegdenoisenet"), "eegdenoisenet: dB of amplitudes by 10 log10; power"}},
    .inputs = {{"eeg", "N T"}, {"noise", "N T"}, {"snr_db", "N", "dB"}},
    .outputs = {{"noisy", "N T"}, {"clean", "N T"}, {"gain", "N"}, {"scale", "N"}},
    .call = call_mix};
const Operation metrics_operation{
    .name = "denoising_metrics",
    .room = "signal",
    .about = "relative errors in time and power spectrum, and correlation, of a denoised signal (EEGdenoiseNet)",
    .inputs = {{"clean", "N T"}, {"denoised", "N T"}},
    .outputs = {{"rrmse_time", "N"}, {"rrmse_spectrum", "N"}, {"correlation", "N"}},
    .call = call_metrics};
CATON_REGISTER(Operation, mix_operation);
CATON_REGISTER(Operation, metrics_operation);

}  // namespace

}  // namespace caton
