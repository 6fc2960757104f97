// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/selection/r2_map.hpp"

#include "caton/base/ports.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>
#include <vector>

namespace caton {

namespace {

void require_classes(const std::string& where, TrialFeatures a, TrialFeatures b) {
  if (a.extent(1) != b.extent(1) || a.extent(2) != b.extent(2)) {
    throw usage_error(where, "shape: class 1 has " + std::to_string(a.extent(1)) + " channels x " +
                                 std::to_string(a.extent(2)) + " frequencies, class 2 " + std::to_string(b.extent(1)) +
                                 " x " + std::to_string(b.extent(2)));
  }
  for (const auto trials : {a.extent(0), b.extent(0)}) {
    if (trials < 2)
      throw input_error(where, "a class has " + std::to_string(trials) + " trials; at least 2 trials are needed");
  }
  if (a.extent(1) == 0 || a.extent(2) == 0) throw input_error(where, "no channels or frequencies: the input is empty");
}

std::vector<double> cell(TrialFeatures trials, std::int64_t count, std::int64_t channel, std::int64_t bin) {
  std::vector<double> values;
  for (std::int64_t n = 0; n < count; ++n) values.push_back(trials(n, channel, bin));
  return values;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Between-class over total sum of squares: what the published formula gives, without its cancellation.
double explained_share(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean(a), mean_b = mean(b);
  const auto n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  const double middle = (n_a * mean_a + n_b * mean_b) / (n_a + n_b);
  double total = 0;
  for (const auto* const values : {&a, &b})
    for (const double value : *values) total += (value - middle) * (value - middle);
  const double between = n_a * (mean_a - middle) * (mean_a - middle) + n_b * (mean_b - middle) * (mean_b - middle);
  return total > 0 ? std::min(between / total, 1.0) : 0;
}

double sign_of(double value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

}  // namespace

R2Map r2_map(TrialFeatures class1, TrialFeatures class2, Pairing pairing, bool signed_by_ranks) {
  require_classes("r2_map", class1, class2);
  const bool all = pairing == Pairing::all;
  const std::int64_t common = std::min(class1.extent(0), class2.extent(0));
  R2Map map{Matrix({class1.extent(1), class1.extent(2)}), Matrix({class1.extent(1), class1.extent(2)})};
  for (std::int64_t c = 0; c < map.r2.extent(0); ++c) {
    for (std::int64_t f = 0; f < map.r2.extent(1); ++f) {
      const auto a = cell(class1, class1.extent(0), c, f), b = cell(class2, class2.extent(0), c, f);
      map.r2(c, f) =
          all ? explained_share(a, b) : explained_share(cell(class1, common, c, f), cell(class2, common, c, f));
      map.sign(c, f) = sign_of(mean(b) - mean(a));
      if (signed_by_ranks) map.r2(c, f) *= sign_of(rank_sum(a, b, Alternative::two_sided).statistic);
    }
  }
  return map;
}

RankSumMap rank_sum_map(TrialFeatures class1, TrialFeatures class2) {
  require_classes("rank_sum_map", class1, class2);
  RankSumMap map{Matrix({class1.extent(1), class1.extent(2)}), Matrix({class1.extent(1), class1.extent(2)})};
  for (std::int64_t c = 0; c < map.z.extent(0); ++c) {
    for (std::int64_t f = 0; f < map.z.extent(1); ++f) {
      const auto test =
          rank_sum(cell(class1, class1.extent(0), c, f), cell(class2, class2.extent(0), c, f), Alternative::two_sided);
      map.z(c, f) = test.statistic;
      map.p(c, f) = test.p;
    }
  }
  return map;
}

namespace {

const std::vector<Port> class_ports{{.name = "class1", .shape = "N C F"}, {.name = "class2", .shape = "M C F"}};

const Operation r2_operation{
    .name = "r2_map",
    .room = "decode/classical/selection",
    .about = "Share of variance that the class explains, at each channel and frequency (HappyFeat)",
    .arguments = {{.name = "pairing", .type = "text", .standard = "first-common", .about = "first-common, all"},
                  {.name = "signed", .type = "text", .standard = Json{}, .about = "rank-sum: the sign of its z"}},
    .inputs = class_ports,
    .outputs = {{.name = "r2", .shape = "C F", .unit = "1"}, {.name = "sign", .shape = "C F"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto pairing =
          choice_argument<Pairing>(args, "pairing", {{"first-common", Pairing::first_common}, {"all", Pairing::all}});
      const bool by_ranks = args.given("signed") && choice_argument<bool>(args, "signed", {{"rank-sum", true}});
      const auto a = port(in, "class1").array<3>("class1"), b = port(in, "class2").array<3>("class2");
      const auto map = r2_map(a, b, pairing, by_ranks);
      return {{"r2", Tensor::of(map.r2)}, {"sign", Tensor::of(map.sign)}};
    },
};
CATON_REGISTER(Operation, r2_operation);

const Operation rank_sum_operation{
    .name = "rank_sum_map",
    .room = "decode/classical/selection",
    .about = "Rank-sum test of two classes at each channel and frequency (scipy.stats.ranksums)",
    .inputs = class_ports,
    .outputs = {{.name = "z", .shape = "C F"}, {.name = "p", .shape = "C F"}},
    .call = [](const Arguments&, const Tensors& in) -> Tensors {
      const auto a = port(in, "class1").array<3>("class1"), b = port(in, "class2").array<3>("class2");
      const auto map = rank_sum_map(a, b);
      return {{"z", Tensor::of(map.z)}, {"p", Tensor::of(map.p)}};
    },
};
CATON_REGISTER(Operation, rank_sum_operation);

}  // namespace

}  // namespace caton
