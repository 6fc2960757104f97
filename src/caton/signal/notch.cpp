// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/notch.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/chain_form.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/fir_arguments.hpp"
#include "caton/signal/fir_signal_stream.hpp"
#include "caton/signal/spectrum_fit.hpp"

namespace caton {

namespace {

const std::string where = "notch";

}  // namespace

std::vector<double> notch_widths(const std::vector<double>& freqs_hz, const std::vector<double>& widths_hz) {
  std::vector<double> widths = widths_hz;
  if (widths.empty()) {
    for (const double hz : freqs_hz) widths.push_back(hz / 200);
  } else if (widths.size() == 1) {
    widths.assign(freqs_hz.size(), widths.front());
  } else if (widths.size() != freqs_hz.size()) {
    throw usage_error(where, "widths_hz has " + std::to_string(widths.size()) + " values, freqs_hz " +
                                 std::to_string(freqs_hz.size()));
  }
  for (const double width : widths) {
    if (!(width >= 0)) throw usage_error(where, "widths_hz must be positive or 0, got " + number_text(width));
  }
  return widths;
}

std::vector<double> notch_filter(const Notch& options) {
  require_positive(where, "rate_hz", options.rate_hz);
  require_positive(where, "transition_hz", options.transition_hz);
  if (options.freqs_hz.empty()) throw usage_error(where, "freqs_hz is missing: say which frequencies to remove");
  const auto widths = notch_widths(options.freqs_hz, options.widths_hz);
  StopBands stops;
  for (std::size_t i = 0; i < options.freqs_hz.size(); ++i) {
    const double hz = options.freqs_hz[i];
    require_positive(where, "freqs_hz", hz);
    require_below_nyquist(where, "freqs_hz", hz, options.rate_hz);
    stops.below_hz.push_back(hz - widths[i] / 2 - options.transition_hz / 2);
    stops.above_hz.push_back(hz + widths[i] / 2 + options.transition_hz / 2);
    stops.below_transition_hz.push_back(options.transition_hz / 2);
    stops.above_transition_hz.push_back(options.transition_hz / 2);
  }
  const FirDesign design{.rate_hz = options.rate_hz, .length = options.length, .phase = options.phase};
  return fir_bandstop(design, stops);
}

Matrix notch(Signal x, const Notch& options) {
  require_signal(where, x);
  require_finite(where, x);
  return fir_apply(x, notch_filter(options), options.phase);
}

namespace {

std::vector<double> numbers_or_one(const Arguments& args, std::string_view name) {
  if (!args.given(name)) return {};
  if (args.value(name).is_number()) return {args.number(name)};
  return args.numbers(name);
}

enum class Method { fir, spectrum_fit };
Method method_argument(const Arguments& args) {
  return choice_argument<Method>(args, "method", {{"fir", Method::fir}, {"spectrum-fit", Method::spectrum_fit}});
}

Notch notch_argument(const Arguments& args) {
  return {.rate_hz = args.number("rate_hz"),
          .freqs_hz = numbers_or_one(args, "freqs_hz"),
          .length = fir_length_argument(args),
          .widths_hz = numbers_or_one(args, "widths_hz"),
          .transition_hz = args.number("transition_hz"),
          .phase = fir_phase_argument(args)};
}

Tensors remove_lines(const Arguments& args, const Tensors& in) {
  const Method method = method_argument(args);
  const MatrixPort x(args, in, "x");
  if (method == Method::fir) return {{"y", Tensor::of(notch(x, notch_argument(args)))}};
  const SpectrumFit options{.rate_hz = args.number("rate_hz"),
                            .freqs_hz = numbers_or_one(args, "freqs_hz"),
                            .length = fir_length_argument(args),
                            .widths_hz = numbers_or_one(args, "widths_hz"),
                            .bandwidth_hz = optional_number(args, "bandwidth_hz"),
                            .p_value = args.number("p_value")};
  return {{"y", Tensor::of(spectrum_fit_notch(x, options))}};
}

std::unique_ptr<SignalStream> causal_form(const Arguments& args, std::int64_t channels, double /*rate_hz*/) {
  if (method_argument(args) != Method::fir)
    throw args.refuse("method \"spectrum-fit\" has no causal form", "use method \"fir\"");
  const Notch options = notch_argument(args);
  return fir_signal_stream(notch_filter(options), options.phase, channels, options.rate_hz);
}

const Operation notch_operation{
    .name = "notch",
    .room = "signal",
    .about = "Mains hum removed by stop bands or by fitted sinusoids (mne.filter.notch_filter)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "freqs_hz", .type = "numbers", .standard = Json{}, .about = "null: found by spectrum-fit"},
                  {.name = "method", .type = "text", .standard = "fir", .about = "fir, spectrum-fit"},
                  {.name = "length", .type = "any", .standard = "auto"},
                  {.name = "widths_hz", .type = "numbers", .standard = Json{}, .about = "null: frequency / 200"},
                  {.name = "transition_hz", .type = "number", .standard = 1},
                  {.name = "phase", .type = "text", .standard = "zero", .about = "zero, zero-double, minimum"},
                  {.name = "bandwidth_hz", .type = "number", .standard = Json{}, .about = "of spectrum-fit"},
                  {.name = "p_value", .type = "number", .standard = 0.05, .about = "of spectrum-fit"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "fir: FirStream, delay (N-1)/2",
    .call = remove_lines,
};
CATON_REGISTER(Operation, notch_operation);

const ChainForm notch_chain{
    .name = "notch",
    .add =
        [](const Arguments& args, FilterChain& chain) {
          if (method_argument(args) != Method::fir) return false;
          const Notch options = notch_argument(args);
          return options.phase == FirPhase::zero && chain.add_filter(notch_filter(options));
        },
};
CATON_REGISTER(ChainForm, notch_chain);

const StreamForm notch_stream{
    .name = "notch",
    .make = causal_form,
};
CATON_REGISTER(StreamForm, notch_stream);

}  // namespace

}  // namespace caton
