// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/decode/decoder.hpp"
#include "caton/decode/sample_layout.hpp"

#include <span>
#include <string>
#include <vector>

namespace caton {

/// Decision = weight · x + intercept. With two classes there is one output (positive: the second class), otherwise one
/// for each class.
struct LinearModel {
  Array<double, 2> weight;     ///< outputs x features
  Array<double, 1> intercept;  ///< outputs

  [[nodiscard]] std::int64_t classes() const noexcept { return weight.extent(0) == 1 ? 2 : weight.extent(0); }
};

/// samples x outputs; features are added in order, so a sample's bits do not depend on its neighbours.
[[nodiscard]] Array<double, 2> decision(const LinearModel& model, View<const double, 2> rows);
/// samples x classes: logistic function of one output, softmax of several.
[[nodiscard]] Array<double, 2> class_probability(const LinearModel& model, View<const double, 2> rows);

/// Scores, one an output in front of `row`, become the probabilities of all its classes, in place.
void probability_of_scores(std::span<double> row, std::int64_t outputs);

/// `class_probability` of one row of float32 features, into as many values as the model has classes; asks for no
/// memory.
void row_probability(const LinearModel& model, std::span<const float> row, std::span<double> probability);

/// The ports `coefficients`, `intercept`, `probability` of an operation.
[[nodiscard]] Tensors linear_ports(const LinearModel& model, View<const double, 2> test);

/// "weights" (what the decision adds up) and "patterns" (how the features move with the decision: Haufe et al. 2014,
/// covariance of features · weights · inverse covariance of decisions, of the samples given), over the axes of a
/// sample.
[[nodiscard]] std::vector<Explanation> explained(const LinearModel& model, const SampleSet& samples,
                                                 const SampleLayout& layout, const std::vector<std::string>& classes);

/// Labels counted 0, 1, … by ascending value.
struct NumberedClasses {
  std::vector<std::int64_t> y;
  std::vector<std::int64_t> values;  ///< the label behind each number
};
/// Refuses (word `class`) labels of fewer than two classes.
[[nodiscard]] NumberedClasses numbered_classes(const std::vector<std::int64_t>& label, const std::string& who);

}  // namespace caton
