// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/learning_curve.hpp"

#include "golden_test.hpp"

#include "caton/base/error.hpp"

#include "caton/evaluate/no_effect.hpp"

#include <algorithm>
#include <numeric>
#include <set>

using namespace caton;
using caton::testing::error_of;

namespace {

bool says(const Error& error, const char* word) { return std::string(error.what()).find(word) != std::string::npos; }

std::vector<std::int64_t> first_samples(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("learning curve: each part holds the one before, units stay whole, classes stay mixed") {
    const SampleSet set = no_effect_people(RandomStream(2, "curve"));
    const auto train = first_samples(set.size());
    const auto nested = nested_training(set, train, "subject", {0.1, 0.3, 0.5, 1.0}, RandomStream(4, "learning curve"));
    CHECK(nested.unit == "subject");
    CHECK(nested.units == std::vector<std::int64_t>{2, 6, 10, 20});
    for (std::size_t p = 0; p < nested.parts.size(); ++p) {
      const auto& part = nested.parts[p];
      CHECK(std::is_sorted(part.begin(), part.end()));
      CHECK(static_cast<std::int64_t>(part.size()) == 60 * nested.units[p]);
      std::set<std::string> people;
      std::set<std::int64_t> classes;
      for (const auto sample : part) {
        people.insert(set.origins.subject.at(sample));
        classes.insert(set.label[static_cast<std::size_t>(sample)]);
      }
      CHECK(static_cast<std::int64_t>(people.size()) == nested.units[p]);
      CHECK(classes.size() == 2);
      if (p > 0) CHECK(std::includes(part.begin(), part.end(), nested.parts[p - 1].begin(), nested.parts[p - 1].end()));
    }
    CHECK(nested.parts.back() == train);
  }

  TEST_CASE("learning curve: too few people, then their trials or windows; bad shares are refused") {
    const SampleSet set = no_effect_people(RandomStream(2, "curve"));
    const auto nested = nested_training(set, first_samples(60), "subject", {0.5, 1.0}, RandomStream(4, "c"));
    CHECK(nested.unit != "subject");
    CHECK(nested.parts[0].size() < 60);
    CHECK(says(error_of([&] {
                 static_cast<void>(nested_training(set, first_samples(60), "subject", {0.0}, RandomStream(4, "c")));
               }),
               "share"));
    CHECK(says(error_of([&] { static_cast<void>(nested_training(set, {}, "subject", {0.5}, RandomStream(4, "c"))); }),
               "empty"));
  }
}
