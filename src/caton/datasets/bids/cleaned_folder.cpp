// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/bids/cleaned_folder.hpp"

#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <cctype>

namespace caton {
namespace {

std::string letters_and_digits(const std::string& words) {
  std::string label;
  for (const char c : words) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) label += c;
  }
  return label.empty() ? "recording" : label;
}

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

/// Since the first sample, as EDF+ and BIDS count.
double onset_s(const CleanedRecording& what, std::int64_t sample) {
  return time_at(*what.recording, sample) - time_at(*what.recording, 0);
}

double duration_s(const CleanedRecording& what, std::int64_t begin, std::int64_t end) {
  return static_cast<double>(end - begin) / what.input->rate_hz;
}

EdfContent content_of(const CleanedRecording& what) {
  EdfContent content;
  content.channels = what.recording->channels();
  for (const std::int64_t channel : what.channels) content.channels[static_cast<std::size_t>(channel)].scaling.reset();
  content.annotations = what.recording->annotations();
  content.segments = what.recording->segments();
  content.start = what.recording->start();
  for (const RejectedSpan& span : what.cleaned->rejection.spans)
    content.annotations.push_back(
        {onset_s(what, span.begin), duration_s(what, span.begin, span.end), annotation_of(span)});
  std::stable_sort(content.annotations.begin(), content.annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.onset_s < b.onset_s; });
  return content;
}

void write_signal(const Path& file, const CleanedRecording& what) {
  const auto source = [&](std::int64_t channel, std::int64_t first, View<double, 1> out) {
    const auto found = std::find(what.channels.begin(), what.channels.end(), channel);
    if (found == what.channels.end()) {
      const std::array<std::int64_t, 1> one{channel};
      Matrix values({1, out.extent(0)}, uninitialised);
      what.recording->read(one, first, out.extent(0), values.view());
      for (std::int64_t t = 0; t < out.extent(0); ++t) out[t] = values(0, t);
      return;
    }
    const std::int64_t row = found - what.channels.begin();
    for (std::int64_t t = 0; t < out.extent(0); ++t) out[t] = what.cleaned->signal(row, first + t);
  };
  write_edf(file, content_of(what), source);
}

const char* type_word(const std::string& type) {
  if (type == "eog") return "EOG";
  if (type == "ecg") return "ECG";
  if (type == "emg") return "EMG";
  if (type == "stim") return "TRIG";
  return "MISC";
}

Table channels_table(const CleanedRecording& what) {
  Table table{{"name", "type", "units", "sampling_frequency", "status", "status_description"}, {}};
  const auto& all = what.recording->channels();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto found = std::find(what.channels.begin(), what.channels.end(), static_cast<std::int64_t>(i));
    const bool cleaned = found != what.channels.end();
    const std::int64_t row = found - what.channels.begin();
    const auto& indices = what.cleaned->bad_indices;
    const bool bad = cleaned && std::find(indices.begin(), indices.end(), row) != indices.end();
    std::string description = "n/a";
    if (bad) description = what.cleaned->interpolated ? "interpolated" : "bad, not interpolated";
    table.rows.push_back({all[i].name, cleaned ? "EEG" : type_word(all[i].type), cleaned ? "uV" : all[i].unit,
                          number_text(all[i].rate_hz), bad && !what.cleaned->interpolated ? "bad" : "good",
                          description});
  }
  return table;
}

/// What was taken away and what was marked, in order of time.
Table spans_table(const CleanedRecording& what) {
  struct Row {
    std::int64_t begin, end;
    std::string kind, about;
  };
  std::vector<Row> rows;
  for (const CleanSpan& span : what.cleaned->spans)
    rows.push_back({span.begin, span.end, span.kind, span.kind == "burst" ? "rebuilt" : "component taken away"});
  for (const RejectedSpan& span : what.cleaned->rejection.spans)
    rows.push_back({span.begin, span.end, annotation_of(span), rejection_words(*what.input, span)});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.begin < b.begin; });
  Table table{{"onset", "duration", "trial_type", "description"}, {}};
  for (const Row& row : rows)
    table.rows.push_back({fixed_text(onset_s(what, row.begin), 6), fixed_text(duration_s(what, row.begin, row.end), 6),
                          row.kind, row.about});
  return table;
}

Table components_table(const CleanedRecording& what) {
  Table table{{"component", "kind", "removed", "variance", "why"}, {}};
  for (const std::int64_t c : what.cleaned->used)
    table.header.push_back(what.input->channels[static_cast<std::size_t>(c)] + "_uV");
  for (std::size_t k = 0; k < what.cleaned->components.size(); ++k) {
    const CleanComponent& component = what.cleaned->components[k];
    table.rows.push_back({std::to_string(k + 1), kind_name(component.kind), fixed_text(component.removed, 4),
                          fixed_text(component.variance, 4), component.why});
    for (std::int64_t c = 0; c < what.cleaned->maps.extent(0); ++c)
      table.rows.back().push_back(fixed_text(what.cleaned->maps(c, static_cast<std::int64_t>(k)) * 1e6, 4));
  }
  return table;
}

Json sidecar(const CleanedRecording& what) {
  const Cleaned& cleaned = *what.cleaned;
  Json filters = Json::object({{"HighPass", Json::object({{"CutoffHz", what.options->high_pass_hz}})},
                               {"Notch", Json::object({{"FrequenciesHz", Json::list_of(cleaned.line_hz)}})}});
  return Json::object({{"SamplingFrequency", what.input->rate_hz},
                       {"EEGReference", cleaned.reference},
                       {"EEGChannelCount", what.channels.size()},
                       {"RecordingType", what.recording->segments().size() > 1 ? "discontinuous" : "continuous"},
                       {"RecordingDuration", what.recording->duration_s()},
                       {"SoftwareFilters", filters},
                       {"Description", join(cleaned.steps, "; ")},
                       {"Rank", cleaned.rank_after}});
}

}  // namespace

DerivativePlace derivative_place(const Path& recording) {
  std::string stem = recording.stem().string();
  const Path folder = std::filesystem::absolute(recording).lexically_normal().parent_path();
  if (stem.size() > 4 && stem.substr(stem.size() - 4) == "_eeg" && begins(stem, "sub-")) {
    stem.resize(stem.size() - 4);
    Path inside = folder.filename(), above = folder.parent_path();
    for (int level = 0; level < 3 && !above.filename().empty(); ++level) {
      const std::string name = above.filename().string();
      if (!begins(name, "sub-") && !begins(name, "ses-")) break;
      inside = name / inside;
      above = above.parent_path();
      if (begins(name, "sub-")) return {above, inside, stem};
    }
  }
  const std::string label = letters_and_digits(recording.stem().string());
  return {{}, Path("sub-" + label) / "eeg", "sub-" + label + "_task-unknown"};
}

std::optional<Path> true_brain_file(const DerivativePlace& place) {
  if (place.study.empty()) return std::nullopt;
  const Path file = place.study / "derivatives" / "truth" / place.folder / (place.stem + "_desc-brain_eeg.edf");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
  return file;
}

void write_cleaned_folder(const Path& root, const DerivativePlace& place, const CleanedRecording& what) {
  BidsDescription description;
  description.name = "Cleaned EEG";
  description.derivative = true;
  description.license = "n/a";
  description.about = "caton clean";
  write_bids_description(root, description);
  const Path folder = root / place.folder;
  std::filesystem::create_directories(folder);
  const std::string stem = place.stem + "_desc-cleaned";
  write_signal(folder / (stem + "_eeg.edf"), what);
  write_file(folder / (stem + "_eeg.json"), sidecar(what).dump(2) + "\n");
  write_file(folder / (stem + "_channels.tsv"), table_text(channels_table(what), '\t'));
  write_file(folder / (stem + "_events.tsv"), table_text(spans_table(what), '\t'));
  if (!what.cleaned->components.empty())
    write_file(folder / (stem + "_components.tsv"), table_text(components_table(what), '\t'));
}

}  // namespace caton
