// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/random.hpp"
#include "caton/datasets/simulated/source_model.hpp"

#include <array>
#include <string>
#include <string_view>

/// Putting sources into a head.
namespace caton::simulated {

using Point = std::array<double, 3>;

/// `direction` turned at random: `spread` is the standard deviation of what is added along each axis.
[[nodiscard]] Point turned(const Point& direction, double spread, RandomStream& random);
/// From the centre of the head to an electrode.
[[nodiscard]] Point direction_of(const Head& head, const std::string& electrode);

/// Room for so many sources.
[[nodiscard]] PlacedSources room_for(std::int64_t sources);
/// Source number `source` at `depth` (a share of the radius) in this direction.
void place(PlacedSources& sources, const Head& head, std::int64_t source, const Point& direction, double depth,
           const Point& orientation);
/// The cortex of all persons from source `first` on: directions above the ears' plane, the same in the whole study.
void place_background(PlacedSources& sources, const Head& head, std::uint64_t seed, std::string_view purpose,
                      std::int64_t first);
/// Potentials of all sources along their own orientation, into `leadfield`.
void compute_leadfield(PlacedSources& sources, const Head& head);
/// The largest weight of a source on any electrode [V/(A m)].
[[nodiscard]] double largest_weight(const PlacedSources& sources, std::int64_t source);
/// Adds a source's moment [A m], one value a sample, to the electrodes x samples of `out` [V].
void add_source(const PlacedSources& sources, std::int64_t source, std::span<const double> moment, View<double, 2> out);

}  // namespace caton::simulated
