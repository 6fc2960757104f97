// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/selection/lda_openvibe.hpp"

#include "caton/base/linear_algebra.hpp"
#include "caton/base/ports.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const std::string where = "lda_openvibe";

/// Rows without their mean.
Matrix centred(Signal rows) {
  Matrix result(rows);
  for (std::int64_t f = 0; f < rows.extent(1); ++f) {
    double mean = 0;
    for (std::int64_t i = 0; i < rows.extent(0); ++i) mean += rows(i, f);
    mean /= static_cast<double>(rows.extent(0));
    for (std::int64_t i = 0; i < rows.extent(0); ++i) result(i, f) -= mean;
  }
  return result;
}

/// Ledoit and Wolf (2004): how far the covariance is from its mean diagonal, and how much of that is noise.
double automatic_shrinkage(const Matrix& x, const Matrix& covariance, double diagonal) {
  const auto n = static_cast<double>(x.extent(0)), d = static_cast<double>(x.extent(1));
  double distance = 0, noise = 0;
  for (std::int64_t a = 0; a < x.extent(1); ++a) {
    for (std::int64_t b = 0; b < x.extent(1); ++b) {
      const double off = covariance(a, b) - (a == b ? diagonal : 0);
      distance += off * off;
      for (std::int64_t i = 0; i < x.extent(0); ++i) {
        const double error = x(i, a) * x(i, b) - covariance(a, b);
        noise += error * error;
      }
    }
  }
  distance /= d;
  noise /= n * n * d;
  return distance > 0 ? std::min(noise, distance) / distance : 0;
}

Matrix inverse_covariance(Signal rows, double shrinkage) {
  const Matrix x = centred(rows);
  Matrix covariance = transposed_product(x, x);
  for (double& value : covariance) value /= static_cast<double>(rows.extent(0));
  double diagonal = 0;
  for (std::int64_t f = 0; f < covariance.extent(0); ++f) diagonal += covariance(f, f);
  diagonal /= static_cast<double>(covariance.extent(0));
  const double share = shrinkage < 0 ? automatic_shrinkage(x, covariance, diagonal) : shrinkage;
  for (double& value : covariance) value *= 1 - share;
  for (std::int64_t f = 0; f < covariance.extent(0); ++f) covariance(f, f) += share * diagonal;
  const auto eigen = symmetric_eigen(covariance);
  Matrix scaled(eigen.vectors);
  for (std::size_t k = 0; k < eigen.values.size(); ++k) {
    const double value = eigen.values[k], factor = value < 1e-10 ? value : 1 / value;
    for (std::int64_t f = 0; f < scaled.extent(0); ++f) scaled(f, static_cast<std::int64_t>(k)) *= factor;
  }
  return product_transposed(scaled, eigen.vectors);
}

}  // namespace

std::int64_t classes_of(const std::string& who, std::span<const std::int64_t> y) {
  std::int64_t classes = 0;
  for (const std::int64_t label : y) {
    if (label < 0 || label >= static_cast<std::int64_t>(y.size()))
      throw input_error(who, "the label " + std::to_string(label) + " is no class number: labels count from 0");
    classes = std::max(classes, label + 1);
  }
  if (classes < 2) throw input_error(who, "the labels hold one class, two are needed");
  return classes;
}

OpenvibeLda fit_lda_openvibe(Signal rows, std::span<const std::int64_t> y, std::int64_t classes, double shrinkage) {
  if (rows.extent(0) != static_cast<std::int64_t>(y.size()) || rows.extent(1) == 0) {
    throw usage_error(where, "shape: " + std::to_string(rows.extent(0)) + " rows of " + std::to_string(rows.extent(1)) +
                                 " features, " + std::to_string(y.size()) + " labels");
  }
  if (!(shrinkage <= 1)) throw usage_error(where, "shrinkage must be at most 1 (below 0: automatic)");
  const Matrix inverse = inverse_covariance(rows, shrinkage);
  Matrix means({classes, rows.extent(1)});
  std::vector<double> count(static_cast<std::size_t>(classes), 0);
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    const std::int64_t k = y[static_cast<std::size_t>(i)];
    ++count[static_cast<std::size_t>(k)];
    for (std::int64_t f = 0; f < rows.extent(1); ++f) means(k, f) += rows(i, f);
  }
  for (std::int64_t k = 0; k < classes; ++k) {
    if (count[static_cast<std::size_t>(k)] == 0)
      throw input_error(where, "class " + std::to_string(k) + " has no sample to learn from");
    for (std::int64_t f = 0; f < rows.extent(1); ++f) means(k, f) /= count[static_cast<std::size_t>(k)];
  }
  OpenvibeLda model{product(means, inverse), {}};
  for (std::int64_t k = 0; k < classes; ++k) {
    double projected = 0;
    for (std::int64_t f = 0; f < rows.extent(1); ++f) projected += means(k, f) * model.w(k, f);
    model.b.push_back(-0.5 * projected + std::log(count[static_cast<std::size_t>(k)] / static_cast<double>(y.size())));
  }
  return model;
}

Matrix OpenvibeLda::score(Signal rows) const {
  Matrix scores({rows.extent(0), w.extent(0)});
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t k = 0; k < w.extent(0); ++k) {
      for (std::int64_t f = 0; f < w.extent(1); ++f) scores(i, k) += rows(i, f) * w(k, f);
      scores(i, k) += b[static_cast<std::size_t>(k)];
    }
  }
  return scores;
}

std::vector<std::int64_t> OpenvibeLda::predict(Signal rows) const {
  const Matrix scores = score(rows);
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < scores.extent(0); ++i) {
    const double* const row = &scores(i, 0);
    labels.push_back(std::max_element(row, row + scores.extent(1)) - row);
  }
  return labels;
}

namespace {

const Operation lda_operation{
    .name = "lda_openvibe",
    .room = "decode/classical/selection",
    .about = "Linear discriminant analysis as OpenViBE trains it: total covariance, tiny eigenvalues not inverted",
    .arguments = {{.name = "shrinkage", .type = "number", .standard = 0, .about = "0 to 1; below 0: Ledoit-Wolf"}},
    .inputs = {{.name = "x", .shape = "n d"}, {.name = "y", .shape = "n"}},
    .outputs = {{.name = "w", .shape = "K d"}, {.name = "b", .shape = "K"}, {.name = "score", .shape = "n K"}},
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const MatrixPort x(args, in, "x");
      const auto y = port(in, "y").integers("y");
      const auto model = fit_lda_openvibe(x, y, classes_of(where, y), args.number("shrinkage"));
      return {{"w", Tensor::of(model.w)}, {"b", Tensor::vector(model.b)}, {"score", Tensor::of(model.score(x))}};
    },
};
CATON_REGISTER(Operation, lda_operation);

}  // namespace

}  // namespace caton
