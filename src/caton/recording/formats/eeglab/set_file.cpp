// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/eeglab/set_file.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/channel_names.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace caton::eeglab {
namespace {

std::optional<double> number_in(const ContainerValue* value) {
  if (value == nullptr || value->kind != ValueKind::array || value->left_out || value->complex) return std::nullopt;
  if (value->array.size() != 1) return std::nullopt;
  const double number = value->array.doubles()[0];
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// A text, or a number as EEGLAB's users see it in Python ("7.0").
std::string text_in(const ContainerValue* value) {
  if (value == nullptr) return {};
  if (value->kind == ValueKind::text) return std::string(trim(value->text));
  const auto number = number_in(value);
  if (!number) return {};
  const std::string text = number_text(*number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string type_word(const std::string& filed, const std::string& name) {
  const std::string lower = lower_case(filed);
  for (const char* const known : {"eeg", "eog", "ecg", "emg", "misc", "stim", "resp"})
    if (lower == known) return lower;
  if (lower == "ref") return "misc";
  return channel_type(name, "uV");
}

class SetReader {
 public:
  SetReader(std::shared_ptr<const Container> container, const Path& path, const OpenOptions& options,
            Findings& findings)
      : container_(std::move(container)), where_(path.string()), options_(options), findings_(findings) {
    const auto& variables = container_->variables();
    flat_ = std::none_of(variables.begin(), variables.end(), [](const auto& v) { return v.name == "EEG"; });
    if (!flat_) eeg_ = container_->outline("EEG");
    findings_.insert(findings_.end(), container_->findings().begin(), container_->findings().end());
  }

  SetFile read() {
    if (field("srate").kind == ValueKind::nothing && field("nbchan").kind == ValueKind::nothing)
      throw input_error(where_, "has neither a structure EEG nor its fields (srate, nbchan)",
                        "it is no EEGLAB file; caton info lists its variables under the ending .mat");
    const auto rate = number_in(&field("srate"));
    set_.rate_hz = options_.rate_hz.value_or(rate.value_or(0));
    if (!(set_.rate_hz > 0) || set_.rate_hz > limits::rate_hz)
      throw input_error(where_, "srate " + (rate ? number_text(*rate) : std::string("(none)")) + " is no usable rate",
                        "say it with --rate");
    set_.first_s = number_in(&field("xmin")).value_or(0);
    read_shape();
    read_channels();
    read_events();
    return std::move(set_);
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    findings_.push_back({"eeglab/" + code, severity, where_, what});
  }

  /// A field of EEG, or the variable of this name; of kind nothing where there is none.
  const ContainerValue& field(const std::string& name) {
    static const ContainerValue none;
    if (!flat_) {
      const ContainerValue* const found = eeg_.item(0, where_).find(name);
      return found == nullptr ? none : *found;
    }
    const auto known = read_.find(name);
    if (known != read_.end()) return known->second;
    const auto& variables = container_->variables();
    if (std::none_of(variables.begin(), variables.end(), [&](const auto& v) { return v.name == name; })) return none;
    return read_.emplace(name, container_->outline(name)).first->second;
  }

  std::int64_t whole(const std::string& name, std::int64_t standard, std::int64_t most) {
    const auto number = number_in(&field(name));
    if (!number) return standard;
    if (*number != std::floor(*number) || *number < 1 || *number > static_cast<double>(most))
      throw input_error(where_, name + " " + number_text(*number) + " makes no sense");
    return static_cast<std::int64_t>(*number);
  }

  void read_shape() {
    channels_ = whole("nbchan", 0, limits::channels);
    set_.points = whole("pnts", 0, limits::samples_per_channel);
    set_.trials = whole("trials", 1, limits::annotations);
    const ContainerValue& data = field("data");
    if (data.kind == ValueKind::text) {
      set_.data_file = std::string(trim(data.text));
      if (channels_ == 0 || set_.points == 0)
        throw input_error(where_, "nbchan and pnts do not say how the data file is laid out");
      static_cast<void>(checked_product(set_.points, set_.trials, where_, "the number of samples"));
      return;
    }
    if (data.kind != ValueKind::array || data.complex || data.shape.size() < 2 || data.shape.size() > 3)
      throw input_error(where_, "data is neither an array of channels x samples (x epochs) nor the name of a file");
    const std::int64_t filed = set_.points, trials = set_.trials;
    channels_ = data.shape[0];
    set_.points = data.shape[1];
    set_.trials = data.shape.size() == 3 ? data.shape[2] : 1;
    if (channels_ < 1 || channels_ > limits::channels || set_.points < 1 || set_.trials < 1)
      throw input_error(where_, "data of " + std::to_string(channels_) + " channels x " + std::to_string(set_.points) +
                                    " samples is empty or too large");
    if (filed != set_.points || trials != set_.trials)
      add("pnts", Severity::warn,
          "pnts x trials says " + std::to_string(filed) + " x " + std::to_string(trials) + ", data holds " +
              std::to_string(set_.points) + " x " + std::to_string(set_.trials));
    set_.load = [container = container_, flat = flat_, channels = channels_, points = set_.points, trials = set_.trials,
                 where = where_] {
      const ContainerValue value = flat ? container->read("data") : container->read_part("EEG", {"data"});
      const auto stored = value.array.doubles();
      if (static_cast<std::int64_t>(stored.size()) != channels * points * trials)
        throw input_error(where, "data holds another number of values than its shape says");
      Array<double, 2> values({channels, points * trials}, uninitialised);
      for (std::int64_t c = 0; c < channels; ++c)
        for (std::int64_t p = 0; p < points; ++p)
          for (std::int64_t t = 0; t < trials; ++t)
            values(c, t * points + p) = stored[static_cast<std::size_t>((c * points + p) * trials + t)];
      return values;
    };
  }

  void read_channels() {
    const ContainerValue& places = field("chanlocs");
    const bool described = places.kind == ValueKind::structure || places.kind == ValueKind::cell;
    if (described && places.count() != channels_)
      add("chanlocs", Severity::warn,
          "chanlocs describes " + std::to_string(places.count()) + " channels, there are " + std::to_string(channels_));
    // EEGLAB has no field for the unit: its samples are microvolts.
    const Unit unit = unit_of(options_.unit.value_or("uV"));
    std::set<std::string> names;
    for (std::int64_t i = 0; i < channels_; ++i) {
      const ContainerValue* const place = described && i < places.count() ? &places.item(i, where_) : nullptr;
      Channel channel;
      channel.name = place == nullptr ? std::string() : text_in(place->find("labels"));
      if (channel.name.empty()) channel.name = "channel " + std::to_string(i + 1);
      channel.type = type_word(place == nullptr ? std::string() : text_in(place->find("type")), channel.name);
      channel.unit = unit.name;
      channel.si_factor = unit.si_factor;
      channel.rate_hz = set_.rate_hz;
      if (place != nullptr) set_position(*place, channel);
      if (!names.insert(channel.name).second)
        add("labels-duplicate", Severity::warn,
            "two channels are named \"" + printable(channel.name) + "\" (duplicate)");
      set_.channels.push_back(std::move(channel));
    }
    add("unit-assumed", Severity::note, "an EEGLAB file names no unit; " + unit.name + " is taken, as EEGLAB has it");
  }

  /// EEGLAB: nose along +X, left along +Y, millimetres where the head's radius says so. Ours: right, nose, up; metres.
  static void set_position(const ContainerValue& place, Channel& channel) {
    const auto x = number_in(place.find("X")), y = number_in(place.find("Y")), z = number_in(place.find("Z"));
    if (!x || !y || !z) return;
    const double length = std::sqrt(*x * *x + *y * *y + *z * *z);
    if (length < 50 || length > 150) return;
    channel.position_m = std::array<double, 3>{-*y * 1e-3, *x * 1e-3, *z * 1e-3};
  }

  void read_events() {
    const ContainerValue& events = field("event");
    if (events.kind != ValueKind::structure && events.kind != ValueKind::cell) return;
    if (events.count() > limits::annotations) throw input_error(where_, "too many events");
    const std::int64_t samples = set_.points * set_.trials;
    std::int64_t odd = 0;
    for (std::int64_t i = 0; i < events.count(); ++i) {
      const ContainerValue& event = events.item(i, where_);
      const auto latency = number_in(event.find("latency"));
      if (!latency) {
        ++odd;
        continue;
      }
      Annotation annotation;
      annotation.onset_s = (*latency - 1) / set_.rate_hz;
      annotation.duration_s = std::max(0.0, number_in(event.find("duration")).value_or(0)) / set_.rate_hz;
      annotation.text = text_in(event.find("type"));
      const double sample = std::ceil(*latency - 1);
      if (sample < 0 || sample > static_cast<double>(samples)) ++odd;
      if (annotation.text == "boundary" && sample > 0 && sample < static_cast<double>(samples))
        set_.boundaries.push_back(static_cast<std::int64_t>(sample));
      set_.events.push_back(std::move(annotation));
    }
    if (odd > 0)
      add("event-odd", Severity::warn, std::to_string(odd) + " event(s) have no latency or lie outside the samples");
  }

  std::shared_ptr<const Container> container_;
  std::string where_;
  OpenOptions options_;
  Findings& findings_;
  bool flat_ = false;
  ContainerValue eeg_;
  std::map<std::string, ContainerValue> read_;
  SetFile set_;
  std::int64_t channels_ = 0;
};

}  // namespace

SetFile read_set(std::shared_ptr<const Container> container, const Path& path, const OpenOptions& options,
                 Findings& findings) {
  return SetReader(std::move(container), path, options, findings).read();
}

}  // namespace caton::eeglab
