// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/cleaning/asr.hpp"
#include "caton/signal/cleaning/tiles.hpp"
#include "caton/signal/transfer_function.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "asr_calibrate";
constexpr double shortest_s = 5, recommended_s = 30;
constexpr double median_stop = 1e-5;
constexpr int median_rounds = 500;

std::int64_t samples_of(double seconds, double rate_hz) {
  return static_cast<std::int64_t>(std::nearbyint(seconds * rate_hz));
}

void require_options(Signal x, const AsrCalibrate& options) {
  require_signal(where, x);
  require_finite(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  require_positive(where, "window_s", options.window_s);
  if (!std::isfinite(options.cutoff)) throw usage_error(where, "cutoff must be finite");
  if (options.block < 1 || options.block > x.extent(1))
    throw usage_error(where, "block must be 1 to the " + std::to_string(x.extent(1)) + " samples");
  if (!(options.overlap >= 0 && options.overlap < 1)) throw usage_error(where, "overlap must lie in [0, 1)");
  if (!(options.max_dropout >= 0 && options.max_dropout <= 0.3))
    throw usage_error(where, "max_dropout must lie in [0, 0.3]");
  if (!(options.min_clean > 0 && options.min_clean < 1)) throw usage_error(where, "min_clean must lie in (0, 1)");
  const double samples = static_cast<double>(x.extent(1)), needed = std::ceil(shortest_s * options.rate_hz);
  if (!(samples >= needed)) {
    throw input_error(where,
                      "the calibration is too short: " + std::to_string(x.extent(1)) + " samples, at least " +
                          number_text(needed) + " (5 s) are needed",
                      "calibrate on 30 s or more of clean signal");
  }
  if (!(options.window_s * options.rate_hz < samples))
    throw input_error(where, "the calibration is too short for windows of " + number_text(options.window_s) + " s");
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    bool varies = false;
    for (std::int64_t t = 1; t < x.extent(1) && !varies; ++t) varies = x(c, t) != x(c, 0);
    if (!varies) {
      throw input_error(where, "channel " + std::to_string(c) + " is flat",
                        "leave it out or interpolate it, then calibrate");
    }
  }
}

/// One row a block: the entries of the mean of x xᵀ over it. The last block is filled by repeating the last sample but
/// its own, as the reference does.
Matrix block_covariances(const Matrix& x, std::int64_t block) {
  const std::int64_t channels = x.extent(0), last = x.extent(1) - 1;
  const std::int64_t width = (block + 7) / 8 * 8, blocks = std::max<std::int64_t>(1, (last + block - 1) / block);
  Matrix covariances({blocks, channels * channels});
  thread_pool().parallel_for(blocks, [&](std::int64_t j) {
    Matrix part({channels, width});
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t k = 0; k < block; ++k) part(c, k) = x(c, std::min(last, j * block + k));
    }
    double* const out = covariances.data() + j * channels * channels;
    add_products_of_tile(part.data(), channels, part.data(), channels, width, out);
    for (std::int64_t i = 0; i < channels * channels; ++i) out[i] /= static_cast<double>(block);
  });
  return covariances;
}

double distance(const double* a, const double* b, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

/// The point with the smallest sum of distances to all rows (Weiszfeld; Vardi and Zhang where it meets a row).
std::vector<double> geometric_median(const Matrix& rows) {
  const std::int64_t count = rows.extent(0), size = rows.extent(1);
  std::vector<double> at(static_cast<std::size_t>(size), 0.0);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t k = 0; k < size; ++k) at[static_cast<std::size_t>(k)] += rows(i, k);
  }
  for (double& value : at) value /= static_cast<double>(count);
  for (int round = 0; round < median_rounds; ++round) {
    std::vector<double> next(at.size(), 0.0);
    double weights = 0, met = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      const double away = distance(&rows(i, 0), at.data(), size);
      if (away == 0) {
        ++met;
        continue;
      }
      weights += 1 / away;
      for (std::int64_t k = 0; k < size; ++k) next[static_cast<std::size_t>(k)] += rows(i, k) / away;
    }
    if (weights == 0) return at;
    for (double& value : next) value /= weights;
    if (met > 0) {
      const double pull = distance(next.data(), at.data(), size) * weights;
      const double share = pull == 0 ? 0 : met / pull;
      for (std::size_t k = 0; k < next.size(); ++k)
        next[k] = std::max(0.0, 1 - share) * next[k] + std::min(1.0, share) * at[k];
    }
    const double moved = distance(next.data(), at.data(), size);
    at = std::move(next);
    if (moved < median_stop) break;
  }
  return at;
}

/// RMS of a row in overlapping windows.
std::vector<double> window_rms(View<const double, 1> row, std::int64_t window, std::int64_t hop) {
  std::vector<double> values;
  for (std::int64_t begin = 0; begin < row.extent(0) - window; begin += hop) {
    double sum = 0;
    for (std::int64_t t = begin; t < begin + window; ++t) sum += row[t] * row[t];
    values.push_back(std::sqrt(sum / static_cast<double>(window)));
  }
  return values;
}

}  // namespace

AsrCalibration asr_calibrate(Signal x, const AsrCalibrate& options) {
  require_options(x, options);
  const std::int64_t channels = x.extent(0), window = samples_of(options.window_s, options.rate_hz);
  const auto hop = static_cast<std::int64_t>(std::nearbyint(static_cast<double>(window) * (1 - options.overlap)));
  if (window < 1 || hop < 1 || x.extent(1) <= 10 * hop + window) {
    throw input_error(where, "the calibration is too short for windows of " + number_text(options.window_s) +
                                 " s, or they overlap too much");
  }
  const Matrix filtered = lfilter(asr_filter_design(options.rate_hz), x);
  const std::vector<double> median = geometric_median(block_covariances(filtered, options.block));
  Matrix covariance({channels, channels}, uninitialised);
  std::copy(median.begin(), median.end(), covariance.begin());
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  Matrix scaled(eigen.vectors), axes({channels, channels}, uninitialised);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t k = 0; k < channels; ++k) {
      scaled(i, k) *= std::sqrt(std::max(0.0, eigen.values[static_cast<std::size_t>(k)]));
      axes(k, i) = eigen.vectors(i, k);
    }
  }
  AsrCalibration result{product_transposed(scaled, eigen.vectors), std::move(axes)};
  sign_rows(result.threshold);
  const Matrix along = multiplied(result.threshold, Tiles(filtered.view())).signal();
  thread_pool().parallel_for(channels, [&](std::int64_t k) {
    const RmsFit fit = fit_rms(window_rms(along[k], window, hop), options.min_clean, options.max_dropout);
    for (std::int64_t i = 0; i < channels; ++i) result.threshold(k, i) *= fit.mean + options.cutoff * fit.deviation;
  });
  const double seconds = static_cast<double>(x.extent(1)) / options.rate_hz;
  if (seconds < recommended_s) {
    result.findings.push_back({.code = "asr/short-calibration",
                               .severity = Severity::warn,
                               .where = where,
                               .what = "calibrated on " + number_text(seconds) + " s; 30 s or more are advised"});
  }
  return result;
}

namespace {

const Operation calibrate_operation{
    .name = "asr_calibrate",
    .room = "signal",
    .about = "What clean data look like, for artifact subspace reconstruction (asrpy.asr_calibrate); values in uV",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "cutoff", .type = "number", .standard = 20},
                  {.name = "block", .type = "integer", .standard = 100, .about = "samples"},
                  {.name = "window_s", .type = "number", .standard = 0.5},
                  {.name = "overlap", .type = "number", .standard = 0.66},
                  {.name = "max_dropout", .type = "number", .standard = 0.1},
                  {.name = "min_clean", .type = "number", .standard = 0.25}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "uV"}},
    .outputs = {{.name = "mixing", .shape = "C C", .unit = "uV"}, {.name = "threshold", .shape = "C C", .unit = "uV"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const AsrCalibration result =
              asr_calibrate(MatrixPort(args, in, "x"), {.rate_hz = args.number("rate_hz"),
                                                        .cutoff = args.number("cutoff"),
                                                        .block = args.integer("block"),
                                                        .window_s = args.number("window_s"),
                                                        .overlap = args.number("overlap"),
                                                        .max_dropout = args.number("max_dropout"),
                                                        .min_clean = args.number("min_clean")});
          return Tensors{{"mixing", Tensor::of(result.mixing)}, {"threshold", Tensor::of(result.threshold)}};
        },
};
CATON_REGISTER(Operation, calibrate_operation);

}  // namespace

}  // namespace caton
