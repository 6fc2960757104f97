// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/operation.hpp"
#include "caton/decode/classical/linear_decoder.hpp"
#include "caton/decode/classical/logistic.hpp"

namespace caton {
namespace {

/// The penalty by name; `l1_ratio` counts for the elastic net only.
LogisticOptions options_of(const std::string& penalty, double l1_ratio, double c) {
  if (penalty != "l2" && penalty != "elasticnet")
    throw usage_error("logistic regression", "unknown penalty \"" + penalty + "\"", "known: l2, elasticnet");
  return {.c = c, .l1_ratio = penalty == "l2" ? 0 : l1_ratio};
}

Tensors run_logistic(const Arguments& args, const Tensors& in) {
  const auto options = options_of(args.text("penalty"), args.number("l1_ratio"), args.number("c"));
  const auto classes = numbered_classes(port(in, "train_y").integers("train_y"), "logistic_regression");
  const auto train = port(in, "train_t").array<2>("train_t"), test = port(in, "test_t").array<2>("test_t");
  const auto count = static_cast<std::int64_t>(classes.values.size());
  return linear_ports(fit_logistic(train, classes.y, count, {}, options), test);
}

const Operation logistic_operation{
    .name = "logistic_regression",
    .room = "decode",
    .about = "Logistic regression at its optimum; equals scikit-learn 1.2 LogisticRegression.",
    .arguments = {{"penalty", "text", Json("l2"), "l2 or elasticnet"},
                  {"l1_ratio", "number", Json(0.5), "share of the absolute penalty (elasticnet), 0 … 1"},
                  {"c", "number", Json(1.0), "weight of the data against the penalty"}},
    .inputs = {{"train_t", "N F"}, {"train_y", "N"}, {"test_t", "M F"}},
    .outputs = {{"coefficients", "1 or K, F"}, {"intercept", "1 or K"}, {"probability", "M K"}},
    .call = run_logistic,
};
CATON_REGISTER(Operation, logistic_operation);

const DecoderEntry logistic_entry{
    .name = "logistic-regression",
    .aliases = {"logistic"},
    .about =
        "logistic regression with a ridge (or elastic net) penalty; scales nothing itself: put the step "
        "\"standardise\" before it",
    .keys = {{"c", "number", Json(1.0), "weight of the data against the penalty"},
             {"penalty", "text", Json("l2"), "\"l2\" or \"elasticnet\""},
             {"l1_ratio", "number", Json(0.5), "share of the absolute penalty (elasticnet), 0 … 1"}},
    .make = [](const Json& options) -> std::unique_ptr<Decoder> {
      const auto penalty = options_of(options.at("penalty").text("penalty"), options.at("l1_ratio").number("l1_ratio"),
                                      options.at("c").number("c"));
      return std::make_unique<LinearDecoder>(
          "logistic-regression", LinearDecoder::Weights::known,
          [penalty](View<const double, 2> rows, const LinearDecoder::Training& training) {
            return fit_logistic(rows, training.y, training.classes, training.samples.weight, penalty);
          });
    },
};
CATON_REGISTER(DecoderEntry, logistic_entry);

}  // namespace
}  // namespace caton
