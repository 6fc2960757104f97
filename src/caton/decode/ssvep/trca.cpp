// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/trca.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/ssvep/trca_ensemble.hpp"

#include <algorithm>
#include <numeric>

namespace caton {

namespace {

constexpr const char* where = "ssvep_trca";

void require_bands(FilteredEpochs x, std::span<const std::int64_t> y, std::size_t bands) {
  if (bands == 0) throw usage_error(where, "bands must be at least 1");
  if (x.extent(0) != static_cast<std::int64_t>(bands) || x.extent(1) != static_cast<std::int64_t>(y.size()))
    throw usage_error(where, "as many labels as epochs are needed (shape)");
}

/// The classes of the epochs `chosen`.
std::vector<TrcaClass> classes_of(std::span<const std::int64_t> chosen, std::span<const std::int64_t> y,
                                  std::int64_t classes) {
  std::vector<TrcaClass> result(static_cast<std::size_t>(classes));
  for (std::int64_t k = 0; k < classes; ++k) result[static_cast<std::size_t>(k)].number = k;
  for (const std::int64_t n : chosen) {
    const std::int64_t k = y[static_cast<std::size_t>(n)];
    if (k >= 0) result[static_cast<std::size_t>(k)].epochs.push_back(n);
  }
  return result;
}

std::vector<std::int64_t> all_of(std::int64_t count) {
  std::vector<std::int64_t> places(static_cast<std::size_t>(count));
  std::iota(places.begin(), places.end(), 0);
  return places;
}

void put_band(Signal score, std::int64_t band, Array<double, 3>& band_score) {
  for (std::int64_t n = 0; n < score.extent(0); ++n)
    std::copy(score[n].data(), score[n].data() + score.extent(1), &band_score(n, band, 0));
}

}  // namespace

TrcaModel fit_trca(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::vector<SsvepBand> bands,
                   const TrcaOptions& options) {
  const auto filtered = filter_bank(x, bands, options.cascade);
  return fit_trca(filtered, y, classes, std::move(bands), options);
}

TrcaModel fit_trca(FilteredEpochs x, std::span<const std::int64_t> y, std::int64_t classes,
                   std::vector<SsvepBand> bands, const TrcaOptions& options) {
  require_bands(x, y, bands.size());
  const auto count = static_cast<std::int64_t>(bands.size());
  TrcaModel model{options, std::move(bands), Array<double, 3>({count, classes, x.extent(2)}),
                  Array<double, 4>({count, classes, x.extent(2), x.extent(3)})};
  const auto learned = classes_of(all_of(x.extent(1)), y, classes);
  for (std::int64_t b = 0; b < count; ++b)
    learn_trca(SummedEpochs(x[b]), learned, options.variant, model.w[b], model.templates[b]);
  return model;
}

std::vector<FilterBankScores> trca_split_scores(FilteredEpochs x, std::span<const std::int64_t> y, std::int64_t classes,
                                                std::span<const EpochSplit> splits, const TrcaOptions& options) {
  const std::int64_t bands = x.extent(0), count = static_cast<std::int64_t>(splits.size());
  require_bands(x, y, static_cast<std::size_t>(bands));
  std::vector<FilterBankScores> result;
  std::vector<std::vector<TrcaClass>> of_split;
  for (const EpochSplit& split : splits) {
    result.push_back({Array<double, 3>({static_cast<std::int64_t>(split.test.size()), bands, classes}), {}});
    of_split.push_back(classes_of(split.training, y, classes));
  }
  // A class' epochs serve all splits one after the other, while they are in the cache.
  std::vector<TrcaClass> learned;
  for (std::int64_t k = 0; k < classes; ++k)
    for (const auto& all : of_split) learned.push_back(all[static_cast<std::size_t>(k)]);
  Array<double, 3> w({classes, count, x.extent(2)}, uninitialised);
  Array<double, 4> templates({classes, count, x.extent(2), x.extent(3)}, uninitialised);
  const std::int64_t shares = std::min<std::int64_t>(count, thread_count());
  std::vector<EnsembleMemory> memory(static_cast<std::size_t>(shares));
  for (std::int64_t b = 0; b < bands; ++b) {
    const SummedEpochs epochs(x[b]);
    learn_trca(epochs, learned, options.variant, {w.data(), {classes * count, x.extent(2)}},
               {templates.data(), {classes * count, x.extent(2), x.extent(3)}});
    thread_pool().parallel_for(shares, [&](std::int64_t share) {
      for (std::int64_t s = share * count / shares; s < (share + 1) * count / shares; ++s) {
        const Signal filters(&w(0, s, 0), {classes, x.extent(2)}, {w.view().stride(0), 1});
        const Epochs means(&templates(0, s, 0, 0), {classes, x.extent(2), x.extent(3)},
                           {templates.view().stride(0), x.extent(3), 1});
        const auto at = static_cast<std::size_t>(s);
        put_band(trca_correlations(epochs, splits[at].test, filters, means, options.ensemble,
                                   memory[static_cast<std::size_t>(share)]),
                 b, result[at].band_score);
      }
    });
  }
  for (FilterBankScores& scores : result) scores.combined = ssvep_scores(combined_bands(scores.band_score));
  return result;
}

FilterBankScores trca_scores(const TrcaModel& model, Epochs x) {
  require_epochs(where, x, model.templates.extent(2), model.templates.extent(3));
  return trca_scores(model, filter_bank(x, model.bands));
}

FilterBankScores trca_scores(const TrcaModel& model, FilteredEpochs x) {
  const std::int64_t bands = model.w.extent(0), classes = model.w.extent(1);
  if (x.extent(0) != bands) throw usage_error(where, "shape: the epochs are not filtered in the bands of training");
  require_epochs(where, x[0], model.templates.extent(2), model.templates.extent(3));
  FilterBankScores result{Array<double, 3>({x.extent(1), bands, classes}, uninitialised), {}};
  thread_pool().parallel_for(bands, [&](std::int64_t b) {
    const SummedEpochs epochs(x[b]);
    EnsembleMemory memory;
    put_band(
        trca_correlations(epochs, all_of(x.extent(1)), model.w[b], model.templates[b], model.options.ensemble, memory),
        b, result.band_score);
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
