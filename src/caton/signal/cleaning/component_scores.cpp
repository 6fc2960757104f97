// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/cleaning/component_scores.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/fir.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "ica_score_eog";

double mean_of(View<const double, 1> row) {
  double sum = 0;
  for (std::int64_t t = 0; t < row.extent(0); ++t) sum += row[t];
  return sum / static_cast<double>(row.extent(0));
}

}  // namespace

double pearson(View<const double, 1> a, View<const double, 1> b) {
  const double mean_a = mean_of(a), mean_b = mean_of(b);
  double both = 0, first = 0, second = 0;
  for (std::int64_t t = 0; t < a.extent(0); ++t) {
    const double at_a = a[t] - mean_a, at_b = b[t] - mean_b;
    both += at_a * at_b;
    first += at_a * at_a;
    second += at_b * at_b;
  }
  const double size = std::sqrt(first) * std::sqrt(second);
  return size > 0 && std::isfinite(size) ? std::clamp(both / size, -1.0, 1.0) : 0;
}

std::vector<std::int64_t> outliers(const std::vector<double>& values, double threshold) {
  std::vector<bool> out(values.size(), false);
  for (int round = 0; round < 2; ++round) {
    double sum = 0, square = 0, count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (out[i]) continue;
      sum += values[i];
      ++count;
    }
    if (count == 0) break;
    const double mean = sum / count;
    for (std::size_t i = 0; i < values.size(); ++i) square += out[i] ? 0 : (values[i] - mean) * (values[i] - mean);
    const double deviation = std::sqrt(square / count);
    bool found = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (out[i] || !(std::abs(values[i] - mean) / deviation > threshold)) continue;
      out[i] = found = true;
    }
    if (!found) break;
  }
  std::vector<std::int64_t> indices;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (out[i]) indices.push_back(static_cast<std::int64_t>(i));
  }
  return indices;
}

EogScores ica_score_eog(Signal sources, Signal eog, const EogScoreOptions& options) {
  require_signal(where, sources);
  require_signal(where, eog);
  if (sources.extent(1) != eog.extent(1)) {
    throw usage_error(where, "shape: the sources have " + std::to_string(sources.extent(1)) +
                                 " samples, the reference " + std::to_string(eog.extent(1)));
  }
  if (!std::isfinite(options.threshold)) throw usage_error(where, "threshold must be finite");
  const FirDesign design{.rate_hz = options.rate_hz,
                         .low_hz = options.low_hz,
                         .high_hz = options.high_hz,
                         .length = {.kind = FirLength::Kind::duration, .seconds = 10},
                         .low_transition_hz = 0.5,
                         .high_transition_hz = 0.5,
                         .phase = FirPhase::zero_double,
                         .window = "hann",
                         .method = FirMethod::firwin2};
  const Matrix filtered = fir_filter(sources, design), targets = fir_filter(eog, design);
  EogScores result{Matrix({eog.extent(0), sources.extent(0)}, uninitialised), {}};
  thread_pool().parallel_for(sources.extent(0), [&](std::int64_t k) {
    for (std::int64_t e = 0; e < eog.extent(0); ++e) result.scores(e, k) = pearson(filtered[k], targets[e]);
  });
  std::vector<std::pair<double, std::int64_t>> found;
  for (std::int64_t e = 0; e < eog.extent(0); ++e) {
    const std::vector<double> scores(result.scores[e].data(), result.scores[e].data() + sources.extent(0));
    std::vector<std::int64_t> bad;
    if (options.measure == ScoreMeasure::zscore) {
      bad = outliers(scores, options.threshold);
    } else {
      for (std::size_t k = 0; k < scores.size(); ++k) {
        if (std::abs(scores[k]) > options.threshold) bad.push_back(static_cast<std::int64_t>(k));
      }
    }
    for (const std::int64_t k : bad) found.emplace_back(std::abs(scores[static_cast<std::size_t>(k)]), k);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [score, k] : found) {
    if (std::find(result.bad.begin(), result.bad.end(), k) == result.bad.end()) result.bad.push_back(k);
  }
  return result;
}

namespace {

const Operation score_operation{
    .name = "ica_score_eog",
    .room = "signal",
    .about = "How much independent components look like eye channels (mne ICA.find_bads_eog)",
    .arguments = {{.name = "rate_hz", .type = "number"},
                  {.name = "band_hz", .type = "numbers", .standard = Json::list_of(std::vector<double>{1, 10})},
                  {.name = "threshold", .type = "number", .standard = 3},
                  {.name = "measure", .type = "text", .standard = "zscore", .about = "zscore, correlation"}},
    .inputs = {{.name = "sources", .shape = "K T"}, {.name = "eog", .shape = "E T", .unit = "V"}},
    .outputs = {{.name = "scores", .shape = "E K"}, {.name = "bad", .shape = "B"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const std::vector<double> band = args.numbers("band_hz");
          if (band.size() != 2 || !(band[0] < band[1]))
            throw args.refuse("band_hz must be two frequencies, the lower band edge first");
          const auto measure = choice_argument<ScoreMeasure>(
              args, "measure", {{"zscore", ScoreMeasure::zscore}, {"correlation", ScoreMeasure::correlation}});
          const EogScores result = ica_score_eog(MatrixPort(args, in, "sources"), MatrixPort(args, in, "eog"),
                                                 {.rate_hz = args.number("rate_hz"),
                                                  .low_hz = band[0],
                                                  .high_hz = band[1],
                                                  .threshold = args.number("threshold"),
                                                  .measure = measure});
          return Tensors{{"scores", Tensor::of(result.scores)}, {"bad", Tensor::vector(result.bad)}};
        },
};
CATON_REGISTER(Operation, score_operation);

}  // namespace

}  // namespace caton
