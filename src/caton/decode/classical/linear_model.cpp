// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/linear_model.hpp"

#include "caton/base/error.hpp"
#include "caton/samples/neighbours.hpp"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace caton {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double logistic(double value) {
  return value >= 0 ? 1 / (1 + std::exp(-value)) : std::exp(value) / (1 + std::exp(value));
}

void softmax(std::span<double> row) {
  const double largest = *std::max_element(row.begin(), row.end());
  double sum = 0;
  for (double& value : row) sum += value = std::exp(value - largest);
  for (double& value : row) value /= sum;
}

/// features x outputs: cov(x) wᵀ cov(w x)⁺.
RowMatrix patterns_of(const LinearModel& model, View<const double, 2> rows) {
  RowMatrix x = Eigen::Map<const RowMatrix>(rows.data(), rows.extent(0), rows.extent(1));
  const Eigen::Map<const RowMatrix> w(model.weight.data(), model.weight.extent(0), model.weight.extent(1));
  x.rowwise() -= x.colwise().mean().eval();
  const RowMatrix score = x * w.transpose();
  const RowMatrix together = score.transpose() * score;
  return x.transpose() * score * together.completeOrthogonalDecomposition().pseudoInverse();
}

Explanation over_features(std::string name, const RowMatrix& values, const SampleLayout& layout,
                          const std::vector<std::string>& classes) {
  Explanation result;
  result.name = std::move(name);
  result.unit = "1";
  result.per_class = values.rows() > 1;
  std::vector<std::int64_t> shape = layout.shape;
  if (layout.shape.size() == 2) {
    result.axes = {"electrode", "feature"};
    result.ticks = {axis_names(layout.channels, layout.shape[0]), axis_names(layout.features, layout.shape[1])};
  } else {
    result.axes = {"feature"};
    result.ticks = {flat_names(layout)};
    shape = {layout.width()};
  }
  if (result.per_class) {
    result.axes.insert(result.axes.begin(), "class");
    result.ticks.insert(result.ticks.begin(), axis_names(classes, values.rows()));
    shape.insert(shape.begin(), values.rows());
  }
  result.values = Tensor(shape, std::span<const double>(values.data(), static_cast<std::size_t>(values.size())));
  return result;
}

}  // namespace

Array<double, 2> decision(const LinearModel& model, View<const double, 2> rows) {
  if (rows.extent(1) != model.weight.extent(1)) {
    throw usage_error("linear model", std::to_string(rows.extent(1)) + " features were given, training had " +
                                          std::to_string(model.weight.extent(1)) + " (shape)");
  }
  Array<double, 2> score({rows.extent(0), model.weight.extent(0)}, uninitialised);
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t k = 0; k < model.weight.extent(0); ++k) {
      double sum = 0;
      for (std::int64_t f = 0; f < rows.extent(1); ++f) sum += model.weight(k, f) * rows(i, f);
      score(i, k) = sum + model.intercept[k];
    }
  }
  return score;
}

void probability_of_scores(std::span<double> row, std::int64_t outputs) {
  if (outputs > 1) return softmax(row);
  row[1] = logistic(row[0]);
  row[0] = 1 - row[1];
}

Array<double, 2> class_probability(const LinearModel& model, View<const double, 2> rows) {
  const auto score = decision(model, rows);
  Array<double, 2> probability({rows.extent(0), model.classes()}, uninitialised);
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    const std::span<double> row(&probability(i, 0), static_cast<std::size_t>(model.classes()));
    for (std::int64_t k = 0; k < score.extent(1); ++k) row[static_cast<std::size_t>(k)] = score(i, k);
    probability_of_scores(row, score.extent(1));
  }
  return probability;
}

void row_probability(const LinearModel& model, std::span<const float> row, std::span<double> probability) {
  const std::int64_t outputs = model.weight.extent(0);
  for (std::int64_t k = 0; k < outputs; ++k) {
    double sum = 0;
    for (std::size_t f = 0; f < row.size(); ++f)
      sum += model.weight(k, static_cast<std::int64_t>(f)) * static_cast<double>(row[f]);
    probability[static_cast<std::size_t>(k)] = sum + model.intercept.data()[k];
  }
  probability_of_scores(probability, outputs);
}

Tensors linear_ports(const LinearModel& model, View<const double, 2> test) {
  return {{"coefficients", Tensor::of(model.weight)},
          {"intercept", Tensor::of(model.intercept)},
          {"probability", Tensor::of(class_probability(model, test))}};
}

std::vector<Explanation> explained(const LinearModel& model, const SampleSet& samples, const SampleLayout& layout,
                                   const std::vector<std::string>& classes) {
  const Eigen::Map<const RowMatrix> w(model.weight.data(), model.weight.extent(0), model.weight.extent(1));
  std::vector<Explanation> result{over_features("weights", w, layout, classes)};
  if (samples.size() < 2) return result;
  result.push_back(
      over_features("patterns", patterns_of(model, as_double(samples.flat())).transpose(), layout, classes));
  return result;
}

NumberedClasses numbered_classes(const std::vector<std::int64_t>& label, const std::string& who) {
  NumberedClasses result{{}, label};
  std::sort(result.values.begin(), result.values.end());
  result.values.erase(std::unique(result.values.begin(), result.values.end()), result.values.end());
  if (result.values.size() < 2)
    throw usage_error(who, "training has samples of one class only", "give samples of at least two classes");
  for (const auto value : label) {
    const auto at = std::lower_bound(result.values.begin(), result.values.end(), value);
    result.y.push_back(at - result.values.begin());
  }
  return result;
}

}  // namespace caton
