// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/signal/welch.hpp"

namespace caton {

namespace {

/// Epochs, a signal or one channel as rows of samples.
Matrix rows_of(const Arguments& args, const Tensor& x) {
  if (x.rank() < 1 || x.rank() > 3) throw args.refuse("shape: x is " + x.about());
  if (x.size() == 0) throw args.refuse("x is empty");
  return x.reshaped({x.size() / x.shape().back(), x.shape().back()}).array<2>("x");
}

/// SciPy says false where nothing is taken away.
std::optional<Trend> detrend_argument(const Arguments& args) {
  const Json& value = args.value("detrend");
  if (value.is_flag() && !args.flag("detrend")) return std::nullopt;
  return choice_argument<std::optional<Trend>>(
      args, "detrend", {{"constant", Trend::constant}, {"linear", Trend::linear}, {"none", std::nullopt}});
}

Tensors call(const Arguments& args, const Tensors& in) {
  const Tensor& x = port(in, "x");
  const std::int64_t length = args.integer("length");
  const std::int64_t size = args.given("size") ? args.integer("size") : length;
  const std::int64_t overlap = args.given("overlap") ? args.integer("overlap") : length / 2;
  if (length < 1) throw args.refuse("length must be positive, got " + std::to_string(length));
  if (size < length)
    throw args.refuse("size " + std::to_string(size) + " is less than the length " + std::to_string(length));
  const Welch options{
      .rate_hz = args.number("rate_hz"),
      .fft_samples = size,
      .segment_samples = length,
      .overlap_samples = overlap,
      .window = args.text("window"),
      .average = choice_argument<Average>(args, "average", {{"mean", Average::mean}, {"median", Average::median}}),
      .detrend = detrend_argument(args)};
  const auto spectrum = welch(rows_of(args, x), options);
  auto shape = x.shape();
  shape.back() = spectrum.psd.extent(1);
  return {{"psd", Tensor::of(spectrum.psd).reshaped(shape)}, {"f", Tensor::vector(spectrum.freqs_hz)}};
}

const Operation welch_psd_operation{
    .name = "welch_psd",
    .room = "signal",
    .about = "`welch` under SciPy's names and defaults, for any number of axes before the samples (scipy.signal.welch)",
    .arguments = {{.name = "rate_hz", .type = "number", .standard = 1},
                  {.name = "window", .type = "text", .standard = "hann"},
                  {.name = "length", .type = "integer", .standard = 256, .about = "samples of a segment"},
                  {.name = "overlap", .type = "integer", .standard = Json{}, .about = "samples; null: length/2"},
                  {.name = "size", .type = "integer", .standard = Json{}, .about = "of the transform; null: length"},
                  {.name = "detrend",
                   .type = "any",
                   .standard = "constant",
                   .about = "of each segment: constant, linear; false or none: nothing"},
                  {.name = "average", .type = "text", .standard = "mean", .about = "mean, median"}},
    .inputs = {{.name = "x", .shape = "... T", .unit = "V"}},
    .outputs = {{.name = "psd", .shape = "... F", .unit = "V^2/Hz"}, {.name = "f", .shape = "F", .unit = "Hz"}},
    .call = call,
};
CATON_REGISTER(Operation, welch_psd_operation);

}  // namespace

}  // namespace caton
