// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/ddtf_windows.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/features/connectivity/model_ddtf.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/overlapping_windows.hpp"
#include "caton/signal/bin_bands.hpp"
#include "caton/signal/windows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton {

namespace {

const std::string where = "ddtf_windows";
/// Neighbouring windows whose stretches are summed once; others may be another thread's.
constexpr std::size_t windows_together = 4;

/// Models of windows, one by one; windows near each other share what they hold in common.
class WindowModels {
 public:
  WindowModels(const TimeMajor& x, std::span<const std::int64_t> begins, std::int64_t length,
               const DdtfWindows& options)
      : x_(x), length_(length), options_(options) {
    if (options.standardize && options.ridge == 0) shared_.emplace(x, begins, length, options.order);
  }

  [[nodiscard]] WindowModel at(std::int64_t begin) const {
    if (shared_) {
      if (auto model = shared_->model(begin)) return std::move(*model);
    }
    return window_model(where, x_, {begin, length_, options_.order, options_.standardize, options_.ridge});
  }

 private:
  const TimeMajor& x_;
  std::int64_t length_;
  const DdtfWindows& options_;
  std::optional<OverlappingWindows> shared_;
};

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
  BandGrid grid{Circle(options.bins),
                band_bins(where, model_frequencies(options.bins, options.rate_hz), options.bands)};
  if (begin.empty()) throw input_error(where, "the list of windows is empty");
  for (const std::int64_t first : begin) {
    if (first < 0 || length > x.extent(1) - first)
      throw usage_error(where, "the signal is too short for a window at sample " + std::to_string(first));
  }
  require_samples(where, one_epoch(x.slice(1, 0, length)), options.order);
  return grid;
}

}  // namespace

WindowedDdtf ddtf_at(Signal x, std::span<const std::int64_t> begin, std::int64_t length, const DdtfWindows& options,
                     bool radii) {
  const BandGrid grid = checked_grid(x, begin, length, options);
  const std::int64_t channels = x.extent(0), bands = static_cast<std::int64_t>(options.bands.size());
  WindowedDdtf result{Array<double, 4>({static_cast<std::int64_t>(begin.size()), bands, channels, channels}),
                      {begin.begin(), begin.end()},
                      std::vector<double>(radii ? begin.size() : 0),
                      std::vector<std::uint8_t>(begin.size()),
                      {}};
  const TimeMajor samples(x);
  const std::size_t tasks = (begin.size() + windows_together - 1) / windows_together;
  thread_pool().parallel_for(static_cast<std::int64_t>(tasks), [&](std::int64_t task) {
    const std::size_t first = static_cast<std::size_t>(task) * windows_together;
    const auto some = begin.subspan(first, std::min(windows_together, begin.size() - first));
    const WindowModels models(samples, some, length, options);
    for (std::size_t w = first; w < first + some.size(); ++w) {
      const WindowModel window = models.at(begin[w]);
      if (radii) result.radius[w] = mvar_radius(window.model.a.view());
      result.stable[w] = radii ? result.radius[w] < 1 : is_stable(window);
      model_ddtf(where, window.model, grid, result.ddtf.view()[static_cast<std::int64_t>(w)]);
    }
  });
  StableMean mean({bands, channels, channels});
  for (std::size_t w = 0; w < begin.size(); ++w) {
    if (result.stable[w] != 0) mean.add(result.ddtf.view()[static_cast<std::int64_t>(w)].data());
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
  for (std::size_t first = 0; first < begin.size(); first += windows_together) {
    const auto some = begin.subspan(first, std::min(windows_together, begin.size() - first));
    const WindowModels models(samples, some, length, options);
    for (const std::int64_t at : some) {
      const WindowModel window = models.at(at);
      if (!is_stable(window)) continue;
      one.fill(0);
      model_ddtf(where, window.model, grid, one);
      mean.add(one.data());
    }
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
