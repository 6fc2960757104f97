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

template <class T>
Array<T, 2> run(View<const T, 2> x, const FilterChain& chain) {
  if (x.empty()) require_signal(where, Signal(nullptr, x.extents()));
  require_finite(where, x);
  const std::int64_t samples = x.extent(1);
  const auto filters = filters_to_run(chain, samples);
  std::optional<FilteringResamplerOf<T>> both;
  if (filters.size() == 1 && chain.resample)
    both = FilteringResamplerOf<T>::of(filters.front(), samples, *chain.resample);
  std::optional<FftResamplerOf<T>> resampler;
  if (chain.resample) resampler.emplace(samples, *chain.resample);
  std::vector<ConvolutionOf<T>> convolutions;
  if (!both) {
    for (const auto& h : filters) convolutions.emplace_back(h, samples);
  }
  Array<T, 2> y({x.extent(0), resampler ? resampler->output_samples() : samples}, uninitialised);
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t c) {
    if (both) return both->apply(x[c], y[c].data());
    View<const T, 1> row = x[c];
    Array<T, 1> filtered, before;
    for (std::size_t i = 0; i < convolutions.size(); ++i) {
      std::swap(filtered, before);
      filtered = Array<T, 1>({samples}, uninitialised);
      const auto taps = static_cast<std::int64_t>(filters[i].size());
      const std::int64_t edge = std::min(taps, samples) - 1;
      convolutions[i].apply_padded(row, Pad::reflect_limited, edge, (taps - 1) / 2,
                                   {filtered.data(), static_cast<std::size_t>(samples)});
      row = filtered;
    }
    if (resampler)
      resampler->apply(row, y[c].data());
    else
      for (std::int64_t t = 0; t < samples; ++t) y(c, t) = row[t];
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

}  // namespace caton
