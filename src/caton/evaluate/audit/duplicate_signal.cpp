// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit/duplicate_signal.hpp"

#include "caton/base/operation.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/evaluate/audit/intervals.hpp"
#include "caton/evaluate/audit/sign_keys.hpp"
#include "caton/evaluate/audit/sketch.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace caton::leak {
namespace {

using Ids = std::vector<std::int64_t>;

Ids on_side(std::span<const std::int64_t> side, Side wanted) {
  Ids ids;
  for (std::size_t i = 0; i < side.size(); ++i) {
    if (side[i] == wanted) ids.push_back(static_cast<std::int64_t>(i));
  }
  return ids;
}

/// Correlation of test[t] with training[t + lag] over the run they share; nothing where it is short or flat.
std::optional<double> correlation_at(View<const float, 2> train, View<const float, 2> tested, std::int64_t lag,
                                     std::int64_t min_overlap) {
  const auto samples = train.extent(1);
  const auto first = std::max<std::int64_t>(0, -lag), last = std::min(samples, samples - lag);
  if (last - first < std::min(min_overlap, samples)) return std::nullopt;
  const auto count = static_cast<double>(last - first);
  double product = 0, square_a = 0, square_b = 0;
  for (std::int64_t c = 0; c < train.extent(0); ++c) {
    const auto a = train[c], b = tested[c];
    double sum_a = 0, sum_b = 0, aa = 0, bb = 0, ab = 0;
    const double start_a = a[first + lag], start_b = b[first];  // near the mean, so that squares do not cancel
    for (std::int64_t t = first; t < last; ++t) {
      const double x = a[t + lag] - start_a, y = b[t] - start_b;
      sum_a += x;
      sum_b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    product += ab - sum_a * sum_b / count;
    square_a += aa - sum_a * sum_a / count;
    square_b += bb - sum_b * sum_b / count;
  }
  if (!(square_a > 0) || !(square_b > 0)) return std::nullopt;
  return product / std::sqrt(square_a * square_b);
}

/// Keeps the best lag of the candidates of one training window.
std::vector<DuplicatePair> verified(const SignalWindows& windows, std::int64_t train, std::vector<Candidate> candidates,
                                    const DuplicateOptions& options) {
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::vector<DuplicatePair> pairs;
  const auto signal = windows.at(train);
  for (const auto& candidate : candidates) {
    const auto r = correlation_at(signal, windows.at(candidate.test), candidate.lag, options.min_overlap);
    if (!r || *r < options.threshold) continue;
    const DuplicatePair pair{train, candidate.test, candidate.lag, *r};
    if (pairs.empty() || pairs.back().test != candidate.test) {
      pairs.push_back(pair);
      continue;
    }
    auto& best = pairs.back();
    const bool equal = std::abs(pair.correlation - best.correlation) < 1e-6;
    if (equal ? std::abs(pair.lag) < std::abs(best.lag) : pair.correlation > best.correlation) best = pair;
  }
  return pairs;
}

}  // namespace

std::vector<DuplicatePair> duplicate_signal(const SignalWindows& windows, std::span<const std::int64_t> side,
                                            const DuplicateOptions& options) {
  if (!(options.threshold > 0 && options.threshold <= 1))
    throw usage_error("audit_duplicate_signal", "threshold " + number_text(options.threshold) + " is no correlation");
  if (options.min_overlap < 1) throw usage_error("audit_duplicate_signal", "min_overlap is below 1");
  const Ids train = on_side(side, training), tested = on_side(side, test);
  const Sketches train_sketches(windows, train), test_sketches(windows, tested);
  const SignKeys keys(windows, tested);
  const double reach = 2 * (1 - options.threshold) + 1e-6;
  std::vector<std::vector<DuplicatePair>> found(train.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(train.size()), [&](std::int64_t i) {
    std::vector<Candidate> candidates;
    for (const auto j : train_sketches.near(i, test_sketches, reach)) candidates.push_back({tested[j], 0});
    keys.add_matches(windows.at(train[i]), candidates);
    if (!candidates.empty()) found[i] = verified(windows, train[i], std::move(candidates), options);
  });
  std::vector<DuplicatePair> pairs;
  for (const auto& some : found) pairs.insert(pairs.end(), some.begin(), some.end());
  return pairs;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const auto split = port(in, "split").integers("split");
  const Tensor& x = port(in, "x");
  if (x.rank() != 3) throw args.refuse("\"x\" has the wrong shape: " + x.about(), "give windows x channels x samples");
  if (x.extent(0) != static_cast<std::int64_t>(split.size()))
    throw args.refuse("the lengths of x and split differ (shape)");
  if (x.size() == 0 && x.extent(0) > 0) throw args.refuse("the windows are empty: \"x\" is " + x.about());
  Array<float, 3> values({x.extent(0), x.extent(1), x.extent(2)}, uninitialised);
  const auto doubles = x.doubles();
  std::transform(doubles.begin(), doubles.end(), values.begin(), [](double v) { return static_cast<float>(v); });
  const View<const float, 3> all = values.view();
  const auto pairs =
      duplicate_signal({x.extent(0), x.extent(1), x.extent(2), [all](std::int64_t i) { return all[i]; }}, split,
                       {.threshold = args.number("threshold"), .min_overlap = args.integer("min_overlap")});
  Ids flat, lag;
  std::vector<double> correlation;
  for (const auto& pair : pairs) {
    flat.push_back(pair.training);
    flat.push_back(pair.test);
    lag.push_back(pair.lag);
    correlation.push_back(pair.correlation);
  }
  return {{"pairs", Tensor({static_cast<std::int64_t>(pairs.size()), 2}, flat)},
          {"lag", Tensor::vector(lag)},
          {"correlation", Tensor::vector(correlation)}};
}

const Operation operation{
    .name = "audit_duplicate_signal",
    .room = "evaluate",
    .about = "windows of training and test that hold the same signal, also shifted, scaled or moved",
    .arguments = {{"threshold", "number", 0.999, "smallest correlation"},
                  {"min_overlap", "integer", 64, "shortest shared run, samples"}},
    .inputs = {{"x", "N C T"}, {"split", "N", "0 train, 1 test"}},
    .outputs = {{"pairs", "k 2", "training, test"}, {"lag", "k", "samples"}, {"correlation", "k"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace
}  // namespace caton::leak
