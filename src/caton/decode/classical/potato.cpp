// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/potato.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/geodesic.hpp"
#include "caton/geometry/mean.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

Matrices chosen(MatricesView c, const std::vector<bool>& kept) {
  Matrices result({std::count(kept.begin(), kept.end(), true), c.extent(1), c.extent(2)}, uninitialised);
  std::int64_t at = 0;
  for (std::size_t n = 0; n < kept.size(); ++n) {
    if (kept[n]) put(c[static_cast<std::int64_t>(n)], result[at++]);
  }
  return result;
}

}  // namespace

Potato::Potato(MatricesView training, const PotatoOptions& options) : options_(options) {
  require_symmetric("potato", training);
  std::vector<bool> kept(static_cast<std::size_t>(training.extent(0)), true);
  for (int round = 0; round < options.max_iterations; ++round) {
    const Matrices clean = chosen(training, kept);
    if (clean.extent(0) == 0) {
      throw input_error("potato", "every matrix lies beyond the threshold " + number_text(options.threshold),
                        "choose a higher threshold");
    }
    centre_ = spd_mean(clean, options.metric.mean);
    const auto distance = log_distances(clean);
    const auto count = static_cast<double>(distance.size());
    double sum = 0, squares = 0;
    for (const double d : distance) sum += d;
    log_mean_ = sum / count;
    for (const double d : distance) squares += (d - log_mean_) * (d - log_mean_);
    log_deviation_ = std::sqrt(squares / count);
    std::vector<bool> next = kept;
    std::size_t at = 0;
    for (std::size_t n = 0; n < kept.size(); ++n) {
      if (kept[n]) next[n] = accepts((distance[at++] - log_mean_) / log_deviation_);
    }
    if (next == kept) return;
    kept = next;
  }
}

std::vector<double> Potato::log_distances(MatricesView c) const {
  auto distance = spd_distance(c, as_set(centre_), options_.metric.distance);
  for (double& value : distance) value = std::log(value);
  return distance;
}

void Potato::update(MatricesView clean, double alpha) {
  if (!(alpha >= 0 && alpha <= 1))
    throw usage_error("potato", "update_alpha " + number_text(alpha) + " lies outside 0 … 1");
  if (alpha == 0) return;
  const Matrix mean = spd_mean(clean, options_.metric.mean);
  centre_ = spd_geodesic(centre_, mean, alpha, options_.metric.mean);
  const double distance = log_distances(as_set(mean)).front();
  log_mean_ = (1 - alpha) * log_mean_ + alpha * distance;
  const double apart = distance - log_mean_;
  log_deviation_ = std::sqrt((1 - alpha) * log_deviation_ * log_deviation_ + alpha * apart * apart);
}

std::vector<double> Potato::z_scores(MatricesView c) const {
  auto z = log_distances(c);
  for (double& value : z) value = (value - log_mean_) / log_deviation_;
  return z;
}

double clean_probability(double z) { return normal_sf(z); }

double combined_probability(std::span<const double> z) {
  double statistic = 0;
  for (const double value : z) statistic -= 2 * std::log(std::max(clean_probability(value), 1e-10));
  return chi_square_sf(statistic, 2 * static_cast<double>(z.size()));
}

namespace {

Tensors run_potato(const Arguments& args, const Tensors& in) {
  const PotatoOptions options{.metric = mdm_metric(args.operation(), args.value("metric")),
                              .threshold = args.number("threshold")};
  const auto test = epochs_port(args, in, "test_c");
  Potato potato(epochs_port(args, in, "train_c"), options);
  if (in.count("update_c") != 0) potato.update(epochs_port(args, in, "update_c"), args.number("update_alpha"));
  const auto z = potato.z_scores(test);
  std::vector<double> probability;
  std::vector<std::int64_t> label;
  for (const double value : z) {
    probability.push_back(clean_probability(value));
    label.push_back(potato.accepts(value) ? 1 : 0);
  }
  return {{"mean", Tensor::of(potato.centre())},
          {"log_mean", Tensor::scalar(potato.log_mean())},
          {"log_std", Tensor::scalar(potato.log_deviation())},
          {"z", Tensor::vector(z)},
          {"probability", Tensor::vector(probability)},
          {"label", Tensor::vector(label)}};
}

Tensors run_field(const Arguments& args, const Tensors& in) {
  const PotatoOptions options{.metric = mdm_metric(args.operation(), args.value("metric")),
                              .threshold = args.number("z_threshold"),
                              .max_iterations = count_argument(args, "max_iterations")};
  if (args.text("combination") != "fisher") throw args.refuse("unknown combination", "known: fisher");
  const double p_threshold = args.number("p_threshold");
  if (!(p_threshold > 0 && p_threshold < 1)) throw args.refuse("p_threshold must lie between 0 and 1");
  std::vector<std::vector<double>> columns;
  while (in.count("train_c" + std::to_string(columns.size() + 1)) != 0) {
    const std::string number = std::to_string(columns.size() + 1);
    const Potato potato(epochs_port(args, in, "train_c" + number), options);
    columns.push_back(potato.z_scores(epochs_port(args, in, "test_c" + number)));
    if (columns.back().size() != columns.front().size())
      throw args.refuse("test_c" + number + " differs in shape: another number of matrices");
  }
  const auto potatoes = static_cast<std::int64_t>(columns.size());
  Matrix z({static_cast<std::int64_t>(columns.front().size()), potatoes}, uninitialised);
  std::vector<double> probability;
  std::vector<std::int64_t> label;
  for (std::int64_t n = 0; n < z.extent(0); ++n) {
    for (std::int64_t i = 0; i < potatoes; ++i)
      z(n, i) = columns[static_cast<std::size_t>(i)][static_cast<std::size_t>(n)];
    probability.push_back(combined_probability({&z(n, 0), columns.size()}));
    label.push_back(probability.back() > p_threshold ? 1 : 0);
  }
  return {{"z", Tensor::of(z)}, {"probability", Tensor::vector(probability)}, {"label", Tensor::vector(label)}};
}

const Argument metric_argument{
    .name = "metric", .type = "any", .standard = "riemann", .about = "a name, or {mean, distance}"};

const Operation potato_operation{
    .name = "potato",
    .room = "decode/classical",
    .about = "Rejection of matrices far from the centre of clean ones (pyRiemann Potato)",
    .arguments = {metric_argument,
                  {.name = "threshold", .type = "number", .standard = 3, .about = "of the z-score"},
                  {.name = "update_alpha", .type = "number", .standard = 0.1, .about = "weight of update_c"}},
    .inputs = {{.name = "train_c", .shape = "N C C"},
               {.name = "test_c", .shape = "M C C"},
               {.name = "update_c", .shape = "U C C", .optional = true}},
    .outputs = {{.name = "mean", .shape = "C C"},
                {.name = "log_mean", .shape = ""},
                {.name = "log_std", .shape = ""},
                {.name = "z", .shape = "M"},
                {.name = "probability", .shape = "M"},
                {.name = "label", .shape = "M"}},
    .call = run_potato,
};
CATON_REGISTER(Operation, potato_operation);

const Operation field_operation{
    .name = "potato_field",
    .room = "decode/classical",
    .about = "Rejection by several potatoes together (pyRiemann PotatoField); further ports train_c3, test_c3, …",
    .arguments = {metric_argument,
                  {.name = "p_threshold", .type = "number", .standard = 0.01},
                  {.name = "z_threshold", .type = "number", .standard = 3},
                  {.name = "combination", .type = "text", .standard = "fisher"},
                  {.name = "max_iterations", .type = "integer", .standard = 10}},
    .inputs = {{.name = "train_c1", .shape = "N C C"},
               {.name = "test_c1", .shape = "M C C"},
               {.name = "train_c2", .shape = "N D D", .optional = true},
               {.name = "test_c2", .shape = "M D D", .optional = true}},
    .outputs = {{.name = "z", .shape = "M P"}, {.name = "probability", .shape = "M"}, {.name = "label", .shape = "M"}},
    .call = run_field,
};
CATON_REGISTER(Operation, field_operation);

}  // namespace

}  // namespace caton
