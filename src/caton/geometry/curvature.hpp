// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <string>
#include <vector>

/// Curvature of graphs with lengths (GraphRicciCurvature). Matrices of lengths are as `graph_of` takes them.
namespace caton {

struct OllivierOptions {
  double alpha = 0.5;               ///< mass that stays on a node, 0 … 1
  double base = 2.718281828459045;  ///< neighbours get mass in proportion to base^(-length^exp_power)
  double exp_power = 2;
};

struct Curvature {
  Matrix edges;               ///< curvature of each edge, 0 where there is none
  std::vector<double> nodes;  ///< mean over the edges of each node
};

/// Ollivier-Ricci curvature 1 - W(m_u, m_v) / length, W exact. Refuses as `graph_of`, and a node without an edge (word
/// `isolated`).
[[nodiscard]] Curvature ollivier_ricci(Signal lengths, const OllivierOptions& options = {});

struct FlowOptions {
  int iterations = 10;
  double step = 1;      ///< above 0, at most 1: beyond that lengths could become negative
  double delta = 1e-4;  ///< ends when the curvatures of all edges lie this close together
  OllivierOptions ollivier = {};
};

struct FlowResult {
  Matrix lengths;
  Matrix curvature;
  std::vector<std::int64_t> left_out;  ///< nodes outside the largest component, whose edges are gone
};

/// Discrete Ricci flow: edges grow where the curvature is negative and shrink where it is positive, their sum held at
/// the number of edges. Runs on the largest component.
[[nodiscard]] FlowResult ricci_flow(Signal lengths, const FlowOptions& options = {});

enum class FormanMethod { one_dimensional, augmented };
/// Forman-Ricci curvature of every edge, all nodes and triangles of weight 1; `augmented` counts triangles.
[[nodiscard]] Matrix forman_ricci(Signal lengths, FormanMethod method = FormanMethod::augmented);

}  // namespace caton
