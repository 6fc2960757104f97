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

const std::string where = "asr_process";
/// Looks at the covariance that are held in memory together.
constexpr std::size_t places_at_once = 256;

std::int64_t samples_of(double seconds, double rate_hz) {
  return static_cast<std::int64_t>(std::nearbyint(seconds * rate_hz));
}

/// The signal behind `lookahead` samples mirrored through its first value.
Matrix with_lead(Signal x, std::int64_t lookahead) {
  const std::int64_t samples = x.extent(1);
  Matrix y({x.extent(0), samples + lookahead}, uninitialised);
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    for (std::int64_t t = 0; t < lookahead; ++t) y(c, t) = 2 * x(c, 0) - x(c, (lookahead - t) % samples);
    for (std::int64_t t = 0; t < samples; ++t) y(c, lookahead + t) = x(c, t);
  }
  return y;
}

/// What is done to the samples up to a point; nothing where all directions are clean.
struct Reconstruction {
  Matrix matrix;
  bool trivial = true;
};

class Reconstructor {
 public:
  Reconstructor(const Matrix& filtered, Signal mixing, Signal threshold, const AsrProcess& options)
      : filtered_(filtered),
        mixing_(mixing),
        threshold_(threshold),
        window_(samples_of(options.window_s, options.rate_hz)),
        most_(options.max_dimensions < 1
                  ? std::nearbyint(static_cast<double>(mixing.extent(0)) * options.max_dimensions)
                  : options.max_dimensions) {}

  /// From the half second that ends with sample `last` of the filtered signal.
  [[nodiscard]] Reconstruction at(std::int64_t last) const {
    const std::int64_t count = mixing_.extent(0);
    const SymmetricEigen eigen = symmetric_eigen(covariance_until(last));
    const Matrix limits = product(threshold_, eigen.vectors);
    std::vector<bool> keep;
    for (std::int64_t k = 0; k < count; ++k) {
      double limit = 0;
      for (std::int64_t i = 0; i < count; ++i) limit += limits(i, k) * limits(i, k);
      keep.push_back(eigen.values[static_cast<std::size_t>(k)] < limit ||
                     static_cast<double>(k + 1) < static_cast<double>(count) - most_);
    }
    if (std::all_of(keep.begin(), keep.end(), [](bool kept) { return kept; })) return {};
    Matrix along = transposed_product(eigen.vectors, mixing_);
    for (std::int64_t k = 0; k < count; ++k) {
      for (std::int64_t i = 0; i < count && !keep[static_cast<std::size_t>(k)]; ++i) along(k, i) = 0;
    }
    return {product_transposed(product(mixing_, pseudo_inverse(along)), eigen.vectors), false};
  }

 private:
  [[nodiscard]] Matrix covariance_until(std::int64_t last) const {
    const std::int64_t count = filtered_.extent(0), width = (window_ + 7) / 8 * 8;
    Matrix part({count, width}), covariance({count, count});
    const std::int64_t begin = std::max<std::int64_t>(0, last + 1 - window_);
    for (std::int64_t c = 0; c < count; ++c)
      std::copy(&filtered_(c, begin), &filtered_(c, last) + 1, part.data() + c * width);
    add_products_of_tile(part.data(), count, part.data(), count, width, covariance.data());
    for (double& value : covariance) value /= static_cast<double>(window_);
    return covariance;
  }

  const Matrix& filtered_;
  Matrix mixing_, threshold_;
  std::int64_t window_;
  double most_;
};

/// Samples [begin, end) go over from what was done before to what is done now, in a half cosine.
void blend(View<double, 2> y, std::int64_t begin, std::int64_t end, const Reconstruction& now,
           const Reconstruction& before) {
  const std::int64_t count = y.extent(0);
  std::vector<double> sample(static_cast<std::size_t>(count));
  const auto rebuilt = [&](const Reconstruction& with, std::int64_t c) {
    if (with.trivial) return sample[static_cast<std::size_t>(c)];
    double sum = 0;
    for (std::int64_t k = 0; k < count; ++k) sum += with.matrix(c, k) * sample[static_cast<std::size_t>(k)];
    return sum;
  };
  for (std::int64_t t = begin; t < end; ++t) {
    const double share = static_cast<double>(t - begin + 1) / static_cast<double>(end - begin);
    const double weight = (1 - std::cos(3.14159265358979323846 * share)) / 2;
    for (std::int64_t c = 0; c < count; ++c) sample[static_cast<std::size_t>(c)] = y(c, t);
    for (std::int64_t c = 0; c < count; ++c) y(c, t) = weight * rebuilt(now, c) + (1 - weight) * rebuilt(before, c);
  }
}

/// The places of a part (from its begin) at which the covariance is looked at.
std::vector<std::int64_t> update_places(std::int64_t length, std::int64_t step, bool first, bool to_the_end) {
  std::vector<std::int64_t> places;
  if (first) places.push_back(0);
  const std::int64_t end = to_the_end ? length + step : length + step - 2;
  for (std::int64_t place = step; place < end; place += step) places.push_back(std::min(place, length) - 1);
  if (!to_the_end && !places.empty()) places.pop_back();
  return places;
}

void require_options(Signal x, Signal mixing, Signal threshold, const AsrProcess& options) {
  require_signal(where, x);
  require_finite(where, x);
  require_positive(where, "rate_hz", options.rate_hz);
  require_positive(where, "window_s", options.window_s);
  for (const Signal& matrix : {mixing, threshold}) {
    if (matrix.extent(0) == x.extent(0) && matrix.extent(1) == x.extent(0)) continue;
    throw usage_error(where, "shape: a matrix of the calibration is " + std::to_string(matrix.extent(0)) + " x " +
                                 std::to_string(matrix.extent(1)) + ", the signal has " + std::to_string(x.extent(0)) +
                                 " channels");
  }
  if (!(options.lookahead_s >= 0)) throw usage_error(where, "lookahead_s must be 0 or positive");
  if (options.step < 1 || options.step > 1000000000) throw usage_error(where, "step must be positive");
  if (!(options.max_dimensions >= 0)) throw usage_error(where, "max_dimensions must be 0 or positive");
  const double window = options.window_s * options.rate_hz, ahead = options.lookahead_s * options.rate_hz;
  const auto samples = static_cast<double>(x.extent(1));
  if (!(std::nearbyint(window) >= 1 && window <= samples && ahead <= samples)) {
    throw input_error(where, "the signal is too short: " + std::to_string(x.extent(1)) + " samples, the window has " +
                                 number_text(window) + " and the look ahead " + number_text(ahead));
  }
  if (options.splits < 0 || options.splits > x.extent(1))
    throw usage_error(where, "splits must be 0 to the number of samples");
}

}  // namespace

Matrix asr_process(Signal x, Signal mixing, Signal threshold, const AsrProcess& options) {
  require_options(x, mixing, threshold, options);
  const std::int64_t samples = x.extent(1), lookahead = samples_of(options.lookahead_s, options.rate_hz);
  const TransferFunction filter = asr_filter_design(options.rate_hz);
  Matrix state({x.extent(0), static_cast<std::int64_t>(filter.a.size()) - 1}, 1.0);
  (void)lfilter(filter, x, state);
  const Matrix filtered = lfilter(filter, x, state);
  const Reconstructor reconstructor(filtered, mixing, threshold, options);

  Matrix y = with_lead(x, lookahead);
  Reconstruction before;
  bool before_trivial = false;
  const std::int64_t parts = std::max<std::int64_t>(1, options.splits);
  for (std::int64_t part = 0; part < parts; ++part) {
    const std::int64_t begin = part * samples / parts, end = (part + 1) * samples / parts;
    const auto places = update_places(end - begin, options.step, part == 0, options.splits == 0);
    std::int64_t done = 0;
    for (std::size_t first = 0; first < places.size(); first += places_at_once) {
      const std::size_t count = std::min(places_at_once, places.size() - first);
      std::vector<Reconstruction> found(count);
      thread_pool().parallel_for(static_cast<std::int64_t>(count), [&](std::int64_t i) {
        const auto at = static_cast<std::size_t>(i);
        found[at] = reconstructor.at(begin + places[first + at]);
      });
      for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t place = places[first + i];
        if (!found[i].trivial || !before_trivial) blend(y, begin + done, begin + place + 1, found[i], before);
        done = place + 1;
        before_trivial = found[i].trivial;
        before = std::move(found[i]);
      }
    }
  }
  return Matrix(y.view().slice(1, 0, samples));
}

namespace {

const Operation process_operation{
    .name = "asr_process",
    .room = "signal",
    .about =
        "Directions of artefacts rebuilt from the others, half a second at a time (asrpy.asr_process); values in "
        "uV, delayed by the look ahead",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "window_s", .type = "number", .standard = 0.5},
                  {.name = "lookahead_s", .type = "number", .standard = 0.25},
                  {.name = "step", .type = "integer", .standard = 32, .about = "samples"},
                  {.name = "max_dimensions", .type = "number", .standard = 0.66},
                  {.name = "splits", .type = "integer", .standard = 3}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "uV"},
               {.name = "mixing", .shape = "C C", .unit = "uV"},
               {.name = "threshold", .shape = "C C", .unit = "uV"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "uV"}},
    .streaming_form = "blocks of a multiple of step; delay lookahead_s",
    .call =
        [](const Arguments& args, const Tensors& in) {
          return Tensors{{"y", Tensor::of(asr_process(MatrixPort(args, in, "x"), MatrixPort(args, in, "mixing"),
                                                      MatrixPort(args, in, "threshold"),
                                                      {.rate_hz = args.number("rate_hz"),
                                                       .window_s = args.number("window_s"),
                                                       .lookahead_s = args.number("lookahead_s"),
                                                       .step = args.integer("step"),
                                                       .max_dimensions = args.number("max_dimensions"),
                                                       .splits = args.integer("splits")}))}};
        },
};
CATON_REGISTER(Operation, process_operation);

}  // namespace

}  // namespace caton
