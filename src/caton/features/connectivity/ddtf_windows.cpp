// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/ddtf_windows.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/model_ddtf.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/window_model.hpp"
#include "caton/signal/bin_bands.hpp"
#include "caton/signal/windows.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "ddtf_windows";

/// Adds up what stable windows give.
class StableMean {
 public:
  explicit StableMean(const Array<double, 3>::Extents& extents) : sum_(extents) {}

  void add(const double* values) {
    ++count_;
    for (std::int64_t i = 0; i < sum_.size(); ++i) sum_.data()[i] += values[i];
  }
  /// Refuses when there was none.
  [[nodiscard]] Array<double, 3> mean() && {
    if (count_ == 0) {
      throw input_error(where, "the models of all windows are unstable",
                        "give a lower order or longer windows, or take slow drifts away first");
    }
    for (double& value : sum_) value /= static_cast<double>(count_);
    return std::move(sum_);
  }

 private:
  Array<double, 3> sum_;
  std::int64_t count_ = 0;
};

BandGrid checked_grid(Signal x, std::span<const std::int64_t> begin, std::int64_t length, const DdtfWindows& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  require_bins(where, options.bins);
  require_bin_bands(where, options.bands, options.rate_hz);
  BandGrid grid{options.bins, band_bins(where, model_frequencies(options.bins, options.rate_hz), options.bands)};
  if (begin.empty()) throw input_error(where, "the list of windows is empty");
  for (const std::int64_t first : begin) {
    if (first < 0 || length > x.extent(1) - first)
      throw usage_error(where, "the signal is too short for a window at sample " + std::to_string(first));
  }
  require_samples(where, one_epoch(x.slice(1, 0, length)), options.order);
  return grid;
}

}  // namespace

WindowedDdtf ddtf_at(Signal x, std::span<const std::int64_t> begin, std::int64_t length, const DdtfWindows& options) {
  const BandGrid grid = checked_grid(x, begin, length, options);
  const std::int64_t channels = x.extent(0), bands = static_cast<std::int64_t>(options.bands.size());
  WindowedDdtf result{Array<double, 4>({static_cast<std::int64_t>(begin.size()), bands, channels, channels}),
                      {begin.begin(), begin.end()},
                      std::vector<double>(begin.size()),
                      {}};
  const TimeMajor samples(x);
  thread_pool().parallel_for(static_cast<std::int64_t>(begin.size()), [&](std::int64_t w) {
    const auto at = static_cast<std::size_t>(w);
    const MvarModel model = window_model(where, samples, {begin[at], length, options.order, options.standardize}).model;
    result.radius[at] = mvar_radius(model.a.view());
    model_ddtf(where, model, grid, result.ddtf.view()[w]);
  });
  StableMean mean({bands, channels, channels});
  for (std::size_t w = 0; w < begin.size(); ++w) {
    if (result.radius[w] < 1) mean.add(result.ddtf.view()[static_cast<std::int64_t>(w)].data());
  }
  result.mean = std::move(mean).mean();
  return result;
}

Array<double, 3> mean_ddtf(Signal x, std::span<const std::int64_t> begin, std::int64_t length,
                           const DdtfWindows& options) {
  const BandGrid grid = checked_grid(x, begin, length, options);
  const Array<double, 3>::Extents extents{static_cast<std::int64_t>(options.bands.size()), x.extent(0), x.extent(0)};
  const TimeMajor samples(x);
  StableMean mean(extents);
  Array<double, 3> one(extents, uninitialised);
  for (const std::int64_t first : begin) {
    const WindowModel window = window_model(where, samples, {first, length, options.order, options.standardize});
    if (!surely_stable(window) && !(mvar_radius(window.model.a.view()) < 1)) continue;
    one.fill(0);
    model_ddtf(where, window.model, grid, one);
    mean.add(one.data());
  }
  return std::move(mean).mean();
}

WindowedDdtf ddtf_windows(Signal x, const DdtfWindows& options) {
  require_signal(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  const Windows windows =
      window(x.extent(1), {.rate_hz = options.rate_hz, .length_s = options.window_s, .step_s = options.step_s}, where);
  return ddtf_at(x, windows.begin, windows.length, options);
}

std::vector<Argument> ddtf_arguments() {
  return {{.name = "rate_hz", .type = "number"},
          {.name = "order", .type = "integer"},
          {.name = "window_s", .type = "number"},
          {.name = "step_s", .type = "number"},
          {.name = "bands_hz", .type = "list"},
          {.name = "bins", .type = "integer", .standard = 128},
          {.name = "standardize", .type = "flag", .standard = true}};
}

DdtfWindows ddtf_options(const Arguments& args) {
  return {.rate_hz = args.number("rate_hz"),
          .order = args.integer("order"),
          .window_s = args.number("window_s"),
          .step_s = args.number("step_s"),
          .bands = bands_of(pairs_argument(args, "bands_hz")),
          .bins = args.integer("bins"),
          .standardize = args.flag("standardize")};
}

namespace {

Tensors windows_of(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto result = ddtf_windows(x, ddtf_options(args));
  return {{"ddtf", Tensor::of(result.ddtf)},
          {"begin", Tensor::vector(result.begin)},
          {"radius", Tensor::vector(result.radius)},
          {"mean", Tensor::of(result.mean)}};
}

const Operation ddtf_operation{
    .name = "ddtf_windows",
    .room = "features/connectivity",
    .about = "Direct directed transfer function of windows, mean over bands, [to, from] (scot Connectivity.dDTF)",
    .arguments = ddtf_arguments(),
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
