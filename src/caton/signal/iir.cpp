// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/iir.hpp"

#include "caton/base/error.hpp"
#include "caton/base/lane_transpose.hpp"
#include "caton/base/lanes.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/section_cascade.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t tile_samples = 128;

void require_sections(const std::string& where, Signal sos) {
  if (sos.extent(0) == 0) throw usage_error(where, "the list of sections is empty");
  if (sos.extent(1) != 6) {
    throw usage_error(where, "sections have the shape " + std::to_string(sos.extent(0)) + " x " +
                                 std::to_string(sos.extent(1)) + ", wanted are 6 coefficients");
  }
  for (std::int64_t s = 0; s < sos.extent(0); ++s) {
    for (std::int64_t i = 0; i < 6; ++i) {
      if (!std::isfinite(sos(s, i))) throw usage_error(where, "section " + std::to_string(s) + " is not finite");
    }
    if (sos(s, 3) == 0) throw usage_error(where, "section " + std::to_string(s) + " has a0 = 0, it must be positive");
    const double a1 = sos(s, 4) / sos(s, 3), a2 = sos(s, 5) / sos(s, 3);
    if (std::abs(a2) < 1 && std::abs(a1) < 1 + a2) continue;
    throw usage_error(where, "section " + std::to_string(s) + " is unstable: a pole lies on or outside the unit circle",
                      "use a lower order or a higher cut-off");
  }
}

std::vector<double> normalised(Signal sos) {
  std::vector<double> coefficients;
  for (std::int64_t s = 0; s < sos.extent(0); ++s) {
    for (const std::int64_t i : {0, 1, 2, 4, 5}) coefficients.push_back(sos(s, i) / sos(s, 3));
  }
  return coefficients;
}

}  // namespace

IirFilter::IirFilter(Signal sos, std::int64_t channels) : channels_(channels), sections_(sos.extent(0)) {
  require_sections("iir_filter", sos);
  coefficients_ = normalised(sos);
  state_.assign(static_cast<std::size_t>((channels + 7) / 8 * sections_ * 16), 0.0);
}

void IirFilter::process(Signal x, View<double, 2> y) {
  if (x.extent(0) != channels_ || y.extents() != x.extents()) {
    throw usage_error("iir_filter", "shape: a block has " + std::to_string(x.extent(0)) + " channels, the filter " +
                                        std::to_string(channels_));
  }
  thread_pool().parallel_for((channels_ + 7) / 8, [&](std::int64_t group) {
    const FlushDenormals flush;
    alignas(64) std::array<double, tile_samples * lane_count> tile{};
    const std::int64_t first = group * lane_count, lanes = std::min(lane_count, channels_ - first);
    double* const state = state_.data() + group * sections_ * 16;
    for (std::int64_t begin = 0; begin < x.extent(1); begin += tile_samples) {
      const std::int64_t count = std::min(tile_samples, x.extent(1) - begin);
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        for (std::int64_t t = 0; t < count; ++t)
          tile[static_cast<std::size_t>(t * lane_count + lane)] = x(first + lane, begin + t);
      }
      run_sections(tile.data(), lane_count, count, coefficients_.data(), state, sections_);
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        for (std::int64_t t = 0; t < count; ++t)
          y(first + lane, begin + t) = tile[static_cast<std::size_t>(t * lane_count + lane)];
      }
    }
  });
}

namespace {

/// The steady state of sections (b0 b1 b2 a1 a2 each) for a constant input of 1.
std::vector<double> steady_state(const std::vector<double>& coefficients) {
  std::vector<double> steady;
  double level = 1;
  for (std::size_t s = 0; 5 * s < coefficients.size(); ++s) {
    const double* const c = coefficients.data() + 5 * s;
    const double out = (c[0] + c[1] + c[2]) / (1 + c[3] + c[4]) * level;
    steady.push_back(out - c[0] * level);
    steady.push_back(c[2] * level - c[4] * out);
    level = out;
  }
  return steady;
}

}  // namespace

void IirFilter::settle(const std::vector<double>& first) {
  const auto steady = steady_state(coefficients_);
  for (std::int64_t c = 0; c < channels_; ++c) {
    for (std::int64_t i = 0; i < 2 * sections_; ++i)
      state_[static_cast<std::size_t>((c / 8 * sections_ * 2 + i) * 8 + c % 8)] =
          steady[static_cast<std::size_t>(i)] * first.at(static_cast<std::size_t>(c));
  }
}

void IirFilter::reset() { std::fill(state_.begin(), state_.end(), 0.0); }

Array<double, 3> IirFilter::state() const {
  Array<double, 3> result({sections_, channels_, 2}, uninitialised);
  for (std::int64_t s = 0; s < sections_; ++s) {
    for (std::int64_t c = 0; c < channels_; ++c) {
      for (std::int64_t i = 0; i < 2; ++i)
        result(s, c, i) = state_[static_cast<std::size_t>(((c / 8 * sections_ + s) * 2 + i) * 8 + c % 8)];
    }
  }
  return result;
}

Matrix iir_steady_state(Signal sos) {
  require_sections("iir_steady_state", sos);
  Matrix result({sos.extent(0), 2});
  const auto steady = steady_state(normalised(sos));
  std::copy(steady.begin(), steady.end(), result.begin());
  return result;
}

IirFiltered iir_filter(Signal x, Signal sos, IirStart start) {
  require_signal("iir_filter", x);
  IirFilter filter(sos, x.extent(0));
  if (start == IirStart::steady) {
    std::vector<double> first;
    for (std::int64_t c = 0; c < x.extent(0); ++c) first.push_back(x(c, 0));
    filter.settle(first);
  }
  IirFiltered result{Matrix(x.extents(), uninitialised), {}};
  filter.process(x, result.y);
  result.state = filter.state();
  return result;
}

std::int64_t iir_ringing(Signal sos) {
  require_sections("iir_ringing", sos);
  constexpr std::int64_t block = 1000, most_blocks = 100;
  IirFilter filter(sos, 1);
  Matrix h({1, block});
  h(0, 0) = 1;
  double largest = 0;
  std::int64_t last = block;
  for (std::int64_t i = 0; i < most_blocks; ++i) {
    filter.process(h, h);
    for (const double value : h) largest = std::max(largest, std::abs(value));
    std::int64_t now = -1;
    for (std::int64_t t = 0; t < block; ++t) {
      if (std::abs(h(0, t)) > 0.001 * largest) now = t;
    }
    if (now < 0) return (i - 1) * block + last;
    last = now;
    h.fill(0);
  }
  return most_blocks * block;
}

std::int64_t iir_pad_samples(Signal sos, std::int64_t samples, PadRule rule) {
  if (rule == PadRule::ringing) return std::min(iir_ringing(sos), samples - 1);
  require_sections("iir_filtfilt", sos);
  std::int64_t zero_b2 = 0, zero_a2 = 0;
  for (std::int64_t s = 0; s < sos.extent(0); ++s) {
    zero_b2 += sos(s, 2) == 0 ? 1 : 0;
    zero_a2 += sos(s, 5) == 0 ? 1 : 0;
  }
  return 3 * (2 * sos.extent(0) + 1 - std::min(zero_b2, zero_a2));
}

namespace {

/// `pad` samples before and after the `samples` that stand side by side at `lanes`, mirrored through the end values.
struct OddEnds {
  static inline __attribute__((always_inline)) void run(double* lanes, std::int64_t samples, std::int64_t pad) {
    double* const end = lanes + lane_count * (samples - 1);
    Lanes first, last, value;
    load_lanes(first, lanes);
    load_lanes(last, end);
    for (std::int64_t k = 1; k <= pad; ++k) {
      load_lanes(value, lanes + lane_count * k);
      store_lanes(2.0 * first - value, lanes - lane_count * k);
      load_lanes(value, end - lane_count * k);
      store_lanes(2.0 * last - value, end + lane_count * k);
    }
  }
};

/// Eight channels of the signal from `first` on, side by side; zeros where there are none.
void put_lanes(Signal x, std::int64_t first, double* lanes) {
  const std::int64_t samples = x.extent(1), channels = std::min(lane_count, x.extent(0) - first);
  if (channels == lane_count && x.stride(1) == 1) return rows_to_lanes(x[first].data(), x.stride(0), samples, lanes);
  for (std::int64_t lane = 0; lane < lane_count; ++lane) {
    for (std::int64_t t = 0; t < samples; ++t) lanes[lane_count * t + lane] = lane < channels ? x(first + lane, t) : 0;
  }
}

/// The way back.
void take_lanes(const double* lanes, View<double, 2> y, std::int64_t first) {
  const std::int64_t samples = y.extent(1), channels = std::min(lane_count, y.extent(0) - first);
  if (channels == lane_count && y.stride(1) == 1) return lanes_to_rows(lanes, samples, y[first].data(), y.stride(0));
  for (std::int64_t lane = 0; lane < channels; ++lane) {
    for (std::int64_t t = 0; t < samples; ++t) y(first + lane, t) = lanes[lane_count * t + lane];
  }
}

/// Forward or backward in place, from the steady state of the value that comes first.
void run_from_steady(double* first, std::int64_t step, std::int64_t count, const std::vector<double>& coefficients,
                     const std::vector<double>& steady) {
  const auto sections = static_cast<std::int64_t>(coefficients.size() / 5);
  Vector state({sections * 16}, uninitialised);
  for (std::size_t i = 0; i < steady.size(); ++i) {
    for (std::size_t lane = 0; lane < 8; ++lane) state.data()[8 * i + lane] = steady[i] * first[lane];
  }
  run_sections(first, step, count, coefficients.data(), state.data(), sections);
}

}  // namespace

namespace {

/// Sections that are to be run both ways, checked.
class ZeroPhase {
 public:
  ZeroPhase(Signal sos, std::optional<std::int64_t> pad_samples, std::int64_t samples) {
    const std::string where = "iir_filtfilt";
    require_sections(where, sos);
    pad_ = pad_samples ? *pad_samples : iir_pad_samples(sos, samples, PadRule::ringing);
    if (pad_ < 0) throw usage_error(where, "pad_samples must be positive or 0");
    if (pad_ >= samples) {
      throw usage_error(where, "the signal is too short: " + std::to_string(samples) + " samples, padding needs " +
                                   std::to_string(pad_ + 1));
    }
    coefficients_ = normalised(sos);
    band_ = band_sections(coefficients_);
    steady_ = steady_state(coefficients_);
  }

  [[nodiscard]] std::int64_t pad() const noexcept { return pad_; }
  /// `lanes`: the samples, between room for the padding.
  void run(double* lanes, std::int64_t samples) const {
    const std::int64_t length = samples + 2 * pad_;
    double* const begin = lanes - lane_count * pad_;
    run_on<OddEnds>(processor(), lanes, samples, pad_);
    run_once(begin, lane_count, length);
    run_once(begin + lane_count * (length - 1), -lane_count, length);
  }

 private:
  void run_once(double* first, std::int64_t step, std::int64_t count) const {
    if (band_) return run_from_steady(first, step, count, *band_);
    run_from_steady(first, step, count, coefficients_, steady_);
  }

  std::int64_t pad_ = 0;
  std::vector<double> coefficients_, steady_;
  std::optional<BandSections> band_;
};

/// Every channel through every filter; channels are brought side by side once, some groups of eight share their memory.
void run_filters(Signal x, const std::vector<ZeroPhase>& filters, View<double, 3> y) {
  const std::int64_t samples = x.extent(1), groups = (x.extent(0) + lane_count - 1) / lane_count;
  const std::int64_t shares = std::min<std::int64_t>(groups, std::int64_t{8} * thread_count());
  std::int64_t pad = 0;
  for (const ZeroPhase& filter : filters) pad = std::max(pad, filter.pad());
  thread_pool().parallel_for(shares, [&](std::int64_t share) {
    const FlushDenormals flush;
    const bool several = filters.size() > 1;
    Vector plain({several ? samples * lane_count : 0}, uninitialised);
    Vector working({(samples + 2 * pad) * lane_count}, uninitialised);
    double* const middle = working.data() + lane_count * pad;
    for (std::int64_t group = share * groups / shares; group < (share + 1) * groups / shares; ++group) {
      put_lanes(x, group * lane_count, several ? plain.data() : middle);
      for (std::size_t f = 0; f < filters.size(); ++f) {
        if (several) std::copy_n(plain.data(), plain.size(), middle);
        filters[f].run(middle, samples);
        take_lanes(middle, y[static_cast<std::int64_t>(f)], group * lane_count);
      }
    }
  });
}

}  // namespace

Matrix iir_filtfilt(Signal x, Signal sos, std::optional<std::int64_t> pad_samples) {
  require_signal("iir_filtfilt", x);
  const std::vector<ZeroPhase> filters{ZeroPhase(sos, pad_samples, x.extent(1))};
  Matrix y(x.extents(), uninitialised);
  run_filters(x, filters, {y.data(), {1, y.extent(0), y.extent(1)}});
  return y;
}

void iir_filtfilt(Signal x, std::span<const IirZeroPhase> filters, View<double, 3> y) {
  require_signal("iir_filtfilt", x);
  std::vector<ZeroPhase> checked;
  for (const IirZeroPhase& filter : filters) checked.emplace_back(filter.sos, filter.pad_samples, x.extent(1));
  run_filters(x, checked, y);
}

}  // namespace caton
