// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace caton {
namespace {

/// How the kinds of containers are called among recordings.
std::string format_name(const std::string& container) {
  if (container == "npy") return "NPY";
  if (container == "npz") return "NPZ";
  if (container == "matlab") return "MATLAB";
  if (container == "matlab-7.3") return "MATLAB 7.3 (HDF5)";
  return container;
}

bool is_signal(const VariableAbout& variable) {
  const auto& shape = variable.shape;
  if (variable.kind != ValueKind::array || variable.dtype.empty() || variable.dtype.find('c') != std::string::npos)
    return false;
  return (shape.size() == 2 && shape[0] > 1 && shape[1] > 1) || (shape.size() == 1 && shape[0] > 1);
}

/// The variable that is the signal: the only one that can be, or the one with a usual name.
std::optional<VariableAbout> signal_of(const std::vector<VariableAbout>& variables) {
  std::vector<VariableAbout> fitting;
  for (const VariableAbout& variable : variables)
    if (is_signal(variable) && (variable.shape.size() == 2 || variables.size() == 1)) fitting.push_back(variable);
  if (fitting.size() == 1) return fitting.front();
  constexpr std::array usual{"data", "x", "eeg", "signal", "signals", "raw"};
  for (const char* const name : usual)
    for (const VariableAbout& variable : fitting)
      if (lower_case(variable.name) == name) return variable;
  return std::nullopt;
}

struct Axes {
  std::int64_t channels = 0, samples = 0;
  bool turned = false;  ///< samples x channels
};

Axes axes_of(const VariableAbout& variable) {
  if (variable.shape.size() == 1) return {1, variable.shape[0], false};
  const bool turned = variable.shape[0] > variable.shape[1];
  return {std::min(variable.shape[0], variable.shape[1]), std::max(variable.shape[0], variable.shape[1]), turned};
}

Array<double, 2> signal_values(const ContainerValue& value, const Axes& axes, const std::string& where) {
  if (value.kind != ValueKind::array) throw input_error(where, "the variable holds no numbers");
  const auto all = value.array.doubles();
  Array<double, 2> values({axes.channels, axes.samples}, uninitialised);
  if (static_cast<std::int64_t>(all.size()) != axes.channels * axes.samples)
    throw input_error(where, "the variable holds another number of values than its shape says");
  for (std::int64_t row = 0; row < axes.channels; ++row)
    for (std::int64_t i = 0; i < axes.samples; ++i)
      values(row, i) = all[static_cast<std::size_t>(axes.turned ? i * axes.channels + row : row * axes.samples + i)];
  return values;
}

void add_hints(const Container& container, MemoryContent& content, const std::string& where) {
  for (const VariableAbout& variable : container.variables()) {
    const std::string name = lower_case(variable.name);
    const bool single = variable.kind == ValueKind::array &&
                        std::all_of(variable.shape.begin(), variable.shape.end(), [](auto n) { return n == 1; });
    if (!single || (name != "fs" && name != "srate" && name != "sfreq" && name != "rate")) continue;
    const ContainerValue value = container.read(variable.name);
    if (value.kind == ValueKind::array && value.array.size() == 1)
      content.findings.push_back({"array/rate-in-file", Severity::note, where + ", variable \"" + variable.name + "\"",
                                  "its value " + number_text(value.array.doubles()[0]) +
                                      " may be the sampling rate; if so, say --rate " +
                                      number_text(value.array.doubles()[0])});
  }
}

std::unique_ptr<Recording> open_array(const Path& path, const OpenOptions& options) {
  const std::string where = path.string();
  const ContainerFormat* const kind = container_format_of(path);
  if (kind == nullptr) throw input_error(where, "is no container of arrays");
  std::shared_ptr<const Container> container = kind->open(path);
  MemoryContent content;
  content.format = format_name(kind->name);
  content.findings = container->findings();
  const auto signal = signal_of(container->variables());
  if (!signal) {
    content.findings.push_back({"array/no-signal", Severity::note, where,
                                "no variable is a plain table of channels and samples; its variables are listed"});
    return memory_recording(std::move(content));
  }
  const Axes axes = axes_of(*signal);
  if (axes.channels > limits::channels)
    throw input_error(where, "a table of " + std::to_string(axes.channels) + " channels is more than the " +
                                 std::to_string(limits::channels) + " that are read");
  if (axes.turned)
    content.findings.push_back({"array/axes", Severity::note, where + ", variable \"" + signal->name + "\"",
                                std::to_string(axes.samples) + " x " + std::to_string(axes.channels) +
                                    " is taken as samples x channels, as it is longer than wide"});
  const Unit unit = unit_of(options.unit.value_or(""));
  for (std::int64_t i = 0; i < axes.channels; ++i) {
    content.channels.push_back({.name = "channel " + std::to_string(i + 1),
                                .type = unit.voltage ? "eeg" : "misc",
                                .unit = unit.name,
                                .rate_hz = options.rate_hz.value_or(0),
                                .samples = axes.samples,
                                .si_factor = unit.si_factor});
  }
  if (!options.rate_hz) add_hints(*container, content, where);
  content.load = [container, name = signal->name, axes, where] {
    return signal_values(container->read(name), axes, where);
  };
  return memory_recording(std::move(content));
}

const FormatEntry array_format{
    .name = "arrays (NPY, NPZ, MATLAB, pickle)",
    .about = "bare arrays and the variables of general files; rate and unit are given with --rate and --unit",
    .extensions = {".npy", ".npz", ".mat", ".dat"},
    .recognise =
        [](Bytes head, const Path& path) {
          const auto& kinds = Registry<ContainerFormat>::instance().entries();
          return std::any_of(kinds.begin(), kinds.end(),
                             [&](const ContainerFormat* kind) { return kind->recognise(head, path); });
        },
    .open = open_array,
    .general = true,
};
CATON_REGISTER(FormatEntry, array_format);

}  // namespace
}  // namespace caton
