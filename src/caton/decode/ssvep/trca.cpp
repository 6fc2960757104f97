// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/trca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"

namespace caton {

namespace {

constexpr const char* where = "ssvep_trca";

Array<double, 3> filtered(Epochs x, const SsvepBand& band) {
  Array<double, 3> result(x.extents(), uninitialised);
  for (std::int64_t n = 0; n < x.extent(0); ++n) put(band.filter(x[n]), result[n]);
  return result;
}

/// Template and filter of one class in every band.
void learn_class(TrcaModel& model, Array<double, 3> epochs, std::int64_t k) {
  const Array<double, 3> raw = model.options.cascade ? Array<double, 3>() : epochs;
  for (std::int64_t b = 0; b < model.w.extent(0); ++b) {
    epochs = filtered(model.options.cascade ? epochs : raw, model.bands[static_cast<std::size_t>(b)]);
    const std::vector<std::int64_t> all(static_cast<std::size_t>(epochs.extent(0)), 0);
    put(class_mean(epochs, all, 0), model.templates[b][k]);
    const auto filter = trca_filter(epochs, model.options.variant).w;
    std::copy(filter.begin(), filter.end(), &model.w(b, k, 0));
  }
}

/// The filters that look at class `k`: filters x channels.
Signal filters_for(const TrcaModel& model, std::int64_t b, std::int64_t k) {
  const Signal all = model.w.view()[b];
  return model.options.ensemble ? all : all.slice(0, k, 1);
}

}  // namespace

TrcaModel fit_trca(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::vector<SsvepBand> bands,
                   const TrcaOptions& options) {
  if (bands.empty()) throw usage_error(where, "bands must be at least 1");
  if (x.extent(0) != static_cast<std::int64_t>(y.size()))
    throw usage_error(where, "as many labels as epochs are needed (shape)");
  const auto count = static_cast<std::int64_t>(bands.size());
  TrcaModel model{options, std::move(bands), Array<double, 3>({count, classes, x.extent(1)}),
                  Array<double, 4>({count, classes, x.extent(1), x.extent(2)})};
  thread_pool().parallel_for(classes, [&](std::int64_t k) {
    try {
      learn_class(model, class_epochs(x, y, k), k);
    } catch (const Error& error) {
      throw Error(error.kind(), where, "class " + std::to_string(k) + ": " + error.problem(), error.remedy());
    }
  });
  return model;
}

FilterBankScores trca_scores(const TrcaModel& model, Epochs x) {
  require_epochs(where, x, model.templates.extent(2), model.templates.extent(3));
  const std::int64_t bands = model.w.extent(0), classes = model.w.extent(1);
  FilterBankScores result{Array<double, 3>({x.extent(0), bands, classes}, uninitialised), {}};
  std::vector<Matrix> expected;
  for (std::int64_t b = 0; b < bands; ++b) {
    for (std::int64_t k = 0; k < classes; ++k)
      expected.push_back(product(filters_for(model, b, k), model.templates.view()[b][k]));
  }
  thread_pool().parallel_for(x.extent(0) * bands, [&](std::int64_t i) {
    const std::int64_t n = i / bands, b = i % bands;
    const Matrix band = model.bands[static_cast<std::size_t>(b)].filter(x[n]);
    Matrix seen = product(filters_for(model, b, 0), band);
    for (std::int64_t k = 0; k < classes; ++k) {
      if (k > 0 && !model.options.ensemble) seen = product(filters_for(model, b, k), band);
      result.band_score(n, b, k) = correlation(seen, expected[static_cast<std::size_t>(b * classes + k)]);
    }
  });
  result.combined = ssvep_scores(combined_bands(result.band_score));
  return result;
}

namespace {

Tensors run_trca(const Arguments& args, const Tensors& in) {
  SsvepBank bank{.rule = ssvep_bank_rule(args.operation(), args.text("rule")), .rate_hz = args.number("rate_hz")};
  if (args.given("stimuli_hz")) bank.stimuli_hz = args.numbers("stimuli_hz");
  const TrcaOptions options{.variant = trca_variant(args.operation(), args.text("variant")),
                            .ensemble = args.flag("ensemble"),
                            .cascade = args.flag("cascade")};
  const LabelledPorts ports(args, in, "x");
  const auto model =
      fit_trca(ports.train, ports.classes.y, ports.count(), ssvep_bands(bank, count_argument(args, "bands")), options);
  const auto scores = trca_scores(model, ports.test);
  Tensors out = score_ports(ports, scores.combined);
  out.emplace("w", Tensor::of(model.w));
  out.emplace("band_score", Tensor::of(scores.band_score));
  return out;
}

const Operation trca_operation{
    .name = "ssvep_trca",
    .room = "decode/ssvep",
    .about =
        "Task-related components in the bands of a filter bank (mnakanishi/TRCA-SSVEP train_model.m, "
        "test_model.m)",
    .arguments = {{.name = "variant", .type = "text", .standard = "ftrca", .about = "ftrca, trca, sscor"},
                  {.name = "bands", .type = "integer", .standard = 3},
                  {.name = "rule", .type = "text", .standard = "nakanishi", .about = "nakanishi, moabb"},
                  {.name = "ensemble", .type = "flag", .standard = true},
                  {.name = "cascade",
                   .type = "flag",
                   .standard = true,
                   .about = "train band b on epochs filtered by all bands before it too, as the authors' code does"},
                  {.name = "rate_hz", .type = "number"},
                  {.name = "stimuli_hz", .type = "numbers", .standard = Json{}, .about = "for rule moabb"}},
    .inputs = {{.name = "train_x", .shape = "N C T", .unit = "V"},
               {.name = "train_y", .shape = "N"},
               {.name = "test_x", .shape = "M C T", .unit = "V"}},
    .outputs = {{.name = "w", .shape = "B K C"},
                {.name = "band_score", .shape = "M B K", .unit = "1"},
                {.name = "score", .shape = "M K", .unit = "1"},
                {.name = "label", .shape = "M"}},
    .call = run_trca,
};
CATON_REGISTER(Operation, trca_operation);

}  // namespace

}  // namespace caton
