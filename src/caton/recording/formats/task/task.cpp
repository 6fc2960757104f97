// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/formats/task/task_codes.hpp"
#include "caton/recording/memory_recording.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

Path description_of(const Path& path) { return path.parent_path() / "task.json"; }

const Json& record_of(const Json& task, const Path& path, const std::string& where) {
  const std::string name = path.filename().string();
  for (const Json& record : task.at("records", where).items(where))
    if (record.at("file", where).text(where) == name) return record;
  throw input_error(path.string(), "is not among the records of " + where, "add it there, or read it from elsewhere");
}

class TaskReader {
 public:
  TaskReader(const Path& path, const OpenOptions& options)
      : path_(path),
        where_(path.string()),
        json_where_(description_of(path).string()),
        options_(options),
        task_(parse_json(read_text_file(description_of(path), limits::json_bytes), json_where_)),
        container_(open_container(path)) {}

  std::unique_ptr<Recording> read() {
    content_.format = "task form";
    content_.findings = container_->findings();
    rate_ = options_.rate_hz.value_or(task_.at("sampling_rate_hz", json_where_).number(json_where_));
    if (!(rate_ > 0) || rate_ > limits::rate_hz)
      throw input_error(json_where_, "sampling_rate_hz " + number_text(rate_) + " is no usable rate");
    const VariableAbout& x = variable_named(container_->variables(), "x", where_);
    if (x.shape.size() != 2)
      throw input_error(where_, "x has " + std::to_string(x.shape.size()) + " axes, wanted are channels x samples");
    samples_ = x.shape[1];
    scale_ = numbers("scale", x.shape[0]);
    offset_ = numbers("offset", x.shape[0]);
    check_record();
    add_channels(x.shape[0]);
    add_events();
    content_.load = [container = container_, scale = scale_, offset = offset_, rows = x.shape[0], samples = samples_] {
      const auto stored = container->read("x").array.doubles();
      Array<double, 2> values({rows, samples}, uninitialised);
      for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t i = 0; i < samples; ++i)
          values(row, i) =
              stored.at(static_cast<std::size_t>(row * samples + i)) * scale[static_cast<std::size_t>(row)] +
              offset[static_cast<std::size_t>(row)];
      return values;
    };
    return memory_recording(std::move(content_));
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what, const std::string& place = {}) {
    content_.findings.push_back({"task/" + code, severity, where_ + place, what});
  }

  std::vector<double> numbers(const std::string& name, std::int64_t count) const {
    const auto values = container_->read(name).array.doubles();
    if (static_cast<std::int64_t>(values.size()) != count)
      throw input_error(where_, name + " has " + std::to_string(values.size()) + " values for " +
                                    std::to_string(count) + " channels");
    return values;
  }

  void check_record() {
    const Json& record = record_of(task_, path_, json_where_);
    const Json* const samples = record.find("n_samples");
    if (samples != nullptr && samples->integer(json_where_) != samples_)
      add("samples-differ", Severity::warn,
          "task.json says " + std::to_string(samples->integer()) + " samples, the file has " +
              std::to_string(samples_));
    const Json* const hash = record.find("sha256");
    if (hash != nullptr && hash->text(json_where_) != sha256(MappedFile(path_).bytes()))
      add("file-changed", Severity::warn, "the file's SHA-256 is not the one in task.json");
    if (const Json* const simulated = task_.find("simulated");
        simulated != nullptr && simulated->is_flag() && simulated->flag())
      add("simulated", Severity::note, "the recording is simulated, as task.json says");
  }

  void add_channels(std::int64_t rows) {
    const auto& channels = task_.at("channels", json_where_).items(json_where_);
    if (static_cast<std::int64_t>(channels.size()) != rows)
      throw input_error(where_, "x has " + std::to_string(rows) + " channels, task.json describes " +
                                    std::to_string(channels.size()));
    bool unknown = false;
    for (std::size_t i = 0; i < channels.size(); ++i) {
      const Unit unit = filed_unit(unit_of(channels[i].at("unit", json_where_).text(json_where_)), options_);
      unknown = unknown || unit.name == "unknown";
      Channel channel;
      channel.name = channels[i].at("name", json_where_).text(json_where_);
      channel.type = lower_case(channels[i].at("type", json_where_).text(json_where_));
      channel.unit = unit.name;
      channel.si_factor = unit.si_factor;
      channel.rate_hz = rate_;
      channel.samples = samples_;
      channel.scaling = Scaling{-32768, 32767, -32768 * scale_[i] + offset_[i], 32767 * scale_[i] + offset_[i], 16};
      channel.digital_min_value = channel.scaling->physical_min * unit.si_factor;
      channel.digital_max_value = channel.scaling->physical_max * unit.si_factor;
      content_.channels.push_back(channel);
    }
    if (unknown)
      add("unit-unknown", Severity::warn,
          "the unit is not known (the source contradicts itself): only what does not depend on scale may be used");
  }

  void add_events() {
    const ContainerValue events = container_->read("events");
    const auto values = events.array.integers("events");
    if (values.size() % 3 != 0 || static_cast<std::int64_t>(values.size() / 3) > limits::annotations)
      throw input_error(where_, "events are not rows of onset, duration and code");
    const TaskCodes codes(task_, json_where_);
    const Json& record = record_of(task_, path_, json_where_);
    std::int64_t outside = 0;
    for (std::size_t i = 0; i < values.size(); i += 3) {
      content_.annotations.push_back({static_cast<double>(values[i]) / rate_,
                                      static_cast<double>(values[i + 1]) / rate_,
                                      codes.meaning(values[i + 2], record)});
      if (values[i] < 0 || values[i] >= samples_) ++outside;
    }
    for (const auto& [name, remark] : codes.remarks())
      add("code-remark", Severity::note, "of the code \"" + name + "\" the study says: " + remark);
    if (outside > 0) add("event-outside", Severity::warn, std::to_string(outside) + " event(s) outside the samples");
  }

  Path path_;
  std::string where_, json_where_;
  OpenOptions options_;
  Json task_;
  std::shared_ptr<const Container> container_;
  MemoryContent content_;
  std::vector<double> scale_, offset_;
  double rate_ = 0;
  std::int64_t samples_ = 0;
};

const FormatEntry task_format{
    .name = "task form",
    .about = "an NPZ of x, scale, offset, events beside a task.json that describes it",
    .extensions = {".npz"},
    .recognise =
        [](Bytes head, const Path& path) {
          std::error_code ignored;
          return text_of(head).substr(0, 2) == "PK" && lower_case(path.extension().string()) == ".npz" &&
                 std::filesystem::is_regular_file(description_of(path), ignored);
        },
    .open = [](const Path& path, const OpenOptions& options) { return TaskReader(path, options).read(); },
};
CATON_REGISTER(FormatEntry, task_format);

}  // namespace
}  // namespace caton
