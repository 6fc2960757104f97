// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/sample_set.hpp"

#include "golden_test.hpp"

using namespace caton;
using caton::testing::error_of;

namespace {

SampleSet small_set(std::int64_t first_id = 0) {
  SampleSet set;
  set.blocks.emplace("tokens", Tensor({4, 2, 1}, std::vector<float>{0, 1, 10, 11, 20, 21, 30, 31}));
  set.blocks.emplace("power", Tensor({4}, std::vector<double>{0.5, 1.5, 2.5, 3.5}));
  set.label = {0, 1, 0, 1};
  set.classes = {"low", "high"};
  set.rating = {2, 4, 1, 5};
  set.channels = {"AF3", "AF4"};
  for (int i = 0; i < 4; ++i) {
    set.origins.subject.index.push_back(set.origins.subject.id(i < 2 ? "ann" : "ben"));
    set.origins.trial.index.push_back(set.origins.trial.id(std::to_string(i)));
    set.origins.begin.push_back(100 * i);
    set.origins.end.push_back(100 * i + 150);
    set.origins.parents.push_back({-1, -1});
    set.origins.id.push_back(first_id + i);
  }
  return set;
}

}  // namespace

TEST_SUITE("samples") {
  TEST_CASE("samples: selecting keeps values, labels, ratings and origins together") {
    const SampleSet set = small_set();
    const std::vector<std::int64_t> chosen{3, 0, 3};
    const SampleSet part = set.selected(chosen);
    CHECK(part.size() == 3);
    CHECK(part.flat()(0, 1) == 31);
    CHECK(part.flat()(1, 0) == 0);
    CHECK(part.block("power").values<double>()[2] == 3.5);
    CHECK(part.label == std::vector<std::int64_t>{1, 0, 1});
    CHECK(part.rating == std::vector<double>{5, 2, 5});
    CHECK(part.origins.subject.at(0) == "ben");
    CHECK(part.origins.trial.at(1) == "0");
    CHECK(part.origins.begin == std::vector<std::int64_t>{300, 0, 300});
    CHECK(part.origins.id == std::vector<std::int64_t>{3, 0, 3});
    CHECK(part.weight.empty());
    CHECK(part.selected({}).size() == 0);
    CHECK(error_of([&] { static_cast<void>(set.selected(std::vector<std::int64_t>{4})); }).kind() == ErrorKind::usage);
    CHECK(error_of([&] { static_cast<void>(set.selected(std::vector<std::int64_t>{-1})); }).kind() == ErrorKind::usage);
  }

  TEST_CASE("samples: selecting all in pieces and appending gives back the same digest") {
    const SampleSet set = small_set();
    SampleSet joined = set.selected(std::vector<std::int64_t>{0});
    joined.append(set.selected(std::vector<std::int64_t>{1, 2, 3}));
    CHECK(joined.digest() == set.digest());
    SampleSet from_nothing;
    from_nothing.append(set);
    CHECK(from_nothing.digest() == set.digest());
  }

  TEST_CASE("samples: every kind of content enters the digest") {
    const std::string before = small_set().digest();
    const auto changed = [](auto&& change) {
      SampleSet set = small_set();
      change(set);
      return set.digest();
    };
    CHECK(changed([](SampleSet&) {}) == before);
    CHECK(changed([](SampleSet& set) { set.blocks.at("tokens").values<float>()[5] += 1; }) != before);
    CHECK(changed([](SampleSet& set) { set.label[0] = 1; }) != before);
    CHECK(changed([](SampleSet& set) { set.origins.begin[1] += 1; }) != before);
    CHECK(changed([](SampleSet& set) { set.origins.subject.names[1] = "cid"; }) != before);
    CHECK(changed([](SampleSet& set) { set.origins.parents[2][1] = 0; }) != before);
    CHECK(changed([](SampleSet& set) { set.origins.id[2] = 77; }) != before);
    CHECK(changed([](SampleSet& set) { set.weight = {1, 1, 1, 2}; }) != before);
    CHECK(changed([](SampleSet& set) { set.channels[0] = "F7"; }) != before);
    // The order in which a column happened to meet its names is no content.
    CHECK(changed([](SampleSet& set) {
            std::swap(set.origins.subject.names[0], set.origins.subject.names[1]);
            for (auto& at : set.origins.subject.index) at = 1 - at;
          }) == before);
  }

  TEST_CASE("samples: appending joins names, fills what one side lacks, refuses what does not fit") {
    SampleSet set = small_set();
    SampleSet other = small_set(10);
    other.origins.subject.names = {"ben", "cid"};
    other.origins.groups["site"].index.assign(4, other.origins.groups["site"].id("Kiel"));
    other.weight = {2, 2, 2, 2};
    set.append(other);
    CHECK(set.size() == 8);
    CHECK(set.origins.subject.names == std::vector<std::string>{"ann", "ben", "cid"});
    CHECK(set.origins.subject.at(4) == "ben");
    CHECK(set.origins.subject.at(7) == "cid");
    CHECK(set.origins.groups.at("site").at(0).empty());
    CHECK(set.origins.groups.at("site").at(5) == "Kiel");
    CHECK(set.weight == std::vector<double>{1, 1, 1, 1, 2, 2, 2, 2});
    const auto refusal = [](auto&& change) {
      SampleSet own = small_set(), added = small_set(10);
      change(added);
      return error_of([&] { own.append(added); }).problem();
    };
    CHECK(refusal([](SampleSet& added) { added.channels = {"F3", "F4"}; }).find("channels") != std::string::npos);
    CHECK(refusal([](SampleSet& added) { added.classes = {"a", "b"}; }).find("classes") != std::string::npos);
    CHECK(refusal([](SampleSet& added) { added.origins.id[0] = 2; }).find("id 2") != std::string::npos);
    CHECK(refusal([](SampleSet& added) { added.blocks.erase("power"); }).find("power") != std::string::npos);
    CHECK(refusal([](SampleSet& added) { added.label.clear(); }).find("labels") != std::string::npos);
    CHECK(refusal([](SampleSet& added) { added.label.pop_back(); }).find("label") != std::string::npos);
    CHECK(refusal([](SampleSet& added) {
            added.blocks.at("tokens") = Tensor(Dtype::f32, {4, 3, 1});
          }).find("shape") != std::string::npos);
  }

  TEST_CASE("samples: blocks are found by name, the main one is the tokens") {
    const SampleSet set = small_set();
    CHECK(set.main_block().rank() == 3);
    CHECK(set.flat().extents() == std::array<std::int64_t, 2>{4, 2});
    CHECK(error_of([&] { static_cast<void>(set.block("token")); }).remedy().find("tokens") != std::string::npos);
    SampleSet one;
    one.blocks.emplace("features", Tensor({1, 3}, std::vector<float>{1, 2, 3}));
    one.origins.id = {0};
    CHECK(one.flat()(0, 2) == 3);
    CHECK(set.class_counts() == std::vector<std::int64_t>{2, 2});
  }
}
