// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/geometry/clustering.hpp"

#include "caton/base/error.hpp"
#include "caton/base/ports.hpp"
#include "caton/base/random.hpp"
#include "caton/geometry/distance.hpp"
#include "caton/geometry/mean.hpp"

#include <algorithm>

namespace caton {

namespace {

const std::string where = "spd_kmeans";
const std::vector<Metric> known{Metric::euclid,       Metric::logeuclid, Metric::riemann, Metric::wasserstein,
                                Metric::logdet,       Metric::logchol,   Metric::chol,    Metric::harmonic,
                                Metric::kullback_sym, Metric::thompson};

Matrices selected(MatricesView c, const std::vector<std::int64_t>& which) {
  Matrices result({static_cast<std::int64_t>(which.size()), c.extent(1), c.extent(2)}, uninitialised);
  for (std::size_t k = 0; k < which.size(); ++k) put(c[which[k]], result[static_cast<std::int64_t>(k)]);
  return result;
}

/// Each next begin is drawn with a probability in proportion to the squared distance to the nearest one so far.
Matrices far_begins(MatricesView c, const KmeansOptions& options, RandomStream& random) {
  std::vector<std::int64_t> chosen{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(c.extent(0))))};
  std::vector<double> nearest(static_cast<std::size_t>(c.extent(0)), 0.0);
  while (static_cast<std::int64_t>(chosen.size()) < options.clusters) {
    const auto distance = spd_distance(c, as_set(c[chosen.back()]), options.metric);
    double sum = 0;
    for (std::size_t n = 0; n < nearest.size(); ++n) {
      const double square = distance[n] * distance[n];
      nearest[n] = chosen.size() == 1 ? square : std::min(nearest[n], square);
      sum += nearest[n];
    }
    double left = random.uniform() * sum;
    std::size_t next = 0;
    while (next + 1 < nearest.size() && (left -= nearest[next]) >= 0) ++next;
    chosen.push_back(static_cast<std::int64_t>(next));
  }
  return selected(c, chosen);
}

/// The nearest centre of each matrix (the first of equals), and the sum of squared distances.
double assign(const Matrix& distance, std::vector<std::int64_t>& label) {
  double inertia = 0;
  for (std::int64_t n = 0; n < distance.extent(0); ++n) {
    const auto row = distance.view()[n];
    const auto place = std::min_element(row.data(), row.data() + row.extent(0)) - row.data();
    label[static_cast<std::size_t>(n)] = place;
    inertia += row[place] * row[place];
  }
  return inertia;
}

/// Means of the clusters; an empty one gets the matrix that lies farthest from its centre.
Matrices centres_of(MatricesView c, const KmeansOptions& options, std::vector<std::int64_t>& label,
                    const Matrix& distance) {
  Matrices centres({options.clusters, c.extent(1), c.extent(2)}, uninitialised);
  for (std::int64_t k = 0; k < options.clusters; ++k) {
    std::vector<std::int64_t> members;
    for (std::int64_t n = 0; n < c.extent(0); ++n) {
      if (label[static_cast<std::size_t>(n)] == k) members.push_back(n);
    }
    if (members.empty()) {
      std::int64_t farthest = 0;
      double longest = -1;
      for (std::int64_t n = 0; n < c.extent(0); ++n) {
        const double own = distance(n, label[static_cast<std::size_t>(n)]);
        if (own <= longest) continue;
        longest = own;
        farthest = n;
      }
      label[static_cast<std::size_t>(farthest)] = k;
      members.push_back(farthest);
    }
    put(spd_mean(selected(c, members), options.metric), centres[k]);
  }
  return centres;
}

Kmeans one_start(MatricesView c, const KmeansOptions& options, int start) {
  RandomStream random(options.seed, "riemannian k-means", {static_cast<std::uint64_t>(start)});
  Kmeans result{far_begins(c, options, random), std::vector<std::int64_t>(static_cast<std::size_t>(c.extent(0)), -1),
                0};
  for (int round = 0; round < options.max_iterations; ++round) {
    const auto before = result.label;
    const Matrix distance = spd_pairwise_distance(c, result.centres, options.metric);
    result.inertia = assign(distance, result.label);
    if (result.label == before) break;
    result.centres = centres_of(c, options, result.label, distance);
  }
  return result;
}

/// Numbers the clusters by their first members.
Kmeans ordered(Kmeans found) {
  std::vector<std::int64_t> order;
  for (const std::int64_t label : found.label) {
    if (std::find(order.begin(), order.end(), label) == order.end()) order.push_back(label);
  }
  for (std::int64_t k = 0; k < found.centres.extent(0); ++k) {
    if (std::find(order.begin(), order.end(), k) == order.end()) order.push_back(k);
  }
  for (std::int64_t& label : found.label) label = std::find(order.begin(), order.end(), label) - order.begin();
  found.centres = selected(found.centres, order);
  return found;
}

}  // namespace

Kmeans spd_kmeans(MatricesView c, const KmeansOptions& options) {
  require_symmetric(where, c);
  if (options.clusters < 1 || options.clusters > c.extent(0)) {
    throw usage_error(where, std::to_string(options.clusters) + " clusters of " + std::to_string(c.extent(0)) +
                                 " matrices: at least 1, at most as many as matrices");
  }
  if (options.restarts < 1 || options.max_iterations < 1)
    throw usage_error(where, "restarts and max_iterations must be at least 1");
  if (std::find(known.begin(), known.end(), options.metric) == known.end())
    throw unknown_metric(where, metric_name(options.metric), known);
  Kmeans best = one_start(c, options, 0);
  for (int start = 1; start < options.restarts; ++start) {
    Kmeans other = one_start(c, options, start);
    if (other.inertia < best.inertia) best = std::move(other);
  }
  return ordered(std::move(best));
}

namespace {

int bounded(const Arguments& args, const char* name) {
  constexpr int most = 1000;
  const int value = count_argument(args, name);
  if (value > most) throw args.refuse(std::string(name) + " must be at most " + std::to_string(most));
  return value;
}

Tensors call(const Arguments& args, const Tensors& in) {
  const KmeansOptions options{.clusters = args.integer("clusters"),
                              .metric = metric_named(args.operation(), args.text("metric"), known),
                              .max_iterations = bounded(args, "max_iterations"),
                              .restarts = bounded(args, "restarts"),
                              .seed = static_cast<std::uint64_t>(args.integer("seed"))};
  const Kmeans found = spd_kmeans(MatricesPort(args, in, "c"), options);
  return {{"centres", Tensor::of(found.centres)},
          {"label", Tensor::vector(found.label)},
          {"inertia", Tensor::scalar(found.inertia)}};
}

const Operation operation{.name = "spd_kmeans",
                          .room = "geometry",
                          .about = "k-means of symmetric positive definite matrices in a metric, without labels",
                          .arguments = {{"clusters", "integer", Json(2)},
                                        {"metric", "text", Json("riemann")},
                                        {"max_iterations", "integer", Json(100)},
                                        {"restarts", "integer", Json(10), "the one with the least inertia is kept"},
                                        {"seed", "integer", Json(0)}},
                          .inputs = {{"c", "N C C"}},
                          .outputs = {{"centres", "k C C"}, {"label", "N"}, {"inertia", ""}},
                          .call = call};
CATON_REGISTER(Operation, operation);

}  // namespace

}  // namespace caton
