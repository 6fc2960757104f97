// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/base/threads.hpp"
#include "caton/samples/neighbours.hpp"
#include "caton/samples/oversampling.hpp"
#include "caton/samples/shuffled_folds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>

using namespace caton;
using caton::testing::error_of;

namespace {

Array<double, 2> random_rows(std::int64_t count, std::int64_t width, std::uint64_t seed) {
  RandomStream random(seed, "test rows");
  Array<double, 2> rows({count, width}, uninitialised);
  for (auto& value : rows) value = random.normal();
  return rows;
}

/// 30 samples of class 0, 9 of class 1.
SampleSet uneven_set() {
  RandomStream random(5, "uneven set");
  SampleSet set;
  std::vector<float> values(39 * 4);
  for (auto& value : values) value = static_cast<float>(random.normal());
  set.blocks.emplace("tokens", Tensor({39, 2, 2}, values));
  set.classes = {"low", "high"};
  set.weight.assign(39, 2.0);
  for (std::int64_t i = 0; i < 39; ++i) {
    set.label.push_back(i % 4 == 3 ? 1 : 0);
    set.origins.subject.index.push_back(set.origins.subject.id(i < 20 ? "ann" : "ben"));
    set.origins.recording.index.push_back(set.origins.recording.id("r"));
    set.origins.begin.push_back(10 * i);
    set.origins.end.push_back(10 * i + 20);
    set.origins.id.push_back(100 + i);
  }
  return set;
}

}  // namespace

TEST_SUITE("samples") {
  TEST_CASE("neighbours: equal to comparing every pair, ties to the lowest row") {
    for (const std::int64_t count : {1, 3, 63, 64, 65, 200}) {
      Array<double, 2> among = random_rows(count, 5, 1);
      if (count > 2) {  // two equal rows
        for (std::int64_t f = 0; f < 5; ++f) among(2, f) = among(0, f);
      }
      const auto query = random_rows(40, 5, 2);
      const std::int64_t k = std::min<std::int64_t>(count, 4);
      const auto found = nearest_rows(among, query, k);
      for (std::int64_t q = 0; q < 40; ++q) {
        std::vector<std::pair<double, std::int64_t>> all;
        for (std::int64_t i = 0; i < count; ++i) {
          double squared = 0;
          for (std::int64_t f = 0; f < 5; ++f) squared += (among(i, f) - query(q, f)) * (among(i, f) - query(q, f));
          all.emplace_back(squared, i);
        }
        std::sort(all.begin(), all.end());
        for (std::int64_t j = 0; j < k; ++j) {
          CHECK(found.row(q, j) == all[static_cast<std::size_t>(j)].second);
          CHECK(found.squared_distance(q, j) == all[static_cast<std::size_t>(j)].first);
        }
      }
    }
  }

  TEST_CASE("neighbours: distances too large for a double still give rows") {
    Array<double, 2> among({3, 1}, 1e300);
    const auto found = nearest_rows(among, Array<double, 2>({1, 1}, -1e300), 2);
    CHECK(found.row(0, 0) == 0);
    CHECK(found.row(0, 1) == 1);
  }

  TEST_CASE("neighbours: the same bits inside a worker and over all threads") {
    const auto among = random_rows(300, 7, 3), query = random_rows(200, 7, 4);
    const auto shared_out = nearest_rows(among, query, 3);
    std::array<Neighbours, 2> alone;
    thread_pool().parallel_for(
        2, [&](std::int64_t i) { alone[static_cast<std::size_t>(i)] = nearest_rows(among, query, 3); });
    for (const auto& found : alone) {
      CHECK(std::equal(found.row.begin(), found.row.end(), shared_out.row.begin()));
      CHECK(std::equal(found.squared_distance.begin(), found.squared_distance.end(),
                       shared_out.squared_distance.begin()));
    }
  }

  TEST_CASE("neighbours: more than there are, none, or other features are refused") {
    const auto rows = random_rows(3, 2, 1);
    const auto word = [&](View<const double, 2> query, std::int64_t k) {
      return error_of([&] { static_cast<void>(nearest_rows(rows, query, k)); }).problem();
    };
    CHECK(word(rows, 4).find("neighbours") != std::string::npos);
    CHECK(word(rows, 0).find("neighbours") != std::string::npos);
    CHECK(word(random_rows(3, 3, 1), 1).find("features") != std::string::npos);
  }

  TEST_CASE("smote: classes become equal, new samples lie between two of their class, origins tell the parents") {
    const SampleSet set = uneven_set();
    const auto rows = as_double(set.flat());
    const SampleSet more = with_made(set, smote(rows, set.label));
    CHECK(more.class_counts() == std::vector<std::int64_t>{30, 30});
    CHECK(more.block("tokens").shape() == Tensor::Shape{60, 2, 2});
    CHECK(more.flat()(17, 3) == set.flat()(17, 3));
    std::set<std::int64_t> ids(more.origins.id.begin(), more.origins.id.end());
    CHECK(ids.size() == 60);
    for (std::int64_t i = 39; i < 60; ++i) {
      const auto at = static_cast<std::size_t>(i);
      CHECK(more.label[at] == 1);
      CHECK(more.weight[at] == 1);
      CHECK(more.origins.id[at] < -1);
      CHECK(more.origins.recording.index[at] == -1);
      CHECK(more.origins.end[at] == -1);
      const auto first = more.origins.parents[at][0] - 100, second = more.origins.parents[at][1] - 100;
      CHECK(set.label[static_cast<std::size_t>(first)] == 1);
      CHECK(set.label[static_cast<std::size_t>(second)] == 1);
      const bool same = set.origins.subject.at(first) == set.origins.subject.at(second);
      CHECK(more.origins.subject.at(i) == (same ? set.origins.subject.at(first) : ""));
      for (std::int64_t f = 0; f < 4; ++f) {
        const auto [low, high] = std::minmax(set.flat()(first, f), set.flat()(second, f));
        CHECK(more.flat()(i, f) >= low);
        CHECK(more.flat()(i, f) <= high);
      }
    }
  }

  TEST_CASE("smote: a second round gets new ids, so parents stay unambiguous") {
    SampleSet set = uneven_set();
    SampleSet more = with_made(set, smote(as_double(set.flat()), set.label));
    more.label[0] = 1;  // uneven again
    const SampleSet again = with_made(more, smote(as_double(more.flat()), more.label));
    std::set<std::int64_t> ids(again.origins.id.begin(), again.origins.id.end());
    CHECK(static_cast<std::int64_t>(ids.size()) == again.size());
    CHECK(again.size() > more.size());
  }

  TEST_CASE("smote: equal classes are left alone; other seeds draw others") {
    SampleSet set = uneven_set();
    const auto rows = as_double(set.flat());
    for (std::size_t i = 0; i < set.label.size(); ++i) set.label[i] = i % 3 == 2 ? 2 : static_cast<std::int64_t>(i % 3);
    CHECK(smote(rows, set.label).empty());
    const auto uneven = uneven_set().label;
    CHECK(smote(rows, uneven, {5, 1})[0].gap != smote(rows, uneven, {5, 2})[0].gap);
    CHECK(smote(rows, uneven, {5, 1})[0].gap == smote(rows, uneven, {5, 1})[0].gap);
  }

  TEST_CASE("smote and adasyn: too few members, a lonely class and bad seeds are refused") {
    const auto rows = random_rows(20, 2, 9);
    std::vector<std::int64_t> label(20, 0);
    std::fill_n(label.begin(), 5, 1);
    for (const char* const name : {"smote", "adasyn"}) {
      const auto refusal = [&](const Json& args) {
        return error_of([&] {
                 static_cast<void>(run_operation(name, args, {{"x", Tensor::of(rows)}, {"y", Tensor::vector(label)}}));
               })
            .problem();
      };
      CHECK(refusal(Json{}).find("neighbours") != std::string::npos);
      CHECK(refusal(Json::object({{"k", 0}})).find("neighbours") != std::string::npos);
      CHECK(refusal(Json::object({{"k", 2}, {"seed", -1}})).find("seed") != std::string::npos);
    }
    Array<double, 2> apart = rows;
    for (std::int64_t i = 0; i < 5; ++i) apart(i, 0) += 100;
    CHECK(error_of([&] {
            static_cast<void>(adasyn(apart, label, {2, 23}));
          })
              .problem()
              .find("neighbours") != std::string::npos);
    CHECK(error_of([&] { static_cast<void>(smote(rows, std::vector<std::int64_t>(19, 0))); }).problem().find("shape") !=
          std::string::npos);
  }

  TEST_CASE("folds: every sample is tested once, sizes differ by one at most, impossible ones are refused") {
    const auto fold = shuffled_folds(23, 5, 1);
    std::vector<std::int64_t> sizes(5, 0);
    for (const auto k : fold) ++sizes[static_cast<std::size_t>(k)];
    CHECK(sizes == std::vector<std::int64_t>{5, 5, 5, 4, 4});
    CHECK(shuffled_folds(23, 5, 2) != fold);
    const auto split = rbt_published_split(101, 5, 23, 0.1);
    CHECK(split.kept.size() == 91);
    const std::set<std::int64_t> kept(split.kept.begin(), split.kept.end());
    CHECK(kept.size() == 91);
    for (const std::int64_t folds : {0, 1, 4}) {
      CHECK(error_of([&] { static_cast<void>(shuffled_folds(3, folds, 1)); }).problem().find("folds") !=
            std::string::npos);
    }
    for (const double drop : {-0.1, 1.0, std::nan("")}) {
      CHECK(error_of([&] { static_cast<void>(rbt_published_split(10, 2, 1, drop)); }).problem().find("drop") !=
            std::string::npos);
    }
  }
}
