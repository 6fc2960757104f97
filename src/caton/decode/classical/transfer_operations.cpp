// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Transfer between domains, as golden cases name it: each operation takes matrices (port c) or tangent vectors (port
// t).
#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/classical/transfer.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"

namespace caton {

namespace {

/// Whether matrices are given; exactly one of the two ports must be.
bool takes_matrices(const Arguments& args, const Tensors& in) {
  const bool matrices = in.count("c") != 0;
  if (matrices == (in.count("t") != 0)) throw args.refuse("give either the input \"c\" or the input \"t\"");
  return matrices;
}

std::vector<std::int64_t> domain_port(const Arguments& args, const Tensors& in, std::int64_t samples) {
  auto domain = port(in, "domain").integers("domain");
  if (args.given("target")) {
    const std::int64_t target = args.integer("target");
    (void)domains_of(domain, samples, &target);
  }
  return domain;
}

std::vector<Port> inputs(bool labels = false) {
  std::vector<Port> all{{.name = "c", .shape = "N C C", .optional = true},
                        {.name = "t", .shape = "N F", .optional = true},
                        {.name = "domain", .shape = "N"}};
  if (labels) all.push_back({.name = "y", .shape = "N"});
  return all;
}

const Argument target_argument{
    .name = "target", .type = "integer", .standard = Json{}, .about = "the domain that is decoded in the end"};

const Operation recenter_operation{
    .name = "transfer_recenter",
    .room = "decode/classical",
    .about = "Every domain moved to the identity, or to 0, by its own mean (pyRiemann TLCenter)",
    .arguments = {{.name = "metric", .type = "text", .standard = "riemann"}, target_argument},
    .inputs = inputs(),
    .outputs = {{.name = "c", .shape = "N C C"}, {.name = "t", .shape = "N F"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto metric = metric_named(args.operation(), args.text("metric"), mean_metrics());
          if (takes_matrices(args, in)) {
            const auto c = epochs_port(args, in, "c");
            return Tensors{{"c", Tensor::of(recentred(c, domain_port(args, in, c.extent(0)), metric))}};
          }
          const MatrixPort t(args, in, "t");
          return Tensors{{"t", Tensor::of(recentred(t, domain_port(args, in, t.view().extent(0))))}};
        },
};
CATON_REGISTER(Operation, recenter_operation);

const Operation scale_operation{
    .name = "transfer_scale",
    .room = "decode/classical",
    .about = "Every domain stretched around its mean to the same dispersion (pyRiemann TLScale)",
    .arguments = {{.name = "centered", .type = "flag", .standard = false, .about = "means are the identity already"},
                  {.name = "dispersion", .type = "number", .standard = 1},
                  {.name = "metric", .type = "text", .standard = "riemann"},
                  target_argument},
    .inputs = inputs(),
    .outputs = {{.name = "c", .shape = "N C C"}, {.name = "dispersion", .shape = "D"}, {.name = "t", .shape = "N F"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const StretchOptions options{
              .dispersion = args.number("dispersion"),
              .centered = args.flag("centered"),
              .metric = metric_named(args.operation(), args.text("metric"), distance_metrics())};
          if (takes_matrices(args, in)) {
            const auto c = epochs_port(args, in, "c");
            const auto result = stretched(c, domain_port(args, in, c.extent(0)), options);
            return Tensors{{"c", Tensor::of(result.c)}, {"dispersion", Tensor::vector(result.dispersion)}};
          }
          const MatrixPort t(args, in, "t");
          return Tensors{{"t", Tensor::of(stretched(t, domain_port(args, in, t.view().extent(0))))}};
        },
};
CATON_REGISTER(Operation, scale_operation);

Tensors run_rotate(const Arguments& args, const Tensors& in) {
  const std::int64_t target = args.integer("target");
  if (takes_matrices(args, in)) {
    const auto metric = metric_named(args.operation(), args.text("metric"), {Metric::euclid, Metric::riemann});
    const auto c = epochs_port(args, in, "c");
    const auto y = labels_port(args, in, "y", c.extent(0)).y;
    const auto result = rotated(c, y, domain_port(args, in, c.extent(0)), target, metric);
    Tensor rotation = Tensor::of(result.rotation);
    if (result.rotation.extent(0) == 1) rotation = rotation.reshaped({c.extent(1), c.extent(1)});
    return {{"c", Tensor::of(result.c)}, {"rotation", rotation}};
  }
  const MatrixPort t(args, in, "t");
  const std::int64_t samples = t.view().extent(0);
  TangentRotation options{.clusters = count_argument(args, "clusters"),
                          .explained = args.number("explained"),
                          .as_published = args.flag("as_published")};
  const bool all = args.value("components").is_text() && args.text("components") == "max";
  options.components = all ? t.view().extent(1) : count_argument(args, "components");
  const auto y = labels_port(args, in, "y", samples).y;
  return {{"t", Tensor::of(rotated(t, y, domain_port(args, in, samples), target, options))}};
}

const Operation rotate_operation{
    .name = "transfer_rotate",
    .room = "decode/classical",
    .about = "Source domains turned towards the target's class means (pyRiemann TLRotate)",
    .arguments = {{.name = "metric", .type = "text", .standard = "euclid", .about = "euclid, riemann"},
                  {.name = "target", .type = "integer"},
                  {.name = "components", .type = "any", .standard = 1, .about = "a number, or max"},
                  {.name = "clusters", .type = "integer", .standard = 3},
                  {.name = "explained", .type = "number", .standard = 0.999},
                  {.name = "as_published",
                   .type = "flag",
                   .standard = true,
                   .about = "for vectors: the library's transpose of the Procrustes solution"}},
    .inputs = inputs(true),
    .outputs = {{.name = "c", .shape = "N C C"}, {.name = "rotation", .shape = "C C"}, {.name = "t", .shape = "N F"}},
    .call = run_rotate,
};
CATON_REGISTER(Operation, rotate_operation);

}  // namespace

}  // namespace caton
