// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/prepared.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"
#include "caton/prepare/cleaning/clean_step.hpp"
#include "caton/signal/chain_form.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace caton {
namespace {

bool takes_rate(const Operation& operation) {
  return std::any_of(operation.arguments.begin(), operation.arguments.end(),
                     [](const Argument& argument) { return argument.name == "rate_hz"; });
}

/// One signal in, one signal out, the same channels: what a step may be.
bool is_step(const Operation& operation) {
  const auto required =
      std::count_if(operation.inputs.begin(), operation.inputs.end(), [](const Port& p) { return !p.optional; });
  return operation.room == "signal" && required == 1 && operation.inputs.front().name == "x" &&
         !operation.outputs.empty() && operation.outputs.front().name == "y";
}

std::vector<std::string> known_steps() {
  std::vector<std::string> known{clean_step_name, "bandpass", "highpass", "lowpass", "resample"};
  for (const Operation* const operation : Registry<Operation>::instance().entries()) {
    if (is_step(*operation)) known.push_back(operation->name);
  }
  return known;
}

Json table_of(const Json& value, const std::string& where) {
  if (value.is_object()) return value;
  throw usage_error(where, "expected a table of arguments, found " + value.dump());
}

/// A bare text fills an operation's first enumerated argument.
Json args_of(const Operation& operation, const Json& value, const std::string& where) {
  if (!value.is_text()) return table_of(value, where);
  for (const auto& argument : operation.arguments) {
    if (argument.type == "text") return Json::object({{argument.name, value}});
  }
  throw usage_error(where, operation.name + " takes no bare text");
}

PrepareStep short_form(const std::string& name, const Json& value, const std::string& where) {
  if (name == "notch") {
    Json args = table_of(value, where);
    if (const Json* const hz = args.find("hz")) {
      const Json freqs = hz->is_list() ? *hz : Json(Json::List{*hz});
      args.erase("hz");
      args["freqs_hz"] = freqs;
    }
    return {"notch", args};
  }
  if (name == "resample") {
    const Json args = table_of(value, where);
    if (args.size() != 1 || !args.has("rate_hz")) throw usage_error(where, "resample = { rate_hz = … } is meant");
    return {"resample_fft", Json::object({{"up", args.at("rate_hz")}})};
  }
  return {"fir_filter", table_of(value, where)};
}

PrepareStep step_of(const Json& step, const std::string& where) {
  const bool bare = step.is_text();
  if (!bare && (!step.is_object() || step.size() != 1)) {
    throw usage_error(where, "a step is a name or a table of one key, found " + step.dump());
  }
  std::string name = bare ? step.text() : step.members().front().first;
  const Json value = bare ? Json::object() : step.members().front().second;
  std::replace(name.begin(), name.end(), '-', '_');
  if (name == "bandpass" || name == "highpass" || name == "lowpass" || name == "notch" || name == "resample") {
    return short_form(name, value, where + ": " + name);
  }
  if (name == clean_step_name) return {name, clean_step_arguments(value, where + ": clean")};
  const Operation* const operation = Registry<Operation>::instance().find(name);
  if (operation == nullptr || !is_step(*operation)) {
    throw usage_error(where, "unknown step \"" + name + "\"", suggestion(name, known_steps()));
  }
  return {operation->name, args_of(*operation, value, where + ": " + name)};
}

double rate_after(const PrepareStep& step, double rate_hz) {
  if (step.operation != "resample_fft") return rate_hz;
  const Json args = step_arguments(step, rate_hz);
  return rate_hz * args.at("up").number() / args.at("down").number();
}

Array<double, 2> apply_step(const Array<double, 2>& signal, double rate_hz, const PrepareStep& step) {
  Tensors in;
  in.emplace("x", Tensor::of(signal));
  return run_operation(step.operation, step_arguments(step, rate_hz), in).at("y").array<2>(step.operation);
}

/// As many steps from `first` on as one chain of filters can do; 1 where only one can, and then nothing is chained.
std::size_t chained_steps(std::span<const PrepareStep> steps, double rate_hz, FilterChain& chain) {
  std::size_t count = 0;
  for (const PrepareStep& step : steps) {
    if (!join_chain(operation_named(step.operation), step_arguments(step, rate_hz), chain)) break;
    rate_hz = rate_after(step, rate_hz);
    ++count;
  }
  return count;
}

/// How far a step smears one sample, found by sending an impulse through it; 0 for what acts on each moment alone.
double reach_s(const PrepareStep& step, std::int64_t channels, double rate_hz) {
  const auto length = static_cast<std::int64_t>(std::ceil(rate_hz * 40)) | 1;
  Array<double, 2> impulse({channels, length});
  impulse(0, length / 2) = 1;
  const Array<double, 2> response = apply_step(impulse, rate_hz, step);
  const double factor = rate_after(step, rate_hz) / rate_hz;
  const auto centre = static_cast<std::int64_t>(static_cast<double>(length / 2) * factor);
  double largest = 0;
  for (const double value : response) largest = std::max(largest, std::abs(value));
  std::int64_t reach = 0;
  for (std::int64_t i = 0; i < response.extent(1); ++i) {
    if (std::abs(response(0, i)) > 1e-3 * largest) reach = std::max(reach, std::abs(i - centre));
  }
  return reach <= 1 && factor == 1 ? 0 : static_cast<double>(reach) / (rate_hz * factor);
}

void note_reference(const PrepareStep& step, Prepared& prepared) {
  if (step.operation != "reference") return;
  const Json* const kind = step.args.find("kind");
  const bool averaged = prepared.reference == "average";
  prepared.reference = kind == nullptr ? "average" : kind->text();
  if (prepared.reference == "average" && !averaged) prepared.rank = std::max<std::int64_t>(1, prepared.rank - 1);
}

}  // namespace

Json step_arguments(const PrepareStep& step, double rate_hz) {
  const Operation& operation = operation_named(step.operation);
  Json args = step.args;
  if (takes_rate(operation) && !args.has("rate_hz")) args["rate_hz"] = rate_hz;
  if (step.operation == "resample_fft" && !args.has("down")) args["down"] = rate_hz;
  return args;
}

namespace {

Array<double, 2> apply_from(Array<double, 2> signal, double rate_hz, std::span<const PrepareStep> steps) {
  while (!steps.empty()) {
    FilterChain chain;
    const std::size_t chained = chained_steps(steps, rate_hz, chain), count = std::max<std::size_t>(chained, 1);
    signal = chained > 1 ? filter_chain(signal.view(), chain) : apply_step(signal, rate_hz, steps.front());
    for (const PrepareStep& step : steps.first(count)) rate_hz = rate_after(step, rate_hz);
    steps = steps.subspan(count);
  }
  return signal;
}

/// The channels as they are recorded, or cleaned where the first step says so.
struct Source {
  std::optional<Matrix> cleaned;
  std::vector<BadSpan> bad = {};  ///< of the cleaning, in samples of the recording

  [[nodiscard]] Matrix read(const Recording& recording, std::span<const std::int64_t> channels,
                            const Segment& segment) const {
    if (cleaned) return Matrix(cleaned->view().slice(1, segment.first, segment.count));
    Matrix part({static_cast<std::int64_t>(channels.size()), segment.count}, uninitialised);
    recording.read(channels, segment.first, segment.count, part.view());
    return part;
  }
};

Source source_of(const Recording& recording, std::span<const std::int64_t> channels,
                 const std::vector<PrepareStep>& steps, Prepared& prepared) {
  if (steps.empty() || steps.front().operation != clean_step_name) return {};
  CleanedSignal cleaned = cleaned_recording(recording, channels, steps.front().args);
  prepared.rank = cleaned.rank;
  prepared.reference = cleaned.reference;
  prepared.filter_reach_s = recording.duration_s();
  prepared.steps.push_back("clean " + steps.front().args.dump() + ", learned from each recording on its own");
  prepared.findings.insert(prepared.findings.end(), cleaned.findings.begin(), cleaned.findings.end());
  prepared.findings.push_back({"prepare/cleaned", Severity::note, "", cleaned.what});
  return {std::move(cleaned.signal), std::move(cleaned.bad)};
}

/// Where stretches of a recording's segment, whose samples begin at `first` of the prepared signal, came to lie.
void add_bad(const std::vector<BadSpan>& spans, const Segment& segment, std::int64_t first, double ratio,
             std::vector<BadSpan>& bad) {
  for (const BadSpan& span : spans) {
    const std::int64_t begin = std::max(span.begin, segment.first);
    const std::int64_t end = std::min(span.end, segment.first + segment.count);
    if (begin >= end) continue;
    const auto place = [&](std::int64_t sample, bool up) {
      const double at = static_cast<double>(sample - segment.first) * ratio;
      return first + static_cast<std::int64_t>(up ? std::ceil(at) : std::floor(at));
    };
    bad.push_back({place(begin, false), place(end, true), span.what});
  }
}

}  // namespace

std::vector<PrepareStep> prepare_steps(const Json& steps) {
  std::vector<PrepareStep> list;
  if (steps.is_null()) return list;
  std::int64_t index = 0;
  for (const auto& step : steps.items("prepare: steps")) {
    list.push_back(step_of(step, "prepare: step " + std::to_string(++index)));
    if (index > 1 && list.back().operation == clean_step_name)
      throw usage_error("prepare: step " + std::to_string(index),
                        "clean looks at the recording as it is: no step may stand before it", "make it the first step");
  }
  return list;
}

Array<double, 2> apply_steps(Array<double, 2> signal, double rate_hz, const std::vector<PrepareStep>& steps) {
  if (!steps.empty() && steps.front().operation == clean_step_name)
    throw usage_error("prepare: clean", "a baseline recorded apart from the trials cannot be cleaned on its own",
                      "leave the step out, or the baseline");
  return apply_from(std::move(signal), rate_hz, steps);
}

Prepared prepare(const Recording& recording, std::span<const std::int64_t> channels,
                 const std::vector<PrepareStep>& steps) {
  Prepared prepared;
  prepared.findings = recording.findings();
  for (const auto channel : channels) {
    prepared.channels.push_back(recording.channels()[static_cast<std::size_t>(channel)].name);
  }
  const auto& first = recording.channels()[static_cast<std::size_t>(channels.front())];
  prepared.original_rate_hz = prepared.rate_hz = first.rate_hz;
  prepared.rank = static_cast<std::int64_t>(channels.size());
  const Source source = source_of(recording, channels, steps, prepared);
  const auto rest = std::span(steps).subspan(source.cleaned ? 1 : 0);
  std::vector<BadSpan> bad = marked_bad(recording);
  bad.insert(bad.end(), source.bad.begin(), source.bad.end());
  std::vector<Array<double, 2>> parts;
  std::int64_t total = 0;
  for (const Segment& segment : recording.segments()) {
    if (segment.count == 0) continue;
    Matrix part = apply_from(source.read(recording, channels, segment), first.rate_hz, rest);
    prepared.continuous.emplace_back(total, total + part.extent(1));
    add_bad(bad, segment, total, static_cast<double>(part.extent(1)) / static_cast<double>(segment.count),
            prepared.bad);
    total += part.extent(1);
    parts.push_back(std::move(part));
  }
  for (const auto& step : rest) {
    prepared.filter_reach_s += reach_s(step, static_cast<std::int64_t>(channels.size()), prepared.rate_hz);
    note_reference(step, prepared);
    prepared.rate_hz = rate_after(step, prepared.rate_hz);
    prepared.steps.push_back(step.operation + " " + step.args.dump());
  }
  if (parts.size() == 1) {
    prepared.signal = std::move(parts.front());
    return prepared;
  }
  prepared.signal = Array<double, 2>({static_cast<std::int64_t>(channels.size()), total}, uninitialised);
  std::int64_t at = 0;
  for (const auto& part : parts) {
    for (std::int64_t c = 0; c < part.extent(0); ++c) {
      std::copy_n(part.data() + c * part.extent(1), part.extent(1), prepared.signal.data() + c * total + at);
    }
    at += part.extent(1);
  }
  return prepared;
}

}  // namespace caton
