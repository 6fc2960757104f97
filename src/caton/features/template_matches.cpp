// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/template_matches.hpp"

#include "caton/base/threads.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace caton {

namespace {

/// The least share of the signal's range that a bucket is wide.
constexpr double least_width = 0x1p-16;

/// Values at one place of the sorted vectors.
std::span<const double> column_of(const TemplateMemory& sorted, std::size_t place) {
  const std::size_t count = sorted.origin.size();
  return {sorted.columns.data() + place * count, count};
}

bool alike(double difference, const TemplateMatch& match) {
  return match.closed ? std::abs(difference) <= match.tolerance : std::abs(difference) < match.tolerance;
}

/// Sorts the vectors by bucket of their first value, inside a bucket by their second; one column for each place.
void sort_templates(std::span<const double> x, std::int64_t templates, const TemplateMatch& match,
                    TemplateMemory& sorted) {
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double base = *low, range = *high - *low;
  // A little wider than the tolerance, so that rounding never parts alike values by more than one bucket.
  const double width = std::max(match.tolerance * (1 + 1e-9), range * least_width);
  const auto bucket_of = [&](double value) {
    return width > 0 && std::isfinite(width) ? static_cast<std::int64_t>((value - base) / width) : std::int64_t{0};
  };
  const std::int64_t buckets = bucket_of(*high) + 1;
  sorted.origin.resize(static_cast<std::size_t>(templates));
  std::iota(sorted.origin.begin(), sorted.origin.end(), 0);
  const auto at = [&](std::int64_t i) { return x[static_cast<std::size_t>(i)]; };
  const std::int64_t second = match.length > 1 ? 1 : 0;
  std::sort(sorted.origin.begin(), sorted.origin.end(), [&](std::int64_t a, std::int64_t b) {
    const auto in_a = bucket_of(at(a)), in_b = bucket_of(at(b));
    if (in_a != in_b) return in_a < in_b;
    return at(a + second) != at(b + second) ? at(a + second) < at(b + second) : a < b;
  });
  // Another signal may fill more buckets, but never more than this.
  sorted.bucket_begin.reserve(static_cast<std::size_t>(1 / least_width) + 3);
  sorted.bucket_begin.assign(static_cast<std::size_t>(buckets) + 1, 0);
  sorted.bucket.clear();
  for (const std::int64_t origin : sorted.origin) {
    sorted.bucket.push_back(bucket_of(at(origin)));
    ++sorted.bucket_begin[static_cast<std::size_t>(sorted.bucket.back()) + 1];
  }
  std::partial_sum(sorted.bucket_begin.begin(), sorted.bucket_begin.end(), sorted.bucket_begin.begin());
  sorted.columns.clear();
  for (std::int64_t k = 0; k < match.length; ++k) {
    for (const std::int64_t origin : sorted.origin) sorted.columns.push_back(at(origin + k));
  }
}

/// How many of the vectors begin … end-1 are alike in all columns but the one that was searched.
std::int64_t count_range(const TemplateMemory& sorted, std::size_t self, std::int64_t begin, std::int64_t end,
                         std::size_t searched, const TemplateMatch& match) {
  constexpr std::int64_t block = 512;
  std::array<std::int64_t, block> same{};
  std::int64_t total = 0;
  for (std::int64_t first = begin; first < end; first += block) {
    const auto count = static_cast<std::size_t>(std::min(block, end - first));
    std::fill_n(same.begin(), count, 1);
    for (std::size_t k = 0; k < static_cast<std::size_t>(match.length); ++k) {
      if (k == searched) continue;
      const double* const column = column_of(sorted, k).data() + first;
      const double value = column_of(sorted, k)[self], tolerance = match.tolerance;
      if (match.closed) {
        for (std::size_t j = 0; j < count; ++j) same[j] &= std::abs(column[j] - value) <= tolerance ? 1 : 0;
      } else {
        for (std::size_t j = 0; j < count; ++j) same[j] &= std::abs(column[j] - value) < tolerance ? 1 : 0;
      }
    }
    for (std::size_t j = 0; j < count; ++j) total += same[j];
  }
  return total;
}

std::int64_t matches_of(const TemplateMemory& sorted, std::size_t self, const TemplateMatch& match) {
  const std::size_t searched = match.length > 1 ? 1 : 0;
  const auto keys = column_of(sorted, searched);
  const double value = keys[self];
  const auto buckets = static_cast<std::int64_t>(sorted.bucket_begin.size()) - 1;
  std::int64_t total = 0;
  for (std::int64_t b = std::max<std::int64_t>(0, sorted.bucket[self] - 1);
       b < std::min(buckets, sorted.bucket[self] + 2); ++b) {
    const auto first = keys.begin() + sorted.bucket_begin[static_cast<std::size_t>(b)];
    const auto last = keys.begin() + sorted.bucket_begin[static_cast<std::size_t>(b) + 1];
    // Rounded differences rise with the value, so that those alike stand side by side.
    const auto begin =
        std::partition_point(first, last, [&](double key) { return key < value && !alike(key - value, match); });
    const auto end =
        std::partition_point(begin, last, [&](double key) { return key <= value || alike(key - value, match); });
    total += count_range(sorted, self, begin - keys.begin(), end - keys.begin(), searched, match);
  }
  return total;
}

}  // namespace

std::vector<std::int64_t> count_matches(std::span<const double> x, std::int64_t templates, const TemplateMatch& match) {
  TemplateMemory memory;
  count_matches(x, templates, match, memory);
  return std::move(memory.counts);
}

void count_matches(std::span<const double> x, std::int64_t templates, const TemplateMatch& match,
                   TemplateMemory& memory) {
  memory.counts.assign(static_cast<std::size_t>(templates), 0);
  if (templates == 0 || !alike(0, match)) return;
  sort_templates(x, templates, match, memory);
  constexpr std::int64_t block = 1024;
  const auto count = [&](std::int64_t part) {
    for (std::int64_t i = part * block; i < std::min(templates, (part + 1) * block); ++i) {
      const auto self = static_cast<std::size_t>(i);
      memory.counts[static_cast<std::size_t>(memory.origin[self])] = matches_of(memory, self, match);
    }
  };
  // By reference: a copy of what it holds would ask for memory.
  thread_pool().parallel_for((templates + block - 1) / block, std::cref(count));
}

}  // namespace caton
