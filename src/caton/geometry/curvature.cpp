// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/curvature.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/threads.hpp"
#include "caton/geometry/graph.hpp"
#include "caton/geometry/optimal_transport.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Shorter edges are points, and sums of masses below it are none (as the library has it).
constexpr double nothing = 1e-7;

void require_options(const std::string& where, const OllivierOptions& options) {
  if (!(options.alpha >= 0 && options.alpha <= 1)) throw usage_error(where, "alpha must be in [0, 1]");
  if (!(options.base > 0) || !std::isfinite(options.base)) throw usage_error(where, "base must be above 0");
  if (!std::isfinite(options.exp_power)) throw usage_error(where, "exp_power must be finite");
}

/// Where the mass of a node lies: on its neighbours, then on itself.
struct NodeMass {
  std::vector<std::int64_t> nodes;
  std::vector<double> mass;
};

NodeMass mass_of(const std::string& where, const Graph& graph, std::int64_t node, const OllivierOptions& options) {
  NodeMass result;
  double sum = 0;
  for (const auto& next : graph.neighbours[static_cast<std::size_t>(node)]) {
    const double share = std::pow(options.base, -std::pow(graph.edges[next.edge].length, options.exp_power));
    if (!std::isfinite(share)) throw usage_error(where, "base and exp_power give a mass that is not finite");
    result.nodes.push_back(next.node);
    result.mass.push_back(share);
    sum += share;
  }
  if (!std::isfinite(sum)) throw usage_error(where, "base and exp_power give masses that are not finite");
  for (double& share : result.mass) {
    const double part = sum > nothing ? share / sum : 1 / static_cast<double>(result.mass.size());
    share = (1 - options.alpha) * part;
  }
  result.nodes.push_back(node);
  result.mass.push_back(options.alpha);
  return result;
}

double edge_curvature(const Graph::Edge& edge, const std::vector<NodeMass>& masses, const Matrix& ways) {
  if (edge.length < nothing) return 0;
  const NodeMass& a = masses[static_cast<std::size_t>(edge.a)];
  const NodeMass& b = masses[static_cast<std::size_t>(edge.b)];
  Matrix cost({static_cast<std::int64_t>(a.nodes.size()), static_cast<std::int64_t>(b.nodes.size())}, uninitialised);
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    for (std::size_t j = 0; j < b.nodes.size(); ++j) cost(i, j) = ways(a.nodes[i], b.nodes[j]);
  }
  return 1 - optimal_transport(a.mass, b.mass, cost) / edge.length;
}

std::vector<double> edge_curvatures(const std::string& where, const Graph& graph, const OllivierOptions& options) {
  std::vector<NodeMass> masses;
  for (std::int64_t node = 0; node < graph.nodes; ++node) masses.push_back(mass_of(where, graph, node, options));
  const Matrix ways = shortest_ways(graph);
  std::vector<double> result(graph.edges.size());
  thread_pool().parallel_for(static_cast<std::int64_t>(result.size()), [&](std::int64_t e) {
    const auto place = static_cast<std::size_t>(e);
    result[place] = edge_curvature(graph.edges[place], masses, ways);
  });
  return result;
}

/// The largest component (the first of equals) as a matrix of its own; the others' edges are gone.
Matrix largest_component(const Graph& graph, Signal lengths, std::vector<std::int64_t>& left_out) {
  const auto component = components(graph);
  std::vector<std::int64_t> size(component.size(), 0);
  for (const std::int64_t place : component) ++size[static_cast<std::size_t>(place)];
  const auto largest = std::max_element(size.begin(), size.end()) - size.begin();
  Matrix kept(lengths);
  for (std::int64_t i = 0; i < graph.nodes; ++i) {
    if (component[static_cast<std::size_t>(i)] == largest) continue;
    left_out.push_back(i);
    for (std::int64_t j = 0; j < graph.nodes; ++j) kept(i, j) = kept(j, i) = 0;
  }
  return kept;
}

void flow_once(Graph& graph, const std::vector<double>& curvature, double step) {
  double sum = 0;
  for (std::size_t e = 0; e < graph.edges.size(); ++e) {
    double& length = graph.edges[e].length;
    length = std::max(length - step * curvature[e] * length, 0.0);
    sum += length;
  }
  if (!(sum > 0)) throw input_error("ricci_flow", "all lengths have shrunk to 0");
  for (auto& edge : graph.edges) edge.length *= static_cast<double>(graph.edges.size()) / sum;
}

double forman(const Graph& graph, const Graph::Edge& edge, FormanMethod method) {
  const auto& near_a = graph.neighbours[static_cast<std::size_t>(edge.a)];
  const auto& near_b = graph.neighbours[static_cast<std::size_t>(edge.b)];
  const auto has = [](const std::vector<Graph::Neighbour>& list, std::int64_t node) {
    return std::any_of(list.begin(), list.end(), [node](const auto& next) { return next.node == node; });
  };
  double parallel = 0, triangles = 0;
  for (const auto* const side : {&near_a, &near_b}) {
    const auto& other = side == &near_a ? near_b : near_a;
    for (const auto& next : *side) {
      if (next.node == edge.a || next.node == edge.b) continue;
      if (method == FormanMethod::augmented && has(other, next.node)) {
        triangles += 0.5;
      } else {
        parallel += 1 / std::sqrt(edge.length * graph.edges[next.edge].length);
      }
    }
  }
  return edge.length * (triangles * edge.length + 2 / edge.length - parallel);
}

}  // namespace

Curvature ollivier_ricci(Signal lengths, const OllivierOptions& options) {
  const std::string where = "ollivier_ricci";
  require_options(where, options);
  const Graph graph = graph_of(where, lengths);
  for (std::int64_t node = 0; node < graph.nodes; ++node) {
    if (graph.neighbours[static_cast<std::size_t>(node)].empty())
      throw input_error(where, "node " + std::to_string(node) + " is isolated: it has no edge", "leave it out");
  }
  const auto values = edge_curvatures(where, graph, options);
  Curvature result{edge_matrix(graph, values), {}};
  for (const auto& near : graph.neighbours) {
    double sum = 0;
    for (const auto& next : near) sum += values[next.edge];
    result.nodes.push_back(sum / static_cast<double>(near.size()));
  }
  return result;
}

FlowResult ricci_flow(Signal lengths, const FlowOptions& options) {
  const std::string where = "ricci_flow";
  require_options(where, options.ollivier);
  if (!(options.step > 0 && options.step <= 1)) throw usage_error(where, "step must be in (0, 1]");
  if (options.iterations < 0) throw usage_error(where, "iterations must not be negative");
  if (!(options.delta >= 0)) throw usage_error(where, "delta must not be negative");
  FlowResult result;
  Graph graph = graph_of(where, lengths);
  if (graph.edges.empty()) throw input_error(where, "the graph has no edge: every node is isolated");
  graph = graph_of(where, largest_component(graph, lengths, result.left_out));
  auto curvature = edge_curvatures(where, graph, options.ollivier);
  for (int round = 0; round < options.iterations; ++round) {
    flow_once(graph, curvature, options.step);
    curvature = edge_curvatures(where, graph, options.ollivier);
    const auto [least, most] = std::minmax_element(curvature.begin(), curvature.end());
    if (*most - *least < options.delta) break;
  }
  std::vector<double> final_lengths;
  for (const auto& edge : graph.edges) final_lengths.push_back(edge.length);
  result.lengths = edge_matrix(graph, final_lengths);
  result.curvature = edge_matrix(graph, curvature);
  return result;
}

Matrix forman_ricci(Signal lengths, FormanMethod method) {
  const Graph graph = graph_of("forman_ricci", lengths);
  std::vector<double> values;
  for (const auto& edge : graph.edges) values.push_back(forman(graph, edge, method));
  return edge_matrix(graph, values);
}

namespace {

OllivierOptions ollivier_options(const Arguments& args) {
  return {.alpha = args.number("alpha"), .base = args.number("base"), .exp_power = args.number("exp_power")};
}

Tensors call_ollivier(const Arguments& args, const Tensors& in) {
  const MatrixPort w(args, in, "w");
  const Curvature result = ollivier_ricci(w, ollivier_options(args));
  return {{"curvature", Tensor::of(result.edges)}, {"node_curvature", Tensor::vector(result.nodes)}};
}

Tensors call_flow(const Arguments& args, const Tensors& in) {
  constexpr int most_iterations = 10000;
  const int iterations = count_argument(args, "iterations", 0);
  if (iterations > most_iterations) throw args.refuse("iterations must be at most 10000");
  const MatrixPort w(args, in, "w");
  const FlowResult result = ricci_flow(w, {.iterations = iterations,
                                           .step = args.number("step"),
                                           .delta = args.number("delta"),
                                           .ollivier = ollivier_options(args)});
  return {{"w", Tensor::of(result.lengths)},
          {"curvature", Tensor::of(result.curvature)},
          {"left_out", Tensor::vector(result.left_out)}};
}

Tensors call_forman(const Arguments& args, const Tensors& in) {
  const auto method = choice_argument<FormanMethod>(
      args, "method", {{"1d", FormanMethod::one_dimensional}, {"augmented", FormanMethod::augmented}});
  const MatrixPort w(args, in, "w");
  return {{"curvature", Tensor::of(forman_ricci(w, method))}};
}

std::vector<Argument> ollivier_arguments(std::vector<Argument> all = {}) {
  all.push_back({"alpha", "number", Json(0.5), "mass that stays on a node"});
  all.push_back({"base", "number", Json(2.718281828459045), "neighbours get mass as base^(-length^exp_power)"});
  all.push_back({"exp_power", "number", Json(2)});
  return all;
}

const Operation ollivier_operation{.name = "ollivier_ricci",
                                   .room = "geometry",
                                   .about =
                                       "Ollivier-Ricci curvature of a graph with lengths (GraphRicciCurvature, "
                                       "exact transport)",
                                   .arguments = ollivier_arguments(),
                                   .inputs = {{"w", "V V"}},
                                   .outputs = {{"curvature", "V V"}, {"node_curvature", "V"}},
                                   .call = call_ollivier};
const Operation flow_operation{
    .name = "ricci_flow",
    .room = "geometry",
    .about = "discrete Ricci flow on the largest component of a graph (GraphRicciCurvature)",
    .arguments = ollivier_arguments({{"iterations", "integer", Json(10)},
                                     {"step", "number", Json(1), "in (0, 1]"},
                                     {"delta", "number", Json(1e-4), "spread of curvatures at which to stop"}}),
    .inputs = {{"w", "V V"}},
    .outputs = {{"w", "V V"}, {"curvature", "V V"}, {"left_out", "k"}},
    .call = call_flow};
const Operation forman_operation{.name = "forman_ricci",
                                 .room = "geometry",
                                 .about = "Forman-Ricci curvature of a graph with lengths (GraphRicciCurvature)",
                                 .arguments = {{"method", "text", Json("augmented"), "1d, or augmented by triangles"}},
                                 .inputs = {{"w", "V V"}},
                                 .outputs = {{"curvature", "V V"}},
                                 .call = call_forman};
CATON_REGISTER(Operation, ollivier_operation);
CATON_REGISTER(Operation, flow_operation);
CATON_REGISTER(Operation, forman_operation);

}  // namespace

}  // namespace caton
