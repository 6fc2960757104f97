// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/svc.hpp"

#include "caton/base/error.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/labelled_ports.hpp"
#include "caton/geometry/mean.hpp"
#include "caton/geometry/transport.hpp"

#include <libsvm/svm.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace caton {

namespace {

constexpr std::int64_t most_samples = 20'000;

/// libsvm otherwise tells the terminal about every fit.
const bool silenced = [] {
  svm_set_print_string_function([](const char*) {});
  return true;
}();

struct ModelDeleter {
  void operator()(svm_model* model) const { svm_free_and_destroy_model(&model); }
};

/// The samples of two classes as libsvm wants them: a row of kernel values each, behind the row's own number.
struct PairProblem {
  PairProblem(Signal kernel, const std::vector<std::int64_t>& members, std::span<const std::int64_t> y,
              std::int64_t first_class) {
    const std::size_t count = members.size(), width = count + 2;
    nodes.resize(count * width);
    for (std::size_t i = 0; i < count; ++i) {
      svm_node* const row = nodes.data() + i * width;
      row[0] = {0, static_cast<double>(i + 1)};
      for (std::size_t j = 0; j < count; ++j) row[j + 1] = {static_cast<int>(j + 1), kernel(members[i], members[j])};
      row[count + 1] = {-1, 0};
      rows.push_back(row);
      targets.push_back(y[static_cast<std::size_t>(members[i])] == first_class ? 1 : -1);
    }
  }
  std::vector<svm_node> nodes;
  std::vector<svm_node*> rows;
  std::vector<double> targets;
};

svm_parameter parameters(double c) {
  svm_parameter result{};
  result.svm_type = C_SVC;
  result.kernel_type = PRECOMPUTED;
  result.cache_size = 200;
  result.eps = 1e-10;
  result.C = c;
  result.shrinking = 1;
  return result;
}

void solve_pair(SupportVectors& model, std::size_t pair, Signal kernel, const std::vector<std::int64_t>& members,
                std::span<const std::int64_t> y, std::int64_t first_class, double c) {
  PairProblem pairs(kernel, members, y, first_class);
  svm_problem problem{static_cast<int>(members.size()), pairs.targets.data(), pairs.rows.data()};
  const svm_parameter wanted = parameters(c);
  const std::unique_ptr<svm_model, ModelDeleter> found(svm_train(&problem, &wanted));
  // libsvm's decision is positive for the class it met first.
  const double sign = found->label[0] == 1 ? 1 : -1;
  for (int i = 0; i < found->l; ++i) {
    const std::int64_t row = members[static_cast<std::size_t>(found->sv_indices[i] - 1)];
    model.coefficients(static_cast<std::int64_t>(pair), row) = sign * found->sv_coef[0][i];
  }
  model.intercept[pair] = -sign * found->rho[0];
}

}  // namespace

SvcKernel svc_kernel_named(const std::string& where, std::string_view name) {
  if (name == "linear") return SvcKernel::linear;
  if (name == "rbf") return SvcKernel::rbf;
  throw usage_error(where, "unknown kernel \"" + std::string(name) + "\"", "known: linear, rbf");
}

Matrix kernel_matrix(Signal a, Signal b, SvcKernel kernel, double gamma) {
  const auto squares = [](Signal rows) {
    std::vector<double> sums;
    for (std::int64_t i = 0; i < rows.extent(0); ++i) {
      double sum = 0;
      for (std::int64_t k = 0; k < rows.extent(1); ++k) sum += rows(i, k) * rows(i, k);
      sums.push_back(sum);
    }
    return sums;
  };
  constexpr std::int64_t chunk = 64;
  const auto of_a = squares(a), of_b = squares(b);
  Matrix result({a.extent(0), b.extent(0)}, uninitialised);
  thread_pool().parallel_for((a.extent(0) + chunk - 1) / chunk, [&](std::int64_t part) {
    const std::int64_t first = part * chunk, count = std::min(chunk, a.extent(0) - first);
    put(product_transposed(a.slice(0, first, count), b), result.view().slice(0, first, count));
    if (kernel == SvcKernel::linear) return;
    for (std::int64_t i = first; i < first + count; ++i) {
      for (std::int64_t j = 0; j < b.extent(0); ++j) {
        const double apart = of_a[static_cast<std::size_t>(i)] + of_b[static_cast<std::size_t>(j)] - 2 * result(i, j);
        result(i, j) = std::exp(-gamma * std::max(apart, 0.0));
      }
    }
  });
  return result;
}

double scale_gamma(Signal rows) {
  const auto count = static_cast<double>(rows.size());
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t j = 0; j < rows.extent(1); ++j) sum += rows(i, j);
  }
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t j = 0; j < rows.extent(1); ++j) squares += std::pow(rows(i, j) - sum / count, 2);
  }
  const double variance = squares / count;
  return variance > 0 ? 1 / (static_cast<double>(rows.extent(1)) * variance) : 1;
}

SupportVectors fit_svc(Signal kernel, std::span<const std::int64_t> y, std::int64_t classes, double c) {
  if (!(c > 0 && std::isfinite(c))) throw usage_error("svc", "c must be positive, got " + number_text(c));
  if (classes < 2) throw usage_error("svc", "training has samples of one class only");
  const std::int64_t samples = kernel.extent(0);
  if (kernel.extent(1) != samples || static_cast<std::int64_t>(y.size()) != samples)
    throw usage_error("svc", "shape: the kernel is not one of the labelled samples with each other");
  if (samples > most_samples) {
    throw usage_error("svc",
                      std::to_string(samples) + " samples are more than the " + std::to_string(most_samples) +
                          " a kernel is made for",
                      "use logistic-regression");
  }
  SupportVectors model{.classes = classes, .coefficients = Matrix({classes * (classes - 1) / 2, samples}, 0.0)};
  model.intercept.resize(static_cast<std::size_t>(model.coefficients.extent(0)));
  std::size_t pair = 0;
  for (std::int64_t i = 0; i < classes; ++i) {
    for (std::int64_t j = i + 1; j < classes; ++j, ++pair) {
      std::vector<std::int64_t> members;
      for (std::size_t n = 0; n < y.size(); ++n) {
        if (y[n] == i || y[n] == j) members.push_back(static_cast<std::int64_t>(n));
      }
      solve_pair(model, pair, kernel, members, y, i, c);
    }
  }
  return model;
}

Matrix svc_decision(const SupportVectors& model, Signal kernel) {
  const double sign = model.classes == 2 ? -1 : 1;
  Matrix result({kernel.extent(0), model.coefficients.extent(0)}, uninitialised);
  for (std::int64_t n = 0; n < result.extent(0); ++n) {
    for (std::int64_t pair = 0; pair < result.extent(1); ++pair) {
      double sum = 0;
      for (std::int64_t m = 0; m < kernel.extent(1); ++m) sum += model.coefficients(pair, m) * kernel(n, m);
      result(n, pair) = sign * (sum + model.intercept[static_cast<std::size_t>(pair)]);
    }
  }
  return result;
}

std::vector<std::int64_t> svc_label(const SupportVectors& model, Signal decision) {
  std::vector<std::int64_t> result;
  for (std::int64_t n = 0; n < decision.extent(0); ++n) {
    if (model.classes == 2) {
      result.push_back(decision(n, 0) > 0 ? 1 : 0);
      continue;
    }
    std::vector<std::int64_t> votes(static_cast<std::size_t>(model.classes), 0);
    std::int64_t pair = 0;
    for (std::int64_t i = 0; i < model.classes; ++i) {
      for (std::int64_t j = i + 1; j < model.classes; ++j, ++pair)
        ++votes[static_cast<std::size_t>(decision(n, pair) > 0 ? i : j)];
    }
    result.push_back(std::max_element(votes.begin(), votes.end()) - votes.begin());
  }
  return result;
}

namespace {

/// The ports `decision` and `label`; two classes give one number a sample.
Tensors decision_ports(const SupportVectors& model, const Matrix& decision, const NumberedClasses& classes) {
  std::vector<std::int64_t> label;
  for (const std::int64_t k : svc_label(model, decision)) label.push_back(classes.values[static_cast<std::size_t>(k)]);
  Tensor values = Tensor::of(decision);
  if (model.classes == 2) values = values.reshaped({decision.extent(0)});
  return {{"decision", values}, {"label", Tensor::vector(label)}};
}

Tensors run_svc(const Arguments& args, const Tensors& in) {
  const auto kernel = svc_kernel_named(args.operation(), args.text("kernel"));
  if (args.text("multiclass") != "ovo") throw args.refuse("unknown multiclass", "known: ovo");
  const MatrixPort train(args, in, "train_t"), test(args, in, "test_t");
  const auto classes = labels_port(args, in, "train_y", train.view().extent(0));
  if (train.view().extent(1) != test.view().extent(1)) throw args.refuse("train_t and test_t differ in shape");
  double gamma = 0;
  if (args.value("gamma").is_text()) {
    if (args.text("gamma") != "scale") throw args.refuse("unknown gamma", "give \"scale\" or a number");
    gamma = scale_gamma(train);
  } else {
    gamma = args.number("gamma");
    if (!(gamma > 0 && std::isfinite(gamma))) throw args.refuse("gamma must be positive");
  }
  const auto model = fit_svc(kernel_matrix(train, train, kernel, gamma), classes.y,
                             static_cast<std::int64_t>(classes.values.size()), args.number("c"));
  return decision_ports(model, svc_decision(model, kernel_matrix(test, train, kernel, gamma)), classes);
}

const Operation svc_operation{
    .name = "svc",
    .room = "decode/classical",
    .about = "Support vector classification (scikit-learn SVC at its optimum)",
    .arguments = {{.name = "kernel", .type = "text", .standard = "linear", .about = "linear, rbf"},
                  {.name = "c", .type = "number", .standard = 1},
                  {.name = "gamma", .type = "any", .standard = "scale", .about = "scale or a number"},
                  {.name = "multiclass", .type = "text", .standard = "ovo"}},
    .inputs = {{.name = "train_t", .shape = "N F"},
               {.name = "train_y", .shape = "N"},
               {.name = "test_t", .shape = "M F"}},
    .outputs = {{.name = "decision", .shape = "M or M pairs"}, {.name = "label", .shape = "M"}},
    .call = run_svc,
};
CATON_REGISTER(Operation, svc_operation);

Tensors run_kernel_svc(const Arguments& args, const Tensors& in) {
  const auto metric =
      metric_named(args.operation(), args.text("metric"), {Metric::euclid, Metric::logeuclid, Metric::riemann});
  const LabelledPorts ports(args, in, "c");
  const Matrix reference = spd_mean(ports.train, metric);
  const Matrix train = spd_kernel(ports.train, std::nullopt, reference, metric);
  const auto model = fit_svc(train, ports.classes.y, ports.count(), args.number("c"));
  const Matrix test = spd_kernel(ports.test, ports.train, reference, metric);
  return decision_ports(model, svc_decision(model, test), ports.classes);
}

const Operation kernel_svc_operation{
    .name = "spd_kernel_svc",
    .room = "decode/classical",
    .about = "Support vector classification of matrices by inner products at their mean (pyRiemann SVC)",
    .arguments = {{.name = "metric", .type = "text", .standard = "riemann", .about = "euclid, logeuclid, riemann"},
                  {.name = "c", .type = "number", .standard = 1}},
    .inputs = labelled_inputs("c", "C C"),
    .outputs = {{.name = "decision", .shape = "M or M pairs"}, {.name = "label", .shape = "M"}},
    .call = run_kernel_svc,
};
CATON_REGISTER(Operation, kernel_svc_operation);

}  // namespace

}  // namespace caton
