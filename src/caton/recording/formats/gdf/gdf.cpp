// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/filed_channel.hpp"
#include "caton/recording/formats/gdf/header.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/stored_recording.hpp"

#include <cmath>
#include <set>

namespace caton::gdf {
namespace {

class Opener {
 public:
  Opener(const Path& path, const OpenOptions& options) : where_(path.string()), options_(options) {
    content_.file = std::make_shared<const MappedFile>(path);
    header_ = read_header(content_.file->bytes(), where_, content_.findings);
  }

  std::unique_ptr<Recording> open() {
    content_.format = "GDF";
    content_.variant = "GDF " + fixed_text(header_.version, 2);
    content_.start = header_.start;
    content_.first_byte = header_.bytes;
    content_.block_bytes = header_.record_bytes;
    double highest_hz = 0;
    for (const Signal& signal : header_.signals) {
      if (signal.samples == 0) {
        add("samples-none", Severity::note, "channel \"" + printable(signal.label) + "\" has no samples");
        continue;
      }
      add_channel(signal);
      highest_hz = std::max(highest_hz, content_.channels.back().rate_hz);
    }
    for (const Event& event : read_events(content_.file->bytes(), header_, highest_hz, where_, content_.findings)) {
      const auto name = header_.event_names.find(event.type);
      content_.annotations.push_back({event.onset_s, event.duration_s,
                                      name == header_.event_names.end() ? std::to_string(event.type) : name->second});
    }
    report_outside();
    return stored_recording(std::move(content_));
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    content_.findings.push_back({"gdf/" + code, severity, where_, what});
  }

  void add_channel(const Signal& signal) {
    Unit unit = filed_unit(unit_of(signal.unit), options_);
    StoredChannel stored{.type = signal.type, .offset = signal.offset, .stride = stored_width(signal.type)};
    stored.block_samples = signal.samples;
    const double digital = signal.digital_max - signal.digital_min,
                 physical = signal.physical_max - signal.physical_min;
    const bool scaled = std::isfinite(digital) && std::isfinite(physical) && digital != 0 && physical != 0;
    if (scaled) {
      const double step = physical / digital;
      stored.gain = {step * unit.si_factor, (signal.physical_min - signal.digital_min * step) * unit.si_factor};
    } else {
      add("digital-range", Severity::warn,
          "channel \"" + printable(signal.label) +
              "\": its digital or physical range is none; stored numbers are given");
      unit = Unit{};
    }
    Channel channel = filed_channel(signal.label, unit, static_cast<double>(signal.samples) / header_.record_s);
    if (channel.rate_hz > limits::rate_hz)
      throw input_error(where_, "a rate of " + number_text(channel.rate_hz) + " Hz makes no sense");
    channel.samples = checked_product(signal.samples, header_.records, where_, "the number of samples");
    channel.position_m = signal.position_m;
    if (scaled) set_range(channel, signal, unit);
    if (!names_.insert(channel.name).second)
      add("labels-duplicate", Severity::warn, "two channels are named \"" + printable(channel.name) + "\" (duplicate)");
    content_.channels.push_back(std::move(channel));
    content_.stored.push_back(stored);
  }

  static void set_range(Channel& channel, const Signal& signal, const Unit& unit) {
    if (!is_whole(signal.type)) return;
    channel.digital_min_value = std::min(signal.physical_min, signal.physical_max) * unit.si_factor;
    channel.digital_max_value = std::max(signal.physical_min, signal.physical_max) * unit.si_factor;
    if (stored_width(signal.type) > 4 || std::fabs(signal.digital_min) > 1e10 || std::fabs(signal.digital_max) > 1e10)
      return;
    channel.scaling =
        Scaling{static_cast<std::int64_t>(signal.digital_min), static_cast<std::int64_t>(signal.digital_max),
                signal.physical_min, signal.physical_max, 8 * stored_width(signal.type)};
  }

  void report_outside() {
    const double end = static_cast<double>(header_.records) * header_.record_s;
    std::int64_t outside = 0;
    for (const Annotation& annotation : content_.annotations)
      if (annotation.onset_s < 0 || (end > 0 && annotation.onset_s > end)) ++outside;
    if (outside > 0)
      add("event-outside", Severity::warn, std::to_string(outside) + " event(s) lie outside the recording");
  }

  std::string where_;
  OpenOptions options_;
  StoredContent content_;
  Header header_;
  std::set<std::string> names_;
};

const FormatEntry gdf_format{
    .name = "GDF",
    .about = "General Data Format 1 and 2",
    .extensions = {".gdf"},
    .recognise = [](Bytes head, const Path&) { return begins_with(head, "GDF "); },
    .open = [](const Path& path, const OpenOptions& options) { return Opener(path, options).open(); },
    .identifying_fields = {"patient", "birthday", "weight and height", "recording", "equipment", "IP address",
                           "start date"},
};
CATON_REGISTER(FormatEntry, gdf_format);

}  // namespace
}  // namespace caton::gdf
