// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// A made-up run folder as `caton run` leaves it: 8 people, 14 electrodes, three pipelines under three plans, of which
// one leaks. Numbers are drawn, metrics are computed from the drawn predictions, so that everything fits together.

#include "caton/base/file.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/explain/tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace caton::testing {

struct ExampleElectrode {
  std::string name;
  double angle_degrees, azimuth_degrees, weight;  ///< from the top; from the right ear towards the nose; of the truth
};

/// DREAMER's electrodes; the simulated sources are frontal on the right and parietal on the left.
inline const std::vector<ExampleElectrode>& example_electrodes() {
  static const std::vector<ExampleElectrode> electrodes{
      {"AF3", 78, 113, 0.35}, {"F7", 90, 144, 0.12}, {"F3", 58, 129, 0.22}, {"FC5", 70, 159, 0.15},
      {"T7", 90, 180, 0.20},  {"P7", 90, 216, 0.72}, {"O1", 90, 252, 0.55}, {"O2", 90, 288, 0.31},
      {"P8", 90, 324, 0.25},  {"T8", 90, 0, 0.28},   {"FC6", 70, 21, 0.61}, {"F4", 58, 51, 0.95},
      {"F8", 90, 36, 0.66},   {"AF4", 78, 67, 0.88}};
  return electrodes;
}

struct ExampleOptions {
  std::uint64_t seed = 1;
  std::string name = "Simulated emotion, 8 people";
  std::string first_channel = {};  ///< tests put hostile names here
  std::vector<std::string> classes = {"low valence", "high valence"};
  std::vector<ExampleElectrode> electrodes = example_electrodes();
  bool leaky_plan = true;
};

class ExampleRun {
 public:
  explicit ExampleRun(ExampleOptions options) : options_(std::move(options)) {
    for (const auto& electrode : options_.electrodes) channels_.push_back(electrode.name);
    if (!options_.leaky_plan) plans_.front() = "leave-one-recording-out";
    if (!options_.first_channel.empty()) channels_.front() = options_.first_channel;
  }

  void write(const Path& folder) {
    std::filesystem::create_directories(folder / "tables");
    const Json study = study_json(), metrics = metrics_json(), audit = audit_json();
    write_file(folder / "recipe.toml", to_toml(recipe_json()));
    write_file(folder / "study.json", study.dump(1));
    write_file(folder / "findings.json", findings_json().dump(1));
    write_file(folder / "metrics.json", metrics.dump(1));
    write_file(folder / "audit.json", audit.dump(1));
    write_file(folder / "versions.json",
               Json::object({{"caton", "0.1.0"}, {"compiler", "GCC 12.2.0"}, {"libtorch", "1.13.1"}}).dump(1));
    write_file(folder / "predictions.csv", table_text(predictions_));
    Tables tables = study_tables(study);
    tables.merge(result_tables(metrics, audit, study));
    add_explanations(tables);
    for (const auto& [name, table] : tables) write_file(folder / "tables" / (name + ".csv"), table_text(table));
  }

 private:
  [[nodiscard]] int class_count() const { return static_cast<int>(options_.classes.size()); }
  [[nodiscard]] bool leaks(std::size_t plan) const { return plan == 0 && options_.leaky_plan; }

  static constexpr int subjects = 8, sessions = 2, trials = 8, windows = 6;
  const std::vector<std::string> bands_{"theta 4-8 Hz", "alpha 8-14 Hz", "beta 14-31 Hz", "gamma 31-49 Hz"};
  const std::vector<std::string> pipelines_{"rbtransformer", "differential entropy, shrinkage LDA",
                                            "nearest neighbour"};
  std::vector<std::string> plans_{"as-published", "leave-one-trial-out", "cross-subject"};

  RandomStream stream(const char* purpose, std::uint64_t index = 0) const { return {options_.seed, purpose, {index}}; }

  Json recipe_json() const {
    Json steps = Json::list();
    steps.push(Json::object({{"bandpass", Json::object({{"low_hz", 4.0}, {"high_hz", 45.0}})}}));
    Json pipelines = Json::list();
    for (const auto& name : pipelines_)
      pipelines.push(Json::object(
          {{"name", name},
           {"input", "rbt-trial-tokens"},
           {"decoder",
            Json::object({{"name", "rbtransformer"}, {"epochs", 40}, {"batch", 256}, {"learning_rate", 0.001}})}}));
    return Json::object(
        {{"study", Json::object({{"name", options_.name}, {"dataset", "simulated"}, {"seed", 1}})},
         {"prepare",
          Json::object({{"steps", steps}, {"window", Json::object({{"length_s", 4.0}, {"step_s", 0.914}})}})},
         {"pipeline", pipelines},
         {"evaluate", Json::object({{"plans", Json::list_of(plans_)}, {"published", "rbtransformer"}})}});
  }

  Json study_json() const {
    Json channels = Json::list(), recordings = Json::list(), truth = Json::object();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const auto& electrode = options_.electrodes[i];
      const double angle = electrode.angle_degrees * std::numbers::pi / 180,
                   turn = electrode.azimuth_degrees * std::numbers::pi / 180;
      const std::vector<double> position{0.09 * std::sin(angle) * std::cos(turn),
                                         0.09 * std::sin(angle) * std::sin(turn), 0.09 * std::cos(angle)};
      channels.push(Json::object({{"name", channels_[i]}, {"position_m", Json::list_of(position)}}));
      truth[channels_[i]] = electrode.weight;
    }
    for (int s = 1; s <= subjects; ++s) {
      for (int k = 1; k <= sessions; ++k) {
        const std::string id = "sub-" + std::to_string(s) + "_ses-" + std::to_string(k);
        recordings.push(Json::object({{"id", id},
                                      {"subject", "sub-" + std::to_string(s)},
                                      {"session", "ses-" + std::to_string(k)},
                                      {"format", "EDF"},
                                      {"duration_s", 512.5 + s},
                                      {"sha256", sha256(id)}}));
      }
    }
    const int each = subjects * sessions * trials;
    Json study = Json::object(
        {{"name", options_.name},
         {"dataset", "simulated"},
         {"seed", 1},
         {"subjects", subjects},
         {"sessions", subjects * sessions},
         {"trials", each},
         {"samples", each * windows},
         {"classes", Json::list_of(options_.classes)},
         {"class_counts", Json::list_of(std::vector<int>(options_.classes.size(), each * windows / class_count()))},
         {"class_trials", Json::list_of(std::vector<int>(options_.classes.size(), each / class_count()))},
         {"channels", channels},
         {"rate_hz", 128.0},
         {"window_s", 4.0},
         {"step_s", 0.914},
         {"bands", Json::list_of(bands_)},
         {"recordings", recordings}});
    study["excluded"] = Json::list();
    study["excluded"].push(Json::object(
        {{"what", "recording sub-3_ses-2b"}, {"why", "the same signal as sub-3_ses-2 under another name"}}));
    study["excluded"].push(
        Json::object({{"what", "trial 5 of sub-7, session 1"}, {"why", "2.1 s long, shorter than a window of 4 s"}}));
    study["methods"] =
        "Recordings of 8 people (14 electrodes, 128 Hz) were band-pass filtered from 4 to 45 Hz and cut into windows "
        "of 4 s. "
        "Differential entropy of four bands at each electrode was the input of three decoders, each evaluated under "
        "three "
        "split plans with the same folds.";
    study["band_power"] = band_power_json();
    study["amplitude"] = amplitude_json();
    study["truth"] = Json::object(
        {{"electrodes", truth},
         {"note",
          "Weights: root mean square of the emotion sources' lead field at each electrode, largest scaled to 1."}});
    return study;
  }

  Json band_power_json() const {
    RandomStream random = stream("band power");
    Json all = Json::list(), by_class = Json::list();
    std::vector<Json> of_class(options_.classes.size(), Json::list());
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      std::vector<double> mean;
      std::vector<std::vector<double>> classes(of_class.size());
      for (std::size_t b = 0; b < bands_.size(); ++b) {
        const double back = options_.electrodes[c].azimuth_degrees > 180 ? 1 : 0;
        const double base = 12 - 4.0 * static_cast<double>(b) + (b == 1 ? 5 * back : 0) + 0.6 * random.normal();
        const double effect = (b == 0   ? 0.1
                               : b == 1 ? -0.9
                                        : 0.8) *
                                  options_.electrodes[c].weight +
                              0.08 * random.normal();
        mean.push_back(base);
        for (std::size_t k = 0; k < classes.size(); ++k)
          classes[k].push_back(base + effect * (static_cast<double>(k) - 0.5));
      }
      all.push(Json::list_of(mean));
      for (std::size_t k = 0; k < classes.size(); ++k) of_class[k].push(Json::list_of(classes[k]));
    }
    for (auto& rows : of_class) by_class.push(rows);
    return Json::object({{"channels", Json::list_of(channels_)},
                         {"bands", Json::list_of(bands_)},
                         {"values", all},
                         {"by_class", by_class}});
  }

  Json amplitude_json() const {
    RandomStream random = stream("amplitude");
    std::vector<std::vector<double>> rows(options_.classes.size());
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      const double base = 9 + 2 * random.uniform();
      for (std::size_t k = 0; k < rows.size(); ++k)
        rows[k].push_back(channels_[c] == "F8" && k == 1 ? 3.4 * base : base * (1 + 0.06 * random.normal()));
    }
    Json by_class = Json::list();
    for (const auto& row : rows) by_class.push(Json::list_of(row));
    return Json::object({{"channels", Json::list_of(channels_)}, {"by_class", by_class}, {"unit", "uV"}});
  }

  Json findings_json() const {
    Json findings = Json::list();
    const auto add = [&](const char* code, const char* severity, const std::string& where, const std::string& what) {
      findings.push(Json::object({{"code", code}, {"severity", severity}, {"where", where}, {"what", what}}));
    };
    for (int s = 1; s <= subjects; ++s)
      add("recording/annotation-rounded", "note", "sub-" + std::to_string(s) + "_ses-1.edf",
          "onsets are given to whole seconds");
    add("prepare/flat-channel", "warn", "sub-2_ses-1.edf, " + channels_[3],
        channels_[3] + " is constant for 12.5 s; 3 windows left out");
    add("prepare/flat-channel", "warn", "sub-6_ses-2.edf, T8", "T8 is constant for 4.0 s; 1 window left out");
    add("recording/gap", "warn", "sub-5_ses-2.edf", "2 gaps, the longest 53 s; no window crosses a gap");
    add("recording/copy", "stop", "sub-3_ses-2b.edf",
        "the same signal as sub-3_ses-2.edf (correlation 0.9999); the later file was left out");
    add("study/amplitude-by-class", "warn", "F8",
        "amplitude differs 3.4 times between classes; contact or muscle may be decoded");
    return findings;
  }

  /// The chance that a window is classified rightly.
  static double skill(std::size_t pipeline, std::size_t plan) {
    constexpr double table[3][3] = {{0.975, 0.655, 0.595}, {0.71, 0.64, 0.605}, {0.99, 0.575, 0.535}};
    return table[pipeline][plan];
  }

  struct Tally {
    double right = 0, count = 0;
  };

  Json score(const std::vector<Tally>& units, std::uint64_t index) const {
    RandomStream random = stream("interval", index);
    std::vector<double> means;
    for (int r = 0; r < 400; ++r) {
      Tally sum;
      for (std::size_t i = 0; i < units.size(); ++i) {
        const Tally& unit = units[random.below(units.size())];
        sum.right += unit.right;
        sum.count += unit.count;
      }
      means.push_back(sum.right / sum.count);
    }
    std::sort(means.begin(), means.end());
    Tally all;
    for (const auto& unit : units) {
      all.right += unit.right;
      all.count += unit.count;
    }
    return Json::object(
        {{"value", all.right / all.count}, {"low", means[10]}, {"high", means[389]}, {"n", units.size()}});
  }

  Json metrics_json() {
    predictions_.header = {"pipeline", "plan", "fold", "sample", "study", "subject", "session", "trial", "y", "label"};
    for (const auto& name : options_.classes) predictions_.header.push_back("p_" + name);
    Json evaluations = Json::list();
    for (std::size_t p = 0; p < pipelines_.size(); ++p) {
      std::vector<Json> of_plan;
      for (std::size_t k = 0; k < plans_.size(); ++k) of_plan.push_back(evaluation(p, k));
      const double leaky = of_plan[0].at("metrics").at("accuracy").at("value").number();
      const double honest = of_plan[1].at("metrics").at("accuracy").at("value").number();
      if (options_.leaky_plan) {
        of_plan[0]["twin"] = Json::object({{"plan", plans_[1]},
                                           {"inflation_points", 100 * (leaky - honest)},
                                           {"low", 100 * (leaky - honest) - 4.5},
                                           {"high", 100 * (leaky - honest) + 4.2}});
      }
      for (auto& entry : of_plan) evaluations.push(entry);
    }
    return Json::object({{"evaluations", evaluations}});
  }

  Json evaluation(std::size_t p, std::size_t k) {
    RandomStream random = stream("predictions", 10 * p + k);
    std::vector<Tally> people(subjects);
    std::vector<std::vector<Tally>> trials_of(subjects);
    std::vector<std::vector<int>> confusion(options_.classes.size(), std::vector<int>(options_.classes.size(), 0));
    int sample = 0;
    for (int s = 0; s < subjects; ++s) {
      const double person = 0.06 * random.normal();
      for (int t = 0; t < sessions * trials; ++t) {
        const int y = t % class_count();
        const double chance = std::clamp(
            skill(p, k == 0 && !options_.leaky_plan ? 1 : k) + (leaks(k) ? 0.2 : 1) * (person + 0.12 * random.normal()),
            0.02, 0.995);
        Tally trial;
        for (int w = 0; w < windows; ++w) {
          const bool right = random.uniform() < chance;
          const int label =
              right ? y : (y + 1 + static_cast<int>(random.below(options_.classes.size() - 1))) % class_count();
          const double sure = 0.5 + 0.45 * random.uniform();
          confusion[static_cast<std::size_t>(y)][static_cast<std::size_t>(label)]++;
          trial.right += right ? 1 : 0;
          trial.count += 1;
          const int fold = k == 0 ? sample % 5 : k == 1 ? t % 5 : s;
          predictions_.rows.push_back({pipelines_[p], plans_[k], std::to_string(fold), std::to_string(sample++),
                                       "simulated", "sub-" + std::to_string(s + 1),
                                       "ses-" + std::to_string(t / trials + 1), std::to_string(t), std::to_string(y),
                                       std::to_string(label)});
          for (int c = 0; c < class_count(); ++c)
            predictions_.rows.back().push_back(fixed_text(c == label ? sure : (1 - sure) / (class_count() - 1), 4));
        }
        people[static_cast<std::size_t>(s)].right += trial.right;
        people[static_cast<std::size_t>(s)].count += trial.count;
        trials_of[static_cast<std::size_t>(s)].push_back(trial);
      }
    }
    Json accuracy = score(people, 10 * p + k);
    accuracy["unit"] = "subjects";
    const double value = accuracy.at("value").number();
    Json kappa = Json::object({{"value", 2 * value - 1},
                               {"low", 2 * accuracy.at("low").number() - 1},
                               {"high", 2 * accuracy.at("high").number() - 1},
                               {"n", subjects},
                               {"unit", "subjects"}});
    Json persons = Json::object(), rows = Json::list();
    for (std::size_t s = 0; s < subjects; ++s)
      persons["sub-" + std::to_string(s + 1)] = score(trials_of[s], 100 + 100 * s + 10 * p + k);
    for (const auto& row : confusion) rows.push(Json::list_of(row));
    const bool leaky = leaks(k);
    const double p_value = leaky ? 0.001 : accuracy.at("low").number() > 1.0 / class_count() ? 0.004 : 0.12;
    Json entry = Json::object(
        {{"pipeline", pipelines_[p]},
         {"plan", plans_[k]},
         {"leaky", leaky},
         {"leaks", leaky ? leaks_json() : Json::list()},
         {"metrics",
          Json::object(
              {{"accuracy", accuracy}, {"balanced-accuracy", accuracy}, {"macro-f1", accuracy}, {"kappa", kappa}})},
         {"chance", Json::object({{"value", 1.0 / class_count()},
                                  {"low", 0.463},
                                  {"high", 0.538},
                                  {"method", "labels permuted by trial against stored predictions (200 permutations)"},
                                  {"p", p_value}})},
         {"subjects", persons},
         {"folds", Json::list()},
         {"confusion", rows},
         {"claims", Json::list()},
         {"twin", nullptr},
         {"ilss", p == 0 ? Json(6.1 - static_cast<double>(k)) : Json()}});
    if (k == 2 && p == 0)
      entry["claims"] = Json::list_of(std::vector<std::string>{
          "no difference shown to shrinkage LDA on the same folds (paired over 8 people, p = 0.55)"});
    return entry;
  }

  static Json leaks_json() {
    Json leaks = Json::list();
    leaks.push(Json::object(
        {{"code", "leak/window-overlap"},
         {"severity", "stop"},
         {"what", "93 % of the test windows share raw samples with a training window, at most 395 of 512."}}));
    leaks.push(Json::object({{"code", "leak/trial-split"},
                             {"severity", "stop"},
                             {"what", "128 of 128 trials have windows on both sides in every fold."}}));
    return leaks;
  }

  Json audit_json() const {
    Json evaluations = Json::list();
    for (const auto& pipeline : pipelines_) {
      for (std::size_t k = 0; k < plans_.size(); ++k) {
        Json findings = Json::list();
        if (leaks(k))
          findings.push(Json::object({{"code", "leak/window-overlap"},
                                      {"severity", "stop"},
                                      {"fold", "all"},
                                      {"size", 714},
                                      {"what", "93 % of the test windows overlap training"}}));
        if (k == 1)
          findings.push(
              Json::object({{"code", "leak/subject-split"},
                            {"severity", "note"},
                            {"fold", "all"},
                            {"size", 8},
                            {"what", "all 8 people are on both sides: this plan says nothing about new people"}}));
        std::vector<std::string> not_checked{"leak/future", "confound/artefact"};
        if (k == 1) not_checked.emplace_back("leak/session-split");
        evaluations.push(Json::object({{"pipeline", pipeline},
                                       {"plan", plans_[k]},
                                       {"verdict", leaks(k) ? "leaks" : "clean"},
                                       {"findings", findings},
                                       {"not_checked", Json::list_of(not_checked)}}));
      }
    }
    return Json::object({{"verdict", options_.leaky_plan ? "leaks" : "clean"}, {"evaluations", evaluations}});
  }

  void add_explanations(Tables& tables) const {
    const ExplainedResult network{.pipeline = pipelines_[0], .plan = plans_[2], .verdict = "clean"};
    const Table attention = attention_table(network, attention_example());
    tables["attention_rbtransformer"] = attention;
    std::map<std::string, double> weights;
    for (std::size_t c = 0; c < channels_.size(); ++c) weights[channels_[c]] = options_.electrodes[c].weight;
    for (std::size_t p = 0; p < 2; ++p) {
      const ExplainedResult result{.pipeline = pipelines_[p], .plan = plans_[2], .verdict = "clean"};
      const std::string ending = folder_name(pipelines_[p]);
      const Table occlusion = occlusion_table(result, occlusion_example(p));
      tables["occlusion_" + ending] = occlusion;
      const ElectrodeMap drops = occlusion_by_electrode(occlusion), received = attention_received(attention);
      std::vector<TruthMatch> matches{match_truth("occlusion", drops.electrodes, drops.values, weights, 1)};
      if (p == 0)
        matches.push_back(match_truth("attention received", received.electrodes, received.values, weights, 1));
      tables["truth_" + ending] = truth_table(result, matches);
    }
    for (std::size_t k = 0; k < plans_.size(); ++k)
      tables["curve_rbtransformer_" + folder_name(plans_[k])] = curve_table(
          {.pipeline = pipelines_[0], .plan = plans_[k], .verdict = leaks(k) ? "leaks" : "clean"}, curves(k));
    tables["features2d_rbtransformer"] = features_example(network);
    tables["explain_" + folder_name(pipelines_[1]) + "_patterns"] = patterns_example();
  }

  Explanation attention_example() const {
    RandomStream random = stream("attention");
    const auto n = static_cast<std::int64_t>(channels_.size());
    const std::vector<std::string> heads{"1", "2", "3", "4"};
    std::vector<double> values;
    for (int c = 0; c < class_count(); ++c) {
      for (int h = 0; h < 4; ++h) {
        for (std::int64_t i = 0; i < n; ++i) {
          std::vector<double> row;
          double sum = 0;
          for (std::int64_t k = 0; k < n; ++k) {
            row.push_back(std::exp(0.5 * random.normal() + (k == (3 * h + 2) % n ? 1.2 : 0) +
                                   (c == 1 && k == 11 ? 0.8 : 0) + (i == k ? 0.6 : 0)));
            sum += row.back();
          }
          for (const double value : row) values.push_back(value / sum);
        }
      }
    }
    return {.name = "attention",
            .axes = {"class", "head", "electrode", "electrode"},
            .ticks = {options_.classes, heads, channels_, channels_},
            .values = Tensor({class_count(), 4, n, n}, values),
            .unit = "share",
            .per_class = true};
  }

  OcclusionSummary occlusion_example(std::size_t pipeline) const {
    RandomStream random = stream("occlusion", pipeline);
    OcclusionSummary summary{.scores = {}, .samples = 768, .units = subjects, .unit = "subjects"};
    const auto add = [&](const std::string& electrode, const std::string& band, double drop) {
      const double half = 0.004 + 0.25 * std::fabs(drop);
      summary.scores.push_back({.part = {electrode, band},
                                .drop_probability = drop,
                                .low = drop - half,
                                .high = drop + half,
                                .drop_accuracy = 1.3 * drop});
    };
    for (std::size_t c = 0; c < channels_.size(); ++c)
      add(channels_[c], "", 0.032 * std::pow(options_.electrodes[c].weight, 1.5) + 0.002 * random.normal());
    const std::vector<double> by_band{0.004, 0.031, 0.022, 0.027};
    for (std::size_t b = 0; b < bands_.size(); ++b) add("", bands_[b], by_band[b]);
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      for (std::size_t b = 0; b < bands_.size(); ++b)
        add(channels_[c], bands_[b], 0.4 * by_band[b] * options_.electrodes[c].weight + 0.0006 * random.normal());
    }
    return summary;
  }

  std::vector<std::vector<Json>> curves(std::size_t plan) const {
    std::vector<std::vector<Json>> curves;
    for (std::uint64_t fold = 0; fold < (plan == 2 ? 8 : 5); ++fold) {
      RandomStream random = stream("curve", 10 * plan + fold);
      curves.emplace_back();
      for (int epoch = 1; epoch <= 40; ++epoch) {
        const double learned = 1 - std::exp(-epoch / 9.0);
        curves.back().push_back(
            Json::object({{"epoch", epoch},
                          {"training_loss", 0.69 - 0.4 * learned + 0.01 * random.normal()},
                          {"validation_loss", 0.69 - (plan == 0 ? 0.38 : 0.07) * learned +
                                                  (plan == 0 ? 0 : 0.0022 * epoch) + 0.012 * random.normal()},
                          {"training_accuracy", 0.5 + 0.46 * learned + 0.008 * random.normal()}}));
      }
    }
    return curves;
  }

  Table features_example(const ExplainedResult& result) const {
    RandomStream random = stream("features");
    SampleSet samples;
    samples.classes = options_.classes;
    PrincipalPlane plane{.points = Array<double, 2>({subjects * sessions * trials * windows, 2}),
                         .share = {{0.41, 0.17}}};
    std::int64_t i = 0;
    for (int s = 0; s < subjects; ++s) {
      const double x = 1.6 * random.normal(), y = 1.6 * random.normal();
      for (int t = 0; t < sessions * trials; ++t) {
        const double tx = x + 0.45 * random.normal() + (t % class_count() == 1 ? 0.5 : 0),
                     ty = y + 0.45 * random.normal();
        for (int w = 0; w < windows; ++w, ++i) {
          plane.points(i, 0) = tx + 0.12 * random.normal();
          plane.points(i, 1) = ty + 0.12 * random.normal();
          samples.label.push_back(t % class_count());
          samples.origins.id.push_back(i);
          add_name(samples.origins.subject, "sub-" + std::to_string(s + 1));
          add_name(samples.origins.session, "ses-" + std::to_string(t / trials + 1));
          add_name(samples.origins.trial, std::to_string(t));
        }
      }
    }
    return features_table(result, "all", "pooled features of the network", plane, samples);
  }

  static void add_name(NameColumn& column, const std::string& name) {
    const auto found = std::find(column.names.begin(), column.names.end(), name);
    column.index.push_back(static_cast<std::int32_t>(found - column.names.begin()));
    if (found == column.names.end()) column.names.push_back(name);
  }

  Table patterns_example() const {
    RandomStream random = stream("patterns");
    std::vector<double> values;
    for (const auto& electrode : options_.electrodes) {
      for (std::size_t b = 0; b < bands_.size(); ++b)
        values.push_back((b == 1 ? -0.4 : 0.3) * electrode.weight + 0.05 * random.normal());
    }
    const Explanation patterns{.name = "patterns",
                               .axes = {"electrode", "band"},
                               .ticks = {channels_, bands_},
                               .values = Tensor({static_cast<std::int64_t>(channels_.size()), 4}, values),
                               .unit = "bit"};
    return explanation_table({.pipeline = pipelines_[1], .plan = plans_[2], .verdict = "clean"}, patterns);
  }

  ExampleOptions options_;
  std::vector<std::string> channels_;
  Table predictions_;
};

/// Writes the example into `folder`.
inline void write_example_run(const Path& folder, const ExampleOptions& options = {}) {
  ExampleRun(options).write(folder);
}

}  // namespace caton::testing
