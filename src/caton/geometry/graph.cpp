// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/graph.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"

#include <cmath>
#include <limits>
#include <queue>

namespace caton {

namespace {

void require_lengths(const std::string& where, Signal w) {
  if (w.extent(0) != w.extent(1) || w.empty()) {
    throw usage_error(where, "shape: lengths of " + std::to_string(w.extent(0)) + " x " + std::to_string(w.extent(1)) +
                                 " are no graph");
  }
  double largest = 0;
  for (std::int64_t i = 0; i < w.extent(0); ++i) {
    for (std::int64_t j = 0; j < w.extent(1); ++j) {
      const std::string place = "between nodes " + std::to_string(i) + " and " + std::to_string(j);
      if (!std::isfinite(w(i, j))) throw input_error(where, "the length " + place + " is not finite");
      if (w(i, j) < 0) throw input_error(where, "the length " + place + " is negative");
      largest = std::max(largest, w(i, j));
    }
  }
  for (std::int64_t i = 0; i < w.extent(0); ++i) {
    for (std::int64_t j = 0; j < i; ++j) {
      if (std::abs(w(i, j) - w(j, i)) <= 1e-12 * largest && (w(i, j) > 0) == (w(j, i) > 0)) continue;
      throw input_error(where,
                        "lengths are not symmetric between nodes " + std::to_string(i) + " and " + std::to_string(j));
    }
  }
}

}  // namespace

Graph graph_of(const std::string& where, Signal lengths) {
  require_lengths(where, lengths);
  Graph graph{.nodes = lengths.extent(0)};
  graph.neighbours.resize(static_cast<std::size_t>(graph.nodes));
  for (std::int64_t i = 0; i < graph.nodes; ++i) {
    for (std::int64_t j = i + 1; j < graph.nodes; ++j) {
      if (lengths(i, j) == 0) continue;
      graph.neighbours[static_cast<std::size_t>(i)].push_back({j, graph.edges.size()});
      graph.neighbours[static_cast<std::size_t>(j)].push_back({i, graph.edges.size()});
      graph.edges.push_back({i, j, lengths(i, j)});
    }
  }
  return graph;
}

Matrix edge_matrix(const Graph& graph, const std::vector<double>& values) {
  Matrix result({graph.nodes, graph.nodes});
  for (std::size_t e = 0; e < graph.edges.size(); ++e)
    result(graph.edges[e].a, graph.edges[e].b) = result(graph.edges[e].b, graph.edges[e].a) = values[e];
  return result;
}

Matrix shortest_ways(const Graph& graph) {
  Matrix ways({graph.nodes, graph.nodes}, std::numeric_limits<double>::infinity());
  thread_pool().parallel_for(graph.nodes, [&](std::int64_t from) {
    using Stop = std::pair<double, std::int64_t>;
    std::priority_queue<Stop, std::vector<Stop>, std::greater<>> queue;
    ways(from, from) = 0;
    queue.emplace(0.0, from);
    while (!queue.empty()) {
      const auto [length, node] = queue.top();
      queue.pop();
      if (length > ways(from, node)) continue;
      for (const auto& next : graph.neighbours[static_cast<std::size_t>(node)]) {
        const double longer = length + graph.edges[next.edge].length;
        if (longer >= ways(from, next.node)) continue;
        ways(from, next.node) = longer;
        queue.emplace(longer, next.node);
      }
    }
  });
  return ways;
}

std::vector<std::int64_t> components(const Graph& graph) {
  std::vector<std::int64_t> component(static_cast<std::size_t>(graph.nodes), -1);
  std::int64_t count = 0;
  for (std::int64_t start = 0; start < graph.nodes; ++start) {
    if (component[static_cast<std::size_t>(start)] >= 0) continue;
    std::vector<std::int64_t> open{start};
    component[static_cast<std::size_t>(start)] = count;
    while (!open.empty()) {
      const std::int64_t node = open.back();
      open.pop_back();
      for (const auto& next : graph.neighbours[static_cast<std::size_t>(node)]) {
        auto& place = component[static_cast<std::size_t>(next.node)];
        if (place >= 0) continue;
        place = count;
        open.push_back(next.node);
      }
    }
    ++count;
  }
  return component;
}

}  // namespace caton
