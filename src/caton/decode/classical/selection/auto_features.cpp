// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/classical/selection/auto_features.hpp"

#include "caton/base/ports.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace caton {

namespace {

const std::string where = "auto_features";

std::vector<std::int64_t> channels_of(Signal r2, const AutoFeatures& options) {
  std::vector<std::int64_t> channels(static_cast<std::size_t>(r2.extent(0)));
  std::iota(channels.begin(), channels.end(), 0);
  if (options.channels.empty()) return channels;
  for (const std::int64_t channel : options.channels) {
    if (channel < 0 || channel >= r2.extent(0)) {
      throw usage_error(where,
                        "there is no channel " + std::to_string(channel) + " among " + std::to_string(r2.extent(0)));
    }
  }
  channels = options.channels;
  std::sort(channels.begin(), channels.end());
  channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
  return channels;
}

}  // namespace

std::vector<Cell> auto_features(Signal r2, const std::vector<double>& freqs_hz, const AutoFeatures& options) {
  if (static_cast<std::int64_t>(freqs_hz.size()) != r2.extent(1)) {
    throw usage_error(where, "shape: the map has " + std::to_string(r2.extent(1)) + " frequencies, f " +
                                 std::to_string(freqs_hz.size()));
  }
  constexpr double far = std::numeric_limits<double>::infinity();
  const BinRange bins = bins_between(freqs_hz, options.low_hz.value_or(-far), options.high_hz.value_or(far));
  if (bins.begin >= bins.end) throw usage_error(where, "the band from low_hz to high_hz holds no frequency");
  std::vector<Cell> cells;
  for (const std::int64_t channel : channels_of(r2, options)) {
    Cell best{channel, static_cast<std::int64_t>(bins.begin)};
    for (auto bin = static_cast<std::int64_t>(bins.begin); bin < static_cast<std::int64_t>(bins.end); ++bin) {
      if (options.rule == SelectionRule::best_cells) cells.push_back({channel, bin});
      if (r2(channel, bin) > r2(channel, best.bin)) best.bin = bin;
    }
    if (options.rule == SelectionRule::one_per_channel) cells.push_back(best);
  }
  if (options.count < 1 || options.count > static_cast<std::int64_t>(cells.size())) {
    throw usage_error(where, "count " + std::to_string(options.count) + " must be from 1 to " +
                                 std::to_string(cells.size()) + ", what there is to choose from");
  }
  std::stable_sort(cells.begin(), cells.end(),
                   [&](const Cell& a, const Cell& b) { return r2(a.channel, a.bin) > r2(b.channel, b.bin); });
  cells.resize(static_cast<std::size_t>(options.count));
  return cells;
}

namespace {

Tensors call(const Arguments& args, const Tensors& in) {
  AutoFeatures options{.count = args.integer("count"),
                       .low_hz = optional_number(args, "low_hz"),
                       .high_hz = optional_number(args, "high_hz"),
                       .rule = choice_argument<SelectionRule>(args, "rule",
                                                              {{"one-per-channel", SelectionRule::one_per_channel},
                                                               {"best-cells", SelectionRule::best_cells}})};
  if (args.given("channels")) {
    for (const double value : args.numbers("channels")) {
      if (!(value >= 0 && value < 1e9)) throw args.refuse("there is no channel " + number_text(value));
      options.channels.push_back(static_cast<std::int64_t>(value));
    }
  }
  const auto freqs_hz = vector_port(args, in, "f");
  std::vector<std::int64_t> channel, hz;
  for (const Cell& cell : auto_features(MatrixPort(args, in, "r2"), freqs_hz, options)) {
    channel.push_back(cell.channel);
    hz.push_back(static_cast<std::int64_t>(freqs_hz[static_cast<std::size_t>(cell.bin)]));
  }
  return {{"channel", Tensor::vector(channel)}, {"hz", Tensor::vector(hz)}};
}

const Operation auto_operation{
    .name = "auto_features",
    .room = "decode/classical/selection",
    .about = "The channels and frequencies that separate best (HappyFeat's automatic choice; hertz cut to integers)",
    .arguments =
        {{.name = "count", .type = "integer", .standard = 3},
         {.name = "channels", .type = "numbers", .standard = Json{}, .about = "indices; null: all"},
         {.name = "low_hz", .type = "number", .standard = Json{}},
         {.name = "high_hz", .type = "number", .standard = Json{}},
         {.name = "rule", .type = "text", .standard = "one-per-channel", .about = "one-per-channel, best-cells"}},
    .inputs = {{.name = "r2", .shape = "C F", .unit = "1"}, {.name = "f", .shape = "F", .unit = "Hz"}},
    .outputs = {{.name = "channel", .shape = "count"}, {.name = "hz", .shape = "count", .unit = "Hz"}},
    .call = call,
};
CATON_REGISTER(Operation, auto_operation);

}  // namespace

}  // namespace caton
