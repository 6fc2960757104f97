// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/ssvep_bank.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/iir.hpp"
#include "caton/signal/iir_design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace caton {

namespace {

constexpr const char* where = "ssvep_chebyshev_bank";
constexpr double ripple_db = 0.5;

/// What a rule asks of one of its bands.
struct Wanted {
  BandEdges edges;
  double pass_db = 3, stop_db = 40;
};

std::string band_text(std::int64_t band) { return "band " + std::to_string(band); }

Wanted nakanishi_band(std::int64_t band, double rate_hz) {
  constexpr std::array<double, 10> pass{6, 14, 22, 30, 38, 46, 54, 62, 70, 78};
  constexpr std::array<double, 10> stop{4, 10, 16, 24, 32, 40, 48, 56, 64, 72};
  const auto at = static_cast<std::size_t>(band);
  const Wanted wanted{.edges = {pass[at], 90, stop[at], 100}};
  const std::string what = band_text(band) + " of the filter bank ends at";
  require_below_nyquist(where, what.c_str(), wanted.edges.stop_high_hz, rate_hz);
  return wanted;
}

Wanted moabb_band(const SsvepBank& bank, std::int64_t band) {
  std::vector<double> stimuli = bank.stimuli_hz;
  std::sort(stimuli.begin(), stimuli.end());
  const double stimulus = stimuli[static_cast<std::size_t>(band)];
  double top = stimuli.back() < 40 ? 40 : 60;
  if (top > bank.rate_hz / 2) top = bank.rate_hz / 2 - 10;
  if (!(stimulus - 2 > 0)) {
    throw usage_error(where, band_text(band) + ": a stimulus of " + number_text(stimulus) +
                                 " Hz leaves no room for the band's lower edge 2 Hz below it");
  }
  const std::string what = band_text(band) + " begins at";
  require_below_nyquist(where, what.c_str(), stimulus - 1, bank.rate_hz);
  return {.edges = {stimulus - 1, top, stimulus - 2, top + 20}, .pass_db = 3, .stop_db = 15};
}

}  // namespace

int chebyshev1_bandpass_order(const BandEdges& edges, double pass_db, double stop_db, double rate_hz) {
  const auto warped = [&](double hz) { return std::tan(std::numbers::pi * hz / rate_hz); };
  if (!(edges.stop_low_hz > 0 && edges.stop_low_hz < edges.pass_low_hz && edges.pass_low_hz < edges.pass_high_hz &&
        edges.pass_high_hz < edges.stop_high_hz)) {
    throw usage_error(where, "the band " + number_text(edges.pass_low_hz) + " to " + number_text(edges.pass_high_hz) +
                                 " Hz does not lie inside " + number_text(edges.stop_low_hz) + " to " +
                                 number_text(edges.stop_high_hz) + " Hz");
  }
  const double low = warped(edges.pass_low_hz), high = warped(edges.pass_high_hz);
  const auto selectivity = [&](double hz) {
    const double stop = warped(hz);
    return std::abs((stop * stop - low * high) / (stop * (low - high)));
  };
  const double steepest = std::min(selectivity(edges.stop_low_hz), selectivity(edges.stop_high_hz));
  const double loss = std::sqrt((std::pow(10, 0.1 * stop_db) - 1) / (std::pow(10, 0.1 * pass_db) - 1));
  const double order = std::ceil(std::acosh(loss) / std::acosh(steepest));
  if (!(order >= 1 && order <= 100))
    throw usage_error(where, "no filter of order 1 to 100 fits the band's edges at this rate");
  return static_cast<int>(order);
}

SsvepBankRule ssvep_bank_rule(const std::string& who, std::string_view name) {
  if (name == "nakanishi") return SsvepBankRule::nakanishi;
  if (name == "moabb") return SsvepBankRule::moabb;
  throw usage_error(who, "unknown rule \"" + std::string(name) + "\"", "known: nakanishi, moabb");
}

std::int64_t ssvep_bands(const SsvepBank& bank) {
  if (bank.rule == SsvepBankRule::nakanishi) return 10;
  if (bank.stimuli_hz.empty())
    throw usage_error(where, "the rule moabb has one band a stimulus and needs stimuli_hz", "give stimuli_hz");
  for (const double hz : bank.stimuli_hz) require_positive(where, "stimuli_hz", hz);
  return static_cast<std::int64_t>(bank.stimuli_hz.size());
}

SsvepBand ssvep_band(const SsvepBank& bank, std::int64_t band) {
  require_positive(where, "rate_hz", bank.rate_hz);
  const std::int64_t bands = ssvep_bands(bank);
  if (band < 0 || band >= bands) {
    throw usage_error(where, band_text(band) + " does not exist: the rule has bands 0 to " + std::to_string(bands - 1));
  }
  const Wanted wanted =
      bank.rule == SsvepBankRule::nakanishi ? nakanishi_band(band, bank.rate_hz) : moabb_band(bank, band);
  SsvepBand result;
  result.order = chebyshev1_bandpass_order(wanted.edges, wanted.pass_db, wanted.stop_db, bank.rate_hz);
  result.cutoff_hz = {wanted.edges.pass_low_hz, wanted.edges.pass_high_hz};
  result.sos = iir_design({.rate_hz = bank.rate_hz,
                           .kind = IirKind::chebyshev1,
                           .band = BandKind::bandpass,
                           .order = result.order,
                           .cut_hz = result.cutoff_hz,
                           .ripple_db = ripple_db});
  // A band-pass of order n has 2n + 1 coefficients; the authors extend by three times one less.
  result.pad_samples = std::int64_t{6} * result.order;
  return result;
}

std::vector<SsvepBand> ssvep_bands(const SsvepBank& bank, std::int64_t count) {
  std::vector<SsvepBand> result;
  for (std::int64_t band = 0; band < count; ++band) result.push_back(ssvep_band(bank, band));
  return result;
}

Matrix SsvepBand::filter(Signal x) const { return iir_filtfilt(x, sos, pad_samples); }

Array<double, 4> filter_bank(View<const double, 3> epochs, const std::vector<SsvepBand>& bands, bool cascade) {
  const auto count = static_cast<std::int64_t>(bands.size());
  // All rows of all epochs go through a band together, so that no lane of a register stays empty.
  const std::int64_t rows = epochs.extent(0) * epochs.extent(1), samples = epochs.extent(2);
  Array<double, 4> result({count, epochs.extent(0), epochs.extent(1), samples}, uninitialised);
  if (result.empty()) return result;
  const Array<double, 3> plain = epochs.contiguous() ? Array<double, 3>() : Array<double, 3>(epochs);
  const Signal from(epochs.contiguous() ? epochs.data() : plain.data(), {rows, samples});
  std::vector<IirZeroPhase> filters;
  for (const SsvepBand& band : bands) filters.push_back({band.sos, band.pad_samples});
  const View<double, 3> to(result.data(), {count, rows, samples});
  if (!cascade) {
    iir_filtfilt(from, filters, to);
    return result;
  }
  for (std::int64_t b = 0; b < count; ++b)
    iir_filtfilt(b == 0 ? from : Signal(to[b - 1]), std::span(filters).subspan(static_cast<std::size_t>(b), 1),
                 to.slice(0, b, 1));
  return result;
}

namespace {

Tensors run_bank(const Arguments& args, const Tensors& in) {
  SsvepBank bank{.rule = ssvep_bank_rule(args.operation(), args.text("rule")), .rate_hz = args.number("rate_hz")};
  if (args.given("stimuli_hz")) bank.stimuli_hz = args.numbers("stimuli_hz");
  const MatrixPort x(args, in, "x");
  const SsvepBand band = ssvep_band(bank, args.integer("band"));
  return {{"y", Tensor::of(band.filter(x))},
          {"order", Tensor(Tensor::Shape{}, std::vector<std::int64_t>{band.order})},
          {"cutoff_hz", Tensor::vector(band.cutoff_hz)}};
}

const Operation bank_operation{
    .name = "ssvep_chebyshev_bank",
    .room = "signal",
    .about = "One Chebyshev band of a filter bank for steady-state visual potentials (mnakanishi/TRCA-SSVEP, MOABB)",
    .arguments = {{.name = "rule", .type = "text", .standard = "nakanishi", .about = "nakanishi, moabb"},
                  {.name = "band", .type = "integer", .about = "counted from 0"},
                  {.name = "rate_hz", .type = "number"},
                  {.name = "stimuli_hz", .type = "numbers", .standard = Json{}, .about = "for rule moabb"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C T", .unit = "V"},
                {.name = "order", .shape = ""},
                {.name = "cutoff_hz", .shape = "2", .unit = "Hz"}},
    .call = run_bank,
};
CATON_REGISTER(Operation, bank_operation);

}  // namespace

}  // namespace caton
