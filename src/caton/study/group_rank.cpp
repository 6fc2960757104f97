// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_rank.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/study/group_measure.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace caton {

namespace {

/// Of eigenvalues of correlations, which are squares of singular values.
constexpr double least_share = 1e-10;

SymmetricEigen eigen_of(Signal correlation, const std::vector<std::size_t>& channels) {
  const auto count = static_cast<std::int64_t>(channels.size());
  Matrix some({count, count}, uninitialised);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::int64_t j = 0; j < count; ++j)
      some(i, j) = correlation(static_cast<std::int64_t>(channels[static_cast<std::size_t>(i)]),
                               static_cast<std::int64_t>(channels[static_cast<std::size_t>(j)]));
  }
  return symmetric_eigen(some);
}

double floor_of(const SymmetricEigen& eigen) {
  return least_share * *std::max_element(eigen.values.begin(), eigen.values.end());
}

/// Share of each channel in the directions that are lost.
std::vector<double> lost_shares(const SymmetricEigen& eigen) {
  const std::int64_t count = eigen.vectors.extent(0);
  std::vector<double> shares(static_cast<std::size_t>(count));
  const double floor = floor_of(eigen);
  for (std::int64_t k = 0; k < count; ++k) {
    if (eigen.values[static_cast<std::size_t>(k)] > floor) continue;
    for (std::int64_t c = 0; c < count; ++c)
      shares[static_cast<std::size_t>(c)] += eigen.vectors(c, k) * eigen.vectors(c, k);
  }
  return shares;
}

[[noreturn]] void refuse(const ChannelDependence& recording, std::int64_t rank, std::size_t channels) {
  const std::string cause = recording.reference == "as recorded"
                                ? " (average reference in the file, interpolated channels, removed components)"
                                : " after the reference \"" + recording.reference + "\"";
  throw input_error(recording.id,
                    "the channels have rank " + std::to_string(rank) + " of " + std::to_string(channels) + cause +
                        ": a model of linearly dependent channels does not exist",
                    "keep the recording's own reference, or say in [connectivity] dependent = \"drop\" (channels are "
                    "left out until the others have full rank) or a ridge");
}

}  // namespace

ChannelDependence channel_dependence(const std::string& id, const LoadedRecording& loaded,
                                     const GroupAnalysis& options) {
  const std::int64_t channels = loaded.prepared.signal.extent(0);
  const std::int64_t length = window_length(options, loaded.prepared.rate_hz);
  Matrix covariance({channels, channels});
  for (const std::int64_t begin : windows_apart(loaded.begins, length)) {
    Matrix window(loaded.prepared.signal.view().slice(1, begin, length));
    for (std::int64_t c = 0; c < channels; ++c) {
      double mean = 0;
      for (std::int64_t t = 0; t < length; ++t) mean += window(c, t) / static_cast<double>(length);
      for (std::int64_t t = 0; t < length; ++t) window(c, t) -= mean;
    }
    const Matrix one = product_transposed(window, window);
    for (std::int64_t i = 0; i < one.size(); ++i) covariance.data()[i] += one.data()[i];
  }
  // Scaled by the whole recording: scales of single windows would hide what their sums depend on.
  std::vector<double> scale;
  for (std::int64_t c = 0; c < channels; ++c) scale.push_back(1 / std::sqrt(covariance(c, c)));
  for (std::int64_t i = 0; i < channels; ++i) {
    for (std::int64_t j = 0; j < channels; ++j)
      covariance(i, j) *= scale[static_cast<std::size_t>(i)] * scale[static_cast<std::size_t>(j)];
  }
  const bool cleaned = std::any_of(options.steps.begin(), options.steps.end(),
                                   [](const PrepareStep& step) { return step.operation == "clean"; });
  return {id, loaded.prepared.reference, cleaned, std::move(covariance)};
}

std::int64_t channel_rank(Signal correlation, const std::vector<std::size_t>& channels) {
  const auto eigen = eigen_of(correlation, channels);
  const double floor = floor_of(eigen);
  return std::count_if(eigen.values.begin(), eigen.values.end(), [&](double value) { return value > floor; });
}

std::vector<std::size_t> independent_channels(const std::vector<ChannelDependence>& recordings, const RankRule& rule) {
  std::vector<std::size_t> kept(static_cast<std::size_t>(recordings.front().correlation.extent(0)));
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  for (;;) {
    std::vector<double> shares(kept.size());
    bool lost = false;
    for (const auto& recording : recordings) {
      const auto eigen = eigen_of(recording.correlation, kept);
      const double floor = floor_of(eigen);
      const auto rank =
          std::count_if(eigen.values.begin(), eigen.values.end(), [&](double value) { return value > floor; });
      if (rank == static_cast<std::int64_t>(kept.size())) continue;
      const bool by_cleaning = recording.cleaned && recording.reference == "as recorded";
      if (!(by_cleaning ? rule.cleaned : rule.others) || kept.size() <= 2) refuse(recording, rank, kept.size());
      lost = true;
      const auto own = lost_shares(eigen);
      for (std::size_t c = 0; c < shares.size(); ++c) shares[c] += own[c];
    }
    if (!lost) return kept;
    kept.erase(kept.begin() + (std::max_element(shares.begin(), shares.end()) - shares.begin()));
  }
}

}  // namespace caton
