// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Decoders of covariances, as golden cases name them.
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/classical/logistic.hpp"
#include "caton/decode/classical/mdm.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/tangent.hpp"

namespace caton {

namespace {

const Argument metric_argument{.name = "metric", .type = "text", .standard = "riemann"};
const Argument metrics_argument{
    .name = "metric", .type = "any", .standard = "riemann", .about = "a name, or {mean, distance}"};

Tensors distance_ports(const LabelledPorts& ports, const Matrix& distance) {
  return {{"distance", Tensor::of(distance)}, {"label", ports.labels(smallest_of_rows(distance))}};
}

Tensors run_mdm(const Arguments& args, const Tensors& in) {
  const auto metric = mdm_metric(args.operation(), args.value("metric"));
  const LabelledPorts ports(args, in, "c");
  const auto weights = optional_vector_port(args, in, "weights");
  if (!weights.empty() && weights.size() != ports.classes.y.size())
    throw args.refuse("weights differ in shape from train_c");
  const Matrices means = class_means(ports.train, ports.classes.y, ports.count(), metric.mean, weights);
  const Matrix distance = distances_to(ports.test, means, metric.distance);
  Tensors out = distance_ports(ports, distance);
  out.emplace("means", Tensor::of(means));
  out.emplace("probability", Tensor::of(distance_probability(distance)));
  return out;
}

std::vector<Port> with_weights() {
  auto all = labelled_inputs("c", "C C");
  all.push_back({.name = "weights", .shape = "N", .optional = true});
  return all;
}

const Operation mdm_operation{
    .name = "mdm",
    .room = "decode/classical",
    .about = "Minimum distance to class means (pyRiemann MDM)",
    .arguments = {metrics_argument},
    .inputs = with_weights(),
    .outputs = {{.name = "means", .shape = "K C C"},
                {.name = "distance", .shape = "M K"},
                {.name = "probability", .shape = "M K"},
                {.name = "label", .shape = "M"}},
    .call = run_mdm,
};
CATON_REGISTER(Operation, mdm_operation);

Tensors run_fgmdm(const Arguments& args, const Tensors& in) {
  const auto metric = metric_named(args.operation(), args.text("metric"), tangent_metrics());
  const LabelledPorts ports(args, in, "c");
  const auto filter = fit_geodesic_filter(ports.train, ports.classes.y, ports.count(), metric);
  const Matrices test = filtered(filter, ports.test);
  const Matrices means = class_means(filtered(filter, ports.train), ports.classes.y, ports.count(), metric);
  Tensors out = distance_ports(ports, distances_to(test, means, metric));
  out.emplace("filtered", Tensor::of(test));
  return out;
}

const Operation fgmdm_operation{
    .name = "fgmdm",
    .room = "decode/classical",
    .about = "Minimum distance to means after geodesic filtering by a linear discriminant (pyRiemann FgMDM)",
    .arguments = {metric_argument},
    .inputs = labelled_inputs("c", "C C"),
    .outputs = {{.name = "filtered", .shape = "M C C"},
                {.name = "distance", .shape = "M K"},
                {.name = "label", .shape = "M"}},
    .call = run_fgmdm,
};
CATON_REGISTER(Operation, fgmdm_operation);

Tensors run_mdwm(const Arguments& args, const Tensors& in) {
  const auto metric = metric_named(args.operation(), args.text("metric"), mean_metrics());
  const auto c = epochs_port(args, in, "c"), test = epochs_port(args, in, "test_c");
  const auto classes = labels_port(args, in, "y", c.extent(0));
  const auto domain = port(in, "domain").integers("domain");
  const Matrices means = mdwm_means(c, classes.y, static_cast<std::int64_t>(classes.values.size()), domain,
                                    args.integer("target"), args.number("tradeoff"), metric);
  std::vector<std::int64_t> label;
  for (const std::int64_t k : smallest_of_rows(distances_to(test, means, metric)))
    label.push_back(classes.values[static_cast<std::size_t>(k)]);
  return {{"means", Tensor::of(means)}, {"label", Tensor::vector(label)}};
}

const Operation mdwm_operation{
    .name = "mdwm",
    .room = "decode/classical",
    .about = "Minimum distance to means between source and target domains (pyRiemann MDWM)",
    .arguments = {{.name = "tradeoff", .type = "number", .about = "0: source means, 1: target means"},
                  {.name = "target", .type = "integer"},
                  metric_argument},
    .inputs = {{.name = "c", .shape = "N C C"},
               {.name = "y", .shape = "N"},
               {.name = "domain", .shape = "N"},
               {.name = "test_c", .shape = "M C C"}},
    .outputs = {{.name = "means", .shape = "K C C"}, {.name = "label", .shape = "M"}},
    .call = run_mdwm,
};
CATON_REGISTER(Operation, mdwm_operation);

const Operation mean_field_operation{
    .name = "mean_field",
    .room = "decode/classical",
    .about = "Minimum distance to a field of power means (pyRiemann MeanField)",
    .arguments = {{.name = "powers", .type = "numbers", .standard = Json::list_of(std::vector<int>{-1, 0, 1})},
                  {.name = "combination", .type = "text", .standard = "sum_means", .about = "sum_means, inf_means"}},
    .inputs = labelled_inputs("c", "C C"),
    .outputs = {{.name = "distance", .shape = "M K"}, {.name = "label", .shape = "M"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto combination = choice_argument<FieldCombination>(
              args, "combination",
              {{"sum_means", FieldCombination::sum_means}, {"inf_means", FieldCombination::inf_means}});
          const LabelledPorts ports(args, in, "c");
          const auto field =
              fit_mean_field(ports.train, ports.classes.y, ports.count(), args.numbers("powers"), combination);
          return distance_ports(ports, field_distance(field, ports.test));
        },
};
CATON_REGISTER(Operation, mean_field_operation);

const Operation spd_knn_operation{
    .name = "spd_knn",
    .room = "decode/classical",
    .about = "Most frequent class among the nearest training matrices (pyRiemann KNearestNeighbor)",
    .arguments = {{.name = "neighbours", .type = "integer", .standard = 5}, metric_argument},
    .inputs = labelled_inputs("c", "C C"),
    .outputs = {{.name = "label", .shape = "M"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto metric = metric_named(args.operation(), args.text("metric"), distance_metrics());
          const LabelledPorts ports(args, in, "c");
          const auto label =
              spd_nearest_label(ports.train, ports.classes.y, ports.test, args.integer("neighbours"), metric);
          return Tensors{{"label", ports.labels(label)}};
        },
};
CATON_REGISTER(Operation, spd_knn_operation);

Tensors run_tangent_logistic(const Arguments& args, const Tensors& in) {
  const auto metric = metric_named(args.operation(), args.text("metric"), tangent_metrics());
  const LabelledPorts ports(args, in, "c");
  const Matrix reference = spd_mean(ports.train, metric);
  const auto model = fit_logistic(tangent_space(ports.train, reference, metric), ports.classes.y, ports.count(), {},
                                  {.c = args.number("c")});
  const Matrix test = tangent_space(ports.test, reference, metric);
  Tensors out = linear_ports(model, test);
  out.emplace("label", ports.labels(prediction_of(class_probability(model, test)).label));
  return out;
}

const Operation tangent_logistic_operation{
    .name = "tangent_logistic_regression",
    .room = "decode/classical",
    .about = "Logistic regression in the tangent space at the mean of training (pyRiemann TSClassifier)",
    .arguments = {metric_argument, {.name = "c", .type = "number", .standard = 1}},
    .inputs = labelled_inputs("c", "C C"),
    .outputs = {{.name = "coefficients", .shape = "1 or K, C(C+1)/2"},
                {.name = "intercept", .shape = "1 or K"},
                {.name = "probability", .shape = "M K"},
                {.name = "label", .shape = "M"}},
    .call = run_tangent_logistic,
};
CATON_REGISTER(Operation, tangent_logistic_operation);

}  // namespace

}  // namespace caton
