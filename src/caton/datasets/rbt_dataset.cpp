// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/rbt_dataset.hpp"
#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/deap/deap_folder.hpp"
#include "caton/datasets/dreamer/dreamer_file.hpp"
#include "caton/datasets/ratings.hpp"
#include "caton/datasets/seed/seed_folder.hpp"
#include "caton/features/tokens/trial_tokens.hpp"

#include <algorithm>
#include <map>

namespace caton {
namespace {

/// Tokens of trial after trial, with the columns that say where each came from.
class TokenRows {
 public:
  explicit TokenRows(TrialTokenOptions options) : options_(std::move(options)) {}

  /// A trial shorter than a window is left out.
  void add(Signal trial, const std::optional<Signal>& baseline, const std::map<std::string, std::int64_t>& columns) {
    if (trial_window_begins(trial.extent(1), options_).empty()) return;
    const TrialTokens made = rbt_trial_tokens(trial, baseline, options_);
    const std::int64_t windows = made.tokens.extent(0);
    channels_ = made.tokens.extent(1);
    bands_ = made.tokens.extent(2);
    for (const double value : made.tokens) values_.push_back(static_cast<float>(value));
    for (const std::int64_t start : made.start) columns_["start"].push_back(start);
    for (const auto& [name, value] : columns) {
      columns_[name].insert(columns_[name].end(), static_cast<std::size_t>(windows), value);
    }
    windows_ += windows;
  }
  Tensors result(const std::string& where) && {
    if (windows_ == 0)
      throw input_error(where,
                        "every trial is too short for a window of " + std::to_string(options_.window) + " samples");
    Tensors out;
    for (const auto& [name, values] : columns_) out.emplace(name, Tensor::vector(values));
    out.emplace("tokens", Tensor({windows_, channels_, bands_}, values_));
    return out;
  }

 private:
  TrialTokenOptions options_;
  std::vector<float> values_;
  std::map<std::string, std::vector<std::int64_t>> columns_;
  std::int64_t windows_ = 0, channels_ = 0, bands_ = 0;
};

void add_labels(std::map<std::string, std::int64_t>& columns, const std::string& dimension, double rating,
                const RatingScale& scale, const std::string& where) {
  const std::string place = where + ", " + dimension;
  columns[dimension + "_multi"] = rbt_labels({&rating, 1}, scale, LabelKind::multi, place).front();
  if (scale.binary_from >= scale.low) {
    columns[dimension + "_binary"] = rbt_labels({&rating, 1}, scale, LabelKind::binary, place).front();
  }
}

Tensors dreamer_rows(const Path& path) {
  const DreamerFile file(path);
  TokenRows rows(TrialTokenOptions::for_dreamer());
  for (std::int64_t s = 0; s < file.subjects(); ++s) {
    for (std::int64_t t = 0; t < file.trials(); ++t) {
      const std::string where =
          path.string() + ": subject " + std::to_string(s + 1) + ", trial " + std::to_string(t + 1);
      std::map<std::string, std::int64_t> columns{{"subject", s}, {"trial", t}};
      for (std::size_t d = 0; d < rated_dimensions.size(); ++d) {
        add_labels(columns, rated_dimensions[d], file.rating(d, s, t), dreamer_scale(), where);
      }
      const auto trial = file.stimulus(s, t);
      const auto baseline = file.baseline(s, t);
      rows.add(trial.view(), baseline.view(), columns);
    }
  }
  return std::move(rows).result(path.string());
}

Tensors deap_rows(const Path& path) {
  const DeapFolder folder(path);
  TokenRows rows(TrialTokenOptions::for_deap());
  for (const auto& person : folder.people()) {
    const Tensor signals = DeapFolder::signals(person);
    const auto trial_size = static_cast<std::size_t>(DeapFolder::channels * person.samples);
    const std::vector<double> converted = signals.dtype() == Dtype::f64 ? std::vector<double>{} : signals.doubles();
    const std::span<const double> all = converted.empty() ? signals.values<double>("data") : std::span(converted);
    for (std::int64_t t = 0; t < person.trials; ++t) {
      const std::string where = person.path.string() + ": trial " + std::to_string(t + 1);
      std::map<std::string, std::int64_t> columns{{"subject", person.number}, {"trial", t}};
      for (std::size_t d = 0; d < rated_dimensions.size(); ++d) {
        add_labels(columns, rated_dimensions[d], person.labels(t, static_cast<std::int64_t>(d)), deap_scale(), where);
      }
      const auto values = all.subspan(static_cast<std::size_t>(t) * trial_size, trial_size);
      rows.add(Signal(values.data(), {DeapFolder::eeg_channels, person.samples}), std::nullopt, columns);
    }
  }
  return std::move(rows).result(path.string());
}

Tensors seed_rows(const Path& path) {
  const SeedFolder folder(path);
  TokenRows rows(TrialTokenOptions::for_seed());
  for (const auto& session : folder.sessions()) {
    for (const auto& film : session.films) {
      std::map<std::string, std::int64_t> columns{
          {"subject", session.subject}, {"session", session.rank}, {"trial", film.number}};
      add_labels(columns, "emotion", film.emotion, seed_scale(), session.path.string() + ": " + film.variable);
      const auto signal = SeedFolder::signal(session, film);
      rows.add(signal.view(), std::nullopt, columns);
    }
  }
  return std::move(rows).result(path.string());
}

Tensors call_dataset(const Arguments& args, const Tensors& /*in*/) {
  return rbt_dataset(args.text("dataset"), args.text("path"));
}

const Operation dataset_operation{
    .name = "rbt_dataset",
    .room = "datasets",
    .about = "Tokens and labels of a whole study as RBTransformer's authors make them (their dataset classes)",
    .arguments = {{"dataset", "text", {}, "dreamer, deap or seed"}, {"path", "text", {}, "the study's file or folder"}},
    .outputs = {{"tokens", "windows channels 4", "bit"},
                {"start", "windows"},
                {"subject", "windows"},
                {"session", "windows", {}, true},
                {"trial", "windows"},
                {"valence_binary", "windows", {}, true},
                {"valence_multi", "windows", {}, true},
                {"arousal_binary", "windows", {}, true},
                {"arousal_multi", "windows", {}, true},
                {"dominance_binary", "windows", {}, true},
                {"dominance_multi", "windows", {}, true},
                {"emotion_multi", "windows", {}, true}},
    .call = call_dataset,
};
CATON_REGISTER(Operation, dataset_operation);

}  // namespace

Tensors rbt_dataset(const std::string& dataset, const Path& path) {
  if (dataset == "dreamer") return dreamer_rows(path);
  if (dataset == "deap") return deap_rows(path);
  if (dataset == "seed") return seed_rows(path);
  throw usage_error("rbt_dataset", "unknown dataset \"" + printable(dataset) + "\"",
                    suggestion(dataset, {"dreamer", "deap", "seed"}));
}

}  // namespace caton
