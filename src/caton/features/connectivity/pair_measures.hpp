// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/registry.hpp"
#include "caton/signal/checks.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Measures between channels under one roof: what pictures, group studies and inputs of recipes can ask for by name.
namespace caton {

enum class PairKind {
  mutual,    ///< [i, j] equals [j, i]
  directed,  ///< [to, from], amounts
  leading    ///< [to, from] above the middle of the range where `from` leads; [from, to] mirrors it
};

struct PairOptions {
  double rate_hz = 0;
  std::vector<Band> bands;
  std::optional<std::int64_t> order = {};  ///< of a model; nothing: the one with the least BIC up to 12
  std::int64_t bins = 128;                 ///< frequencies of a model
  double ridge = 0;                        ///< white noise of this power added to each channel of a model in bands
};

/// A measure of one set of epochs after the other, all of one shape; asks for no memory after the first.
class RepeatedPairs {
 public:
  virtual ~RepeatedPairs() = default;
  /// Bands x to x from, as `measure_pairs`; refuses as it.
  [[nodiscard]] virtual const Array<double, 3>& run(View<const double, 3> x) = 0;
};

struct PairMeasure {
  std::string name;   ///< "wpli"
  std::string about;  ///< "weighted phase lag index"
  std::string unit;   ///< "nat"; empty: a number without one
  PairKind kind = PairKind::mutual;
  double low = 0;              ///< least value that there can be (minus infinity: none)
  std::optional<double> high;  ///< largest value that there can be
  bool repetitions = false;    ///< an estimate over many short epochs; else of each epoch, then the mean
  bool model = false;          ///< of autoregressive models: needs an order and independent channels
  bool banded = true;          ///< false: of the signal as it is, the same in every band
  /// Bands x to x from of epochs (E, C, T); the diagonal is 0. Refuses as the operation of this measure.
  Array<double, 3> (*measure)(const PairMeasure& self, View<const double, 3> x, const PairOptions& options) = nullptr;
  /// The form for epochs (E, C, T) of one shape again and again; nothing: it has none.
  std::unique_ptr<RepeatedPairs> (*repeated)(const PairMeasure& self, const View<const double, 3>::Extents& extents,
                                             const PairOptions& options) = nullptr;
};

/// The registered measure of this name (`-` and `_` alike); refuses others (kind `usage`) with near names.
[[nodiscard]] const PairMeasure& pair_measure_named(const std::string& where, std::string_view name);
/// Values of a registered measure; a channel without a partner is refused (word `channel`).
[[nodiscard]] Array<double, 3> measure_pairs(const PairMeasure& measure, View<const double, 3> x,
                                             const PairOptions& options);

/// Whether the models of a measure are stable for all epochs; true for measures without models. Refuses as the measure.
[[nodiscard]] bool pairs_stable(const PairMeasure& measure, View<const double, 3> x, const PairOptions& options);

/// Stretches of a signal one after the other as epochs, each channel's mean taken away and, for models, divided by its
/// deviation. Refuses a stretch longer than the signal (word `short`) and, for models, flat channels (`flat`).
[[nodiscard]] Array<double, 3> pair_epochs(const PairMeasure& measure, Signal x, std::int64_t length);
/// The same into epochs of that shape.
void pair_epochs(const PairMeasure& measure, Signal x, View<double, 3> epochs);

}  // namespace caton
