// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/mutual_information.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/matrices.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// Whether sorted values are spread evenly, by a chi-square test over 2 or 4 cells at p = 0.1.
bool uniform(std::span<const double> sorted) {
  const auto count = static_cast<std::int64_t>(sorted.size());
  if (count < 10) return true;
  const int cells = count < 20 ? 2 : 4;
  const double critical = count < 20 ? 2.706 : 6.251;
  const double width = (sorted.back() - sorted.front()) / cells;
  const double expected = std::nearbyint(static_cast<double>(count) / cells);
  double chi_square = 0;
  std::int64_t first = 0;
  for (int cell = 1; cell <= cells; ++cell) {
    const double edge = sorted.front() + cell * width;
    const auto next = std::upper_bound(sorted.begin(), sorted.end(), edge) - sorted.begin();
    const double excess = static_cast<double>(next - first) - expected;
    chi_square += excess * excess / expected;
    if (next == count) break;
    first = next;
  }
  return chi_square < critical;
}

/// Cells of an axis: how many values each holds, and their upper edges.
struct Cells {
  std::vector<std::int64_t> counts;
  std::vector<double> upper;
};

void bisect(std::span<const double> sorted, Cells& cells) {
  if (uniform(sorted)) {
    cells.counts.push_back(static_cast<std::int64_t>(sorted.size()));
    cells.upper.push_back(sorted.back());
    return;
  }
  const std::size_t half = sorted.size() / 2;
  bisect(sorted.first(half), cells);
  bisect(sorted.subspan(half), cells);
}

/// How many values each cell holds; the last one takes what lies above.
std::vector<double> histogram(std::span<const double> values, const Cells& cells) {
  std::vector<double> counts(cells.counts.size(), 0.0);
  for (const double value : values) {
    const auto place = std::lower_bound(cells.upper.begin(), cells.upper.end() - 1, value) - cells.upper.begin();
    counts[static_cast<std::size_t>(place)] += 1;
  }
  return counts;
}

double information(std::span<const double> delayed, const Cells& cells) {
  const double count = static_cast<double>(delayed.size()), log_count = std::log2(count);
  double sum = 0;
  std::size_t first = 0;
  for (const std::int64_t size : cells.counts) {
    const auto joint = histogram(delayed.subspan(first, static_cast<std::size_t>(size)), cells);
    first += static_cast<std::size_t>(size);
    for (std::size_t i = 0; i < joint.size(); ++i) {
      if (joint[i] == 0) continue;
      const double share = joint[i] / static_cast<double>(size) / static_cast<double>(cells.counts[i]);
      sum += joint[i] / count * (std::log2(share) + log_count);
    }
  }
  return sum;
}

}  // namespace

void require_delays(const char* where, const DelayRange& delays, std::int64_t samples) {
  constexpr std::int64_t least_left = 10;
  if (delays.first < 0 || delays.last < delays.first)
    throw usage_error(where, "delays must be [first, last] with 0 <= first <= last");
  if (delays.last > samples - least_left) {
    throw usage_error(where,
                      "delays up to " + std::to_string(delays.last) + " need at least " + std::to_string(least_left) +
                          " more samples, there are " + std::to_string(samples),
                      "take shorter delays or longer trials");
  }
}

SelfMutualInformation self_mutual_information(std::span<const double> x, const DelayRange& delays) {
  require_delays("self_mutual_information", delays, static_cast<std::int64_t>(x.size()));
  const std::size_t count = x.size() - static_cast<std::size_t>(delays.last);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> sorted(count);
  for (std::size_t i = 0; i < count; ++i) sorted[i] = x[order[i]];
  Cells cells;
  bisect(sorted, cells);
  SelfMutualInformation result;
  for (std::int64_t delay = delays.first; delay <= delays.last; ++delay) {
    for (std::size_t i = 0; i < count; ++i) sorted[i] = x[order[i] + static_cast<std::size_t>(delay)];
    result.mi.push_back(information(sorted, cells));
  }
  result.bins = std::move(cells.counts);
  return result;
}

std::int64_t embedding_delay(std::span<const double> x, const DelayRange& delays) {
  const auto mi = self_mutual_information(x, delays).mi;
  std::size_t place = 0;
  while (place + 1 < mi.size() && mi[place + 1] < mi[place]) ++place;
  return delays.first + static_cast<std::int64_t>(place);
}

namespace {

DelayRange delays_argument(const Arguments& args) {
  const auto values = args.value("delays").items(args.operation() + ": delays");
  if (values.size() != 2) throw args.refuse("delays is [first, last]");
  return {values[0].integer(args.operation() + ": delays"), values[1].integer(args.operation() + ": delays")};
}

/// The mean over all channels of all trials.
std::vector<double> average_information(Epochs x, const DelayRange& delays) {
  std::vector<std::vector<double>> parts(static_cast<std::size_t>(x.extent(0) * x.extent(1)));
  thread_pool().parallel_for(x.extent(0) * x.extent(1), [&](std::int64_t k) {
    const Vector row(x[k / x.extent(1)][k % x.extent(1)]);
    parts[static_cast<std::size_t>(k)] = self_mutual_information({row.begin(), row.end()}, delays).mi;
  });
  std::vector<double> mean(parts.front().size(), 0.0);
  for (std::size_t i = 0; i < mean.size(); ++i) {
    for (const auto& part : parts) mean[i] += part[i];
    mean[i] /= static_cast<double>(parts.size());
  }
  return mean;
}

Tensors call(const Arguments& args, const Tensors& in) {
  const DelayRange delays = delays_argument(args);
  if (args.flag("average")) {
    const auto x = epochs_port(args, in, "x");
    require_delays("self_mutual_information", delays, x.extent(2));
    return {{"mi", Tensor::vector(average_information(x, delays))}};
  }
  const auto result = self_mutual_information(vector_port(args, in, "x"), delays);
  return {{"mi", Tensor::vector(result.mi)}, {"bins", Tensor::vector(result.bins)}};
}

Tensors call_delay(const Arguments& args, const Tensors& in) {
  enum class Method { first_minimum };
  (void)choice_argument<Method>(
      args, "method",
      {{"first-minimum-of-mutual-information", Method::first_minimum}, {"mi_min", Method::first_minimum}});
  const std::int64_t delay = embedding_delay(vector_port(args, in, "x"), delays_argument(args));
  return {{"delay", Tensor(Tensor::Shape{}, std::vector<std::int64_t>{delay})}};
}

Json standard_delays() { return Json::list_of(std::vector<std::int64_t>{1, 100}); }

const Operation operation{
    .name = "self_mutual_information",
    .room = "geometry",
    .about = "mutual information of a series and its delayed self (DelayEmbeddings.jl selfmutualinfo)",
    .arguments = {{"delays", "list", standard_delays(), "first and last delay in samples"},
                  {"average", "flag", Json(false), "x holds trials x channels x samples; the mean over all of them"}},
    .inputs = {{"x", "T"}},
    .outputs = {{"mi", "D", "bit"}, {"bins", "B"}},
    .call = call};
const Operation delay_operation{
    .name = "embedding_delay",
    .room = "geometry",
    .about = "delay at the first minimum of the mutual information (DelayEmbeddings.jl estimate_delay, mi_min)",
    .arguments = {{"method", "text", Json("first-minimum-of-mutual-information"), "also by the name mi_min"},
                  {"delays", "list", standard_delays(), "first and last delay in samples"}},
    .inputs = {{"x", "T"}},
    .outputs = {{"delay", ""}},
    .call = call_delay};
CATON_REGISTER(Operation, operation);
CATON_REGISTER(Operation, delay_operation);

}  // namespace

}  // namespace caton
