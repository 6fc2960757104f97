// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// FIR filters, as recipes and golden cases name them.
#include "caton/base/ports.hpp"
#include "caton/signal/chain_form.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fir.hpp"
#include "caton/signal/fir_arguments.hpp"
#include "caton/signal/fir_signal_stream.hpp"
#include "caton/signal/stream.hpp"

namespace caton {

FirLength fir_length_argument(const Arguments& args) {
  const Json& value = args.value("length");
  FirLength length;
  if (!value.is_text()) {
    length.kind = FirLength::Kind::samples;
    length.samples = args.integer("length");
    if (length.samples < 1) throw args.refuse("length must be positive, got " + std::to_string(length.samples));
    return length;
  }
  const std::string text = lower_case(trim(value.text()));
  if (text == "auto") return length;
  const bool milli = text.size() > 2 && text.ends_with("ms");
  const auto seconds = parse_number(std::string_view(text).substr(0, text.size() - (milli ? 2 : 1)));
  if (!text.ends_with('s') || !seconds || !(*seconds > 0)) {
    throw args.refuse("length \"" + text + "\" is not understood", "write auto, 10s, 250ms, or a number of samples");
  }
  length.kind = FirLength::Kind::duration;
  length.seconds = milli ? *seconds * 1e-3 : *seconds;
  return length;
}

FirPhase fir_phase_argument(const Arguments& args) {
  return choice_argument<FirPhase>(args, "phase",
                                   {{"zero", FirPhase::zero},
                                    {"zero-double", FirPhase::zero_double},
                                    {"linear", FirPhase::linear},
                                    {"minimum", FirPhase::minimum}});
}

namespace {

std::optional<double> transition_argument(const Arguments& args, std::string_view name) {
  const Json& value = args.value(name);
  if (value.is_text() && value.text() == "auto") return std::nullopt;
  if (value.is_text()) throw args.refuse(std::string(name) + " is \"auto\" or a number");
  return args.number(name);
}

FirDesign design_argument(const Arguments& args) {
  FirDesign design{.rate_hz = args.number("rate_hz"),
                   .low_hz = optional_number(args, "low_hz"),
                   .high_hz = optional_number(args, "high_hz"),
                   .length = fir_length_argument(args)};
  design.low_transition_hz = transition_argument(args, "low_transition_hz");
  design.high_transition_hz = transition_argument(args, "high_transition_hz");
  design.phase = fir_phase_argument(args);
  design.window = args.text("window");
  design.method =
      choice_argument<FirMethod>(args, "design", {{"firwin", FirMethod::firwin}, {"firwin2", FirMethod::firwin2}});
  return design;
}

std::vector<Argument> design_arguments() {
  return {{.name = "rate_hz", .type = "number"},
          {.name = "low_hz", .type = "number", .standard = Json{}, .about = "above high_hz: band-stop"},
          {.name = "high_hz", .type = "number", .standard = Json{}},
          {.name = "length", .type = "any", .standard = "auto", .about = "auto, 10s, 250ms, or samples"},
          {.name = "low_transition_hz", .type = "any", .standard = "auto"},
          {.name = "high_transition_hz", .type = "any", .standard = "auto"},
          {.name = "phase", .type = "text", .standard = "zero", .about = "zero, zero-double, minimum"},
          {.name = "window", .type = "text", .standard = "hamming", .about = "hamming, hann, blackman"},
          {.name = "design", .type = "text", .standard = "firwin", .about = "firwin, firwin2"}};
}

std::vector<Argument> filter_arguments() {
  auto arguments = design_arguments();
  arguments.push_back({.name = "pad", .type = "text", .standard = "reflect_limited"});
  return arguments;
}

const Operation fir_design_operation{
    .name = "fir_design",
    .room = "signal",
    .about = "Taps of an FIR filter (mne.filter.create_filter)",
    .arguments = design_arguments(),
    .outputs = {{.name = "h", .shape = "N"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          return Tensors{{"h", Tensor::vector(fir_design(design_argument(args)))}};
        },
};
CATON_REGISTER(Operation, fir_design_operation);

std::unique_ptr<SignalStream> causal_form(const FirDesign& design, std::int64_t channels) {
  return fir_signal_stream(fir_design(design), design.phase, channels, design.rate_hz);
}

const Operation fir_filter_operation{
    .name = "fir_filter",
    .aliases = {"bandpass", "highpass", "lowpass"},
    .room = "signal",
    .about = "FIR filtering, zero phase by default (mne.filter.filter_data)",
    .arguments = filter_arguments(),
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "FirStream: delay (N-1)/2, equal away from the ends",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          const FirDesign design = design_argument(args);
          return Tensors{{"y", Tensor::of(fir_filter(x, design, pad_argument(args)))}};
        },
};
CATON_REGISTER(Operation, fir_filter_operation);

const StreamForm fir_filter_stream{
    .name = "fir_filter",
    .make = [](const Arguments& args, std::int64_t channels,
               double /*rate_hz*/) { return causal_form(design_argument(args), channels); },
};
CATON_REGISTER(StreamForm, fir_filter_stream);

const ChainForm fir_filter_chain{
    .name = "fir_filter",
    .add =
        [](const Arguments& args, FilterChain& chain) {
          const FirDesign design = design_argument(args);
          return design.phase == FirPhase::zero && pad_argument(args) == Pad::reflect_limited &&
                 chain.add_filter(fir_design(design));
        },
};
CATON_REGISTER(ChainForm, fir_filter_chain);

const Operation fir_apply_operation{
    .name = "fir_apply",
    .room = "signal",
    .about = "Filtering by given taps (mne.filter._overlap_add_filter)",
    .arguments = {{.name = "phase", .type = "text", .standard = "zero", .about = "zero, zero-double, linear, minimum"},
                  {.name = "pad", .type = "text", .standard = "reflect_limited"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "h", .shape = "N"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "FirStream",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          return Tensors{{"y", Tensor::of(fir_apply(x, vector_port(args, in, "h"), fir_phase_argument(args),
                                                    pad_argument(args)))}};
        },
};
CATON_REGISTER(Operation, fir_apply_operation);

const Operation fir_stream_operation{
    .name = "fir_stream",
    .room = "signal",
    .about = "Causal FIR filtering block by block; any division gives the same bits (scipy.signal.lfilter(h, [1], x))",
    .arguments = {{.name = "chunks", .type = "list", .about = "lengths of the blocks, together the signal"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "h", .shape = "N"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"}},
    .streaming_form = "FirStream",
    .call =
        [](const Arguments& args, const Tensors& in) {
          const MatrixPort x(args, in, "x");
          FirStream filter(vector_port(args, in, "h"), x.view().extent(0));
          return Tensors{{"y", Tensor::of(in_chunks(args, x, filter))}};
        },
};
CATON_REGISTER(Operation, fir_stream_operation);

}  // namespace

}  // namespace caton
