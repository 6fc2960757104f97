// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/evaluate/answers.hpp"

/// What answers tell about the labels they are held against: nobody has to suspect anything beforehand.
namespace caton {

/// Findings about the labels of one evaluation, pooled and for every person:
///   labels/swapped  two classes: the area under the receiver operating characteristic lies below 0.5 beyond its
///                   interval (DeLong): the codes may have changed their meaning between people or recordings
///   labels/table    the classes fit the answers far better in another order, which is named: a hint, never a result
/// Trials are what counts (one decision each): windows of a trial say the same thing many times, and where labels
/// change within a trial nothing is independent and nothing is said. Levels are shared among all that is looked at
/// (Bonferroni: people, and orders of classes), as nothing was asked beforehand.
[[nodiscard]] Findings label_findings(const Answers& answers);

}  // namespace caton
