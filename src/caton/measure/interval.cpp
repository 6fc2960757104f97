// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/interval.hpp"

#include "caton/base/distributions.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton {
namespace {

constexpr const char* where = "bootstrap_interval";

void check_level(double level) {
  if (!(level > 0 && level < 1))
    throw usage_error("interval", "a level of " + number_text(level) + " is no share", "give a level in (0, 1)");
}

void check_units(std::int64_t units) {
  if (units < 2)
    throw input_error(where, "an interval needs at least 2 units, there are " + std::to_string(units),
                      "report the figure without one");
}

/// Bias and acceleration of Efron's interval, from draws in ascending order.
void fill_bca(std::span<const double> sorted, const UnitStatistic& statistic, Bootstrap& result) {
  const auto range = std::equal_range(sorted.begin(), sorted.end(), result.estimate);
  const double below = static_cast<double>(range.first - sorted.begin());
  const double ties = static_cast<double>(range.second - range.first);
  result.bias = normal_quantile((below + ties / 2) / static_cast<double>(sorted.size()));
  std::vector<std::int32_t> times(static_cast<std::size_t>(result.units), 1);
  std::vector<double> without(times.size());
  double mean = 0;
  for (std::size_t u = 0; u < times.size(); ++u) {
    times[u] = 0;
    without[u] = statistic(times);
    times[u] = 1;
    mean += without[u] / static_cast<double>(times.size());
  }
  double squares = 0, cubes = 0;
  for (const double value : without) {
    const double d = mean - value;
    squares += d * d;
    cubes += d * d * d;
  }
  result.acceleration = squares == 0 ? 0 : cubes / (6 * std::pow(squares, 1.5));
  if (!std::isfinite(result.bias) || !std::isfinite(result.acceleration))
    throw input_error(where, "all draws lie on one side of the estimate: BCa is undefined",
                      "use the method percentile");
}

double bca_level(const Bootstrap& result, double probability) {
  const double shifted = result.bias + normal_quantile(probability);
  return normal_cdf(result.bias + shifted / (1 - result.acceleration * shifted));
}

void finish(std::vector<double> figures, const UnitStatistic& statistic, double level, BootstrapMethod method,
            Bootstrap& result) {
  const auto count = figures.size();
  std::erase_if(figures, [](double figure) { return std::isnan(figure); });
  result.undefined = static_cast<std::int64_t>(count - figures.size());
  if (figures.empty()) throw input_error(where, "the figure is undefined in every draw of units");
  std::sort(figures.begin(), figures.end());
  double low = (1 - level) / 2, high = 1 - low;
  if (method == BootstrapMethod::bca) {
    fill_bca(figures, statistic, result);
    const double lower_tail = low;
    low = bca_level(result, lower_tail);
    high = bca_level(result, high);
  }
  result.interval = {sorted_quantile(figures, low), sorted_quantile(figures, high)};
}

void draw_units(RandomStream& random, std::vector<std::int32_t>& times) {
  std::fill(times.begin(), times.end(), 0);
  for (std::size_t i = 0; i < times.size(); ++i) ++times[random.below(times.size())];
}

Bootstrap start(std::int64_t units, const UnitStatistic& statistic, double level) {
  check_units(units);
  check_level(level);
  const std::vector<std::int32_t> once(static_cast<std::size_t>(units), 1);
  return {.estimate = statistic(once), .units = units};
}

}  // namespace

Bootstrap bootstrap_units(std::int64_t units, const UnitStatistic& statistic, View<const std::int64_t, 2> resample,
                          double level, BootstrapMethod method) {
  Bootstrap result = start(units, statistic, level);
  if (resample.extent(1) != units || resample.extent(0) < 1)
    throw usage_error(where, "the table of draws has " + std::to_string(resample.extent(1)) + " columns for " +
                                 std::to_string(units) + " units");
  std::vector<double> figures(static_cast<std::size_t>(resample.extent(0)));
  std::vector<std::int32_t> times(static_cast<std::size_t>(units));
  for (std::int64_t draw = 0; draw < resample.extent(0); ++draw) {
    std::fill(times.begin(), times.end(), 0);
    for (std::int64_t i = 0; i < units; ++i) {
      const auto unit = resample(draw, i);
      if (unit < 0 || unit >= units)
        throw input_error(where, "draw " + std::to_string(draw) + " names unit " + std::to_string(unit) + " of " +
                                     std::to_string(units));
      ++times[unit];
    }
    figures[draw] = statistic(times);
  }
  finish(std::move(figures), statistic, level, method, result);
  return result;
}

Bootstrap bootstrap_units(std::int64_t units, const UnitStatistic& statistic, RandomStream random, std::int64_t draws,
                          double level, BootstrapMethod method) {
  Bootstrap result = start(units, statistic, level);
  if (draws < 1) throw usage_error(where, std::to_string(draws) + " draws", "give at least 1");
  std::vector<double> figures(static_cast<std::size_t>(draws));
  std::vector<std::int32_t> times(static_cast<std::size_t>(units));
  for (double& figure : figures) {
    draw_units(random, times);
    figure = statistic(times);
  }
  finish(std::move(figures), statistic, level, method, result);
  return result;
}

std::vector<Bootstrap> bootstrap_units(std::int64_t units, std::int64_t count, const UnitFigures& figures,
                                       RandomStream random, std::int64_t draws, double level) {
  check_units(units);
  check_level(level);
  if (draws < 1) throw usage_error(where, std::to_string(draws) + " draws", "give at least 1");
  std::vector<std::int32_t> times(static_cast<std::size_t>(units), 1);
  std::vector<double> row(static_cast<std::size_t>(count));
  figures(times, row);
  std::vector<Bootstrap> result;
  for (const double estimate : row) result.push_back({.estimate = estimate, .units = units});
  std::vector<std::vector<double>> drawn(row.size());
  for (std::int64_t draw = 0; draw < draws; ++draw) {
    draw_units(random, times);
    figures(times, row);
    for (std::size_t f = 0; f < row.size(); ++f) drawn[f].push_back(row[f]);
  }
  for (std::size_t f = 0; f < row.size(); ++f) {
    std::erase_if(drawn[f], [](double figure) { return std::isnan(figure); });
    result[f].undefined = draws - static_cast<std::int64_t>(drawn[f].size());
    if (drawn[f].empty()) {
      result[f].interval = {std::nan(""), std::nan("")};
      continue;
    }
    std::sort(drawn[f].begin(), drawn[f].end());
    result[f].interval = {sorted_quantile(drawn[f], (1 - level) / 2), sorted_quantile(drawn[f], (1 + level) / 2)};
  }
  return result;
}

namespace {

void check_hits(std::int64_t hits, std::int64_t trials) {
  if (trials < 1 || hits < 0 || hits > trials)
    throw input_error("proportion_interval", std::to_string(hits) + " hits in " + std::to_string(trials) + " trials");
}

}  // namespace

Interval clopper_pearson(std::int64_t hits, std::int64_t trials, double level) {
  check_level(level);
  check_hits(hits, trials);
  const double tail = (1 - level) / 2;
  const auto k = static_cast<double>(hits), n = static_cast<double>(trials);
  return {hits == 0 ? 0 : beta_quantile(tail, k, n - k + 1),
          hits == trials ? 1 : beta_quantile(1 - tail, k + 1, n - k)};
}

Interval wilson(std::int64_t hits, std::int64_t trials, double level) {
  check_level(level);
  check_hits(hits, trials);
  const double z = -normal_quantile((1 - level) / 2), n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n, scale = 1 + z * z / n;
  const double centre = (share + z * z / (2 * n)) / scale;
  const double reach = z / scale * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {hits == 0 ? 0 : centre - reach, hits == trials ? 1 : centre + reach};
}

namespace {

/// Hits and samples of each unit, units numbered in the order of their values.
struct UnitSums {
  std::vector<double> hits, samples;
};

UnitSums sums_by_unit(const std::vector<std::int64_t>& correct, const std::vector<std::int64_t>& unit) {
  std::map<std::int64_t, std::pair<double, double>> sums;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    auto& [hits, samples] = sums[unit[i]];
    hits += correct[i] != 0;
    samples += 1;
  }
  UnitSums result;
  for (const auto& [name, sum] : sums) {
    result.hits.push_back(sum.first);
    result.samples.push_back(sum.second);
  }
  return result;
}

Tensors bootstrap_accuracy(const Arguments& args, const Tensors& in) {
  const auto correct = port(in, "correct").integers("correct"), unit = port(in, "unit").integers("unit");
  if (correct.size() != unit.size()) throw args.refuse("the lengths of \"correct\" and \"unit\" differ (shape)");
  if (correct.empty()) throw args.refuse("there are no samples: the input is empty");
  const UnitSums sums = sums_by_unit(correct, unit);
  const auto accuracy = [&sums](std::span<const std::int32_t> times) {
    double hits = 0, samples = 0;
    for (std::size_t u = 0; u < times.size(); ++u) {
      hits += times[u] * sums.hits[u];
      samples += times[u] * sums.samples[u];
    }
    return hits / samples;
  };
  const std::string& method = args.text("method");
  if (method != "percentile" && method != "bca")
    throw args.refuse("unknown method \"" + method + "\"", "known: percentile, bca");
  const bool bca = method == "bca";
  const auto result = bootstrap_units(static_cast<std::int64_t>(sums.hits.size()), accuracy,
                                      port(in, "resample").view<std::int64_t, 2>("resample"), args.number("level"),
                                      bca ? BootstrapMethod::bca : BootstrapMethod::percentile);
  Tensors out{{"estimate", Tensor::scalar(result.estimate)},
              {"low", Tensor::scalar(result.interval.low)},
              {"high", Tensor::scalar(result.interval.high)}};
  if (bca) {
    out["bias"] = Tensor::scalar(result.bias);
    out["acceleration"] = Tensor::scalar(result.acceleration);
  }
  return out;
}

const Operation bootstrap_interval{
    .name = "bootstrap_interval",
    .room = "measure",
    .about = "interval of accuracy by drawing units with replacement (percentile, or BCa as SciPy's)",
    .arguments = {{"level", "number", 0.95, "share of the interval"},
                  {"method", "text", "percentile", "percentile or bca"}},
    .inputs = {{"correct", "N", "0 or 1"}, {"unit", "N"}, {"resample", "B U", "unit index"}},
    .outputs = {{"estimate", ""}, {"low", ""}, {"high", ""}, {"bias", ""}, {"acceleration", ""}},
    .call = bootstrap_accuracy};
CATON_REGISTER(Operation, bootstrap_interval);

Tensors proportion(const Arguments& args, const Tensors& in) {
  const auto hits = port(in, "hits").integers("hits"), trials = port(in, "trials").integers("trials");
  if (hits.size() != trials.size()) throw args.refuse("the lengths of \"hits\" and \"trials\" differ (shape)");
  const std::string& method = args.text("method");
  if (method != "clopper-pearson" && method != "wilson")
    throw args.refuse("unknown method \"" + method + "\"", "known: clopper-pearson, wilson");
  std::vector<double> low, high;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const Interval one = method == "wilson" ? wilson(hits[i], trials[i], args.number("level"))
                                            : clopper_pearson(hits[i], trials[i], args.number("level"));
    low.push_back(one.low);
    high.push_back(one.high);
  }
  return {{"low", Tensor({port(in, "hits").shape()}, low)}, {"high", Tensor({port(in, "hits").shape()}, high)}};
}

const Operation proportion_interval{.name = "proportion_interval",
                                    .room = "measure",
                                    .about = "interval of a share of hits (statsmodels proportion_confint)",
                                    .arguments = {{"method", "text", "clopper-pearson", "clopper-pearson or wilson"},
                                                  {"level", "number", 0.95, "share of the interval"}},
                                    .inputs = {{"hits", "n"}, {"trials", "n"}},
                                    .outputs = {{"low", "n"}, {"high", "n"}},
                                    .call = proportion};
CATON_REGISTER(Operation, proportion_interval);

}  // namespace
}  // namespace caton
