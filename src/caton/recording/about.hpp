// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/containers/container.hpp"
#include "caton/recording/recording.hpp"

#include <cstdint>
#include <vector>

/// What `caton info --json` says, for other programs; its keys are a promise.
namespace caton {

/// `{format, duration_s, channels: [{name, type, unit, rate_hz, samples}], annotations: [{onset_s, duration_s, text}],
/// findings: [{code, severity, where, what}]}`; unknown rates and durations are null. With positions each channel
/// has `values: {"533": …}`: SI where the unit is known, else as filed; null beyond its end.
[[nodiscard]] Json about_recording(const Recording& recording, const Findings& more_findings,
                                   const std::vector<std::int64_t>& positions = {});

/// `[{name, dtype, shape, first, last, sum}]` of a container's variables: the first four and last two numbers and their
/// sum, in the order in which the file's program counts them (MATLAB: down the columns). Texts carry `text`, structs
/// `fields`, cells `element` (the first one). Findings about values that are not finite are appended.
[[nodiscard]] Json about_variables(const Container& container, const std::string& where, Findings& findings);

}  // namespace caton
