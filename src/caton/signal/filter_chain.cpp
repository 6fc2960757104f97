// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/filter_chain.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/convolution.hpp"
#include "caton/signal/filtering_resampler.hpp"
#include "caton/signal/reference.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace caton {

namespace {

const std::string where = "filter_chain";

bool symmetric(const std::vector<double>& h) {
  double largest = 0;
  for (const double value : h) largest = std::max(largest, std::abs(value));
  for (std::size_t k = 0; k < h.size(); ++k) {
    if (!(std::abs(h[k] - h[h.size() - 1 - k]) <= 1e-12 * largest)) return false;
  }
  return h.size() % 2 == 1;
}

/// One filter for all of them where the signal is long enough, else each on its own.
std::vector<std::vector<double>> filters_to_run(const FilterChain& chain, std::int64_t samples) {
  for (const auto& h : chain.filters) {
    if (!symmetric(h)) throw usage_error(where, "a zero-phase filter needs an odd number of symmetric taps");
  }
  if (chain.filters.size() < 2) return chain.filters;
  auto joined = joined_filters(chain.filters);
  if (static_cast<std::int64_t>(joined.size()) / 2 >= samples) return chain.filters;
  return {std::move(joined)};
}

/// The chain made ready for signals of one length.
template <class T>
class ChannelChain {
 public:
  ChannelChain(const FilterChain& chain, std::int64_t samples)
      : samples_(samples), filters_(filters_to_run(chain, samples)) {
    if (filters_.size() == 1 && chain.resample)
      both_ = FilteringResamplerOf<T>::of(filters_.front(), samples, *chain.resample);
    if (chain.resample) resampler_.emplace(samples, *chain.resample);
    if (both_) return;
    for (const auto& h : filters_) convolutions_.emplace_back(h, samples);
  }

  [[nodiscard]] std::int64_t output_samples() const { return resampler_ ? resampler_->output_samples() : samples_; }

  void apply(View<const T, 1> row, T* out) const {
    if (both_) return both_->apply(row, out);
    Array<T, 1> filtered, before;
    for (std::size_t i = 0; i < convolutions_.size(); ++i) {
      std::swap(filtered, before);
      filtered = Array<T, 1>({samples_}, uninitialised);
      const auto taps = static_cast<std::int64_t>(filters_[i].size());
      const std::int64_t edge = std::min(taps, samples_) - 1;
      convolutions_[i].apply_padded(row, Pad::reflect_limited, edge, (taps - 1) / 2,
                                    {filtered.data(), static_cast<std::size_t>(samples_)});
      row = filtered;
    }
    if (resampler_)
      resampler_->apply(row, out);
    else
      for (std::int64_t t = 0; t < samples_; ++t) out[t] = row[t];
  }

 private:
  std::int64_t samples_;
  std::vector<std::vector<double>> filters_;
  std::optional<FilteringResamplerOf<T>> both_;
  std::optional<FftResamplerOf<T>> resampler_;
  std::vector<ConvolutionOf<T>> convolutions_;
};

template <class T>
Array<T, 2> run(View<const T, 2> x, const FilterChain& chain) {
  if (x.empty()) require_signal(where, Signal(nullptr, x.extents()));
  require_finite(where, x);
  const ChannelChain<T> ready(chain, x.extent(1));
  Array<T, 2> y({x.extent(0), ready.output_samples()}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) { ready.apply(x[c], y[c].data()); });
  if (chain.average_reference) subtract_average(y.view());
  return y;
}

template <class T>
Array<T, 2> run(const std::array<std::int64_t, 2>& extents, const ChannelSource<T>& source, const FilterChain& chain) {
  const auto [channels, samples] = extents;
  if (channels < 1 || samples < 1) require_signal(where, Signal(nullptr, extents));
  const ChannelChain<T> ready(chain, samples);
  Array<T, 2> y({channels, ready.output_samples()}, uninitialised);
  thread_pool().parallel_for(channels, [&, count = samples](std::int64_t c) {
    Array<T, 1> row({count}, uninitialised);
    source(c, {row.data(), static_cast<std::size_t>(count)});
    const auto bad = std::find_if(row.begin(), row.end(), [](T value) { return !std::isfinite(value); });
    if (bad != row.end()) {
      throw input_error(
          where, "channel " + std::to_string(c) + " is not finite at sample " + std::to_string(bad - row.begin()));
    }
    ready.apply(row.view(), y[c].data());
  });
  if (chain.average_reference) subtract_average(y.view());
  return y;
}

}  // namespace

bool FilterChain::add_filter(std::vector<double> h) {
  if (resample || average_reference || !symmetric(h)) return false;
  filters.push_back(std::move(h));
  return true;
}

std::vector<double> joined_filters(const std::vector<std::vector<double>>& filters) {
  if (filters.empty()) throw usage_error(where, "the list of filters is empty");
  std::vector<double> joined = filters.front();
  for (std::size_t i = 1; i < filters.size(); ++i) {
    std::vector<double> longer(joined.size() + filters[i].size() - 1);
    const Convolution convolution(filters[i], static_cast<std::int64_t>(longer.size()));
    convolution.apply(View<const double, 1>(joined.data(), {static_cast<std::int64_t>(joined.size())}), 0, longer);
    joined = std::move(longer);
  }
  return joined;
}

Array<float, 2> filter_chain(FloatSignal x, const FilterChain& chain) { return run(x, chain); }
Matrix filter_chain(Signal x, const FilterChain& chain) { return run(x, chain); }
Array<float, 2> filter_chain(const std::array<std::int64_t, 2>& extents, const ChannelSource<float>& source,
                             const FilterChain& chain) {
  return run(extents, source, chain);
}
Matrix filter_chain(const std::array<std::int64_t, 2>& extents, const ChannelSource<double>& source,
                    const FilterChain& chain) {
  return run(extents, source, chain);
}

}  // namespace caton
