// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/measure/metrics.hpp"
#include "caton/measure/stability.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {
namespace {

/// Refuses with the word `undefined` when a figure that was asked for does not exist.
template <class Figures>
void require(const Arguments& args, const Figures& figures) {
  for (const auto& name : args.value("require").texts(args.operation())) {
    const Measure& measure = figures.named(name);
    if (!measure.defined()) throw args.refuse(name + " is undefined: " + measure.undefined);
  }
}

Tensors decoding(const Arguments& args, const Tensors& in) {
  const auto labels = port(in, "y").integers("y"), predicted = port(in, "label").integers("label");
  Array<double, 2> probability;
  if (in.count("probability")) probability = port(in, "probability").array<2>("probability");
  const Metrics metrics = evaluate_predictions(labels, predicted, probability, args.integer("classes"));
  require(args, metrics);
  Tensors out;
  for (const auto& name : metric_names()) out[name] = Tensor::scalar(metrics.named(name).value);
  out["confusion"] = Tensor::of(metrics.confusion);
  out["precision"] = Tensor::vector(metrics.counted.precision);
  out["recall"] = Tensor::vector(metrics.counted.recall);
  out["f1"] = Tensor::vector(metrics.counted.f1);
  if (!probability.empty()) out["reliability"] = Tensor::of(metrics.reliability);
  return out;
}

const Operation decoding_metrics{
    .name = "decoding_metrics",
    .room = "measure",
    .about = "figures of a decoder's answers (scikit-learn 1.2); an undefined one is NaN at its port",
    .arguments = {{"classes", "integer", {}, "number of classes K"},
                  {"require", "list", Json::list(), "figures that must be defined"}},
    .inputs = {{"y", "N"}, {"label", "N"}, {"probability", "N K", "1", true}},
    .outputs = {{"accuracy", ""},
                {"balanced_accuracy", ""},
                {"macro_f1", ""},
                {"weighted_f1", ""},
                {"kappa", ""},
                {"quadratic_kappa", ""},
                {"mcc", ""},
                {"confusion", "K K"},
                {"precision", "K"},
                {"recall", "K"},
                {"f1", "K"},
                {"log_loss", "", "nat"},
                {"brier", ""},
                {"ece", ""},
                {"reliability", "15 3"},
                {"auroc", ""},
                {"auroc_ovo", ""},
                {"auc_pr", ""}},
    .call = decoding};
CATON_REGISTER(Operation, decoding_metrics);

Tensors ratings(const Arguments& args, const Tensors& in) {
  const RegressionMetrics metrics = evaluate_ratings(port(in, "y").doubles(), port(in, "value").doubles());
  require(args, metrics);
  Tensors out;
  for (const char* const name : {"mse", "mae", "r2", "pearson", "spearman", "ccc"})
    out[name] = Tensor::scalar(metrics.named(name).value);
  return out;
}

const Operation regression_metrics{
    .name = "regression_metrics",
    .room = "measure",
    .about = "figures of predicted ratings (scikit-learn, SciPy; concordance with population moments)",
    .arguments = {{"require", "list", Json::list(), "figures that must be defined"}},
    .inputs = {{"y", "N"}, {"value", "N"}},
    .outputs = {{"mse", ""}, {"mae", ""}, {"r2", ""}, {"pearson", ""}, {"spearman", ""}, {"ccc", ""}},
    .call = ratings};
CATON_REGISTER(Operation, regression_metrics);

Tensors classification(const Arguments& args, const Tensors& in) {
  const auto labels = port(in, "y").integers("y"), predicted = port(in, "prediction").integers("prediction");
  const auto figures = averaged_classification(labels, predicted, args.text("average"), args.number("zero_division"));
  return {{"accuracy_precision_recall_f1", Tensor::vector(std::vector<double>(figures.begin(), figures.end()))}};
}

const Operation classification_metrics{
    .name = "classification_metrics",
    .room = "measure",
    .about = "accuracy, precision, recall, F1 over the classes in labels or predictions (scikit-learn)",
    .arguments = {{"average", "text", "macro", "macro, weighted or micro"},
                  {"zero_division", "number", 0, "value of a ratio whose denominator is 0"}},
    .inputs = {{"y", "N"}, {"prediction", "N"}},
    .outputs = {{"accuracy_precision_recall_f1", "4"}},
    .call = classification};
CATON_REGISTER(Operation, classification_metrics);

Tensors stability(const Arguments& args, const Tensors& in) {
  const auto mean = port(in, "mean").doubles(), deviation = port(in, "std").doubles();
  if (mean.size() != deviation.size()) throw args.refuse("the lengths of \"mean\" and \"std\" differ (shape)");
  std::vector<double> score(mean.size());
  for (std::size_t i = 0; i < mean.size(); ++i)
    score[i] = ilss_score(mean[i], deviation[i], args.number("lambda"), args.number("epsilon"));
  return {{"score", Tensor::vector(score)}};
}

const Operation ilss{.name = "ilss",
                     .room = "measure",
                     .about = "stability score of accuracy over folds (RBTransformer, ilss/metric.py)",
                     .arguments = {{"lambda", "number", 71, "weight of the mean"},
                                   {"epsilon", "number", 1e-10, "keeps the logarithm finite"}},
                     .inputs = {{"mean", "n", "percent"}, {"std", "n", "percent"}},
                     .outputs = {{"score", "n"}},
                     .call = stability};
CATON_REGISTER(Operation, ilss);

}  // namespace
}  // namespace caton
