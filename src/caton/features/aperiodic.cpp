// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/aperiodic.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace caton {

namespace {

void require_spectrum(const std::string& where, Signal psd, const std::vector<double>& freqs_hz) {
  require_signal(where, psd);
  if (psd.extent(1) != static_cast<std::int64_t>(freqs_hz.size())) {
    throw usage_error(where, "shape: the density has " + std::to_string(psd.extent(1)) + " frequencies, freqs " +
                                 std::to_string(freqs_hz.size()));
  }
}

bool has_logarithm(double value) { return value > 0 && std::isfinite(value); }

/// Refuses values that have no logarithm.
void require_logarithms(const std::string& where, const std::string& what, std::span<const double> values) {
  const auto bad = std::find_if_not(values.begin(), values.end(), has_logarithm);
  if (bad == values.end()) return;
  throw input_error(where, what + " must be positive, one value is " + number_text(*bad),
                    "leave flat channels and 0 Hz out");
}

/// log10 of each value into `logarithms`; false where there is none.
bool take_logarithms(std::span<const double> values, std::vector<double>& logarithms) {
  if (!std::all_of(values.begin(), values.end(), has_logarithm)) return false;
  std::transform(values.begin(), values.end(), logarithms.begin(), [](double value) { return std::log10(value); });
  return true;
}

std::span<const double> part(std::span<const double> values, const BinRange& bins) {
  return values.subspan(bins.begin, bins.end - bins.begin);
}

std::vector<double> row_of(Signal psd, std::int64_t channel) {
  std::vector<double> row;
  for (std::int64_t k = 0; k < psd.extent(1); ++k) row.push_back(psd(channel, k));
  return row;
}

/// The percentile of NumPy's default rule; the values end up sorted.
double percentile_in_place(std::span<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
}

/// Squared correlation of the density with the line.
double agreement(std::span<const double> log_f, std::span<const double> log_p) {
  const double mean_f = mean_of(log_f), mean_p = mean_of(log_p);
  double ff = 0, fp = 0, pp = 0;
  for (std::size_t k = 0; k < log_f.size(); ++k) {
    ff += (log_f[k] - mean_f) * (log_f[k] - mean_f);
    fp += (log_f[k] - mean_f) * (log_p[k] - mean_p);
    pp += (log_p[k] - mean_p) * (log_p[k] - mean_p);
  }
  return fp * fp / (ff * pp);
}

}  // namespace

BinRange band_bins(const std::string& where, const std::vector<double>& freqs_hz, const Band& range) {
  for (std::size_t k = 1; k < freqs_hz.size(); ++k) {
    if (!(freqs_hz[k] > freqs_hz[k - 1])) throw usage_error(where, "freqs must rise from bin to bin");
  }
  const std::string text = number_text(range.low_hz) + " to " + number_text(range.high_hz) + " Hz";
  if (!(range.low_hz < range.high_hz)) throw usage_error(where, "the band " + text + " is empty");
  const BinRange bins = bins_between(freqs_hz, range.low_hz, range.high_hz);
  if (bins.end < bins.begin + 3) throw usage_error(where, "the band " + text + " holds fewer than 3 bins");
  return bins;
}

AperiodicRow::AperiodicRow(const std::vector<double>& freqs_hz, const Band& range, AperiodicMethod method)
    : bins_(band_bins("aperiodic_fit", freqs_hz, range)), method_(method) {
  for (auto* const values : {&log_f_, &log_p_, &above_, &sorted_, &kept_f_, &kept_p_})
    values->resize(bins_.end - bins_.begin);
  const auto inside = part(freqs_hz, bins_);
  require_logarithms("aperiodic_fit", "freqs", inside);
  (void)take_logarithms(inside, log_f_);
}

/// The line through the points on which no peak stands.
Line AperiodicRow::fit_without_peaks() {
  const Line first = fit_line(log_f_, log_p_);
  for (std::size_t k = 0; k < log_f_.size(); ++k)
    above_[k] = std::max(0.0, log_p_[k] - (first.intercept + first.slope * log_f_[k]));
  sorted_ = above_;
  const double limit = percentile_in_place(sorted_, 0.025);
  std::size_t kept = 0;
  for (std::size_t k = 0; k < above_.size(); ++k) {
    if (above_[k] > limit) continue;
    kept_f_[kept] = log_f_[k];
    kept_p_[kept] = log_p_[k];
    ++kept;
  }
  return kept > 2 ? fit_line({kept_f_.data(), kept}, {kept_p_.data(), kept}) : first;
}

bool AperiodicRow::run(std::span<const double> psd) {
  if (!take_logarithms(part(psd, bins_), log_p_)) return false;
  const Line line = method_ == AperiodicMethod::robust ? fit_without_peaks() : fit_line(log_f_, log_p_);
  offset_ = line.intercept;
  exponent_ = -line.slope;
  // The line is a linear function of log f, so that the density's correlation with either is the same up to its sign.
  r_squared_ = agreement(log_f_, log_p_);
  return std::isfinite(r_squared_);
}

AperiodicFit aperiodic_fit(Signal psd, const std::vector<double>& freqs_hz, const Band& range, AperiodicMethod method) {
  const std::string where = "aperiodic_fit";
  require_spectrum(where, psd, freqs_hz);
  AperiodicRow row(freqs_hz, range, method);
  AperiodicFit result;
  for (std::int64_t c = 0; c < psd.extent(0); ++c) {
    const auto density = row_of(psd, c);
    require_logarithms(where, "the density of channel " + std::to_string(c), part(density, row.bins()));
    if (!row.run(density)) throw flat_channel(where, c);
    result.offset.push_back(row.offset());
    result.exponent.push_back(row.exponent());
    result.r_squared.push_back(row.r_squared());
  }
  return result;
}

std::optional<double> centre_of_gravity(std::span<const double> psd, std::span<const double> freqs_hz,
                                        const BinRange& bins) {
  const auto inside = part(psd, bins);
  if (!std::all_of(inside.begin(), inside.end(), has_logarithm)) return std::nullopt;
  double weighted = 0;
  for (std::size_t k = bins.begin; k < bins.end; ++k) weighted += freqs_hz[k] * psd[k];
  return weighted / (mean_of(inside) * static_cast<double>(inside.size()));
}

namespace {

/// Moving mean over an odd number of bins, fewer at the ends.
std::vector<double> smoothed(const std::vector<double>& values, int bins) {
  const auto half = static_cast<std::ptrdiff_t>(bins / 2), count = static_cast<std::ptrdiff_t>(values.size());
  if (half == 0) return values;
  std::vector<double> result;
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    const std::ptrdiff_t begin = std::max<std::ptrdiff_t>(0, k - half), end = std::min(count, k + half + 1);
    result.push_back(mean_of({values.data() + begin, static_cast<std::size_t>(end - begin)}));
  }
  return result;
}

/// The density over its 1/f line; bin 0 of frequency 0 keeps its value.
std::vector<double> without_aperiodic(const std::vector<double>& row, const std::vector<double>& freqs_hz) {
  const Matrix density(Signal(row.data(), {1, static_cast<std::int64_t>(row.size())}));
  const auto first = std::upper_bound(freqs_hz.begin(), freqs_hz.end(), 0.0);
  if (first == freqs_hz.end()) throw usage_error("peak_alpha", "no frequency above 0: the band is empty");
  const auto fit = aperiodic_fit(density, freqs_hz, {*first, freqs_hz.back()});
  std::vector<double> result = row;
  for (std::size_t k = 0; k < row.size(); ++k) {
    if (freqs_hz[k] > 0) result[k] /= std::pow(10, fit.offset[0] - fit.exponent[0] * std::log10(freqs_hz[k]));
  }
  return result;
}

/// The bin of the largest strict local maximum in the range, or nothing.
std::optional<std::size_t> largest_maximum(const std::vector<double>& p, const BinRange& bins) {
  std::optional<std::size_t> best;
  for (std::size_t k = std::max<std::size_t>(bins.begin, 1); k < std::min(bins.end, p.size() - 1); ++k) {
    if (p[k] > p[k - 1] && p[k] > p[k + 1] && (!best || p[k] > p[*best])) best = k;
  }
  return best;
}

/// Where the parabola through three log10 values has its top, in bins from the middle one.
double vertex(double left, double middle, double right) {
  const double below = std::log10(left), at = std::log10(middle), above = std::log10(right);
  return 0.5 * (below - above) / (below - 2 * at + above);
}

}  // namespace

AlphaPeak peak_alpha(Signal psd, const std::vector<double>& freqs_hz, const AlphaPeakOptions& options) {
  const std::string where = "peak_alpha";
  require_spectrum(where, psd, freqs_hz);
  if (options.smooth_bins < 0) throw usage_error(where, "smooth_bins must be positive or 0");
  const BinRange bins = band_bins(where, freqs_hz, options.range);
  AlphaPeak result;
  for (std::int64_t c = 0; c < psd.extent(0); ++c) {
    auto p = row_of(psd, c);
    if (options.remove_aperiodic) p = without_aperiodic(p, freqs_hz);
    p = smoothed(p, options.smooth_bins);
    const auto inside = part(p, bins);
    require_logarithms(where, "the density of channel " + std::to_string(c), inside);
    result.gravity_hz.push_back(centre_of_gravity(p, freqs_hz, bins).value());
    const auto peak = largest_maximum(p, bins);
    result.peak_hz.push_back(std::numeric_limits<double>::quiet_NaN());
    result.prominence.push_back(std::numeric_limits<double>::quiet_NaN());
    if (!peak) continue;
    const double left = p[*peak - 1], right = p[*peak + 1];
    const double shift = left > 0 && right > 0 ? vertex(left, p[*peak], right) : 0;
    result.peak_hz.back() = freqs_hz[*peak] + shift * (freqs_hz[*peak + 1] - freqs_hz[*peak]);
    result.prominence.back() = std::log10(p[*peak]) - std::log10((inside.front() + inside.back()) / 2);
  }
  return result;
}

namespace {

Band range_argument(const Arguments& args) {
  const auto range = args.numbers("range_hz");
  if (range.size() != 2) throw args.refuse("range_hz is [low, high]: a band");
  return {range[0], range[1]};
}

const Operation aperiodic_operation{
    .name = "aperiodic_fit",
    .room = "features",
    .about = "The 1/f part of a density: log10 P = offset - exponent log10 f (specparam, fixed mode, first fit)",
    .arguments = {{.name = "range_hz", .type = "numbers"},
                  {.name = "method", .type = "text", .standard = "robust", .about = "ols, robust"}},
    .inputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .outputs = {{.name = "offset", .shape = "C", .unit = "log10(V^2/Hz)"},
                {.name = "exponent", .shape = "C", .unit = "1"},
                {.name = "r_squared", .shape = "C", .unit = "1"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto method = choice_argument<AperiodicMethod>(
          args, "method", {{"ols", AperiodicMethod::ols}, {"robust", AperiodicMethod::robust}});
      const auto fit =
          aperiodic_fit(MatrixPort(args, in, "psd"), vector_port(args, in, "freqs"), range_argument(args), method);
      return {{"offset", Tensor::vector(fit.offset)},
              {"exponent", Tensor::vector(fit.exponent)},
              {"r_squared", Tensor::vector(fit.r_squared)}};
    },
};
CATON_REGISTER(Operation, aperiodic_operation);

const Operation peak_alpha_operation{
    .name = "peak_alpha",
    .room = "features",
    .about = "The individual alpha frequency: peak, centre of gravity and prominence; NaN where there is no peak",
    .arguments = {{.name = "range_hz", .type = "numbers", .standard = Json::list_of(std::vector<double>{7, 13})},
                  {.name = "smooth_bins", .type = "integer", .standard = 0, .about = "width of a moving mean; 0: none"},
                  {.name = "remove_aperiodic", .type = "flag", .standard = false}},
    .inputs = {{.name = "psd", .shape = "C F", .unit = "V^2/Hz"}, {.name = "freqs", .shape = "F", .unit = "Hz"}},
    .outputs = {{.name = "peak_hz", .shape = "C", .unit = "Hz"},
                {.name = "gravity_hz", .shape = "C", .unit = "Hz"},
                {.name = "prominence", .shape = "C", .unit = "log10"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const AlphaPeakOptions options{.range = range_argument(args),
                                     .smooth_bins = count_argument(args, "smooth_bins", 0),
                                     .remove_aperiodic = args.flag("remove_aperiodic")};
      const auto alpha = peak_alpha(MatrixPort(args, in, "psd"), vector_port(args, in, "freqs"), options);
      return {{"peak_hz", Tensor::vector(alpha.peak_hz)},
              {"gravity_hz", Tensor::vector(alpha.gravity_hz)},
              {"prominence", Tensor::vector(alpha.prominence)}};
    },
};
CATON_REGISTER(Operation, peak_alpha_operation);

}  // namespace

}  // namespace caton
