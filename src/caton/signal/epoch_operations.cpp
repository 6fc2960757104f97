// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/signal/epoch.hpp"
#include "caton/signal/evoked.hpp"

#include <cmath>

namespace caton {

namespace {

std::vector<SampleSpan> spans_argument(const Arguments& args) {
  const std::string where = args.operation() + ": spans";
  std::vector<SampleSpan> spans;
  for (const Json& pair : args.value("spans").items(where)) {
    const auto& ends = pair.items(where);
    if (ends.size() != 2) throw args.refuse("spans: a span is [begin, end) in samples");
    spans.push_back({ends[0].integer(where), ends[1].integer(where)});
  }
  return spans;
}

Epoching epoching_of(const Arguments& args) {
  Epoching options{.rate_hz = args.number("rate_hz"),
                   .start_s = args.number("start_s"),
                   .stop_s = args.number("stop_s"),
                   .baseline = time_span_argument(args, "baseline_s"),
                   .reject_v = optional_number(args, "reject_v"),
                   .flat_v = optional_number(args, "flat_v"),
                   .first_sample = args.integer("first_sample"),
                   .spans = spans_argument(args)};
  if (args.given("detrend")) {
    const std::int64_t degree = args.integer("detrend");
    if (degree != 0 && degree != 1) throw args.refuse("detrend is 0 (mean), 1 (line) or null");
    options.detrend = degree == 0 ? Trend::constant : Trend::linear;
  }
  return options;
}

/// Sample numbers, also where they are stored as reals.
std::vector<std::int64_t> events_port(const Arguments& args, const Tensors& in) {
  const Tensor& events = port(in, "events");
  if (events.rank() != 1)
    throw args.refuse("\"events\" has the shape " + events.about() + ", wanted is 1 axis of sample numbers");
  if (events.dtype() == Dtype::i64) return events.integers("events");
  std::vector<std::int64_t> samples;
  for (const double value : events.doubles()) {
    if (value != std::nearbyint(value) || std::abs(value) > 1e15)
      throw args.refuse("events: " + number_text(value) + " is no sample number");
    samples.push_back(static_cast<std::int64_t>(value));
  }
  return samples;
}

Tensors epoch_call(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto result = epoch(x, events_port(args, in), epoching_of(args));
  std::vector<std::int64_t> reason;
  for (const EpochFate fate : result.fate) reason.push_back(static_cast<std::int64_t>(fate));
  return {{"epochs", Tensor::of(result.epochs)},
          {"kept", Tensor::vector(result.kept)},
          {"reason", Tensor::vector(reason)},
          {"times", Tensor::vector(result.times_s)}};
}

const Operation epoch_operation{
    .name = "epoch",
    .room = "signal",
    .about = "Stretches around events: trend and baseline removed, bad ones left out (mne.Epochs)",
    .arguments =
        {{.name = "rate_hz", .type = "number"},
         {.name = "start_s", .type = "number", .about = "from the event; belongs to the epoch"},
         {.name = "stop_s", .type = "number", .about = "from the event; belongs to the epoch"},
         {.name = "baseline_s", .type = "list", .standard = Json{}, .about = "[begin, end]; null in it: the edge"},
         {.name = "reject_v", .type = "number", .standard = Json{}, .about = "largest peak to peak"},
         {.name = "flat_v", .type = "number", .standard = Json{}, .about = "smallest peak to peak"},
         {.name = "detrend", .type = "integer", .standard = Json{}, .about = "0: the mean, 1: a line"},
         {.name = "first_sample", .type = "integer", .standard = 0, .about = "number of the signal's first sample"},
         {.name = "spans", .type = "list", .standard = Json::list(), .about = "[begin, end) samples marked bad"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}, {.name = "events", .shape = "E", .unit = "samples"}},
    .outputs = {{.name = "epochs", .shape = "K C N", .unit = "V"},
                {.name = "kept", .shape = "K"},
                {.name = "reason", .shape = "E"},
                {.name = "times", .shape = "N", .unit = "s"}},
    .streaming_form = "an epoch leaves when its last sample is in",
    .call = epoch_call,
};
CATON_REGISTER(Operation, epoch_operation);

const Operation evoked_operation{
    .name = "evoked",
    .room = "signal",
    .about = "Average of epochs and its standard error, ddof 1 (mne.Epochs.average, standard_error)",
    .inputs = {{.name = "epochs", .shape = "K C N"}},
    .outputs = {{.name = "mean", .shape = "C N"}, {.name = "sem", .shape = "C N"}},
    .streaming_form = "running mean and sum of squares",
    .call =
        [](const Arguments&, const Tensors& in) {
          const auto result = evoked(port(in, "epochs").array<3>("epochs"));
          return Tensors{{"mean", Tensor::of(result.mean)}, {"sem", Tensor::of(result.sem)}};
        },
};
CATON_REGISTER(Operation, evoked_operation);

Tensors peak_call(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto window = time_span_argument(args, "window_s");
  const auto sign = choice_argument<PeakSign>(
      args, "sign",
      {{"negative", PeakSign::negative}, {"positive", PeakSign::positive}, {"absolute", PeakSign::absolute}});
  const auto result = peak(x, {.rate_hz = args.number("rate_hz"),
                               .start_s = args.number("start_s"),
                               .window = window.value_or(TimeSpan{}),
                               .sign = sign});
  return {{"channel", Tensor::vector(std::vector<std::int64_t>{result.channel})},
          {"latency_s", Tensor::vector(std::vector<double>{result.latency_s})},
          {"amplitude", Tensor::vector(std::vector<double>{result.amplitude})}};
}

const Operation peak_operation{
    .name = "peak",
    .room = "signal",
    .about = "The extreme value of all channels in a window of time (mne.Evoked.get_peak)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "start_s", .type = "number", .about = "time of the first sample"},
                  {.name = "window_s", .type = "list", .about = "[begin, end], both belong to it"},
                  {.name = "sign", .type = "text", .standard = "negative", .about = "negative, positive, absolute"}},
    .inputs = {{.name = "x", .shape = "C N"}},
    .outputs = {{.name = "channel", .shape = "1"},
                {.name = "latency_s", .shape = "1", .unit = "s"},
                {.name = "amplitude", .shape = "1"}},
    .call = peak_call,
};
CATON_REGISTER(Operation, peak_operation);

const Operation global_field_power_operation{
    .name = "global_field_power",
    .room = "signal",
    .about = "Standard deviation over channels, ddof 0 (mne.Evoked.plot)",
    .inputs = {{.name = "x", .shape = "C T"}},
    .outputs = {{.name = "gfp", .shape = "T"}},
    .streaming_form = "sample by sample",
    .call =
        [](const Arguments& args, const Tensors& in) {
          return Tensors{{"gfp", Tensor::vector(global_field_power(MatrixPort(args, in, "x")))}};
        },
};
CATON_REGISTER(Operation, global_field_power_operation);

}  // namespace

}  // namespace caton
