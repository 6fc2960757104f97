// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/ddtf_windows.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "caton/signal/windows.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "ddtf_windows";
constexpr double safe_pivot = 1e-8;
constexpr double least_singular = 1e-10;
constexpr double rounding = 1e-13;

/// A window's channels, mean taken away and divided by their deviation where asked for.
Matrix prepared(Signal x, bool standardize) {
  Matrix y(x);
  for (std::int64_t c = 0; c < y.extent(0); ++c) {
    double* const row = &y(c, 0);
    const std::int64_t n = y.extent(1);
    double mean = 0, squares = 0, largest = 0;
    for (std::int64_t t = 0; t < n; ++t) {
      mean += row[t];
      largest = std::max(largest, std::abs(row[t]));
    }
    mean /= static_cast<double>(n);
    for (std::int64_t t = 0; t < n; ++t) squares += (row[t] - mean) * (row[t] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(n));
    if (!(deviation > rounding * largest) || !std::isfinite(deviation)) {
      throw input_error(where, "channel " + std::to_string(c) + " is flat in a window",
                        "leave the channel or the window out");
    }
    if (!standardize) continue;
    for (std::int64_t t = 0; t < n; ++t) row[t] = (row[t] - mean) / deviation;
  }
  return y;
}

/// Refuses dependent channels: quickly by the pivots of their products, in doubt by their singular values.
void require_rank(Signal x, Signal products) {
  const std::int64_t channels = x.extent(0);
  Matrix scaled({channels, channels}, uninitialised);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      scaled(i, j) = products(i, j) / std::sqrt(products(i, i)) / std::sqrt(products(j, j));
  }
  if (const auto factor = cholesky(scaled)) {
    double least = 1;
    for (std::int64_t i = 0; i < channels; ++i) least = std::min(least, (*factor)(i, i) * (*factor)(i, i));
    if (least > safe_pivot) return;
  }
  Matrix rows(x);
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t t = 0; t < rows.extent(1); ++t) rows(c, t) /= std::sqrt(products(c, c));
  }
  const std::int64_t rank = rank_of(svd(rows).singular, least_singular);
  if (rank == channels) return;
  throw input_error(where,
                    "the channels are linearly dependent: rank " + std::to_string(rank) + " of " +
                        std::to_string(channels) + " (average reference, interpolated channel, removed components)",
                    "drop a channel for each lost dimension, or keep the recording's own reference");
}

/// Covariance of what the model leaves: ddof 1, mean removed, out of sums alone.
Matrix noise_of(Signal x, Signal products, Signal coefficients) {
  const std::int64_t channels = x.extent(0), order = coefficients.extent(1) / channels, first = order;
  const auto count = static_cast<double>(x.extent(1) - first);
  Matrix sums({1, channels * (order + 1)});
  for (std::int64_t c = 0; c < channels; ++c) {
    double sum = 0;
    for (std::int64_t t = first; t < x.extent(1); ++t) sum += x(c, t);
    for (std::int64_t lag = 0; lag <= order; ++lag) {
      sums(0, lag * channels + c) = sum;
      if (lag < order) sum += x(c, first - 1 - lag) - x(c, x.extent(1) - 1 - lag);
    }
  }
  std::vector<double> left(static_cast<std::size_t>(channels));
  for (std::int64_t i = 0; i < channels; ++i) {
    left[static_cast<std::size_t>(i)] = sums(0, i);
    for (std::int64_t k = 0; k < channels * order; ++k)
      left[static_cast<std::size_t>(i)] -= coefficients(i, k) * sums(0, channels + k);
  }
  Matrix noise = residual_products(products, coefficients);
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      noise(i, j) =
          (noise(i, j) - left[static_cast<std::size_t>(i)] * left[static_cast<std::size_t>(j)] / count) / (count - 1);
  }
  return noise;
}

MvarModel window_model(Signal window, std::int64_t order) {
  const std::int64_t channels = window.extent(0);
  const Epochs epoch = one_epoch(window);
  const Matrix products = lagged_products(epoch, order);
  require_rank(window, products);
  const Matrix coefficients = regression_coefficients(where, {epoch, order, order, 0}, products);
  MvarModel model{Array<double, 3>({order, channels, channels}, uninitialised),
                  noise_of(window, products, coefficients)};
  for (std::int64_t k = 0; k < order; ++k) {
    for (std::int64_t i = 0; i < channels; ++i) {
      for (std::int64_t j = 0; j < channels; ++j) model.a(k, i, j) = coefficients(i, k * channels + j);
    }
  }
  return model;
}

/// Adds |H_ij|^2 of the first `lanes` frequencies to the row sums.
void add_row_powers(const LaneMatrix& h, std::int64_t lanes, std::vector<double>& rows) {
  for (std::int64_t i = 0; i < h.size(); ++i) {
    double sums[lane_count] = {};
    for (std::int64_t j = 0; j < h.size(); ++j) {
      const double* const entry = h.at(i, j);
      for (std::int64_t lane = 0; lane < lane_count; ++lane)
        sums[lane] += entry[lane] * entry[lane] + entry[lane + lane_count] * entry[lane + lane_count];
    }
    for (std::int64_t lane = 0; lane < lanes; ++lane) rows[static_cast<std::size_t>(i)] += sums[lane];
  }
}

/// |chi_ij| |H_ij| at the eight frequencies.
void direct_terms(const LaneMatrix& h, const std::vector<double>& gram, std::int64_t i, std::int64_t j, double* out) {
  const std::int64_t size = h.size();
  const double* const both = gram.data() + (std::min(i, j) * size + std::max(i, j)) * lane_count;
  const double* const left = gram.data() + (i * size + i) * lane_count;
  const double* const right = gram.data() + (j * size + j) * lane_count;
  const double* const entry = h.at(i, j);
  for (std::int64_t lane = 0; lane < lane_count; ++lane) {
    const double power = entry[lane] * entry[lane] + entry[lane + lane_count] * entry[lane + lane_count];
    out[lane] = i == j ? std::sqrt(power) : std::sqrt(both[lane] / left[lane] / right[lane] * power);
  }
}

/// Where the blocks of eight bins meet the bands.
struct Grid {
  std::int64_t bins = 0;
  std::vector<BinSpan> bands;

  [[nodiscard]] bool touches(std::int64_t first, std::size_t band) const {
    return bands[band].begin < first + lane_count && bands[band].end > first;
  }
};

/// Adds the direct terms of the bins first … first + 7 to the sums of the bands they belong to.
void add_bands(const LaneMatrix& h, const std::vector<double>& gram, const Grid& grid, std::int64_t first,
               View<double, 3> out) {
  double terms[lane_count];
  for (std::int64_t i = 0; i < h.size(); ++i) {
    for (std::int64_t j = 0; j < h.size(); ++j) {
      direct_terms(h, gram, i, j, terms);
      for (std::size_t b = 0; b < grid.bands.size(); ++b) {
        const std::int64_t begin = std::max(grid.bands[b].begin, first);
        const std::int64_t end = std::min(grid.bands[b].end, first + lane_count);
        for (std::int64_t k = begin; k < end; ++k) out(static_cast<std::int64_t>(b), i, j) += terms[k - first];
      }
    }
  }
}

/// Bands x to x from of one model.
void model_ddtf(const MvarModel& model, const Grid& grid, View<double, 3> out) {
  const std::int64_t size = model.a.extent(1);
  const auto transfer = characteristic(model.a.view(), grid.bins);
  const auto whitened = whitened_characteristic(where, model.a.view(), model.noise, grid.bins);
  LaneMatrix h(size), b(size);
  std::vector<double> rows(static_cast<std::size_t>(size)), gram(static_cast<std::size_t>(size * size * lane_count));
  for (std::int64_t first = 0; first < grid.bins; first += lane_count) {
    transfer.evaluate(first, h);
    invert(where, h);
    add_row_powers(h, std::min(lane_count, grid.bins - first), rows);
    bool wanted = false;
    for (std::size_t band = 0; band < grid.bands.size(); ++band) wanted = wanted || grid.touches(first, band);
    if (!wanted) continue;
    whitened.evaluate(first, b);
    gram_powers(b, gram.data());
    add_bands(h, gram, grid, first, out);
  }
  for (std::size_t band = 0; band < grid.bands.size(); ++band) {
    const auto count = static_cast<double>(grid.bands[band].end - grid.bands[band].begin);
    for (std::int64_t i = 0; i < size; ++i) {
      const double scale = static_cast<double>(grid.bins) / std::sqrt(rows[static_cast<std::size_t>(i)]) / count;
      for (std::int64_t j = 0; j < size; ++j) out(static_cast<std::int64_t>(band), i, j) *= scale;
    }
  }
}

Array<double, 3> mean_of_stable(const WindowedDdtf& windows) {
  const auto& all = windows.ddtf;
  Array<double, 3> mean({all.extent(1), all.extent(2), all.extent(3)});
  double stable = 0;
  for (std::int64_t w = 0; w < all.extent(0); ++w) {
    if (!(windows.radius[static_cast<std::size_t>(w)] < 1)) continue;
    ++stable;
    const double* const from = all.data() + w * mean.size();
    for (std::int64_t i = 0; i < mean.size(); ++i) mean.data()[i] += from[i];
  }
  if (stable == 0) {
    throw input_error(where, "the models of all windows are unstable",
                      "give a lower order or longer windows, or take slow drifts away first");
  }
  for (double& value : mean) value /= stable;
  return mean;
}

}  // namespace

WindowedDdtf ddtf_at(Signal x, std::span<const std::int64_t> begin, std::int64_t length, const DdtfWindows& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  require_bins(where, options.bins);
  const Grid grid{options.bins, band_bins(where, model_frequencies(options.bins, options.rate_hz), options.bands)};
  if (begin.empty()) throw input_error(where, "the list of windows is empty");
  for (const std::int64_t first : begin) {
    if (first < 0 || length > x.extent(1) - first)
      throw usage_error(where, "the signal is too short for a window at sample " + std::to_string(first));
  }
  require_samples(where, one_epoch(x.slice(1, 0, length)), options.order);
  const std::int64_t channels = x.extent(0), bands = static_cast<std::int64_t>(options.bands.size());
  WindowedDdtf result{Array<double, 4>({static_cast<std::int64_t>(begin.size()), bands, channels, channels}),
                      {begin.begin(), begin.end()},
                      std::vector<double>(begin.size()),
                      {}};
  thread_pool().parallel_for(static_cast<std::int64_t>(begin.size()), [&](std::int64_t w) {
    const Matrix window = prepared(x.slice(1, begin[static_cast<std::size_t>(w)], length), options.standardize);
    const MvarModel model = window_model(window, options.order);
    result.radius[static_cast<std::size_t>(w)] = mvar_radius(model.a.view());
    model_ddtf(model, grid, result.ddtf.view()[w]);
  });
  result.mean = mean_of_stable(result);
  return result;
}

WindowedDdtf ddtf_windows(Signal x, const DdtfWindows& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  const Windows windows =
      window(x.extent(1), {.rate_hz = options.rate_hz, .length_s = options.window_s, .step_s = options.step_s}, where);
  return ddtf_at(x, windows.begin, windows.length, options);
}

namespace {

Tensors windows_of(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  DdtfWindows options{.rate_hz = args.number("rate_hz"),
                      .order = args.integer("order"),
                      .window_s = args.number("window_s"),
                      .step_s = args.number("step_s"),
                      .bands = bands_of(pairs_argument(args, "bands_hz")),
                      .bins = args.integer("bins"),
                      .standardize = args.flag("standardize")};
  const auto result = ddtf_windows(x, options);
  return {{"ddtf", Tensor::of(result.ddtf)},
          {"begin", Tensor::vector(result.begin)},
          {"radius", Tensor::vector(result.radius)},
          {"mean", Tensor::of(result.mean)}};
}

const Operation ddtf_operation{
    .name = "ddtf_windows",
    .room = "features/connectivity",
    .about = "Direct directed transfer function of windows, mean over bands, [to, from] (scot Connectivity.dDTF)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "order", .type = "integer"},
                  {.name = "window_s", .type = "number"},
                  {.name = "step_s", .type = "number"},
                  {.name = "bands_hz", .type = "list"},
                  {.name = "bins", .type = "integer", .standard = 128},
                  {.name = "standardize", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "ddtf", .shape = "W B C C"},
                {.name = "begin", .shape = "W", .unit = "samples"},
                {.name = "radius", .shape = "W"},
                {.name = "mean", .shape = "B C C"}},
    .streaming_form = "the windows of a ring buffer",
    .call = windows_of};
CATON_REGISTER(Operation, ddtf_operation);

}  // namespace

}  // namespace caton
