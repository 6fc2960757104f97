// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/lempel_ziv.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/features/channelwise.hpp"

#include <array>
#include <cmath>

namespace caton {

namespace {

/// The smallest automaton that knows every stretch of a binary text, with the place where each first ends.
class StretchAutomaton {
 public:
  explicit StretchAutomaton(const std::vector<std::uint8_t>& text) {
    states_.reserve(2 * text.size() + 2);
    states_.push_back({});
    for (std::size_t i = 0; i < text.size(); ++i) append(text[i] & 1U, static_cast<std::int64_t>(i));
  }
  /// One past where the stretch of this state first ends.
  [[nodiscard]] std::int64_t first_end(std::int64_t state) const { return at(state).first_end; }
  [[nodiscard]] std::int64_t after(std::int64_t state, std::uint8_t symbol) const {
    return at(state).next[symbol & 1U];
  }

 private:
  struct State {
    std::array<std::int64_t, 2> next{-1, -1};
    std::int64_t link = -1, length = 0, first_end = 0;
  };
  [[nodiscard]] const State& at(std::int64_t state) const { return states_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] State& at(std::int64_t state) { return states_[static_cast<std::size_t>(state)]; }

  void append(std::size_t symbol, std::int64_t place) {
    const auto made = static_cast<std::int64_t>(states_.size());
    states_.push_back({.link = 0, .length = place + 1, .first_end = place + 1});
    std::int64_t state = last_;
    for (; state >= 0 && at(state).next[symbol] < 0; state = at(state).link) at(state).next[symbol] = made;
    if (state >= 0) at(made).link = linked(state, symbol);
    last_ = made;
  }
  /// The state of the longest earlier stretch that ends with the new symbol; split off where it is part of a longer
  /// one.
  std::int64_t linked(std::int64_t state, std::size_t symbol) {
    const std::int64_t found = at(state).next[symbol];
    if (at(found).length == at(state).length + 1) return found;
    const auto split = static_cast<std::int64_t>(states_.size());
    states_.push_back(at(found));
    at(split).length = at(state).length + 1;
    at(found).link = split;
    for (; state >= 0 && at(state).next[symbol] == found; state = at(state).link) at(state).next[symbol] = split;
    return split;
  }

  std::vector<State> states_;
  std::int64_t last_ = 0;
};

}  // namespace

std::int64_t lempel_ziv_phrases(const std::vector<std::uint8_t>& symbols) {
  const StretchAutomaton automaton(symbols);
  std::int64_t phrases = 0, state = 0;
  bool open = false;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    state = automaton.after(state, symbols[i]);
    open = true;
    // Never seen before: the stretch that ends here is the first of its kind.
    if (automaton.first_end(state) <= static_cast<std::int64_t>(i)) continue;
    ++phrases;
    state = 0;
    open = false;
  }
  return phrases + (open ? 1 : 0);
}

std::vector<double> lempel_ziv(Signal x, BinaryThreshold threshold, bool normalize) {
  return measure_channels({"lempel_ziv", 2}, x, [&](std::span<const double> samples) {
    const double level =
        threshold == BinaryThreshold::mean ? mean_of(samples) : median({samples.begin(), samples.end()});
    std::vector<std::uint8_t> symbols;
    for (const double value : samples) symbols.push_back(value > level ? 1 : 0);
    const auto phrases = static_cast<double>(lempel_ziv_phrases(symbols));
    const auto count = static_cast<double>(samples.size());
    return normalize ? phrases * std::log2(count) / count : phrases;
  });
}

namespace {

const Operation lempel_ziv_operation{
    .name = "lempel_ziv",
    .room = "features",
    .about = "Lempel-Ziv complexity (1976) of the signal above and below its middle (antropy.lziv_complexity)",
    .arguments = {{.name = "threshold", .type = "text", .standard = "median", .about = "median, mean"},
                  {.name = "normalize", .type = "flag", .standard = true}},
    .inputs = {{.name = "x", .shape = "C T", .unit = "V"}},
    .outputs = {{.name = "y", .shape = "C", .unit = "1"}},
    .streaming_form = "ring of one window, recomputed each step",
    .call = [](const Arguments& args, const Tensors& in) -> Tensors {
      const auto threshold = choice_argument<BinaryThreshold>(
          args, "threshold", {{"median", BinaryThreshold::median}, {"mean", BinaryThreshold::mean}});
      return {{"y", Tensor::vector(lempel_ziv(MatrixPort(args, in, "x"), threshold, args.flag("normalize")))}};
    },
};
CATON_REGISTER(Operation, lempel_ziv_operation);

}  // namespace

}  // namespace caton
