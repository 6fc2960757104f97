// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/meta_analysis.hpp"

#include "caton/base/operation.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/measure/multiple.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton {
namespace {

constexpr const char* where = "meta_analysis";
constexpr std::int64_t most_bits = 63;

std::vector<std::int64_t> distinct(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Mean score over sessions: one row a subject (ascending), one column a pipeline.
std::vector<std::vector<double>> scores_of(const ScoreTable& table, std::int64_t dataset,
                                           const std::vector<std::int64_t>& pipelines) {
  std::map<std::int64_t, std::vector<std::pair<double, int>>> sums;
  for (std::size_t i = 0; i < table.score.size(); ++i) {
    if (table.dataset[i] != dataset) continue;
    auto& row = sums[table.subject[i]];
    row.resize(pipelines.size());
    const auto k = std::lower_bound(pipelines.begin(), pipelines.end(), table.pipeline[i]) - pipelines.begin();
    row[k].first += table.score[i];
    ++row[k].second;
  }
  std::vector<std::vector<double>> scores;
  for (const auto& [subject, row] : sums) {
    auto& means = scores.emplace_back();
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (row[k].second == 0)
        throw input_error(where, "subject " + std::to_string(subject) + " of data set " + std::to_string(dataset) +
                                     " has no score of pipeline " + std::to_string(pipelines[k]));
      means.push_back(row[k].first / row[k].second);
    }
  }
  if (scores.size() < 2) throw input_error(where, "data set " + std::to_string(dataset) + " has fewer than 2 subjects");
  return scores;
}

Array<std::int64_t, 2> drawn_signs(std::int64_t subjects, const MetaOptions& options,
                                   const std::vector<std::int64_t>& sign_bits, RandomStream random) {
  Array<std::int64_t, 2> signs({options.permutations, subjects}, uninitialised);
  const bool given = !sign_bits.empty();
  if (given && (static_cast<std::int64_t>(sign_bits.size()) < options.permutations || subjects > most_bits))
    throw usage_error(where, "sign_bits has " + std::to_string(sign_bits.size()) + " draws for " +
                                 std::to_string(options.permutations) + " permutations of " + std::to_string(subjects) +
                                 " subjects");
  for (std::int64_t draw = 0; draw < options.permutations; ++draw) {
    for (std::int64_t s = 0; s < subjects; ++s)
      signs(draw, s) = (given ? (sign_bits[draw] >> s & 1) != 0 : random.below(2) == 1) ? 1 : -1;
  }
  return signs;
}

double one_sided_wilcoxon(const std::vector<double>& a, const std::vector<double>& b, double mean_difference) {
  const double half = wilcoxon_signed_rank(a, b, {}).p / 2;
  return mean_difference < 0 ? 1 - half : half;
}

struct Comparison {
  double p = 0, effect = 0;
};

Comparison compare(const std::vector<double>& a, const std::vector<double>& b, const MetaOptions& options,
                   const Array<std::int64_t, 2>& signs) {
  std::vector<double> differences(a.size());
  for (std::size_t s = 0; s < a.size(); ++s) differences[s] = a[s] - b[s];
  const auto n = static_cast<double>(a.size());
  double mean = 0, squares = 0;
  for (const double d : differences) mean += d / n;
  for (const double d : differences) squares += (d - mean) * (d - mean);
  if (squares == 0 && mean == 0)
    throw input_error(where, "two pipelines have the same scores in every subject: there are no differences");
  Comparison result{.effect = mean / std::sqrt(squares / (n - 1))};
  const auto subjects = static_cast<std::int64_t>(a.size());
  if (subjects >= options.permutation_cutoff)
    result.p = one_sided_wilcoxon(a, b, mean);
  else if (subjects <= options.exact_up_to)
    result.p = sign_flip_exact(differences, Alternative::greater, true);
  else
    result.p = sign_flip_given(differences, signs, Alternative::greater, true);
  return result;
}

void check(const ScoreTable& table, const MetaOptions& options) {
  const auto rows = table.score.size();
  if (rows == 0) throw input_error(where, "there are no scores: the table is empty");
  if (table.dataset.size() != rows || table.subject.size() != rows || table.pipeline.size() != rows ||
      (!table.session.empty() && table.session.size() != rows))
    throw usage_error(where, "the lengths of the columns differ (shape)");
  if (options.permutations < 2) throw usage_error(where, "permutations: give at least 2");
  if (options.exact_up_to > 20) throw usage_error(where, "exact_up_to: at most 20 subjects (2^n flips)");
}

void combine(MetaAnalysis& result) {
  const auto datasets = result.p.extent(0), pipelines = result.p.extent(1);
  std::vector<double> weights;
  double total = 0;
  for (const auto subjects : result.subjects) {
    weights.push_back(std::sqrt(static_cast<double>(subjects)));
    total += weights.back();
  }
  for (std::int64_t i = 0; i < pipelines; ++i) {
    for (std::int64_t j = 0; j < pipelines; ++j) {
      if (i == j) continue;
      std::vector<double> p(static_cast<std::size_t>(datasets));
      for (std::int64_t d = 0; d < datasets; ++d) {
        p[d] = result.p(d, i, j);
        result.combined_effect(i, j) += weights[d] / total * result.effect(d, i, j);
      }
      result.combined_p(i, j) = datasets == 1 ? p[0] : combined_p_stouffer(p, weights);
    }
  }
}

}  // namespace

MetaAnalysis meta_analysis(const ScoreTable& table, const MetaOptions& options,
                           const std::vector<std::int64_t>& sign_bits, const RandomStream& random) {
  check(table, options);
  MetaAnalysis result{.dataset_id = distinct(table.dataset), .pipeline_id = distinct(table.pipeline)};
  const auto datasets = static_cast<std::int64_t>(result.dataset_id.size());
  const auto pipelines = static_cast<std::int64_t>(result.pipeline_id.size());
  if (pipelines < 2) throw usage_error(where, "there is one pipeline only: nothing to compare");
  result.p = Array<double, 3>({datasets, pipelines, pipelines});
  result.effect = Array<double, 3>({datasets, pipelines, pipelines});
  result.combined_p = Array<double, 2>({pipelines, pipelines});
  result.combined_effect = Array<double, 2>({pipelines, pipelines});
  for (std::int64_t d = 0; d < datasets; ++d) {
    const auto rows = scores_of(table, result.dataset_id[d], result.pipeline_id);
    const auto subjects = static_cast<std::int64_t>(rows.size());
    result.subjects.push_back(subjects);
    Array<std::int64_t, 2> signs;
    if (subjects > options.exact_up_to && subjects < options.permutation_cutoff)
      signs = drawn_signs(subjects, options, sign_bits, random.derive("signs", {static_cast<std::uint64_t>(d)}));
    for (std::int64_t i = 0; i < pipelines; ++i) {
      for (std::int64_t j = 0; j < pipelines; ++j) {
        if (i == j) continue;
        std::vector<double> a, b;
        for (const auto& row : rows) {
          a.push_back(row[i]);
          b.push_back(row[j]);
        }
        const auto one = compare(a, b, options, signs);
        result.p(d, i, j) = one.p;
        result.effect(d, i, j) = one.effect;
      }
    }
  }
  combine(result);
  return result;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  const ScoreTable table{
      .dataset = port(in, "dataset").integers("dataset"),
      .subject = port(in, "subject").integers("subject"),
      .session = in.count("session") ? port(in, "session").integers("session") : std::vector<std::int64_t>{},
      .pipeline = port(in, "pipeline").integers("pipeline"),
      .score = port(in, "score").doubles()};
  const auto bits = in.count("sign_bits") ? port(in, "sign_bits").integers("sign_bits") : std::vector<std::int64_t>{};
  const RandomStream random(static_cast<std::uint64_t>(args.integer("seed")), "meta_analysis");
  const auto result = meta_analysis(table,
                                    {.permutation_cutoff = args.integer("permutation_cutoff"),
                                     .exact_up_to = args.integer("exact_up_to"),
                                     .permutations = args.integer("permutations")},
                                    bits, random);
  return {{"p", Tensor::of(result.p)},
          {"effect", Tensor::of(result.effect)},
          {"combined_p", Tensor::of(result.combined_p)},
          {"combined_effect", Tensor::of(result.combined_effect)}};
}

const Operation operation{
    .name = "meta_analysis",
    .room = "measure",
    .about = "pipelines compared over data sets, MOABB's way",
    .arguments = {{"permutation_cutoff", "integer", 20, "from so many subjects on: Wilcoxon"},
                  {"exact_up_to", "integer", 13, "up to so many subjects: all sign flips"},
                  {"permutations", "integer", 10000, "random sign flips between"},
                  {"seed", "integer", 1, "of the flips where none are given"}},
    .inputs = {{"dataset", "N"},
               {"subject", "N"},
               {"session", "N", "", true},
               {"pipeline", "N"},
               {"score", "N"},
               {"sign_bits", "P", "bit s set: +1 for subject s", true}},
    .outputs = {{"p", "D K K"}, {"effect", "D K K"}, {"combined_p", "K K"}, {"combined_effect", "K K"}},
    .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace
}  // namespace caton
