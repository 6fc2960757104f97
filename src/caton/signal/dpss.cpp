// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/dpss.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/fft.hpp"
#include "caton/signal/tridiagonal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

/// Turns the tapers over where SciPy would.
void set_signs(Matrix& tapers) {
  const std::int64_t length = tapers.extent(1);
  const double threshold = std::max(1e-7, 1.0 / static_cast<double>(length));
  for (std::int64_t k = 0; k < tapers.extent(0); ++k) {
    double* const taper = tapers[k].data();
    double sign = 0;
    for (std::int64_t t = 0; t < length; ++t) {
      if (k % 2 == 0)
        sign += taper[t];
      else if (taper[t] * taper[t] > threshold && sign == 0)
        sign = taper[t];
    }
    if (sign >= 0) continue;
    for (std::int64_t t = 0; t < length; ++t) taper[t] = -taper[t];
  }
}

/// The share of a taper's power within the half bandwidth w (in cycles a sample): its autocorrelation times the sinc.
double power_ratio(const double* taper, std::int64_t length, double w) {
  std::vector<double> x(taper, taper + length);
  x.resize(static_cast<std::size_t>(next_fast_length(2 * length)), 0.0);
  auto bins = real_fft(x);
  for (Complex& bin : bins) bin = std::norm(bin);
  const auto correlation = inverse_real_fft(bins, static_cast<std::int64_t>(x.size()));
  double sum = 2 * w * correlation[0];
  for (std::int64_t lag = 1; lag < length; ++lag) {
    const double angle = 2 * std::numbers::pi * w * static_cast<double>(lag);
    sum += correlation[static_cast<std::size_t>(lag)] * 4 * w * std::sin(angle) / angle;
  }
  return sum;
}

}  // namespace

Dpss dpss(std::int64_t samples, double half_bandwidth, std::int64_t tapers, bool low_bias, bool periodic,
          const std::string& where) {
  const std::int64_t length = samples + (periodic ? 1 : 0);
  if (samples < 1) throw usage_error(where, "samples must be positive, got " + std::to_string(samples));
  if (tapers < 1 || tapers > length) {
    throw usage_error(where, "tapers must lie between 1 and " + std::to_string(length) + " (samples), got " +
                                 std::to_string(tapers) + (tapers > length ? ": the signal is too short" : ""));
  }
  if (!(half_bandwidth > 0 && half_bandwidth < static_cast<double>(samples) / 2)) {
    throw usage_error(where, "half_bandwidth must be positive and less than half the samples, got " +
                                 number_text(half_bandwidth) + " for " + std::to_string(samples));
  }
  const double w = half_bandwidth / static_cast<double>(length);
  Tridiagonal matrix;
  for (std::int64_t t = 0; t < length; ++t) {
    const double centred = (static_cast<double>(length - 1) - 2 * static_cast<double>(t)) / 2;
    matrix.diagonal.push_back(centred * centred * std::cos(2 * std::numbers::pi * w));
    if (t > 0) matrix.beside.push_back(static_cast<double>(t) * static_cast<double>(length - t) / 2);
  }
  Matrix all = largest_eigenvectors(matrix, tapers);
  set_signs(all);
  std::vector<std::int64_t> kept;
  std::vector<double> ratios;
  for (std::int64_t k = 0; k < tapers; ++k) {
    ratios.push_back(power_ratio(all[k].data(), length, w));
    if (!low_bias || ratios.back() > 0.9) kept.push_back(k);
  }
  if (kept.empty()) kept.push_back(std::max_element(ratios.begin(), ratios.end()) - ratios.begin());
  Dpss result{Matrix({static_cast<std::int64_t>(kept.size()), samples}, uninitialised), {}};
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::copy_n(all[kept[i]].data(), samples, result.tapers[static_cast<std::int64_t>(i)].data());
    result.ratios.push_back(ratios[static_cast<std::size_t>(kept[i])]);
  }
  return result;
}

namespace {

const Operation dpss_operation{
    .name = "dpss",
    .room = "signal",
    .about = "Slepian sequences (mne.time_frequency.multitaper.dpss_windows)",
    .arguments = {{.name = "samples", .type = "integer"},
                  {.name = "half_bandwidth", .type = "number", .about = "NW"},
                  {.name = "tapers", .type = "integer"},
                  {.name = "low_bias", .type = "flag", .standard = true}},
    .outputs = {{.name = "tapers", .shape = "K N"}, {.name = "ratios", .shape = "K"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          const std::int64_t samples = args.integer("samples");
          if (samples > 10'000'000) throw args.refuse("samples must be below 10 million");
          const auto result =
              dpss(samples, args.number("half_bandwidth"), args.integer("tapers"), args.flag("low_bias"));
          return Tensors{{"tapers", Tensor::of(result.tapers)}, {"ratios", Tensor::vector(result.ratios)}};
        },
};
CATON_REGISTER(Operation, dpss_operation);

}  // namespace

}  // namespace caton
