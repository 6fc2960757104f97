// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/signal/complex_port.hpp"
#include "caton/signal/time_frequency.hpp"

#include <cmath>

namespace caton {

namespace {

/// Without the axis of tapers where there is one taper by construction.
Tensor without_tapers(Tensor tensor, bool keep) {
  if (keep) return tensor;
  Tensor::Shape shape = tensor.shape();
  shape.erase(shape.begin() + 2);
  return tensor.reshaped(shape);
}

Tensor angles(const Array<Complex, 5>& z) {
  Array<double, 5> phase(z.extents(), uninitialised);
  for (std::int64_t i = 0; i < z.size(); ++i) phase.data()[i] = std::arg(z.data()[i]);
  return Tensor::of(phase);
}

Tensors decompose(const Arguments& args, const Tensors& in, const WaveletSet& set, bool tapers) {
  const Tensor& x = port(in, "x");
  if (x.rank() != 3) throw args.refuse("\"x\" has the shape " + x.about() + ", wanted are 3 axes");
  if (x.size() == 0) throw args.refuse("\"x\" is empty: " + x.about());
  const Array<double, 3> epochs = x.array<3>("x");
  const TimeFrequencyOptions options{args.integer("decimate"), args.operation()};
  const std::string& output = args.text("output");
  if (output == "complex")
    return {{"tfr", without_tapers(complex_tensor<5>(tfr_coefficients(epochs, set, options)), tapers)}};
  if (output == "phase") return {{"tfr", without_tapers(angles(tfr_coefficients(epochs, set, options)), tapers)}};
  if (output == "power") return {{"tfr", Tensor::of(tfr_power(epochs, set, options))}};
  const auto average = tfr_average(epochs, set, options);
  if (output == "avg_power") return {{"tfr", Tensor::of(average.power)}};
  if (output == "itc") return {{"tfr", Tensor::of(average.itc)}};
  return {
      {"tfr", Tensor::of(average.power)}, {"avg_power", Tensor::of(average.power)}, {"itc", Tensor::of(average.itc)}};
}

void require_output(const Arguments& args, bool both) {
  std::vector<std::pair<std::string, int>> known{
      {"complex", 0}, {"power", 0}, {"phase", 0}, {"avg_power", 0}, {"itc", 0}};
  if (both) known.emplace_back("avg_power_itc", 0);
  (void)choice_argument<int>(args, "output", known);
}

const Operation tfr_morlet_operation{
    .name = "tfr_morlet",
    .room = "signal",
    .about = "Time-frequency decomposition by Morlet's wavelets (mne.time_frequency.tfr_array_morlet)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "freqs_hz", .type = "numbers"},
                  {.name = "cycles", .type = "any", .standard = 7, .about = "one number, or one for each frequency"},
                  {.name = "output",
                   .type = "text",
                   .standard = "power",
                   .about = "complex, power, phase, avg_power, itc, avg_power_itc (two outputs)"},
                  {.name = "decimate", .type = "integer", .standard = 1},
                  {.name = "zero_mean", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "E C T"}},
    .outputs = {{.name = "tfr", .shape = "(E) C F T", .optional = true},
                {.name = "avg_power", .shape = "C F T", .optional = true},
                {.name = "itc", .shape = "C F T", .optional = true}},
    .streaming_form = "half the longest wavelet late, away from the ends the same",
    .call =
        [](const Arguments& args, const Tensors& in) {
          require_output(args, true);
          return decompose(args, in, morlet_wavelets(wavelet_plan(args), args.operation()), false);
        },
};
CATON_REGISTER(Operation, tfr_morlet_operation);

const Operation tfr_multitaper_operation{
    .name = "tfr_multitaper",
    .room = "signal",
    .about = "Time-frequency decomposition by tapered sines (mne.time_frequency.tfr_array_multitaper)",
    .arguments =
        {{.name = "rate_hz", .type = "number"},
         {.name = "freqs_hz", .type = "numbers"},
         {.name = "cycles", .type = "any", .standard = 7, .about = "one number, or one for each frequency"},
         {.name = "output", .type = "text", .standard = "power", .about = "complex, power, phase, avg_power, itc"},
         {.name = "decimate", .type = "integer", .standard = 1},
         {.name = "zero_mean", .type = "flag", .standard = true},
         {.name = "time_bandwidth", .type = "number", .standard = 4}},
    .inputs = {{.name = "x", .shape = "E C T"}},
    .outputs = {{.name = "tfr", .shape = "(E) C (K) F T"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          require_output(args, false);
          WaveletPlan plan = wavelet_plan(args);
          plan.time_bandwidth = args.number("time_bandwidth");
          return decompose(args, in, taper_wavelets(plan, args.operation()), true);
        },
};
CATON_REGISTER(Operation, tfr_multitaper_operation);

}  // namespace

}  // namespace caton
