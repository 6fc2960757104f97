// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/wavelet_transform.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/checks.hpp"
#include "caton/signal/daubechies.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

/// Low-pass and high-pass of the analysis, both as long as the scaling filter.
struct Halves {
  std::vector<double> low, high;
};

Halves halves_of(const std::string& wavelet, const std::string& where) {
  const auto& h = daubechies(wavelet, where);
  Halves halves{{h.rbegin(), h.rend()}, h};
  for (std::size_t k = 0; k < h.size(); k += 2) halves.high[k] = -halves.high[k];
  return halves;
}

void require_levels(const std::string& where, std::span<const double> x, std::size_t taps, std::int64_t levels) {
  if (x.empty()) throw usage_error(where, "the signal is empty");
  require_finite(where, Signal(x.data(), {1, static_cast<std::int64_t>(x.size())}));
  if (levels < 1) throw usage_error(where, "levels must be at least 1, got " + std::to_string(levels));
  const double most = std::floor(std::log2(static_cast<double>(x.size()) / static_cast<double>(taps - 1)));
  if (static_cast<double>(levels) > most) {
    throw input_error(where, "the signal is too short: " + std::to_string(x.size()) + " samples carry " +
                                 number_text(std::max(most, 0.0)) + " levels of this wavelet, wanted are " +
                                 std::to_string(levels));
  }
}

/// The value at index i, which may lie outside.
double at(std::span<const double> x, std::int64_t i, WaveletEdge edge) {
  const auto n = static_cast<std::int64_t>(x.size());
  if (i >= 0 && i < n) return x[static_cast<std::size_t>(i)];
  if (edge == WaveletEdge::zero) return 0;
  if (edge == WaveletEdge::periodization) {
    // An odd signal is made even by its last sample once more.
    const std::int64_t even = n + n % 2, place = ((i % even) + even) % even;
    return x[static_cast<std::size_t>(std::min(place, n - 1))];
  }
  const std::int64_t place = ((i % (2 * n)) + 2 * n) % (2 * n);
  return x[static_cast<std::size_t>(place < n ? place : 2 * n - 1 - place)];
}

/// Every second value of the convolution with one half.
std::vector<double> decimated(std::span<const double> x, const std::vector<double>& filter, WaveletEdge edge) {
  const auto n = static_cast<std::int64_t>(x.size()), taps = static_cast<std::int64_t>(filter.size());
  const bool periodic = edge == WaveletEdge::periodization;
  const std::int64_t count = periodic ? (n + 1) / 2 : (n + taps - 1) / 2, first = periodic ? taps / 2 : 1;
  std::vector<double> y(static_cast<std::size_t>(count), 0.0);
  for (std::int64_t k = 0; k < count; ++k) {
    double sum = 0;
    for (std::int64_t j = 0; j < taps; ++j) sum += filter[static_cast<std::size_t>(j)] * at(x, 2 * k + first - j, edge);
    y[static_cast<std::size_t>(k)] = sum;
  }
  return y;
}

}  // namespace

WaveletLevels dwt(std::span<const double> x, const WaveletTransform& options, const std::string& where) {
  const Halves halves = halves_of(options.wavelet, where);
  require_levels(where, x, halves.low.size(), options.levels);
  WaveletLevels result{{x.begin(), x.end()}, {}};
  for (std::int64_t level = 0; level < options.levels; ++level) {
    result.detail.push_back(decimated(result.approximation, halves.high, options.edge));
    result.approximation = decimated(result.approximation, halves.low, options.edge);
  }
  return result;
}

WaveletPacket wavelet_packet(std::span<const double> x, const WaveletTransform& options, LeafOrder order) {
  const std::string where = "wavelet_packet";
  const Halves halves = halves_of(options.wavelet, where);
  require_levels(where, x, halves.low.size(), options.levels);
  std::vector<std::vector<double>> nodes{{x.begin(), x.end()}};
  for (std::int64_t level = 0; level < options.levels; ++level) {
    std::vector<std::vector<double>> children;
    for (const auto& node : nodes) {
      children.push_back(decimated(node, halves.low, options.edge));
      children.push_back(decimated(node, halves.high, options.edge));
    }
    nodes = std::move(children);
  }
  WaveletPacket result{
      Matrix({static_cast<std::int64_t>(nodes.size()), static_cast<std::int64_t>(nodes[0].size())}, uninitialised), {}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    // Each high-pass turns the order of frequencies below it round: Gray code.
    const auto& node = nodes[order == LeafOrder::frequency ? i ^ (i >> 1) : i];
    std::copy(node.begin(), node.end(), result.leaves[static_cast<std::int64_t>(i)].data());
    double energy = 0;
    for (const double value : node) energy += value * value;
    result.energy.push_back(energy);
  }
  return result;
}

namespace {

WaveletTransform options_of(const Arguments& args) {
  return {.wavelet = args.text("wavelet"),
          .levels = args.integer("levels"),
          .edge = choice_argument<WaveletEdge>(args, "mode",
                                               {{"symmetric", WaveletEdge::symmetric},
                                                {"periodization", WaveletEdge::periodization},
                                                {"zero", WaveletEdge::zero}})};
}

const Operation dwt_operation{
    .name = "dwt",
    .room = "signal",
    .about = "Discrete wavelet transform (PyWavelets wavedec)",
    .arguments = {{.name = "wavelet", .type = "text", .standard = "db4", .about = "db1 (haar) to db10"},
                  {.name = "levels", .type = "integer"},
                  {.name = "mode", .type = "text", .standard = "symmetric", .about = "symmetric, periodization, zero"}},
    .inputs = {{.name = "x", .shape = "T"}},
    .outputs = {{.name = "a{L}, d{L} ... d1", .shape = "n"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto result = dwt(vector_port(args, in, "x"), options_of(args));
          Tensors out{{"a" + std::to_string(result.detail.size()), Tensor::vector(result.approximation)}};
          for (std::size_t level = 0; level < result.detail.size(); ++level)
            out.emplace("d" + std::to_string(level + 1), Tensor::vector(result.detail[level]));
          return out;
        },
};
CATON_REGISTER(Operation, dwt_operation);

const Operation wavelet_packet_operation{
    .name = "wavelet_packet",
    .room = "signal",
    .about = "Last level of the wavelet packet tree (PyWavelets WaveletPacket.get_level)",
    .arguments = {{.name = "wavelet", .type = "text", .standard = "db4", .about = "db1 (haar) to db10"},
                  {.name = "levels", .type = "integer"},
                  {.name = "mode", .type = "text", .standard = "symmetric", .about = "symmetric, periodization, zero"},
                  {.name = "order", .type = "text", .standard = "frequency", .about = "frequency, natural"}},
    .inputs = {{.name = "x", .shape = "T"}},
    .outputs = {{.name = "leaves", .shape = "2^L n"}, {.name = "energy", .shape = "2^L"}},
    .call =
        [](const Arguments& args, const Tensors& in) {
          const auto order = choice_argument<LeafOrder>(
              args, "order", {{"frequency", LeafOrder::frequency}, {"natural", LeafOrder::natural}});
          const auto result = wavelet_packet(vector_port(args, in, "x"), options_of(args), order);
          return Tensors{{"leaves", Tensor::of(result.leaves)}, {"energy", Tensor::vector(result.energy)}};
        },
};
CATON_REGISTER(Operation, wavelet_packet_operation);

}  // namespace

}  // namespace caton
