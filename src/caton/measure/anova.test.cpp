// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/measure/anova.hpp"
#include "caton/base/random.hpp"
#include "caton/measure/comparison.hpp"
#include "caton/measure/group_test.hpp"
#include "own_cases.hpp"
#include "signal_test.hpp"

namespace caton {

using testing::error_of;
using testing::noise;
using testing::says;

TEST_SUITE("measure") {
  TEST_CASE("anova: golden cases") {
    testing::replay_case("brain-on-chatgpt-connectivity/statistics");
    testing::replay_case("brain-on-chatgpt-connectivity/study");
  }

  TEST_CASE("measure: own cases") {
    testing::replay_own_cases("brain-on-chatgpt-connectivity", {"statistics"});
    testing::replay_own_cases("evaluation", {"paired-tests", "intervals-chance", "metrics", "splits-audit",
                                             "meta-analysis", "paired-permutation", "evaluation-combinations"});
  }

  TEST_CASE("anova_one_way of two groups is the t test squared; so is anova_repeated of two conditions") {
    const Matrix values = noise(2, 12, 1, 3);
    std::vector<double> all(values.begin(), values.end()), first(all.begin(), all.begin() + 12),
        second(all.begin() + 12, all.end());
    std::vector<std::int64_t> group(24, 5);
    std::fill(group.begin() + 12, group.end(), -2);
    const auto t = independent_t(first, second, true, Alternative::two_sided);
    const auto f = anova_one_way(all, group);
    CHECK(f.f == doctest::Approx(t.t * t.t));
    CHECK(f.p == doctest::Approx(t.p));
    const auto paired = paired_t(first, second, Alternative::two_sided);
    const auto repeated = anova_repeated(View<const double, 2>(all.data(), {12, 2}, {1, 12}));
    CHECK(repeated.effect.f == doctest::Approx(paired.t * paired.t));
    CHECK(repeated.effect.p == doctest::Approx(paired.p));
    CHECK(repeated.epsilon == doctest::Approx(1));
  }

  TEST_CASE("anova_mixed: a shift of one person moves only the groups; of one condition only the conditions") {
    Matrix values = noise(12, 3, 1, 4);
    std::vector<std::int64_t> group;
    for (std::int64_t s = 0; s < 12; ++s) group.push_back(s % 3);
    const auto before = anova_mixed(values, group);
    Matrix shifted(values);
    for (std::int64_t k = 0; k < 3; ++k) shifted(4, k) += 10;
    const auto person = anova_mixed(shifted, group);
    CHECK(person.within.f == doctest::Approx(before.within.f));
    CHECK(person.interaction.f == doctest::Approx(before.interaction.f));
    CHECK(person.between.f != doctest::Approx(before.between.f));
    for (std::int64_t s = 0; s < 12; ++s) values(s, 1) += 10;
    const auto condition = anova_mixed(values, group);
    CHECK(condition.between.f == doctest::Approx(before.between.f));
    CHECK(condition.interaction.f == doctest::Approx(before.interaction.f));
    CHECK(condition.within.p < 1e-6);
  }

  TEST_CASE("anova: p values are uniform where nothing differs") {
    int below = 0;
    for (std::uint64_t run = 0; run < 400; ++run) {
      const Matrix values = noise(9, 3, 1, 1000 + run);
      std::vector<std::int64_t> group;
      for (std::int64_t s = 0; s < 9; ++s) group.push_back(s / 3);
      const auto result = anova_mixed(values, group);
      for (const double p : {result.between.p, result.within.p, result.interaction.p}) below += p < 0.1 ? 1 : 0;
    }
    CHECK(below > 80);
    CHECK(below < 165);
  }

  TEST_CASE("anova: refused with the cause") {
    const Matrix values = noise(6, 3);
    const std::vector<std::int64_t> one(6, 1), lonely{0, 0, 0, 0, 0, 1}, few{0, 1};
    CHECK(says(error_of([&] { (void)anova_mixed(values, one); }), "group"));
    CHECK(says(error_of([&] { (void)anova_mixed(values, lonely); }), "subjects"));
    CHECK(says(error_of([&] { (void)anova_mixed(values, few); }), "shape"));
    CHECK(says(error_of([&] { (void)anova_repeated(Signal(values).slice(0, 0, 1)); }), "subjects"));
    CHECK(says(error_of([&] { (void)anova_repeated(Signal(values).slice(1, 0, 1)); }), "conditions"));
    CHECK(says(error_of([&] { (void)anova_repeated(Matrix({4, 3}, 0.1)); }), "flat"));
  }

  TEST_CASE("connectivity_group_test: the edge that differs is found among many that do not") {
    Array<double, 3> values({14, 2, 30});
    RandomStream random(8, "edges");
    for (double& value : values) value = random.normal();
    for (std::int64_t s = 0; s < 14; ++s) values(s, 1, 17) += 4;
    const auto within = edges_within(values.view(), {.test = EdgeTest::t_paired});
    CHECK(within.significant[17] == 1);
    CHECK(within.mean(1, 17) > 3);
    Matrix flat({28, 30}, uninitialised);
    std::vector<std::int64_t> group;
    for (std::int64_t row = 0; row < 28; ++row) {
      group.push_back(row / 14);
      for (std::int64_t p = 0; p < 30; ++p) flat(row, p) = values(row % 14, row / 14, p);
    }
    for (const EdgeTest test : {EdgeTest::anova_one_way, EdgeTest::t_independent}) {
      const auto between = edges_between(flat, group, {.test = test, .correction = Correction::bonferroni});
      CHECK(between.significant[17] == 1);
      CHECK(between.adjusted[17] == doctest::Approx(30 * between.p_value[17]));
    }
    CHECK(says(error_of([&] { (void)edges_within(values.view().slice(1, 0, 1), {.test = EdgeTest::t_paired}); }),
               "shape"));
  }
}

}  // namespace caton
