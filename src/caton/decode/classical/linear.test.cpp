// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/operation.hpp"
#include "caton/base/random.hpp"
#include "caton/decode/classical/lda.hpp"
#include "caton/decode/classical/logistic.hpp"
#include "caton/decode/classical/squared_loss.hpp"
#include "caton/decode/transforms/select_by_f.hpp"

#include <cmath>
#include <vector>

using namespace caton;
using caton::testing::error_of;

namespace {

/// Fourteen samples of three features, made by a formula so that scikit-learn's answers can be written down.
Array<double, 2> formula_rows() {
  Array<double, 2> rows({14, 3}, uninitialised);
  for (int i = 0; i < 14; ++i) {
    rows(i, 0) = std::sin(1.3 * i) + i % 3;
    rows(i, 1) = std::cos(0.7 * i * i) * 2;
    rows(i, 2) = (i * i % 7) * 0.5;
  }
  return rows;
}
std::vector<std::int64_t> formula_labels(bool three) {
  std::vector<std::int64_t> y;
  for (std::int64_t i = 0; i < 14; ++i) y.push_back(three ? i % 3 : i % 3 > 0);
  return y;
}

void check_model(const LinearModel& model, const std::vector<double>& weight, const std::vector<double>& intercept,
                 double tolerance) {
  REQUIRE(model.weight.size() == static_cast<std::int64_t>(weight.size()));
  for (std::size_t i = 0; i < weight.size(); ++i)
    CHECK(std::abs(model.weight.data()[i] - weight[i]) <= tolerance * std::max(1.0, std::abs(weight[i])));
  for (std::size_t i = 0; i < intercept.size(); ++i) {
    CHECK(std::abs(model.intercept.data()[i] - intercept[i]) <= tolerance * std::max(1.0, std::abs(intercept[i])));
  }
}

std::vector<double> some_weights() {
  std::vector<double> weight;
  for (int i = 0; i < 14; ++i) weight.push_back(1 + (i % 4) / 2.0);
  return weight;
}

LdaOptions without_shrinkage(LdaOptions::Solver solver) { return {.solver = solver, .automatic = false}; }

}  // namespace

TEST_SUITE("decode") {
  TEST_CASE("lda: the numbers of scikit-learn 1.2 to 1e-12, two and three classes, both solvers") {
    const auto rows = formula_rows();
    const auto two = formula_labels(false), three = formula_labels(true);
    const auto lsqr = without_shrinkage(LdaOptions::Solver::lsqr), svd = without_shrinkage(LdaOptions::Solver::svd);
    check_model(fit_lda(rows, three, 3),
                {0.12076312374069109, 1.7799731452951022, 2.878327350302756, 2.1398001571042298, 0.540812152729123,
                 1.552725164347762, 4.6754894950419965, -0.0925900537920813, 3.4661020949848935},
                {-4.3707952026251595, -2.66137226401883, -8.854965399141893}, 1e-12);
    check_model(fit_lda(rows, two, 2), {2.06818330132952, -1.3770106796666521, -0.45202241523694564},
                {0.9121669213744141}, 1e-12);
    check_model(fit_lda(rows, three, 3, lsqr),
                {1.094235839856104, 1.9029488205239264, 2.8419972254989054, 2.6967204388119543, 0.9133197751576927,
                 1.8121092255374953, 5.402068750722454, 0.6186736464120866, 4.09484819837171},
                {-4.4391301989957475, -3.0938601013827354, -9.911213617046517}, 1e-12);
    check_model(fit_lda(rows, three, 3, svd),
                {-1.4167413317382185, 0.5660086997758353, 0.007746924446297372, -0.15764628970148065,
                 -0.2115569787262054, -0.8014507898090965, 1.967984526799624, -0.4430646513120376, 0.992129831703499},
                {-1.170042669077831, -0.11304473523903491, -5.5173532585421885}, 1e-12);
    check_model(fit_lda(rows, two, 2, svd), {1.5034539112168117, -0.8624007253634285, -0.7731567943137101},
                {1.1396705016100643}, 1e-12);
  }

  TEST_CASE("lda: a feature twice does not break the fit, a constant one gets no say") {
    Array<double, 2> rows({14, 4}, 3.0);
    const auto three = formula_rows();
    for (int i = 0; i < 14; ++i) {
      rows(i, 0) = three(i, 0);
      rows(i, 1) = three(i, 0);
      rows(i, 2) = three(i, 1);
    }
    const auto model = fit_lda(rows, formula_labels(true), 3, without_shrinkage(LdaOptions::Solver::lsqr));
    for (std::int64_t k = 0; k < 3; ++k) {
      CHECK(std::abs(model.weight(k, 0) - model.weight(k, 1)) < 1e-8);
      CHECK(std::isfinite(model.weight(k, 3)));
    }
  }

  TEST_CASE("lda: rows without a feature are refused") {
    const auto error = error_of([] { (void)fit_lda(Array<double, 2>({14, 0}), formula_labels(true), 3); });
    CHECK(std::string(error.what()).find("empty") != std::string::npos);
  }

  TEST_CASE("logistic regression: the optimum of scikit-learn 1.2 (newton-cg, saga), ridge and elastic net") {
    const auto rows = formula_rows();
    const auto two = formula_labels(false), three = formula_labels(true);
    check_model(fit_logistic(rows, three, 3),
                {-0.7648718503153442, 1.090801786855996, 0.09444071423895053, -0.07588201807386634, -0.5171206475989734,
                 -0.5066792008217114, 0.8407538683892114, -0.5736811392570231, 0.4122384865827609},
                {-0.7711400088390375, 1.617332506638012, -0.8461924977989704}, 1e-9);
    check_model(fit_logistic(rows, two, 2), {0.8998275907884694, -1.2979433534092568, -0.20276718256595425},
                {1.7856026584732094}, 1e-9);
    const LogisticOptions net{.c = 2, .l1_ratio = 0.6};
    check_model(fit_logistic(rows, three, 3, {}, net),
                {-0.8920860333000015, 2.142946500983911, 0.0, 0.0, -0.2986479262743741, -0.5986441467660519,
                 1.1482119529176031, -0.3442985747094949, 0.32413581205966135},
                {-1.4294694572047046, 2.1422254414889634, -0.7127559842842611}, 1e-5);
    check_model(fit_logistic(rows, two, 2, {}, net), {1.1616770090618198, -2.355761250254242, 0.0}, {3.073246084018338},
                1e-5);
    CHECK(fit_logistic(rows, two, 2, {}, net).weight(0, 2) == 0);
  }

  TEST_CASE("logistic regression: the gradient is zero at the answer, intercepts sum to zero") {
    RandomStream random(3, "logistic test");
    Array<double, 2> rows({60, 4}, uninitialised);
    for (auto& value : rows) value = random.normal() * 100;  // badly scaled on purpose
    std::vector<std::int64_t> y;
    for (int i = 0; i < 60; ++i) y.push_back(static_cast<std::int64_t>(random.below(3)));
    const auto model = fit_logistic(rows, y, 3);
    const auto p = class_probability(model, rows);
    for (std::int64_t k = 0; k < 3; ++k) {
      double intercept = 0;
      for (std::int64_t i = 0; i < 60; ++i) intercept += p(i, k) - (y[static_cast<std::size_t>(i)] == k ? 1 : 0);
      CHECK(std::abs(intercept) < 1e-7);
      for (std::int64_t f = 0; f < 4; ++f) {
        double slope = model.weight(k, f);
        for (std::int64_t i = 0; i < 60; ++i)
          slope += (p(i, k) - (y[static_cast<std::size_t>(i)] == k ? 1 : 0)) * rows(i, f);
        CHECK(std::abs(slope) < 1e-6);
      }
    }
    CHECK(std::abs(model.intercept[0] + model.intercept[1] + model.intercept[2]) < 1e-9);
  }

  TEST_CASE("logistic regression: weight two counts as the sample twice") {
    const auto rows = formula_rows();
    const auto y = formula_labels(true);
    std::vector<double> weight(14, 1.0);
    weight[4] = 2;
    Array<double, 2> more({15, 3}, uninitialised);
    std::vector<std::int64_t> labels = y;
    for (std::int64_t i = 0; i < 15; ++i) {
      for (std::int64_t f = 0; f < 3; ++f) more(i, f) = rows(i < 14 ? i : 4, f);
    }
    labels.push_back(y[4]);
    const auto weighted = fit_logistic(rows, y, 3, weight), doubled = fit_logistic(more, labels, 3);
    for (std::int64_t i = 0; i < 9; ++i) CHECK(std::abs(weighted.weight.data()[i] - doubled.weight.data()[i]) < 1e-9);
  }

  // RidgeClassifier(alpha).fit(X, y, sample_weight): coef_, intercept_; w = 1 + (i % 4) / 2.
  TEST_CASE("ridge: the numbers of scikit-learn 1.2, two and three classes, with weights") {
    const auto rows = formula_rows();
    const auto two = formula_labels(false), three = formula_labels(true);
    check_model(fit_ridge(rows, two, 2), {0.35325308898335167, -0.2222156611372018, -0.16845598401299244},
                {0.274622679446059}, 1e-12);
    check_model(
        fit_ridge(rows, three, 3, {}, 2.5),
        {-0.3241582003096138, 0.22579699556312197, 0.140049932913163, -0.07507903756852322, -0.12606049786061865,
         -0.4228271669305586, 0.39923723787813703, -0.09973649770250317, 0.28277723401739563},
        {-0.2767104676123863, 0.29964246776643455, -1.0229320001540483}, 1e-12);
    check_model(fit_ridge(rows, two, 2, some_weights()),
                {0.36533435948313214, -0.19113229733325246, -0.15100870665130484}, {0.15926012872042755}, 1e-12);
  }

  TEST_CASE("ridge: more features than samples give the answer of the other form") {
    const auto rows = formula_rows();
    Array<double, 2> wide({14, 30}, 0.0);  // 27 features that are 0 change nothing
    for (std::int64_t i = 0; i < 14; ++i)
      for (std::int64_t f = 0; f < 3; ++f) wide(i, 10 * f) = rows(i, f);
    const auto two = formula_labels(false);
    const auto narrow = fit_ridge(rows, two, 2), other = fit_ridge(wide, two, 2);
    for (std::int64_t f = 0; f < 3; ++f) CHECK(std::abs(narrow.weight(0, f) - other.weight(0, 10 * f)) < 1e-12);
    CHECK(std::abs(narrow.intercept[0] - other.intercept[0]) < 1e-12);
  }

  // ElasticNet(alpha, l1_ratio, tol=1e-14, max_iter=1000000).fit(X, +-1, sample_weight): coef_, intercept_.
  TEST_CASE("elastic net: the numbers of scikit-learn 1.2, with useless features at exactly 0") {
    const auto rows = formula_rows();
    const auto two = formula_labels(false), three = formula_labels(true);
    const ElasticNetOptions half{.alpha = 0.1, .l1_ratio = 0.5};
    check_model(fit_elastic_net(rows, two, 2, {}, half),
                {0.32516303108489364, -0.2149485923993227, -0.08122744138163275}, {0.20913773387654988}, 1e-6);
    check_model(fit_elastic_net(rows, two, 2, some_weights(), half),
                {0.322856513043727, -0.1945369701381155, -0.0470769716215375}, {0.10529999981923996}, 1e-6);
    const auto model = fit_elastic_net(rows, three, 3, {}, {.alpha = 0.2, .l1_ratio = 0.7});
    check_model(model,
                {-0.26329427559453383, 0.20418113026496226, 0.0, 0.0, -0.029632502603963922, -0.2621833605033105,
                 0.3708807459716898, -0.0603324032827885, 0.0976509970167909},
                {-0.17956043272900346, -0.0022637681354552575, -0.838871104413399}, 1e-6);
    CHECK(model.weight(0, 2) == 0);
    CHECK(model.weight(1, 0) == 0);
  }

  TEST_CASE("elastic net: without the absolute penalty it is a ridge, of n times the alpha") {
    const auto rows = formula_rows();
    const auto three = formula_labels(true);
    const auto net = fit_elastic_net(rows, three, 3, {}, {.alpha = 0.3, .l1_ratio = 0});
    const auto ridge = fit_ridge(rows, three, 3, {}, 0.3 * 14);
    for (std::int64_t i = 0; i < 9; ++i) CHECK(std::abs(net.weight.data()[i] - ridge.weight.data()[i]) < 1e-7);
  }

  TEST_CASE("ridge and elastic net: what cannot be fitted is refused by its word") {
    const auto rows = formula_rows();
    const auto two = formula_labels(false);
    const auto refused = [](const std::string& word, const auto& fit) {
      CHECK(std::string(error_of([&] { static_cast<void>(fit()); }).what()).find(word) != std::string::npos);
    };
    const std::vector<std::int64_t> few{0, 1};
    const std::vector<double> negative(14, -1.0), none(14, 0.0), short_list(3, 1.0);
    refused("alpha", [&] { return fit_ridge(rows, two, 2, {}, 0); });
    refused("alpha", [&] { return fit_ridge(rows, two, 2, {}, std::nan("")); });
    refused("class", [&] { return fit_ridge(rows, two, 1); });
    refused("shape", [&] { return fit_ridge(rows, few, 2); });
    refused("shape", [&] { return fit_elastic_net(rows, two, 2, short_list); });
    refused("weights", [&] { return fit_ridge(rows, two, 2, negative); });
    refused("weights", [&] { return fit_elastic_net(rows, two, 2, none); });
    refused("alpha", [&] { return fit_elastic_net(rows, two, 2, {}, {.alpha = -1}); });
    refused("l1_ratio", [&] { return fit_elastic_net(rows, two, 2, {}, {.l1_ratio = 1.5}); });
  }

  TEST_CASE("lda and logistic regression: what cannot be fitted is refused by its word") {
    const auto rows = formula_rows();
    const auto refusal = [&](const std::string& operation, const Json& args, std::vector<std::int64_t> y) {
      return std::string(
          error_of([&] {
            static_cast<void>(run_operation(
                operation, args,
                {{"train_t", Tensor::of(rows)}, {"train_y", Tensor::vector(y)}, {"test_t", Tensor::of(rows)}}));
          }).what());
    };
    const auto three = formula_labels(true);
    for (const char* const operation : {"lda", "logistic_regression"}) {
      CHECK(refusal(operation, Json{}, std::vector<std::int64_t>(14, 5)).find("class") != std::string::npos);
      CHECK(refusal(operation, Json{}, {0, 1}).find("shape") != std::string::npos);
    }
    CHECK(refusal("lda", Json::object({{"solver", "eigen"}}), three).find("solver") != std::string::npos);
    CHECK(refusal("lda", Json::object({{"shrinkage", 1.5}}), three).find("shrinkage") != std::string::npos);
    CHECK(refusal("lda", Json::object({{"solver", "svd"}, {"shrinkage", 0.1}}), three).find("shrinkage") !=
          std::string::npos);
    CHECK(refusal("logistic_regression", Json::object({{"penalty", "l3"}}), three).find("penalty") !=
          std::string::npos);
    CHECK(refusal("logistic_regression", Json::object({{"c", 0}}), three).find("c = 0") != std::string::npos);
    CHECK(refusal("logistic_regression", Json::object({{"penalty", "elasticnet"}, {"l1_ratio", 2}}), three)
              .find("l1_ratio") != std::string::npos);
  }

  TEST_CASE("select by f: the numbers of scikit-learn's f_classif, ties to the lowest feature") {
    const auto rows = formula_rows();
    Array<float, 2> values({14, 4}, 1.0F);
    for (std::int64_t i = 0; i < 14; ++i) {
      for (std::int64_t f = 0; f < 3; ++f) values(i, f) = static_cast<float>(rows(i, f));
    }
    const auto f = anova_f(values, formula_labels(true));
    CHECK(f[0] == doctest::Approx(9.634894901762655).epsilon(1e-10));
    CHECK(f[1] == doctest::Approx(4.883671442554969).epsilon(1e-10));
    CHECK(f[2] == doctest::Approx(1.3903803131991048).epsilon(1e-10));
    CHECK(f[3] == 0);
    CHECK(best_features({1, 5, 5, 0, 5}, 2) == std::vector<std::int64_t>{1, 2});
    CHECK(error_of([] { static_cast<void>(best_features({1, 2}, 3)); }).kind() == ErrorKind::usage);
  }
}
