// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/selection/block_training.hpp"

#include "caton/base/ports.hpp"
#include "caton/decode/classical/selection/lda_openvibe.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

namespace caton {

namespace {

/// The samples outside a part, and its own.
struct Split {
  std::vector<std::int64_t> training, tested;
};

Split split_at(std::int64_t samples, const Part& part) {
  Split split;
  for (std::int64_t i = 0; i < samples; ++i)
    (i >= part.first && i < part.second ? split.tested : split.training).push_back(i);
  return split;
}

Matrix rows_of(Signal x, const std::vector<std::int64_t>& rows) {
  Matrix result({static_cast<std::int64_t>(rows.size()), x.extent(1)}, uninitialised);
  for (std::int64_t i = 0; i < result.extent(0); ++i)
    for (std::int64_t f = 0; f < x.extent(1); ++f) result(i, f) = x(rows[static_cast<std::size_t>(i)], f);
  return result;
}

std::vector<std::int64_t> labels_of(std::span<const std::int64_t> y, const std::vector<std::int64_t>& rows) {
  std::vector<std::int64_t> result;
  for (const std::int64_t row : rows) result.push_back(y[static_cast<std::size_t>(row)]);
  return result;
}

struct Task {
  std::span<const std::int64_t> y;
  std::int64_t classes = 0;
  std::vector<Part> parts;
  double shrinkage = 0;
};

/// Labels of all samples, each given when its part was left out. `features` makes the matrix of all samples that a fold
/// learns from, given its training samples.
std::vector<std::int64_t> left_out_labels(
    const Task& task, const std::function<Matrix(const std::vector<std::int64_t>& training)>& features) {
  const auto samples = static_cast<std::int64_t>(task.y.size());
  std::vector<std::int64_t> labels(task.y.size());
  for (const Part& part : task.parts) {
    const Split split = split_at(samples, part);
    const Matrix x = features(split.training);
    const auto model =
        fit_lda_openvibe(rows_of(x, split.training), labels_of(task.y, split.training), task.classes, task.shrinkage);
    const auto predicted = model.predict(rows_of(x, split.tested));
    std::copy(predicted.begin(), predicted.end(), labels.begin() + part.first);
  }
  return labels;
}

double percent_right(std::span<const std::int64_t> label, std::span<const std::int64_t> y) {
  double right = 0;
  for (std::size_t i = 0; i < y.size(); ++i) right += label[i] == y[i] ? 1 : 0;
  return right / static_cast<double>(y.size()) * 100;
}

}  // namespace

std::vector<Part> contiguous_parts(std::int64_t samples, std::int64_t partitions) {
  const std::string where = "train_with_kfold";
  if (partitions < 2) throw usage_error(where, "partitions must be at least 2");
  if (partitions > samples) {
    throw usage_error(
        where, std::to_string(partitions) + " partitions are more than the " + std::to_string(samples) + " samples");
  }
  std::vector<Part> parts;
  for (std::int64_t i = 0; i < partitions; ++i) {
    parts.emplace_back(i * samples / partitions, (i + 1) * samples / partitions);
    if (parts.back().second - parts.back().first < 2)
      throw usage_error(where, "a partition of one sample cannot be tested: " + std::to_string(partitions) +
                                   " partitions of " + std::to_string(samples) + " samples");
  }
  return parts;
}

BlockTraining train_with_kfold(Signal x, std::span<const std::int64_t> y, std::int64_t partitions, double shrinkage) {
  if (x.extent(0) != static_cast<std::int64_t>(y.size())) {
    throw usage_error("train_with_kfold",
                      "shape: " + std::to_string(x.extent(0)) + " rows, " + std::to_string(y.size()) + " labels");
  }
  const auto parts = contiguous_parts(x.extent(0), partitions);
  const Matrix all(x);
  BlockTraining result;
  result.label = left_out_labels({y, classes_of("train_with_kfold", y), parts, shrinkage},
                                 [&](const std::vector<std::int64_t>&) { return all; });
  for (const auto& [begin, end] : parts) {
    const auto first = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
    result.fold_accuracy.push_back(
        percent_right(std::span<const std::int64_t>(result.label).subspan(first, count), y.subspan(first, count)));
  }
  result.accuracy = std::accumulate(result.fold_accuracy.begin(), result.fold_accuracy.end(), 0.0) /
                    static_cast<double>(parts.size());
  return result;
}

FeatureCombinations feature_combinations(Signal x, std::span<const std::int64_t> y, std::int64_t partitions) {
  FeatureCombinations result;
  for (std::int64_t count = 1; count <= x.extent(1); ++count)
    result.accuracy.push_back(train_with_kfold(x.slice(1, 0, count), y, partitions).accuracy);
  result.best = std::max_element(result.accuracy.begin(), result.accuracy.end()) - result.accuracy.begin();
  return result;
}

namespace {

/// Trials of one class among those given.
Array<double, 3> trials_of_class(TrialFeatures power, std::span<const std::int64_t> y,
                                 const std::vector<std::int64_t>& among, std::int64_t label) {
  std::vector<std::int64_t> rows;
  for (const std::int64_t row : among)
    if (y[static_cast<std::size_t>(row)] == label) rows.push_back(row);
  Array<double, 3> result({static_cast<std::int64_t>(rows.size()), power.extent(1), power.extent(2)}, uninitialised);
  for (std::int64_t n = 0; n < result.extent(0); ++n) {
    for (std::int64_t c = 0; c < power.extent(1); ++c)
      for (std::int64_t f = 0; f < power.extent(2); ++f)
        result(n, c, f) = power(rows[static_cast<std::size_t>(n)], c, f);
  }
  return result;
}

std::vector<Cell> best_cells(TrialFeatures power, std::span<const std::int64_t> y,
                             const std::vector<std::int64_t>& among, const SelectedTraining& options) {
  const auto class1 = trials_of_class(power, y, among, 0), class2 = trials_of_class(power, y, among, 1);
  std::vector<double> freqs_hz = options.freqs_hz;
  if (freqs_hz.empty()) {
    freqs_hz.resize(static_cast<std::size_t>(power.extent(2)));
    std::iota(freqs_hz.begin(), freqs_hz.end(), 0.0);
  }
  return auto_features(r2_map(class1, class2, options.pairing).r2, freqs_hz, options.choice);
}

std::vector<std::int64_t> all_of(std::span<const std::int64_t> y) {
  std::vector<std::int64_t> all(y.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void require_two_classes(TrialFeatures power, std::span<const std::int64_t> y) {
  const std::string where = "selected_features_accuracy";
  if (power.extent(0) != static_cast<std::int64_t>(y.size())) {
    throw usage_error(where,
                      "shape: " + std::to_string(power.extent(0)) + " trials, " + std::to_string(y.size()) + " labels");
  }
  if (classes_of(where, y) != 2) throw input_error(where, "R² separates two classes; the labels hold more");
}

Matrix features_at(TrialFeatures power, const std::vector<Cell>& cells) {
  Matrix x({power.extent(0), static_cast<std::int64_t>(cells.size())}, uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) {
    for (std::int64_t f = 0; f < x.extent(1); ++f)
      x(n, f) = power(n, cells[static_cast<std::size_t>(f)].channel, cells[static_cast<std::size_t>(f)].bin);
  }
  return x;
}

}  // namespace

std::vector<Cell> select_cells(TrialFeatures power, std::span<const std::int64_t> y, const SelectedTraining& options) {
  require_two_classes(power, y);
  return best_cells(power, y, all_of(y), options);
}

SelectedAccuracy selected_features_accuracy(TrialFeatures power, std::span<const std::int64_t> y,
                                            const SelectedTraining& options) {
  require_two_classes(power, y);
  const auto parts = options.parts.empty() ? contiguous_parts(power.extent(0), options.partitions) : options.parts;
  const auto all = all_of(y);
  SelectedAccuracy result;
  result.label = left_out_labels({y, 2, parts, options.shrinkage}, [&](const std::vector<std::int64_t>& training) {
    const auto& among = options.select == SelectOn::all_trials ? all : training;
    result.chosen.push_back(best_cells(power, y, among, options));
    return features_at(power, result.chosen.back());
  });
  result.accuracy = percent_right(result.label, y);
  return result;
}

namespace {

const std::vector<Port> row_ports{{.name = "x", .shape = "n d"}, {.name = "y", .shape = "n"}};
const Argument partitions_key{.name = "partitions", .type = "integer", .standard = 10};

const Operation kfold_operation{
    .name = "train_with_kfold",
    .room = "decode/classical/selection",
    .about = "OpenViBE's classifier tested on contiguous parts of the file",
    .arguments = {partitions_key, {.name = "shrinkage", .type = "number", .standard = 0}},
    .inputs = row_ports,
    .outputs = {{.name = "fold_accuracy", .shape = "partitions", .unit = "%"},
                {.name = "accuracy", .shape = "", .unit = "%"},
                {.name = "label", .shape = "n"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto y = port(in, "y").integers("y");
      const auto result =
          train_with_kfold(MatrixPort(args, in, "x"), y, args.integer("partitions"), args.number("shrinkage"));
      return {{"fold_accuracy", Tensor::vector(result.fold_accuracy)},
              {"accuracy", Tensor::scalar(result.accuracy)},
              {"label", Tensor::vector(result.label)}};
    },
};
CATON_REGISTER(Operation, kfold_operation);

const Operation combinations_operation{
    .name = "feature_combinations",
    .room = "decode/classical/selection",
    .about = "HappyFeat's combination training: the first feature, the first two, …; the best score wins",
    .arguments = {partitions_key},
    .inputs = row_ports,
    .outputs = {{.name = "accuracy", .shape = "d", .unit = "%"}, {.name = "best", .shape = ""}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto y = port(in, "y").integers("y");
      const auto result = feature_combinations(MatrixPort(args, in, "x"), y, args.integer("partitions"));
      return {{"accuracy", Tensor::vector(result.accuracy)},
              {"best", Tensor(Tensor::Shape{}, std::vector<std::int64_t>{result.best})}};
    },
};
CATON_REGISTER(Operation, combinations_operation);

const Operation selected_operation{
    .name = "selected_features_accuracy",
    .room = "decode/classical/selection",
    .about = "Accuracy with features chosen by R², on all trials (as published) or inside each training part (honest)",
    .arguments = {{.name = "select", .type = "text", .standard = "all-trials", .about = "all-trials, training-trials"},
                  {.name = "count", .type = "integer", .standard = 3},
                  partitions_key},
    .inputs = {{.name = "power", .shape = "N C F"}, {.name = "y", .shape = "N"}},
    .outputs = {{.name = "accuracy", .shape = "", .unit = "%"}, {.name = "label", .shape = "N"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto power = port(in, "power").array<3>("power");
      const auto select = choice_argument<SelectOn>(
          args, "select", {{"all-trials", SelectOn::all_trials}, {"training-trials", SelectOn::training_trials}});
      const auto y = port(in, "y").integers("y");
      SelectedTraining options;
      options.select = select;
      options.choice.count = args.integer("count");
      options.partitions = args.integer("partitions");
      const auto result = selected_features_accuracy(power, y, options);
      return {{"accuracy", Tensor::scalar(result.accuracy)}, {"label", Tensor::vector(result.label)}};
    },
};
CATON_REGISTER(Operation, selected_operation);

}  // namespace

}  // namespace caton
