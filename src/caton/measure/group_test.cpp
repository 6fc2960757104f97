// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/group_test.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/measure/anova.hpp"
#include "caton/measure/comparison.hpp"

#include <algorithm>

namespace caton {

namespace {

const std::string where = "connectivity_group_test";

EdgeTests of_size(std::int64_t edges, std::int64_t cells) {
  const auto size = static_cast<std::size_t>(edges);
  return {std::vector<double>(size), std::vector<double>(size), {}, {}, Matrix({cells, edges})};
}

void correct(EdgeTests& tests, const GroupTest& options) {
  if (!(options.alpha > 0 && options.alpha < 1))
    throw usage_error(where, "alpha " + number_text(options.alpha) + " is no level");
  tests.adjusted = adjusted_p(tests.p_value, options.correction);
  for (const double p : tests.adjusted) tests.significant.push_back(p <= options.alpha ? 1 : 0);
}

/// What an edge's test refuses is told with the number of the edge.
template <class Test>
void each_edge(std::int64_t edges, const Test& test) {
  thread_pool().parallel_for(edges, [&](std::int64_t edge) {
    try {
      test(edge);
    } catch (const Error& error) {
      throw Error(error.kind(), where, error.problem() + " (edge " + std::to_string(edge) + ")", error.remedy());
    }
  });
}

std::vector<double> column(View<const double, 3> values, std::int64_t condition, std::int64_t edge) {
  std::vector<double> result;
  for (std::int64_t s = 0; s < values.extent(0); ++s) result.push_back(values(s, condition, edge));
  return result;
}

double mean_of(std::span<const double> values) { return ordered_sum(values) / static_cast<double>(values.size()); }

}  // namespace

EdgeTests edges_within(View<const double, 3> values, const GroupTest& options) {
  if (values.empty()) throw input_error(where, "the values are empty");
  const std::int64_t subjects = values.extent(0), conditions = values.extent(1);
  if (subjects < 2) throw input_error(where, "fewer than 2 subjects", "a test needs more participants");
  const bool paired = options.test == EdgeTest::t_paired;
  if (paired && conditions != 2) {
    throw usage_error(where, "shape: a paired test compares 2 conditions, given are " + std::to_string(conditions),
                      "choose two, or take anova_repeated");
  }
  EdgeTests tests = of_size(values.extent(2), conditions);
  each_edge(values.extent(2), [&](std::int64_t edge) {
    const auto at = static_cast<std::size_t>(edge);
    for (std::int64_t k = 0; k < conditions; ++k) tests.mean(k, edge) = mean_of(column(values, k, edge));
    if (paired) {
      const auto result = paired_t(column(values, 0, edge), column(values, 1, edge), Alternative::two_sided);
      tests.statistic[at] = result.t;
      tests.p_value[at] = result.p;
      return;
    }
    const View<const double, 2> table(&values(0, 0, edge), {subjects, conditions},
                                      {values.stride(0), values.stride(1)});
    const auto result = anova_repeated(table).effect;
    tests.statistic[at] = result.f;
    tests.p_value[at] = result.p;
  });
  correct(tests, options);
  return tests;
}

EdgeTests edges_between(View<const double, 2> values, std::span<const std::int64_t> group, const GroupTest& options) {
  if (values.empty()) throw input_error(where, "the values are empty");
  if (static_cast<std::int64_t>(group.size()) != values.extent(0)) {
    throw usage_error(where, "shape: " + std::to_string(values.extent(0)) + " subjects, " +
                                 std::to_string(group.size()) + " names of groups");
  }
  const auto groups = group_members(where, group);
  const bool student = options.test == EdgeTest::t_independent;
  if (student && groups.size() != 2) {
    throw usage_error(where, "t_independent compares 2 groups, there are " + std::to_string(groups.size()),
                      "choose two, or take anova_one_way");
  }
  EdgeTests tests = of_size(values.extent(1), static_cast<std::int64_t>(groups.size()));
  each_edge(values.extent(1), [&](std::int64_t edge) {
    const auto at = static_cast<std::size_t>(edge);
    std::vector<std::vector<double>> cells;
    std::vector<double> all;
    for (std::int64_t s = 0; s < values.extent(0); ++s) all.push_back(values(s, edge));
    for (const auto& members : groups) {
      cells.emplace_back();
      for (const std::int64_t s : members) cells.back().push_back(values(s, edge));
      tests.mean(static_cast<std::int64_t>(cells.size()) - 1, edge) = mean_of(cells.back());
    }
    if (student) {
      const auto result = independent_t(cells[0], cells[1], true, Alternative::two_sided);
      tests.statistic[at] = result.t;
      tests.p_value[at] = result.p;
      return;
    }
    const auto result = anova_one_way(all, group);
    tests.statistic[at] = result.f;
    tests.p_value[at] = result.p;
  });
  correct(tests, options);
  return tests;
}

namespace {

Tensors edge_tests(const Arguments& args, const Tensors& in) {
  GroupTest options{.correction = correction_named(args.text("method")), .alpha = args.number("alpha")};
  options.test = choice_argument<EdgeTest>(args, "test",
                                           {{"anova_repeated", EdgeTest::anova_repeated},
                                            {"t_paired", EdgeTest::t_paired},
                                            {"t_independent", EdgeTest::t_independent},
                                            {"anova_one_way", EdgeTest::anova_one_way}});
  const bool within = options.test == EdgeTest::anova_repeated || options.test == EdgeTest::t_paired;
  const auto answer = [&]() -> EdgeTests {
    if (within) return edges_within(cube_port(args, in, "values").view(), options);
    if (in.count("group") == 0) throw args.refuse("\"group\" is missing: the test compares groups");
    return edges_between(MatrixPort(args, in, "values").view(), port(in, "group").integers("group"), options);
  };
  const auto tests = answer();
  return {{"statistic", Tensor::vector(tests.statistic)},
          {"p_value", Tensor::vector(tests.p_value)},
          {"adjusted", Tensor::vector(tests.adjusted)},
          {"significant", Tensor::vector(tests.significant)},
          {"mean", Tensor::of(tests.mean)}};
}

const Operation edge_operation{
    .name = "connectivity_group_test",
    .room = "measure",
    .about = "One test a directed pair, then the correction over all pairs",
    .arguments = {{"test", "text", "anova_repeated", "anova_repeated, t_paired, t_independent, anova_one_way"},
                  {"method", "text", "bh", "bh, by, bonferroni, holm"},
                  {"alpha", "number", 0.05, "level of the column significant"}},
    .inputs = {{"values", "S K P, or S P with group"}, {"group", "S", "", true}},
    .outputs =
        {{"statistic", "P"}, {"p_value", "P"}, {"adjusted", "P"}, {"significant", "P", "0 or 1"}, {"mean", "K P"}},
    .call = edge_tests};
CATON_REGISTER(Operation, edge_operation);

}  // namespace

}  // namespace caton
