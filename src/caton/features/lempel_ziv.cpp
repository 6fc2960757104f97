// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/lempel_ziv.hpp"

#include "caton/base/order_statistics.hpp"
#include "caton/base/ports.hpp"
#include "caton/features/channelwise.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

const ChannelMeasure measure{"lempel_ziv", 2};

class StretchAutomaton {
 public:
  StretchAutomaton(std::span<const std::uint8_t> text, std::vector<StretchState>& states) : states_(states) {
    states_.clear();
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
  [[nodiscard]] const StretchState& at(std::int64_t state) const { return states_[static_cast<std::size_t>(state)]; }
  [[nodiscard]] StretchState& at(std::int64_t state) { return states_[static_cast<std::size_t>(state)]; }

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

  std::vector<StretchState>& states_;
  std::int64_t last_ = 0;
};

}  // namespace

std::int64_t lempel_ziv_phrases(const std::vector<std::uint8_t>& symbols) {
  std::vector<StretchState> states;
  return lempel_ziv_phrases(symbols, states);
}

std::int64_t lempel_ziv_phrases(std::span<const std::uint8_t> symbols, std::vector<StretchState>& states) {
  const StretchAutomaton automaton(symbols, states);
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

LempelZivRow::LempelZivRow(std::int64_t samples, BinaryThreshold threshold, bool normalize)
    : threshold_(threshold), normalize_(normalize) {
  require_length(measure, samples);
  sorted_.resize(static_cast<std::size_t>(samples));
  symbols_.resize(sorted_.size());
  states_.reserve(2 * sorted_.size() + 2);
}

double LempelZivRow::run(std::span<const double> x) {
  std::copy(x.begin(), x.end(), sorted_.begin());
  const double level = threshold_ == BinaryThreshold::mean ? mean_of(x) : median_in_place(sorted_);
  std::transform(x.begin(), x.end(), symbols_.begin(),
                 [&](double value) { return static_cast<std::uint8_t>(value > level ? 1 : 0); });
  const auto phrases = static_cast<double>(lempel_ziv_phrases(symbols_, states_));
  const auto count = static_cast<double>(x.size());
  return normalize_ ? phrases * std::log2(count) / count : phrases;
}

std::vector<double> lempel_ziv(Signal x, BinaryThreshold threshold, bool normalize) {
  return measure_channels(measure, x, [&](std::span<const double> samples) {
    return LempelZivRow(x.extent(1), threshold, normalize).run(samples);
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
