// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton {

/// An undirected graph with lengths. Edges stay edges when their length becomes 0.
struct Graph {
  struct Edge {
    std::int64_t a = 0, b = 0;  ///< a < b
    double length = 0;
  };
  struct Neighbour {
    std::int64_t node = 0;
    std::size_t edge = 0;
  };

  std::int64_t nodes = 0;
  std::vector<Edge> edges;                         ///< by a, then b
  std::vector<std::vector<Neighbour>> neighbours;  ///< of each node, ascending
};

/// The graph of a matrix of lengths, 0 = no edge; its diagonal is not looked at. Refuses matrices that are not square
/// (word `shape`), not symmetric to 12 digits (`symmetric`), or hold a length that is negative (`negative`) or not
/// finite (`finite`).
[[nodiscard]] Graph graph_of(const std::string& where, Signal lengths);
/// Values of the edges as a symmetric matrix of all nodes, 0 elsewhere.
[[nodiscard]] Matrix edge_matrix(const Graph& graph, const std::vector<double>& values);
/// Shortest ways between all pairs; infinite where there is none.
[[nodiscard]] Matrix shortest_ways(const Graph& graph);
/// The component (0, 1, …) of each node.
[[nodiscard]] std::vector<std::int64_t> components(const Graph& graph);

}  // namespace caton
