// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/golden_case.hpp"
#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/decode/protocol_accuracy.hpp"

#include <algorithm>
#include <set>

using namespace caton;
using caton::testing::error_of;

namespace {

/// Two groups of points far apart; labels 3 and 7.
Tensors two_clouds() {
  RandomStream random(4, "clouds");
  std::vector<double> x;
  std::vector<std::int64_t> y, fold;
  for (int i = 0; i < 40; ++i) {
    y.push_back(i % 2 == 0 ? 3 : 7);
    fold.push_back(i % 4);
    for (int f = 0; f < 3; ++f) x.push_back(random.normal() + (i % 2) * 8);
  }
  return {{"x", Tensor({40, 3}, x)}, {"y", Tensor::vector(y)}, {"fold", Tensor::vector(fold)}};
}

std::string refusal(const Json& args, const Tensors& in) {
  return error_of([&] { static_cast<void>(run_operation("cross_validate", args, in)); }).what();
}

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("cross validation: labels come back as they were given, left-out samples stay at -1") {
    Tensors in = two_clouds();
    in.at("fold").values<std::int64_t>()[5] = -1;
    for (const char* const decoder : {"lda", "logistic-regression", "nearest-neighbours", "small-network"}) {
      CAPTURE(decoder);
      const auto out = run_operation("cross_validate", Json::object({{"decoder", decoder}}), in);
      CHECK(out.at("accuracy").doubles().at(0) == 1);
      const auto label = out.at("label").integers();
      for (std::size_t i = 0; i < 40; ++i) CHECK(label[i] == (i == 5 ? -1 : i % 2 == 0 ? 3 : 7));
    }
  }

  TEST_CASE("cross validation: a sample is never in the training of its own fold") {
    // Every point twice; with both copies in one fold the nearest neighbour has nothing to recognise.
    Tensors in = two_clouds();
    RandomStream random(8, "labels");
    std::vector<double> x;
    std::vector<std::int64_t> y, together, apart;
    for (int i = 0; i < 60; ++i) {
      const auto label = static_cast<std::int64_t>(random.below(2));
      const double a = random.normal(), b = random.normal();
      for (int copy = 0; copy < 2; ++copy) {
        x.insert(x.end(), {a, b});
        y.push_back(label);
        together.push_back(i % 5);
        apart.push_back((i + copy) % 5);
      }
    }
    const auto accuracy = [&](const std::vector<std::int64_t>& fold) {
      return run_operation("cross_validate", Json::object({{"decoder", "1nn"}}),
                           {{"x", Tensor({120, 2}, x)}, {"y", Tensor::vector(y)}, {"fold", Tensor::vector(fold)}})
          .at("accuracy")
          .doubles()
          .at(0);
    };
    CHECK(accuracy(apart) == 1);
    CHECK(accuracy(together) < 0.75);
  }

  TEST_CASE("cross validation: unknown decoders and keys, one class, one fold are refused") {
    const Tensors in = two_clouds();
    CHECK(refusal(Json::object({{"decoder", "ldaa"}}), in).find("unknown decoder") != std::string::npos);
    CHECK(refusal(Json::object({{"decoder", "1nn"}, {"neighbor", 1}}), in).find("neighbours") != std::string::npos);
    Tensors one = in;
    one.at("y") = Tensor::vector(std::vector<std::int64_t>(40, 1));
    CHECK(refusal(Json::object({{"decoder", "1nn"}}), one).find("class") != std::string::npos);
    Tensors flat = in;
    flat.at("fold") = Tensor::vector(std::vector<std::int64_t>(40, 1));
    CHECK(refusal(Json::object({{"decoder", "1nn"}}), flat).find("folds") != std::string::npos);
    Tensors nan = in;
    nan.at("x").values<double>()[4] = std::numeric_limits<double>::quiet_NaN();
    CHECK(refusal(Json::object({{"decoder", "1nn"}}), nan).find("finite") != std::string::npos);
  }

  TEST_CASE("protocols: each fold's sides are apart, and whole trials or subjects stay together") {
    std::vector<std::int64_t> subject, trial;
    for (std::int64_t i = 0; i < 240; ++i) {
      subject.push_back(i / 60);
      trial.push_back(i / 10 % 6);  // numbered again in every subject
    }
    for (const char* const protocol : {"published", "trial", "subject"}) {
      CAPTURE(protocol);
      const auto folds = protocol_folds(subject, trial, {.protocol = protocol});
      CHECK(folds.size() == (std::string(protocol) == "subject" ? 4U : 5U));
      std::set<std::int64_t> tested;
      for (const auto& fold : folds) {
        std::set<std::pair<std::int64_t, std::int64_t>> trained;
        for (const auto i : fold.train)
          trained.emplace(subject[static_cast<std::size_t>(i)], trial[static_cast<std::size_t>(i)]);
        for (const auto i : fold.test) {
          CHECK(tested.insert(i).second);
          const auto key = std::make_pair(subject[static_cast<std::size_t>(i)], trial[static_cast<std::size_t>(i)]);
          if (std::string(protocol) != "published") CHECK(trained.count(key) == 0);
        }
      }
      CHECK(tested.size() == (std::string(protocol) == "published" ? 216U : 240U));
    }
    CHECK(error_of([&] { static_cast<void>(protocol_folds(subject, trial, {.protocol = "lucky"})); })
              .problem()
              .find("protocol") != std::string::npos);
    CHECK(error_of([&] { static_cast<void>(protocol_folds(subject, trial, {.protocol = "trial", .folds = 25})); })
              .problem()
              .find("folds") != std::string::npos);
  }
}
