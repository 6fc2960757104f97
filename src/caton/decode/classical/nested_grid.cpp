// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/nested_grid.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/decode/classical/transfer.hpp"
#include "caton/geometry/delay_embedding.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/tangent.hpp"
#include "caton/measure/metrics.hpp"

#include <algorithm>
#include <set>

namespace caton {

namespace {

constexpr const char* where = "acm_nested_grid";

/// Samples on the two sides of a fold.
struct Sides {
  std::vector<std::int64_t> train, test;
};

std::vector<std::int64_t> at(std::span<const std::int64_t> y, const std::vector<std::int64_t>& places) {
  std::vector<std::int64_t> result;
  for (const std::int64_t n : places) result.push_back(y[static_cast<std::size_t>(n)]);
  return result;
}

/// Tangent vectors of both sides at the mean of training.
struct Tangents {
  Matrix train, test;
  std::vector<std::int64_t> train_y, test_y;
  double gamma = 1;
};

Tangents tangents_of(MatricesView c, std::span<const std::int64_t> y, const Sides& sides, Metric metric) {
  const Matrices train = chosen_matrices(c, sides.train);
  const Matrix reference = spd_mean(train, metric);
  Tangents result{tangent_space(train, reference, metric),
                  tangent_space(chosen_matrices(c, sides.test), reference, metric), at(y, sides.train),
                  at(y, sides.test)};
  result.gamma = scale_gamma(result.train);
  return result;
}

/// One support vector machine: decisions and labels of the test side.
struct Answers {
  Matrix decision;
  std::vector<std::int64_t> label;
};

struct Kernels {
  Matrix train, test;
};

Kernels kernels_of(const Tangents& t, SvcKernel kernel) {
  return {kernel_matrix(t.train, t.train, kernel, t.gamma), kernel_matrix(t.test, t.train, kernel, t.gamma)};
}

Answers answers_of(const Tangents& t, const Kernels& kernels, std::int64_t classes, double c) {
  const auto model = fit_svc(kernels.train, t.train_y, classes, c);
  Answers result{svc_decision(model, kernels.test), {}};
  result.label = svc_label(model, result.decision);
  return result;
}

double score_of(const Answers& answers, const std::vector<std::int64_t>& y, GridScore kind) {
  if (kind == GridScore::accuracy) {
    double right = 0;
    for (std::size_t n = 0; n < y.size(); ++n) right += answers.label[n] == y[n] ? 1 : 0;
    return right / static_cast<double>(y.size());
  }
  const Measure area = auroc({answers.decision.data(), y.size()}, y);
  if (!area.defined()) throw input_error(where, "a test fold has samples of one class only");
  return area.value;
}

class Search {
 public:
  Search(Epochs x, std::span<const std::int64_t> y, std::int64_t classes, std::span<const std::int64_t> outer,
         View<const std::int64_t, 2> inner, const AcmGrid& grid)
      : y_(y), classes_(classes), outer_(outer), inner_(inner), grid_(grid) {
    check(x);
    for (const std::int64_t lag : grid.lags) {
      for (const std::int64_t order : grid.orders) {
        // Order 1 leaves the signal as it is, whatever the lag.
        const bool same = order == 1 && lag != grid.lags.front();
        const auto first = std::find(grid.orders.begin(), grid.orders.end(), order) - grid.orders.begin();
        cells_.push_back(same ? static_cast<std::size_t>(first) : cells_.size());
      }
    }
    covariances_.resize(cells_.size());
    const CovarianceOptions options{.estimator = grid.estimator};
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
      if (cells_[cell] == cell)
        covariances_[cell] = covariances(delay_embedding(x, order_of(cell), lag_of(cell)), options);
    }
  }

  AcmGridResult run() {
    const std::int64_t folds = inner_.extent(0);
    AcmGridResult result{Matrix({folds, grid_.size()}, 0.0), {}, {}, std::vector<std::int64_t>(y_.size(), 0)};
    const auto cells = static_cast<std::int64_t>(cells_.size());
    thread_pool().parallel_for(folds * cells, [&](std::int64_t item) {
      const auto cell = static_cast<std::size_t>(item % cells);
      if (cells_[cell] == cell) score_cell(item / cells, cell, result.inner_score);
    });
    for (std::int64_t fold = 0; fold < folds; ++fold) {
      share_equal_cells(result.inner_score, fold);
      result.chosen.push_back(first_best(result.inner_score, fold));
      test_choice(fold, result);
    }
    return result;
  }

 private:
  void check(Epochs x) const {
    if (grid_.size() == 0) throw usage_error(where, "the grid is empty");
    const auto samples = static_cast<std::int64_t>(y_.size());
    const std::int64_t folds = inner_.extent(0);
    if (x.extent(0) != samples || static_cast<std::int64_t>(outer_.size()) != samples || inner_.extent(1) != samples)
      throw usage_error(where, "shape: signals, labels and folds differ in number");
    if (grid_.score == GridScore::roc_auc && classes_ != 2)
      throw usage_error(where, "roc-auc needs two classes, there are " + std::to_string(classes_), "score accuracy");
    for (std::int64_t n = 0; n < samples; ++n) {
      const std::int64_t tested = outer_[static_cast<std::size_t>(n)];
      if (tested < 0 || tested >= folds)
        throw usage_error(where, "sample " + std::to_string(n) + " has no outer fold among the " +
                                     std::to_string(folds) + " of inner_fold");
      if (inner_(tested, n) >= 0)
        throw usage_error(where, "sample " + std::to_string(n) + " is tested in outer fold " + std::to_string(tested) +
                                     " and used in its inner folds");
    }
  }
  [[nodiscard]] std::int64_t order_of(std::size_t cell) const { return grid_.orders[cell % grid_.orders.size()]; }
  [[nodiscard]] std::int64_t lag_of(std::size_t cell) const { return grid_.lags[cell / grid_.orders.size()]; }
  /// Place in the grid: c outermost, then kernel, then cell (lag, order).
  [[nodiscard]] std::int64_t place(std::size_t c, std::size_t kernel, std::size_t cell) const {
    return static_cast<std::int64_t>((c * grid_.kernels.size() + kernel) * cells_.size() + cell);
  }

  [[nodiscard]] Sides outer_sides(std::int64_t fold) const {
    Sides sides;
    for (std::size_t n = 0; n < y_.size(); ++n)
      (outer_[n] == fold ? sides.test : sides.train).push_back(static_cast<std::int64_t>(n));
    return checked(std::move(sides));
  }
  [[nodiscard]] std::vector<Sides> inner_sides(std::int64_t fold) const {
    std::set<std::int64_t> folds;
    for (std::int64_t n = 0; n < inner_.extent(1); ++n) {
      if (inner_(fold, n) >= 0) folds.insert(inner_(fold, n));
    }
    if (folds.size() < 2)
      throw usage_error(where, "outer fold " + std::to_string(fold) + " has fewer than 2 inner folds");
    std::vector<Sides> all;
    for (const std::int64_t which : folds) {
      Sides sides;
      for (std::int64_t n = 0; n < inner_.extent(1); ++n) {
        if (inner_(fold, n) >= 0) (inner_(fold, n) == which ? sides.test : sides.train).push_back(n);
      }
      all.push_back(checked(std::move(sides)));
    }
    return all;
  }
  [[nodiscard]] Sides checked(Sides sides) const {
    if (sides.test.empty()) throw usage_error(where, "a fold tests no sample");
    const auto labels = at(y_, sides.train);
    for (std::int64_t k = 0; k < classes_; ++k) {
      if (std::count(labels.begin(), labels.end(), k) == 0)
        throw input_error(where, "a training fold has no sample of class " + std::to_string(k));
    }
    return sides;
  }

  void score_cell(std::int64_t fold, std::size_t cell, Matrix& score) const {
    const auto all = inner_sides(fold);
    for (const Sides& sides : all) {
      const auto tangents = tangents_of(covariances_[cell], y_, sides, grid_.metric);
      for (std::size_t k = 0; k < grid_.kernels.size(); ++k) {
        const auto kernels = kernels_of(tangents, grid_.kernels[k]);
        for (std::size_t c = 0; c < grid_.c.size(); ++c) {
          const auto answers = answers_of(tangents, kernels, classes_, grid_.c[c]);
          score(fold, place(c, k, cell)) +=
              score_of(answers, tangents.test_y, grid_.score) / static_cast<double>(all.size());
        }
      }
    }
  }
  void share_equal_cells(Matrix& score, std::int64_t fold) const {
    for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
      for (std::size_t k = 0; k < grid_.kernels.size(); ++k) {
        for (std::size_t c = 0; c < grid_.c.size(); ++c)
          score(fold, place(c, k, cell)) = score(fold, place(c, k, cells_[cell]));
      }
    }
  }
  /// Equal rational scores differ in their last bits by the order of summing.
  [[nodiscard]] std::int64_t first_best(const Matrix& score, std::int64_t fold) const {
    double best = score(fold, 0);
    for (std::int64_t g = 1; g < grid_.size(); ++g) best = std::max(best, score(fold, g));
    std::int64_t g = 0;
    while (score(fold, g) < best - 1e-9) ++g;
    return g;
  }
  void test_choice(std::int64_t fold, AcmGridResult& result) const {
    const auto chosen = static_cast<std::size_t>(result.chosen.back());
    const std::size_t cell = chosen % cells_.size(), kernel = chosen / cells_.size() % grid_.kernels.size();
    const double c = grid_.c[chosen / cells_.size() / grid_.kernels.size()];
    const Sides sides = outer_sides(fold);
    const auto tangents = tangents_of(covariances_[cells_[cell]], y_, sides, grid_.metric);
    const auto answers = answers_of(tangents, kernels_of(tangents, grid_.kernels[kernel]), classes_, c);
    result.score.push_back(score_of(answers, tangents.test_y, grid_.score));
    for (std::size_t i = 0; i < sides.test.size(); ++i)
      result.label[static_cast<std::size_t>(sides.test[i])] = answers.label[i];
  }

  std::span<const std::int64_t> y_;
  std::int64_t classes_;
  std::span<const std::int64_t> outer_;
  View<const std::int64_t, 2> inner_;
  const AcmGrid& grid_;
  std::vector<std::size_t> cells_;  ///< of each (lag, order): the cell that holds its covariances
  std::vector<Matrices> covariances_;
};

std::vector<std::int64_t> whole_numbers(const Arguments& args, const char* name) {
  std::vector<std::int64_t> result;
  for (const Json& value : args.value(name).items(args.operation() + ": " + name))
    result.push_back(value.integer(args.operation() + ": " + name));
  return result;
}

Tensors run_grid(const Arguments& args, const Tensors& in) {
  AcmGrid grid{.orders = whole_numbers(args, "orders"),
               .lags = whole_numbers(args, "lags"),
               .c = args.numbers("c"),
               .kernels = {},
               .estimator = estimator_named(args.operation(), args.text("estimator")),
               .metric = metric_named(args.operation(), args.text("metric"), tangent_metrics())};
  for (const auto& name : args.value("kernels").texts(args.operation() + ": kernels"))
    grid.kernels.push_back(svc_kernel_named(args.operation(), name));
  grid.score =
      choice_argument<GridScore>(args, "score", {{"roc-auc", GridScore::roc_auc}, {"accuracy", GridScore::accuracy}});
  const auto x = epochs_port(args, in, "x");
  const auto classes = labels_port(args, in, "y", x.extent(0));
  const auto outer = port(in, "outer_fold").integers("outer_fold");
  const Tensor& folds = port(in, "inner_fold");
  if (folds.rank() != 2 || folds.size() == 0) throw args.refuse("inner_fold has the shape " + folds.about());
  const auto inner = folds.integers("inner_fold");
  const View<const std::int64_t, 2> inner_view(inner.data(), {folds.extent(0), folds.extent(1)});
  const auto result =
      acm_nested_grid(x, classes.y, static_cast<std::int64_t>(classes.values.size()), outer, inner_view, grid);
  std::vector<std::int64_t> label;
  for (const std::int64_t k : result.label) label.push_back(classes.values[static_cast<std::size_t>(k)]);
  return {{"inner_score", Tensor::of(result.inner_score)},
          {"chosen", Tensor::vector(result.chosen)},
          {"score", Tensor::vector(result.score)},
          {"label", Tensor::vector(label)}};
}

Json one_to_ten() {
  Json list = Json::list();
  for (int i = 1; i <= 10; ++i) list.push(i);
  return list;
}

const Operation grid_operation{
    .name = "acm_nested_grid",
    .room = "decode/classical",
    .about =
        "Augmented covariance, tangent space and support vectors with nested choice of their parameters "
        "(carraraig/Augmented_Covariance_BCI)",
    .arguments = {{.name = "orders", .type = "list", .standard = one_to_ten()},
                  {.name = "lags", .type = "list", .standard = one_to_ten(), .about = "samples"},
                  {.name = "c", .type = "numbers", .standard = Json::list_of(std::vector<double>{0.5, 1, 1.5})},
                  {.name = "kernels",
                   .type = "list",
                   .standard = Json::list_of(std::vector<std::string>{"linear", "rbf"})},
                  {.name = "estimator", .type = "text", .standard = "cov"},
                  {.name = "metric", .type = "text", .standard = "riemann"},
                  {.name = "score", .type = "text", .standard = "roc-auc", .about = "roc-auc, accuracy"}},
    .inputs = {{.name = "x", .shape = "N C T"},
               {.name = "y", .shape = "N"},
               {.name = "outer_fold", .shape = "N"},
               {.name = "inner_fold", .shape = "O N"}},
    .outputs = {{.name = "inner_score", .shape = "O grid"},
                {.name = "chosen", .shape = "O"},
                {.name = "score", .shape = "O"},
                {.name = "label", .shape = "N"}},
    .call = run_grid,
};
CATON_REGISTER(Operation, grid_operation);

}  // namespace

AcmGridResult acm_nested_grid(Epochs x, std::span<const std::int64_t> y, std::int64_t classes,
                              std::span<const std::int64_t> outer, View<const std::int64_t, 2> inner,
                              const AcmGrid& grid) {
  return Search(x, y, classes, outer, inner, grid).run();
}

}  // namespace caton
