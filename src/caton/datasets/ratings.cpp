// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/ratings.hpp"

#include "caton/base/error.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

std::vector<std::string> numbers_to(int last) {
  std::vector<std::string> names;
  for (int i = 1; i <= last; ++i) names.push_back(std::to_string(i));
  return names;
}

LabelKind kind_named(const std::string& name, const std::string& where) {
  if (name == "binary") return LabelKind::binary;
  if (name == "multi") return LabelKind::multi;
  throw usage_error(where, "unknown kind of classes \"" + printable(name) + "\"",
                    suggestion(name, {"binary", "multi"}));
}

std::int64_t one_label(double rating, const RatingScale& scale, LabelKind kind, const std::string& where) {
  if (!std::isfinite(rating)) {
    throw input_error(where, "a rating is not finite", "unrated = \"skip\" leaves such trials out");
  }
  const bool whole_needed = scale.binary_from < scale.low;  // films have a class, no rating between two
  if (rating < scale.low || rating > scale.high || (whole_needed && rating != std::floor(rating))) {
    throw input_error(where, "the rating " + number_text(rating) + " is outside the range " + number_text(scale.low) +
                                 " to " + number_text(scale.high) + " of " + scale.study);
  }
  if (kind == LabelKind::binary) return rating >= scale.binary_from ? 1 : 0;
  return static_cast<std::int64_t>(rating) - static_cast<std::int64_t>(scale.multi_from);
}

Tensors call_labels(const Arguments& args, const Tensors& in) {
  const LabelKind kind = kind_named(args.text("kind"), args.operation());
  const auto ratings = vector_port(args, in, "rating");
  return {{"label", Tensor::vector(rbt_labels(ratings, rating_scale(args.text("dataset")), kind, args.operation()))}};
}

const Operation labels_operation{
    .name = "rbt_labels",
    .room = "datasets",
    .about = "Classes of ratings as RBTransformer's authors make them (preprocessing/transformations.py)",
    .arguments = {{"dataset", "text", {}, "dreamer, deap or seed"}, {"kind", "text", {}, "binary or multi"}},
    .inputs = {{"rating", "n"}},
    .outputs = {{"label", "n"}},
    .nan_policy = NanPolicy::refuse,
    .call = call_labels,
};
CATON_REGISTER(Operation, labels_operation);

}  // namespace

const RatingScale& dreamer_scale() {
  static const RatingScale scale{"dreamer", 1, 5, 3, 1, numbers_to(5)};
  return scale;
}
const RatingScale& deap_scale() {
  static const RatingScale scale{"deap", 1, 9, 5, 1, numbers_to(9)};
  return scale;
}
const RatingScale& seed_scale() {
  static const RatingScale scale{"seed", -1, 1, -2, -1, {"negative", "neutral", "positive"}};
  return scale;
}

const RatingScale& rating_scale(const std::string& study) {
  for (const RatingScale* const scale : {&dreamer_scale(), &deap_scale(), &seed_scale()}) {
    if (scale->study == study) return *scale;
  }
  throw usage_error("rbt_labels", "unknown dataset \"" + printable(study) + "\"",
                    suggestion(study, {"dreamer", "deap", "seed"}));
}

std::vector<std::int64_t> rbt_labels(std::span<const double> ratings, const RatingScale& scale, LabelKind kind,
                                     const std::string& where) {
  if (kind == LabelKind::binary && scale.binary_from < scale.low) {
    throw usage_error(where, scale.study + " has no binary labels", "use multi");
  }
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < ratings.size(); ++i) {
    labels.push_back(one_label(ratings[i], scale, kind, where + ": rating " + std::to_string(i + 1)));
  }
  return labels;
}

std::vector<std::string> LabelRule::classes() const {
  if (kind == LabelKind::binary) return {"low", "high"};
  return scale->multi_classes;
}

std::string LabelRule::about() const {
  if (scale->binary_from < scale->low) return "emotion of the film";
  const std::string rated = target + " rated " + number_text(scale->low) + " to " + number_text(scale->high);
  return rated +
         (kind == LabelKind::binary ? ", high from " + fixed_text(scale->binary_from, 1) : ", whole part as class");
}

std::int64_t LabelRule::label(double rating, const std::string& where, Findings& findings) const {
  if (!std::isfinite(rating) && skip_unrated) {
    findings.push_back({"study/unrated", Severity::warn, where, "the rating is not finite; the trial is left out"});
    return -1;
  }
  return one_label(rating, *scale, kind, where);
}

LabelRule label_rule(const RatingScale& scale, const std::vector<std::string>& targets, const Json& options) {
  LabelRule rule;
  rule.scale = &scale;
  rule.target = options.at("target", "study").text("study: target");
  if (std::find(targets.begin(), targets.end(), rule.target) == targets.end()) {
    throw usage_error("study: target", scale.study + " has no \"" + printable(rule.target) + "\"",
                      suggestion(rule.target, targets));
  }
  rule.kind = kind_named(options.at("classes", "study").text("study: classes"), "study: classes");
  if (rule.kind == LabelKind::binary && scale.binary_from < scale.low) {
    throw usage_error("study: classes", scale.study + " has no binary labels", "use multi");
  }
  const std::string& unrated = options.at("unrated", "study").text("study: unrated");
  if (unrated != "refuse" && unrated != "skip") {
    throw usage_error("study: unrated", "unknown value \"" + printable(unrated) + "\"", "known: refuse, skip");
  }
  rule.skip_unrated = unrated == "skip";
  return rule;
}

std::vector<RecipeKey> rating_keys(const std::string& target, const std::vector<std::string>& targets, LabelKind kind) {
  return {{"target", "text", target, "what is decoded: " + join(targets, ", ")},
          {"classes", "text", kind == LabelKind::binary ? "binary" : "multi",
           kind == LabelKind::binary ? "binary (low, high) or multi (each whole rating)"
                                     : "multi (negative, neutral, positive)"},
          {"unrated", "text", "refuse", "trials whose rating is not a number: refuse or skip"}};
}

}  // namespace caton
