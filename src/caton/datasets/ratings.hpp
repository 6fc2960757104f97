// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/recipe_key.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

enum class LabelKind { binary, multi };

/// How ratings of a study become classes (rules of github.com/nnilayy/RBTransformer).
struct RatingScale {
  std::string study;  ///< "dreamer"
  double low = 1;     ///< smallest and largest rating that a person can give
  double high = 5;
  double binary_from = 3;  ///< ratings from here on are "high"; below `low`: there is no binary label
  double multi_from = 1;   ///< class of the whole part of a rating: minus this
  std::vector<std::string> multi_classes;
};

[[nodiscard]] const RatingScale& dreamer_scale();
[[nodiscard]] const RatingScale& deap_scale();
[[nodiscard]] const RatingScale& seed_scale();
/// By the name of the study; an unknown one is refused with near names.
[[nodiscard]] const RatingScale& rating_scale(const std::string& study);

/// Class of each rating. Refuses what is not finite (word `finite`), outside the scale (word `range`), and a binary
/// label where the scale has none.
[[nodiscard]] std::vector<std::int64_t> rbt_labels(std::span<const double> ratings, const RatingScale& scale,
                                                   LabelKind kind, const std::string& where = "rbt_labels");

/// What a recipe asks of the ratings of a study.
struct LabelRule {
  const RatingScale* scale = nullptr;
  LabelKind kind = LabelKind::binary;
  std::string target;         ///< "valence"
  bool skip_unrated = false;  ///< leave trials without a rating out instead of refusing them

  [[nodiscard]] std::vector<std::string> classes() const;
  [[nodiscard]] std::string about() const;
  /// The class, or -1 (and a finding) for what is not rated where that is allowed.
  [[nodiscard]] std::int64_t label(double rating, const std::string& where, Findings& findings) const;
};
/// The rule of complete options `target`, `classes`, `unrated`; refuses values that the study does not have.
[[nodiscard]] LabelRule label_rule(const RatingScale& scale, const std::vector<std::string>& targets,
                                   const Json& options);
[[nodiscard]] std::vector<RecipeKey> rating_keys(const std::string& target, const std::vector<std::string>& targets,
                                                 LabelKind kind);

}  // namespace caton
