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
#include <functional>
#include <span>
#include <vector>

namespace caton {

namespace {

constexpr std::int64_t most_bins = 4096;
constexpr const char *correlation_name = "correlation", *information_name = "mutual_information";

/// Mean taken away, divided by the norm.
void normalise(const std::string& where, std::int64_t c, std::span<double> row) {
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

double entropy_of(std::span<const double> counts, double samples) {
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

/// Bins of equal width from each channel's least to its largest value, the last one closed: the bin of each sample, and
/// the entropy of the bins.
struct BinnedChannels {
  BinnedChannels(std::int64_t channels, std::int64_t samples, std::int64_t bin_count)
      : bins(bin_count),
        codes({channels, samples}),
        entropies(static_cast<std::size_t>(channels)),
        edges(static_cast<std::size_t>(bins + 1)),
        counts(static_cast<std::size_t>(bins)) {}

  void take(Signal x);
  [[nodiscard]] double samples() const { return static_cast<double>(codes.extent(1)); }

  std::int64_t bins;
  Array<std::int64_t, 2> codes;
  std::vector<double> entropies, edges, counts;
};

void BinnedChannels::take(Signal x) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    double least = x(c, 0), largest = x(c, 0);
    for (std::int64_t t = 1; t < x.extent(1); ++t) {
      least = std::min(least, x(c, t));
      largest = std::max(largest, x(c, t));
    }
    const double width = (largest - least) / static_cast<double>(bins);
    for (std::int64_t k = 0; k < bins; ++k) edges[static_cast<std::size_t>(k)] = least + static_cast<double>(k) * width;
    edges.back() = largest;
    std::fill(counts.begin(), counts.end(), 0.0);
    for (std::int64_t t = 0; t < x.extent(1); ++t) {
      const auto above = std::upper_bound(edges.begin(), edges.end(), x(c, t)) - edges.begin();
      codes(c, t) = std::min<std::int64_t>(above, bins) - 1;
      ++counts[static_cast<std::size_t>(codes(c, t))];
    }
    entropies[static_cast<std::size_t>(c)] = entropy_of(counts, samples());
  }
}

/// Channel i with itself and with those after it; `joint` counts bins x bins.
void put_information(const BinnedChannels& binned, std::int64_t i, bool normalize, std::span<double> joint,
                     Matrix& information) {
  for (std::int64_t j = i; j < information.extent(0); ++j) {
    std::fill(joint.begin(), joint.end(), 0.0);
    for (std::int64_t t = 0; t < binned.codes.extent(1); ++t)
      ++joint[static_cast<std::size_t>(binned.codes(i, t) * binned.bins + binned.codes(j, t))];
    const double h_i = binned.entropies[static_cast<std::size_t>(i)],
                 h_j = binned.entropies[static_cast<std::size_t>(j)];
    double value = i == j ? h_i : std::max(0.0, h_i + h_j - entropy_of(joint, binned.samples()));
    if (normalize) value /= std::sqrt(h_i) * std::sqrt(h_j);
    information(i, j) = value;
    information(j, i) = value;
  }
}

Matrix histogram_information(Signal x, const MutualInformation& options) {
  BinnedChannels binned(x.extent(0), x.extent(1), options.bins);
  binned.take(x);
  Matrix information({x.extent(0), x.extent(0)});
  thread_pool().parallel_for(x.extent(0), [&](std::int64_t i) {
    std::vector<double> joint(static_cast<std::size_t>(options.bins * options.bins));
    put_information(binned, i, options.normalize, joint, information);
  });
  return information;
}

void require_bins(std::int64_t bins) {
  if (bins < 2 || bins > most_bins) {
    throw usage_error(information_name,
                      "bins must be 2 to " + std::to_string(most_bins) + ", got " + std::to_string(bins));
  }
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

namespace {

/// The rows of channels, ranks in their place where they are asked for, without their means and of norm 1.
void take_rows(Signal x, CorrelationKind kind, Matrix& rows) {
  for (std::int64_t c = 0; c < x.extent(0); ++c) {
    const std::span<double> row(&rows(c, 0), static_cast<std::size_t>(x.extent(1)));
    for (std::size_t t = 0; t < row.size(); ++t) row[t] = x(c, static_cast<std::int64_t>(t));
    if (kind == CorrelationKind::spearman) {
      const std::vector<double> ranks = average_ranks(row);
      std::copy(ranks.begin(), ranks.end(), row.begin());
    }
    normalise(correlation_name, c, row);
  }
}

void correlate_rows(const Matrix& rows, Matrix& r) {
  const auto one = [&](std::int64_t i) {
    r(i, i) = 1;
    for (std::int64_t j = i + 1; j < rows.extent(0); ++j) {
      double sum = 0;
      for (std::int64_t t = 0; t < rows.extent(1); ++t) sum += rows(i, t) * rows(j, t);
      r(i, j) = std::clamp(sum, -1.0, 1.0);
      r(j, i) = r(i, j);
    }
  };
  thread_pool().parallel_for(rows.extent(0), std::cref(one));
}

}  // namespace

Matrix correlation(Signal x, CorrelationKind kind) {
  require_channels(correlation_name, x);
  Matrix rows(x.extents(), uninitialised), r({x.extent(0), x.extent(0)}, uninitialised);
  take_rows(x, kind, rows);
  correlate_rows(rows, r);
  return r;
}

struct RepeatedCorrelation::State {
  Matrix rows, r;
};

RepeatedCorrelation::RepeatedCorrelation(std::int64_t channels, std::int64_t samples)
    : state_(new State{Matrix({channels, samples}), Matrix({channels, channels})}) {}
RepeatedCorrelation::~RepeatedCorrelation() = default;
RepeatedCorrelation::RepeatedCorrelation(RepeatedCorrelation&& other) noexcept = default;

const Matrix& RepeatedCorrelation::run(Signal x) {
  require_channels(correlation_name, x);
  take_rows(x, CorrelationKind::pearson, state_->rows);
  correlate_rows(state_->rows, state_->r);
  return state_->r;
}

Matrix mutual_information(Signal x, const MutualInformation& options) {
  require_bins(options.bins);
  require_channels(information_name, x);
  if (options.method == InformationMethod::histogram) return histogram_information(x, options);
  if (options.normalize) {
    throw usage_error(information_name, "normalize belongs to the histogram: gaussian has no entropies here");
  }
  return gaussian_information(information_name, x);
}

struct RepeatedInformation::State {
  State(std::int64_t channels, std::int64_t samples, std::int64_t bins)
      : binned(channels, samples, bins),
        joint(static_cast<std::size_t>(bins * bins)),
        information({channels, channels}) {}

  std::string where = information_name;
  BinnedChannels binned;
  std::vector<double> joint;
  Matrix information;
};

RepeatedInformation::RepeatedInformation(std::int64_t channels, std::int64_t samples, std::int64_t bins) {
  require_bins(bins);
  state_ = std::make_unique<State>(channels, samples, bins);
}
RepeatedInformation::~RepeatedInformation() = default;
RepeatedInformation::RepeatedInformation(RepeatedInformation&& other) noexcept = default;

const Matrix& RepeatedInformation::run(Signal x) {
  State& s = *state_;
  require_channels(s.where, x);
  s.binned.take(x);
  for (std::int64_t i = 0; i < x.extent(0); ++i) put_information(s.binned, i, false, s.joint, s.information);
  return s.information;
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
