// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"

namespace caton {

struct Study;
struct MeasuredStudy;

/// Channels whose amplitude alone tells the classes apart (poor contact, muscle): for every channel the medians of the
/// robust standard deviation over the trials of each class; a finding `confound/amplitude` where the largest exceeds
/// the smallest by a factor of 2.5 and the two classes overlap little (rank statistic above 0.8).
[[nodiscard]] Findings amplitude_confounds(const Study& study, const MeasuredStudy& measured);

}  // namespace caton
