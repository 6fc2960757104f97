// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"
#include "caton/recording/units.hpp"

#include <string>

/// What a file states of a channel, as formats take it over.
namespace caton {

/// The stated unit; the caller's where none is stated that is known.
[[nodiscard]] Unit filed_unit(Unit stated, const OpenOptions& options);
/// A channel of this name, unit and rate, its type by name and unit.
[[nodiscard]] Channel filed_channel(const std::string& name, const Unit& unit, double rate_hz);

}  // namespace caton
