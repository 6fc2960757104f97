// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/connectivity/association.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/ranks.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/connectivity/lagged_products.hpp"
#include "caton/signal/checks.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

constexpr std::int64_t most_bins = 4096;

std::vector<double> row_of(Signal x, std::int64_t c) {
  std::vector<double> row;
  for (std::int64_t t = 0; t < x.extent(1); ++t) row.push_back(x(c, t));
  return row;
}

/// Mean taken away, divided by the norm.
void normalise(const std::string& where, std::int64_t c, std::vector<double>& row) {
  const double mean = ordered_sum(row) / static_cast<double>(row.size());
  double largest = 0, squares = 0;
  for (double& value : row) {
    value -= mean;
    largest = std::max(largest, std::abs(value));
  }
  for (double& value : row) {
    value /= largest > 0 ? largest : 1;
    squares += value * value;
  }
  if (!(squares > 0) || !std::isfinite(squares))
    throw input_error(where, "channel " + std::to_string(c) + " is flat: its correlation is not defined");
  for (double& value : row) value /= std::sqrt(squares);
}

/// Bin of each value among equal-width bins from the least to the largest; the last bin is closed.
std::vector<std::int64_t> binned(const std::vector<double>& row, std::int64_t bins) {
  const auto [least, largest] = std::minmax_element(row.begin(), row.end());
  std::vector<double> edges;
  const double width = (*largest - *least) / static_cast<double>(bins);
  for (std::int64_t k = 0; k < bins; ++k) edges.push_back(*least + static_cast<double>(k) * width);
  edges.push_back(*largest);
  std::vector<std::int64_t> result;
  for (const double value : row) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), value) - edges.begin();
    result.push_back(std::min<std::int64_t>(above, bins) - 1);
  }
  return result;
}

double entropy_of(const std::vector<double>& counts, double samples) {
  double entropy = 0;
  for (const double count : counts) {
    if (count > 0) entropy -= count / samples * std::log(count / samples);
  }
  return entropy;
}

void require_channels(const std::string& where, Signal x) {
  require_signal(where, x);
  if (x.extent(1) < 2) throw input_error(where, "1 sample is too short");
  require_variation(where, one_epoch(x));
}

Matrix histogram_information(Signal x, const MutualInformation& options) {
  const std::int64_t channels = x.extent(0), bins = options.bins;
  const auto samples = static_cast<double>(x.extent(1));
  std::vector<std::vector<std::int64_t>> codes;
  std::vector<double> entropies;
  for (std::int64_t c = 0; c < channels; ++c) {
    codes.push_back(binned(row_of(x, c), bins));
    std::vector<double> counts(static_cast<std::size_t>(bins));
    for (const std::int64_t code : codes.back()) ++counts[static_cast<std::size_t>(code)];
    entropies.push_back(entropy_of(counts, samples));
  }
  Matrix information({channels, channels});
  thread_pool().parallel_for(channels, [&](std::int64_t i) {
    std::vector<double> joint(static_cast<std::size_t>(bins * bins));
    for (std::int64_t j = i; j < channels; ++j) {
      std::fill(joint.begin(), joint.end(), 0.0);
      const auto &a = codes[static_cast<std::size_t>(i)], &b = codes[static_cast<std::size_t>(j)];
      for (std::size_t t = 0; t < a.size(); ++t) ++joint[static_cast<std::size_t>(a[t] * bins + b[t])];
      const double h_i = entropies[static_cast<std::size_t>(i)], h_j = entropies[static_cast<std::size_t>(j)];
      double value = i == j ? h_i : std::max(0.0, h_i + h_j - entropy_of(joint, samples));
      if (options.normalize) value /= std::sqrt(h_i) * std::sqrt(h_j);
      information(i, j) = value;
      information(j, i) = value;
    }
  });
  return information;
}

Matrix gaussian_information(const std::string& where, Signal x) {
  Matrix information = correlation(x);
  for (std::int64_t i = 0; i < information.extent(0); ++i) {
    for (std::int64_t j = 0; j < information.extent(1); ++j) {
      const double r = information(i, j);
      if (i != j && !(r * r < 1)) {
        throw input_error(where, "channels " + std::to_string(std::min(i, j)) + " and " +
                                     std::to_string(std::max(i, j)) +
                                     " are multiples of each other: the information has no bound (rank)");
      }
      information(i, j) = i == j ? 0 : -0.5 * std::log1p(-r * r);
    }
  }
  return information;
}

}  // namespace

Matrix correlation(Signal x, CorrelationKind kind) {
  const std::string where = "correlation";
  require_channels(where, x);
  const std::int64_t channels = x.extent(0);
  std::vector<std::vector<double>> rows;
  for (std::int64_t c = 0; c < channels; ++c) {
    rows.push_back(row_of(x, c));
    if (kind == CorrelationKind::spearman) rows.back() = average_ranks(rows.back());
    normalise(where, c, rows.back());
  }
  Matrix r({channels, channels}, 1.0);
  thread_pool().parallel_for(channels, [&](std::int64_t i) {
    const auto& a = rows[static_cast<std::size_t>(i)];
    for (std::int64_t j = i + 1; j < channels; ++j) {
      const auto& b = rows[static_cast<std::size_t>(j)];
      double sum = 0;
      for (std::size_t t = 0; t < a.size(); ++t) sum += a[t] * b[t];
      r(i, j) = std::clamp(sum, -1.0, 1.0);
      r(j, i) = r(i, j);
    }
  });
  return r;
}

Matrix mutual_information(Signal x, const MutualInformation& options) {
  const std::string where = "mutual_information";
  if (options.bins < 2 || options.bins > most_bins)
    throw usage_error(where,
                      "bins must be 2 to " + std::to_string(most_bins) + ", got " + std::to_string(options.bins));
  require_channels(where, x);
  if (options.method == InformationMethod::histogram) return histogram_information(x, options);
  if (options.normalize) throw usage_error(where, "normalize belongs to the histogram: gaussian has no entropies here");
  return gaussian_information(where, x);
}

namespace {

Tensors correlations(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const auto kind = choice_argument<CorrelationKind>(
      args, "kind", {{"pearson", CorrelationKind::pearson}, {"spearman", CorrelationKind::spearman}});
  return {{"r", Tensor::of(correlation(x, kind))}};
}

const Operation correlation_operation{
    .name = "correlation",
    .room = "features/connectivity",
    .about = "Correlation of every pair of channels (numpy.corrcoef, scipy.stats.spearmanr)",
    .arguments = {{.name = "kind", .type = "text", .standard = "pearson", .about = "pearson, spearman"}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "r", .shape = "C C"}},
    .streaming_form = "running sums over a window",
    .call = correlations};
CATON_REGISTER(Operation, correlation_operation);

Tensors information(const Arguments& args, const Tensors& in) {
  const MatrixPort x(args, in, "x");
  const MutualInformation options{
      .bins = args.integer("bins"),
      .method = choice_argument<InformationMethod>(
          args, "method", {{"histogram", InformationMethod::histogram}, {"gaussian", InformationMethod::gaussian}}),
      .normalize = args.flag("normalize")};
  return {{"mi", Tensor::of(mutual_information(x, options))}};
}

const Operation information_operation{
    .name = "mutual_information",
    .room = "features/connectivity",
    .about = "Mutual information of every pair of channels",
    .arguments = {{.name = "bins", .type = "integer", .standard = 16},
                  {.name = "method", .type = "text", .standard = "histogram", .about = "histogram, gaussian"},
                  {.name = "normalize", .type = "flag", .standard = false}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "mi", .shape = "C C", .unit = "nat"}},
    .call = information};
CATON_REGISTER(Operation, information_operation);

}  // namespace

}  // namespace caton
