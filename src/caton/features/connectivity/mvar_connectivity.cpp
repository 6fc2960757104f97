// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/mvar_connectivity.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/model_spectrum.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t most_bins = 1 << 20;

constexpr std::array<std::pair<std::string_view, ModelMeasure>, 11> names{
    {{"dtf", ModelMeasure::dtf},
     {"ffdtf", ModelMeasure::ffdtf},
     {"ddtf", ModelMeasure::ddtf},
     {"gdtf", ModelMeasure::gdtf},
     {"pdc", ModelMeasure::pdc},
     {"ffpdc", ModelMeasure::ffpdc},
     {"gpdc", ModelMeasure::gpdc},
     {"pdcf", ModelMeasure::pdcf},
     {"coherence", ModelMeasure::coherence},
     {"partial_coherence", ModelMeasure::partial_coherence},
     {"spectrum", ModelMeasure::spectrum}}};

/// C x C complex matrices of all bins, bin first.
using BinMatrices = Array<Complex, 3>;

BinMatrices values_of(const std::string& where, const MatrixPolynomial& polynomial, std::int64_t size,
                      std::int64_t bins, bool inverted) {
  BinMatrices result({bins, size, size}, uninitialised);
  const Circle circle(bins);
  LaneMatrix block(size);
  for (std::int64_t first = 0; first < bins; first += lane_count) {
    const Matrix turns = circle.powers(first, polynomial.terms().extent(0));
    if (inverted)
      polynomial.evaluate_inverse(where, turns, block);
    else
      polynomial.evaluate(turns, block);
    for (std::int64_t lane = 0; lane < std::min(lane_count, bins - first); ++lane) {
      for (std::int64_t i = 0; i < size; ++i) {
        for (std::int64_t j = 0; j < size; ++j)
          result(first + lane, i, j) = {block.at(i, j)[lane], block.at(i, j)[lane + lane_count]};
      }
    }
  }
  return result;
}

double power(const Complex& value) { return std::norm(value); }

/// What the measures are made of; each part is worked out when first asked for.
class Parts {
 public:
  Parts(Coefficients a, Signal noise, std::int64_t bins)
      : a_(a), noise_(noise), bins_(bins), size_(a.extent(1)), deviation_(static_cast<std::size_t>(size_)) {
    for (std::int64_t c = 0; c < size_; ++c) {
      if (!(noise(c, c) > 0))
        throw input_error(where_, "the noise of channel " + std::to_string(c) + " has no variance: it is flat");
      deviation_[static_cast<std::size_t>(c)] = std::sqrt(noise(c, c));
    }
  }

  [[nodiscard]] Array<Complex, 3> measure(ModelMeasure which);

 private:
  const BinMatrices& a() { return filled(a_values_, characteristic(a_), false); }
  const BinMatrices& h() { return filled(h_values_, characteristic(a_), true); }
  const BinMatrices& whitened() { return filled(b_values_, whitened_characteristic(where_, a_, noise_), false); }
  const BinMatrices& filled(BinMatrices& values, const MatrixPolynomial& polynomial, bool inverted) {
    if (values.empty()) values = values_of(where_, polynomial, size_, bins_, inverted);
    return values;
  }
  double deviation(std::int64_t c) const { return deviation_[static_cast<std::size_t>(c)]; }

  template <class Value>
  Array<Complex, 3> each(const Value& value) const {
    Array<Complex, 3> result({size_, size_, bins_}, uninitialised);
    for (std::int64_t i = 0; i < size_; ++i) {
      for (std::int64_t j = 0; j < size_; ++j) {
        for (std::int64_t k = 0; k < bins_; ++k) result(i, j, k) = value(i, j, k);
      }
    }
    return result;
  }
  /// Sums of `weight` over the row (or column) of each bin: C x bins.
  template <class Weight>
  Matrix sums(const Weight& weight) const {
    Matrix result({size_, bins_});
    for (std::int64_t line = 0; line < size_; ++line) {
      for (std::int64_t k = 0; k < bins_; ++k) {
        for (std::int64_t m = 0; m < size_; ++m) result(line, k) += weight(line, m, k);
      }
    }
    return result;
  }
  std::vector<double> over_bins(const Matrix& sums) const {
    std::vector<double> totals;
    for (std::int64_t line = 0; line < size_; ++line) {
      double total = 0;
      for (std::int64_t k = 0; k < bins_; ++k) total += sums(line, k);
      totals.push_back(total);
    }
    return totals;
  }

  Array<Complex, 3> transfer(bool weighted);
  Array<Complex, 3> full_transfer();
  Array<Complex, 3> partial_directed(ModelMeasure which);
  Array<Complex, 3> full_partial_directed();
  Array<Complex, 3> spectrum();
  Array<Complex, 3> partial_coherence();
  static Array<Complex, 3> normalised(Array<Complex, 3> m);

  std::string where_ = "mvar_connectivity";
  Coefficients a_;
  Signal noise_;
  std::int64_t bins_, size_;
  std::vector<double> deviation_;
  BinMatrices a_values_, h_values_, b_values_;
};

Array<Complex, 3> Parts::transfer(bool weighted) {
  const BinMatrices& h = this->h();
  const auto weight = [&](std::int64_t c) { return weighted ? deviation(c) : 1.0; };
  const Matrix rows = sums([&](auto i, auto m, auto k) { return power(h(k, i, m)) * weight(m) * weight(m); });
  return each([&](auto i, auto j, auto k) { return std::abs(h(k, i, j)) * weight(j) / std::sqrt(rows(i, k)); });
}

Array<Complex, 3> Parts::full_transfer() {
  const BinMatrices& h = this->h();
  const auto rows = over_bins(sums([&](auto i, auto m, auto k) { return power(h(k, i, m)); }));
  return each([&](auto i, auto j, auto k) {
    return static_cast<double>(bins_) * std::abs(h(k, i, j)) / std::sqrt(rows[static_cast<std::size_t>(i)]);
  });
}

Array<Complex, 3> Parts::partial_directed(ModelMeasure which) {
  const BinMatrices& a = this->a();
  const bool general = which == ModelMeasure::gpdc;
  const auto weight = [&](std::int64_t c) { return general ? 1 / deviation(c) : 1.0; };
  Matrix columns;
  if (which == ModelMeasure::pdcf) {
    const BinMatrices& b = whitened();
    columns = sums([&](auto j, auto m, auto k) { return power(b(k, m, j)); });
  } else {
    columns = sums([&](auto j, auto m, auto k) { return power(a(k, m, j)) * weight(m) * weight(m); });
  }
  return each([&](auto i, auto j, auto k) { return std::abs(a(k, i, j)) * weight(i) / std::sqrt(columns(j, k)); });
}

Array<Complex, 3> Parts::full_partial_directed() {
  const BinMatrices& a = this->a();
  const auto columns = over_bins(sums([&](auto j, auto m, auto k) { return power(a(k, m, j)); }));
  return each([&](auto i, auto j, auto k) {
    return static_cast<double>(bins_) * std::abs(a(k, i, j)) / std::sqrt(columns[static_cast<std::size_t>(j)]);
  });
}

Array<Complex, 3> Parts::spectrum() {
  const BinMatrices& h = this->h();
  Array<Complex, 3> result({size_, size_, bins_});
  std::vector<Complex> row(static_cast<std::size_t>(size_));
  for (std::int64_t k = 0; k < bins_; ++k) {
    for (std::int64_t i = 0; i < size_; ++i) {
      for (std::int64_t n = 0; n < size_; ++n) {
        Complex sum = 0;
        for (std::int64_t m = 0; m < size_; ++m) sum += h(k, i, m) * noise_(m, n);
        row[static_cast<std::size_t>(n)] = sum;
      }
      for (std::int64_t j = 0; j < size_; ++j) {
        for (std::int64_t n = 0; n < size_; ++n)
          result(i, j, k) += row[static_cast<std::size_t>(n)] * std::conj(h(k, j, n));
      }
    }
  }
  return result;
}

/// m_ij / sqrt(m_ii m_jj).
Array<Complex, 3> Parts::normalised(Array<Complex, 3> m) {
  Matrix diagonal({m.extent(0), m.extent(2)}, uninitialised);
  for (std::int64_t i = 0; i < m.extent(0); ++i) {
    for (std::int64_t k = 0; k < m.extent(2); ++k) diagonal(i, k) = m(i, i, k).real();
  }
  for (std::int64_t i = 0; i < m.extent(0); ++i) {
    for (std::int64_t j = 0; j < m.extent(1); ++j) {
      for (std::int64_t k = 0; k < m.extent(2); ++k)
        m(i, j, k) /= std::sqrt(diagonal(i, k)) * std::sqrt(diagonal(j, k));
    }
  }
  return m;
}

Array<Complex, 3> Parts::partial_coherence() {
  const BinMatrices& b = whitened();
  return normalised(each([&](auto i, auto j, auto k) {
    Complex sum = 0;
    for (std::int64_t m = 0; m < size_; ++m) sum += std::conj(b(k, m, i)) * b(k, m, j);
    return sum;
  }));
}

Array<Complex, 3> Parts::measure(ModelMeasure which) {
  switch (which) {
    case ModelMeasure::dtf: return transfer(false);
    case ModelMeasure::gdtf: return transfer(true);
    case ModelMeasure::ffdtf: return full_transfer();
    case ModelMeasure::pdc:
    case ModelMeasure::gpdc:
    case ModelMeasure::pdcf: return partial_directed(which);
    case ModelMeasure::ffpdc: return full_partial_directed();
    case ModelMeasure::spectrum: return spectrum();
    case ModelMeasure::coherence: return normalised(spectrum());
    case ModelMeasure::partial_coherence: return partial_coherence();
    case ModelMeasure::ddtf: break;
  }
  const auto partial = partial_coherence(), full = full_transfer();
  return each([&](auto i, auto j, auto k) { return std::abs(partial(i, j, k)) * full(i, j, k).real(); });
}

}  // namespace

ModelMeasure model_measure_named(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& [text, measure] : names) {
    if (text == name) return measure;
    known.emplace_back(text);
  }
  throw usage_error("mvar_connectivity", "unknown measure \"" + std::string(name) + "\"",
                    suggestion(std::string(name), known));
}

bool is_complex(ModelMeasure measure) noexcept {
  return measure == ModelMeasure::coherence || measure == ModelMeasure::partial_coherence ||
         measure == ModelMeasure::spectrum;
}

void require_bins(const std::string& where, std::int64_t bins) {
  if (bins < 1 || bins > most_bins)
    throw usage_error(where, "bins must be 1 to " + std::to_string(most_bins) + ", got " + std::to_string(bins));
}

std::vector<Array<Complex, 3>> mvar_connectivity(Coefficients a, Signal noise, std::span<const ModelMeasure> measures,
                                                 std::int64_t bins) {
  const std::string where = "mvar_connectivity";
  require_model(where, a, noise);
  require_bins(where, bins);
  if (measures.empty()) throw usage_error(where, "measures is empty: none is asked for");
  Parts parts(a, noise, bins);
  std::vector<Array<Complex, 3>> result;
  for (const ModelMeasure measure : measures) {
    result.push_back(parts.measure(measure));
    for (const Complex& value : result.back()) {
      if (!std::isfinite(value.real()) || !std::isfinite(value.imag()))
        throw input_error(where, "the model gives values that are not finite",
                          "look at its coefficients and its noise");
    }
  }
  return result;
}

std::vector<BinSpan> band_bins(const std::string& where, const std::vector<double>& freqs_hz,
                               std::span<const Band> bands) {
  if (bands.empty()) throw usage_error(where, "bands_hz is empty: no band is given");
  std::vector<BinSpan> result;
  for (const Band& band : bands) {
    const BinRange range = bins_between(freqs_hz, band.low_hz, band.high_hz);
    if (!(band.low_hz <= band.high_hz) || range.begin >= range.end) {
      throw usage_error(where, "the band " + number_text(band.low_hz) + " to " + number_text(band.high_hz) +
                                   " Hz holds no frequency of the grid");
    }
    result.push_back({static_cast<std::int64_t>(range.begin), static_cast<std::int64_t>(range.end)});
  }
  return result;
}

Array<double, 3> band_average(View<const double, 3> m, const std::vector<double>& freqs_hz,
                              std::span<const Band> bands) {
  const std::string where = "band_average";
  if (m.extent(2) != static_cast<std::int64_t>(freqs_hz.size())) {
    throw usage_error(where, "shape: the measure has " + std::to_string(m.extent(2)) + " frequencies, freqs " +
                                 std::to_string(freqs_hz.size()));
  }
  const auto spans = band_bins(where, freqs_hz, bands);
  Array<double, 3> result({m.extent(0), m.extent(1), static_cast<std::int64_t>(spans.size())}, uninitialised);
  for (std::int64_t i = 0; i < m.extent(0); ++i) {
    for (std::int64_t j = 0; j < m.extent(1); ++j) {
      for (std::size_t b = 0; b < spans.size(); ++b) {
        double sum = 0;
        for (std::int64_t k = spans[b].begin; k < spans[b].end; ++k) sum += m(i, j, k);
        result(i, j, static_cast<std::int64_t>(b)) = sum / static_cast<double>(spans[b].end - spans[b].begin);
      }
    }
  }
  return result;
}

}  // namespace caton
