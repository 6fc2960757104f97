// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/study_about.hpp"

#include "caton/base/operation.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/text.hpp"
#include "caton/study/versions.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace caton {
namespace {

/// The first recording that was decoded; where samples came without recordings, what their set says.
RecordingAbout first_kept(const MeasuredStudy& measured, const SampleSet& samples) {
  for (std::size_t r = 0; r < measured.recordings.size(); ++r) {
    if (measured.left_out.count(static_cast<std::int64_t>(r)) == 0) return measured.recordings[r];
  }
  RecordingAbout about;
  about.rate_hz = samples.rate_hz;
  for (const auto& name : samples.channels) about.channels.push_back(Channel{.name = name});
  return about;
}

/// Electrode positions: as filed, else of the standard montage; null where the
/// name is not known.
Json positions(const std::vector<Channel>& channels) {
  Json list = Json::list();
  for (const Channel& channel : channels) {
    Json position;
    if (channel.position_m) {
      position = Json::list_of(*channel.position_m);
    } else {
      try {
        const Tensors found =
            run_operation("montage_positions", Json::object({{"names", Json(Json::List{channel.name})}}), {});
        position = Json::list_of(found.at("positions").doubles());
      } catch (const Error&) {
        position = Json{};  // not an electrode of the standard montage
      }
    }
    list.push(Json::object({{"name", channel.name}, {"position_m", position}}));
  }
  return list;
}

/// Medians over trials: dB of V^2 (or of the squared unit as filed) by channel
/// and band.
Json band_power_of(const std::vector<const TrialAbout*>& trials, std::size_t channels, std::size_t bands) {
  Json rows = Json::list();
  for (std::size_t c = 0; c < channels; ++c) {
    Json row = Json::list();
    for (std::size_t b = 0; b < bands; ++b) {
      std::vector<double> values;
      for (const TrialAbout* const trial : trials) {
        if (trial->band_power.size() != 0)
          values.push_back(10 *
                           std::log10(trial->band_power(static_cast<std::int64_t>(c), static_cast<std::int64_t>(b))));
      }
      row.push(Json(median(values)));
    }
    rows.push(row);
  }
  return rows;
}

std::vector<const TrialAbout*> trials_of(const MeasuredStudy& measured, std::int64_t label) {
  std::vector<const TrialAbout*> trials;
  for (const TrialAbout& trial : measured.trials) {
    if (label < 0 || trial.label == label) trials.push_back(&trial);
  }
  return trials;
}

Json band_power_json(const Study& study, const MeasuredStudy& measured, const Json& names) {
  const bool any = std::any_of(measured.trials.begin(), measured.trials.end(),
                               [](const TrialAbout& trial) { return trial.band_power.size() != 0; });
  if (!any) return Json{};
  Json bands = Json::list(), by_class = Json::list();
  for (const auto& band : report_bands()) bands.push(band.first);
  for (std::size_t k = 0; k < study.classes.size(); ++k) {
    by_class.push(band_power_of(trials_of(measured, static_cast<std::int64_t>(k)), names.size(), bands.size()));
  }
  return Json::object({{"channels", names},
                       {"bands", bands},
                       {"values", band_power_of(trials_of(measured, -1), names.size(), bands.size())},
                       {"by_class", by_class},
                       {"unit", measured.unit_known ? "dB re 1 V^2" : "dB re 1 (unit unknown)^2"}});
}

Json amplitude_json(const Study& study, const MeasuredStudy& measured, const Json& names) {
  Json by_class = Json::list();
  for (std::size_t k = 0; k < study.classes.size(); ++k) {
    Json row = Json::list();
    for (std::size_t c = 0; c < names.size(); ++c) {
      std::vector<double> values;
      for (const TrialAbout* const trial : trials_of(measured, static_cast<std::int64_t>(k)))
        values.push_back(trial->amplitude[c] * (measured.unit_known ? 1e6 : 1));
      row.push(Json(median(values)));
    }
    by_class.push(row);
  }
  return Json::object(
      {{"channels", names}, {"by_class", by_class}, {"unit", measured.unit_known ? "uV" : "unit unknown"}});
}

Json recordings_json(const Study& study, const MeasuredStudy& measured) {
  Json list = Json::list();
  for (std::size_t r = 0; r < study.recordings.size(); ++r) {
    const auto& about = measured.recordings[r];
    list.push(Json::object({{"id", study.recordings[r].id},
                            {"subject", study.recordings[r].subject},
                            {"session", study.recordings[r].session},
                            {"format", about.format},
                            {"duration_s", about.duration_s},
                            {"sha256", about.digest}}));
  }
  return list;
}

struct Counts {
  std::set<std::string> subjects, sessions;
  std::vector<std::int64_t> class_trials;
  std::int64_t trials = 0;
};

/// Trials of samples that came without recordings.
void count_samples(const SampleSet& samples, Counts& counts) {
  std::set<std::string> seen;
  for (std::int64_t i = 0; i < samples.size(); ++i) {
    const std::string subject = samples.origins.study.at(i) + "/" + samples.origins.subject.at(i);
    counts.subjects.insert(subject);
    counts.sessions.insert(samples.origins.session.at(i));
    if (!seen.insert(subject + "/" + samples.origins.trial.at(i)).second) continue;
    ++counts.class_trials[static_cast<std::size_t>(samples.label[static_cast<std::size_t>(i)])];
    ++counts.trials;
  }
}

Counts counts_of(const Study& study, const MeasuredStudy& measured, const SampleSet& samples) {
  Counts counts;
  counts.class_trials.assign(study.classes.size(), 0);
  if (measured.recordings.empty()) count_samples(samples, counts);
  for (std::size_t r = 0; r < study.recordings.size(); ++r) {
    if (measured.left_out.count(static_cast<std::int64_t>(r)) != 0) continue;
    counts.subjects.insert(study.recordings[r].subject);
    counts.sessions.insert(study.recordings[r].session);
  }
  for (const TrialAbout& trial : measured.trials) {
    ++counts.class_trials[static_cast<std::size_t>(trial.label)];
    ++counts.trials;
  }
  return counts;
}

std::string count_text(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

}  // namespace

std::string methods_paragraph(const Recipe& recipe, const Study& study, const MeasuredStudy& measured,
                              const RunSpec& spec) {
  const SampleSet& samples = *spec.pipelines.front().samples;
  const Counts counts = counts_of(study, measured, samples);
  const RecordingAbout first = first_kept(measured, samples);
  std::string text = std::string(measured.recordings.empty() ? "Simulated tokens of " : "Recordings of ") +
                     count_text(counts.subjects.size(), "subject") + " (" +
                     count_text(static_cast<std::size_t>(counts.trials), "trial") + ", " +
                     count_text(first.channels.size(), "channel") + ", " + number_text(first.rate_hz) +
                     " Hz) of the study \"" + study.name + "\" were decoded";
  text += study.label_about.empty() ? ". " : " (" + study.label_about + "). ";
  if (!measured.excluded.empty())
    text += count_text(measured.excluded.size(), "recording") + " left out, with reasons above. ";
  text += measured.steps.empty()
              ? "No filter or reference was applied before the features. "
              : "Each stretch without a gap was prepared by " + join(measured.steps, ", then ") + ". ";
  for (std::size_t p = 0; p < recipe.pipelines.size(); ++p) {
    const auto& pipeline = recipe.pipelines[p];
    text += "Pipeline \"" + pipeline.name + "\": input " + pipeline.input.at("name").text();
    for (const auto& step : pipeline.steps.items())
      text += ", " + (step.is_text() ? step.text() : step.at("name").text());
    text += ", decoder " + pipeline.decoder.at("name").text() +
            (pipeline.decide == "trial" ? ", one decision per trial (mean log probability of its windows)" : "") +
            " (" + std::to_string(spec.pipelines[p].samples->size()) + " windows). ";
  }
  std::vector<std::string> plans;
  for (const auto& plan : recipe.plans) plans.push_back(plan.name);
  text += "Split plans: " + join(plans, ", ") +
          ". Everything that was learned was learned from the training part of "
          "each fold. Intervals are 95 % bootstrap intervals over the "
          "independent units; "
          "chance comes from labels permuted in whole units. Random numbers: "
          "Philox, seed " +
          std::to_string(recipe.seed) + ". Computed with " + program_version() + ".";
  return text;
}

Json study_json(const Recipe& recipe, const Study& study, const MeasuredStudy& measured, const RunSpec& spec) {
  const SampleSet& samples = *spec.pipelines.front().samples;
  const Counts counts = counts_of(study, measured, samples);
  const RecordingAbout first = first_kept(measured, samples);
  Json names = Json::list(), bands = Json::list(), excluded = Json::list();
  for (const auto& channel : first.channels) names.push(channel.name);
  for (const auto& name : samples.features) bands.push(name);
  for (const auto& [what, why] : measured.excluded) excluded.push(Json::object({{"what", what}, {"why", why}}));
  Json json = Json::object({{"name", recipe.name},
                            {"dataset", recipe.dataset},
                            {"seed", static_cast<std::int64_t>(recipe.seed)},
                            {"label", study.label_about},
                            {"subjects", counts.subjects.size()},
                            {"sessions", counts.sessions.size()},
                            {"trials", counts.trials},
                            {"samples", samples.size()},
                            {"classes", Json::list_of(study.classes)},
                            {"class_counts", Json::list_of(samples.class_counts())},
                            {"class_trials", Json::list_of(counts.class_trials)}});
  json["channels"] = positions(first.channels);
  json["rate_hz"] = first.rate_hz;
  json["bands"] = bands;
  json["recordings"] = recordings_json(study, measured);
  json["excluded"] = excluded;
  json["methods"] = methods_paragraph(recipe, study, measured, spec);
  json["band_power"] = band_power_json(study, measured, names);
  json["amplitude"] = amplitude_json(study, measured, names);
  json["truth"] = study.truth ? study.truth() : Json{};
  return json;
}

}  // namespace caton
