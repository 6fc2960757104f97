// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/ports.hpp"
#include "caton/features/connectivity/measure_tensor.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/features/connectivity/mvar.hpp"
#include "caton/features/connectivity/mvar_connectivity.hpp"
#include "caton/signal/checks.hpp"

namespace caton {

namespace {

const std::string room = "features/connectivity";

Tensor one(double value) { return Tensor::vector(std::vector<double>{value}); }
Tensor one(std::int64_t value) { return Tensor::vector(std::vector<std::int64_t>{value}); }

Tensors fit(const Arguments& args, const Tensors& in) {
  const auto x = cube_port(args, in, "x");
  MvarFit options{.order = args.integer("order"), .ridge = args.number("ridge")};
  options.method = choice_argument<MvarMethod>(
      args, "method", {{"least-squares", MvarMethod::least_squares}, {"yule-walker", MvarMethod::yule_walker}});
  const auto model = mvar_fit(x.view(), options);
  return {{"a", Tensor::of(model.a)},
          {"noise", Tensor::of(model.noise)},
          {"residuals", Tensor::of(mvar_residuals(x.view(), model.a.view()))}};
}

const Operation fit_operation{
    .name = "mvar_fit",
    .room = room,
    .about = "Multivariate autoregressive model (scot.var.VAR, or Yule-Walker)",
    .arguments =
        {{.name = "order", .type = "integer"},
         {.name = "method", .type = "text", .standard = "least-squares", .about = "least-squares, yule-walker"},
         {.name = "ridge", .type = "number", .standard = 0, .about = "added to the diagonal of the normal equations"}},
    .inputs = {{.name = "x", .shape = "E C T", .unit = "V"}},
    .outputs = {{.name = "a", .shape = "p C C"},
                {.name = "noise", .shape = "C C"},
                {.name = "residuals", .shape = "E C T-p"}},
    .call = fit};
CATON_REGISTER(Operation, fit_operation);

Tensors order(const Arguments& args, const Tensors& in) {
  const auto x = cube_port(args, in, "x");
  const auto orders = mvar_order(x.view(), args.integer("max_order"));
  return {{"aic", Tensor::vector(orders.aic)}, {"bic", Tensor::vector(orders.bic)}, {"hq", Tensor::vector(orders.hq)},
          {"fpe", Tensor::vector(orders.fpe)}, {"best_aic", one(orders.best_aic)},  {"best_bic", one(orders.best_bic)}};
}

const Operation order_operation{.name = "mvar_order",
                                .room = room,
                                .about = "Information criteria of model orders on the same samples (Luetkepohl 2005)",
                                .arguments = {{.name = "max_order", .type = "integer"}},
                                .inputs = {{.name = "x", .shape = "E C T", .unit = "V"}},
                                .outputs = {{.name = "aic", .shape = "max_order"},
                                            {.name = "bic", .shape = "max_order"},
                                            {.name = "hq", .shape = "max_order"},
                                            {.name = "fpe", .shape = "max_order"},
                                            {.name = "best_aic", .shape = "1"},
                                            {.name = "best_bic", .shape = "1"}},
                                .call = order};
CATON_REGISTER(Operation, order_operation);

Tensors stability(const Arguments& args, const Tensors& in) {
  const auto a = cube_port(args, in, "a");
  const double radius = mvar_radius(a.view());
  return {{"radius", one(radius)}, {"stable", one(std::int64_t{radius < 1})}};
}

const Operation stability_operation{
    .name = "mvar_stability",
    .room = room,
    .about = "Largest modulus of the companion matrix' eigenvalues; stable below 1 (scot VAR.is_stable)",
    .inputs = {{.name = "a", .shape = "p C C"}},
    .outputs = {{.name = "radius", .shape = "1"}, {.name = "stable", .shape = "1", .unit = "0 or 1"}},
    .call = stability};
CATON_REGISTER(Operation, stability_operation);

Tensors whiteness(const Arguments& args, const Tensors& in) {
  const auto residuals = cube_port(args, in, "residuals");
  const auto result = mvar_whiteness(residuals.view(), args.integer("order"), args.integer("lags"));
  return {{"q", one(result.q)}, {"df", one(result.freedom)}, {"p_value", one(result.p)}};
}

const Operation whiteness_operation{
    .name = "mvar_whiteness",
    .room = room,
    .about = "Adjusted portmanteau test of what a model leaves (Luetkepohl 2005, 4.4.23)",
    .arguments = {{.name = "order", .type = "integer"}, {.name = "lags", .type = "integer"}},
    .inputs = {{.name = "residuals", .shape = "E C N"}},
    .outputs = {{.name = "q", .shape = "1"}, {.name = "df", .shape = "1"}, {.name = "p_value", .shape = "1"}},
    .call = whiteness};
CATON_REGISTER(Operation, whiteness_operation);

Tensors simulate(const Arguments& args, const Tensors& in) {
  const auto a = cube_port(args, in, "a");
  const MatrixPort innovations(args, in, "innovations");
  return {{"x", Tensor::of(mvar_simulate(a.view(), innovations, args.integer("discard")))}};
}

const Operation simulate_operation{
    .name = "mvar_simulate",
    .room = room,
    .about = "Runs a model from rest on given innovations",
    .arguments = {{.name = "discard", .type = "integer", .standard = 0, .about = "samples dropped at the start"}},
    .inputs = {{.name = "a", .shape = "p C C"}, {.name = "innovations", .shape = "C T"}},
    .outputs = {{.name = "x", .shape = "C T-discard"}},
    .call = simulate};
CATON_REGISTER(Operation, simulate_operation);

Tensors connectivity(const Arguments& args, const Tensors& in) {
  const auto a = cube_port(args, in, "a");
  const MatrixPort noise(args, in, "noise");
  const double rate_hz = args.number("rate_hz");
  require_positive("mvar_connectivity", "rate_hz", rate_hz);
  const auto names = args.value("measures").texts("mvar_connectivity: measures");
  std::vector<ModelMeasure> measures;
  for (const auto& name : names) measures.push_back(model_measure_named(name));
  const std::int64_t bins = args.integer("bins");
  const auto values = mvar_connectivity(a.view(), noise, measures, bins);
  Tensors out{{"freqs", Tensor::vector(model_frequencies(bins, rate_hz))}};
  for (std::size_t m = 0; m < names.size(); ++m) out[names[m]] = measure_tensor(values[m], is_complex(measures[m]));
  return out;
}

const Operation connectivity_operation{
    .name = "mvar_connectivity",
    .room = room,
    .about = "Connectivity of a model over frequency, [to, from] (scot.connectivity.Connectivity)",
    .arguments = {{.name = "bins", .type = "integer", .standard = 512},
                  {.name = "rate_hz", .type = "number"},
                  {.name = "measures",
                   .type = "list",
                   .about = "dtf, ffdtf, ddtf, gdtf, pdc, ffpdc, gpdc, pdcf, coherence, partial_coherence, spectrum"}},
    .inputs = {{.name = "a", .shape = "p C C"}, {.name = "noise", .shape = "C C"}},
    .outputs = {{.name = "<measure>", .shape = "C C bins"}, {.name = "freqs", .shape = "bins", .unit = "Hz"}},
    .call = connectivity};
CATON_REGISTER(Operation, connectivity_operation);

Tensors average(const Arguments& args, const Tensors& in) {
  const auto m = cube_port(args, in, "m");
  return {{"y", Tensor::of(band_average(m.view(), vector_port(args, in, "freqs"),
                                        bands_of(pairs_argument(args, "bands_hz"))))}};
}

const Operation average_operation{
    .name = "band_average",
    .room = room,
    .about = "Mean over the bins of each band, both edges belonging to it",
    .arguments = {{.name = "bands_hz", .type = "list"}},
    .inputs = {{.name = "m", .shape = "C C F"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .outputs = {{.name = "y", .shape = "C C B"}},
    .call = average};
CATON_REGISTER(Operation, average_operation);

}  // namespace

}  // namespace caton
