// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/models/rbtransformer/options.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>

namespace caton::rbtransformer {
namespace {

constexpr const char* where = "rbtransformer";

/// Reads keys of the complete table within bounds.
class Reader {
 public:
  explicit Reader(const Json& table) : table_(table) {}

  std::int64_t integer(const std::string& key, std::int64_t lowest) const {
    const std::int64_t value = table_.at(key, where).integer(name(key));
    if (value < lowest) refuse(key, "at least " + std::to_string(lowest) + " is needed");
    return value;
  }
  /// lowest <= value < below.
  double number(const std::string& key, double lowest, double below) const {
    const double value = table_.at(key, where).number(name(key));
    if (!(value >= lowest && value < below)) {
      refuse(key, "a number from " + number_text(lowest) + " to below " + number_text(below) + " is needed");
    }
    return value;
  }
  template <std::size_t N>
  std::string choice(const std::string& key, const std::array<const char*, N>& known) const {
    const std::string& value = table_.at(key, where).text(name(key));
    if (std::find(known.begin(), known.end(), value) == known.end()) {
      std::string all;
      for (const char* const one : known) all += (all.empty() ? "" : ", ") + std::string(one);
      refuse(key, "known are " + all);
    }
    return value;
  }
  bool flag(const std::string& key) const { return table_.at(key, where).flag(name(key)); }
  bool given(const std::string& key) const { return table_.has(key) && !table_.at(key).is_null(); }
  [[noreturn]] void refuse(const std::string& key, const std::string& remedy) const {
    throw usage_error(name(key), key + " = " + table_.at(key, where).dump() + " is not possible", remedy);
  }

 private:
  static std::string name(const std::string& key) { return std::string(where) + ": " + key; }
  const Json& table_;
};

constexpr double any = 1e9;

Config config_of(const Json& table, const Reader& read) {
  Json sizes = Json::object();
  for (const char* const key : {"embed_dim", "depth", "heads", "head_dim", "mlp_hidden_dim", "dropout"})
    sizes[key] = table.at(key, where);
  Config config;
  try {
    config = config_from(sizes, where);
  } catch (const Error& error) {
    throw usage_error(error.where(), error.problem(), error.remedy());
  }
  config.electrode_identity = read.flag("electrode_identity");
  config.intercortical_attention = read.flag("intercortical_attention");
  return config;
}

nn::Loss loss_of(const Reader& read) {
  nn::Loss loss;
  loss.kind = read.choice("loss", std::array{"cross_entropy", "focal_loss"});
  loss.label_smoothing = read.number("label_smoothing", 0, 1);
  const bool focal = loss.kind == "focal_loss";
  if (focal && loss.label_smoothing != 0) read.refuse("label_smoothing", "the focal loss knows none: set it to 0");
  if (read.given("gamma")) {
    if (!focal) read.refuse("gamma", "it belongs to loss = \"focal_loss\"");
    loss.gamma = read.number("gamma", 0, any);
  }
  return loss;
}

}  // namespace

Options options_from(const Json& table) {
  const Reader read(table);
  Options options{.config = config_of(table, read), .recipe = {}, .made = {}, .table = table};
  nn::TrainingRecipe& recipe = options.recipe;
  recipe.epochs = read.integer("epochs", 1);
  recipe.batch = read.integer("batch", 1);
  recipe.late_batch = read.integer("late_batch", 1);
  recipe.late_from_epoch = read.integer("late_from_epoch", 0);
  recipe.adam = {.learning_rate = read.number("learning_rate", 0, any),
                 .beta1 = read.number("beta1", 0, 1),
                 .beta2 = read.number("beta2", 0, 1),
                 .epsilon = read.number("epsilon", 0, any),
                 .weight_decay = read.number("weight_decay", 0, any)};
  recipe.schedule = read.choice("schedule", std::array{"cosine", "constant", "plateau"});
  recipe.minimum_learning_rate = read.number("minimum_learning_rate", 0, any);
  recipe.loss = loss_of(read);
  recipe.largest_gradient_norm = read.number("largest_gradient_norm", 0, any);
  recipe.average = read.number("average", 0, 1);
  options.class_weights = read.choice("class_weights", std::array{"none", "inverse-frequency"}) != "none";
  if (options.class_weights && recipe.loss.kind != "focal_loss")
    read.refuse("class_weights", "they belong to loss = \"focal_loss\"");
  options.oversampling = read.choice("oversampling", std::array{"smote", "adasyn", "none"});
  options.made = {.neighbours = read.integer("oversampling_neighbours", 1),
                  .seed = read.integer("oversampling_seed", 0)};
  return options;
}

}  // namespace caton::rbtransformer
