// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/samples/sample_set.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caton {

/// What split plans and units of inference look at: one value a sample in each column; an empty column is not known.
/// Ids are any numbers. A subject is a person of its study; a session belongs to its subject, a trial to its session.
struct Columns {
  std::vector<std::int64_t> label = {}, study = {}, subject = {}, session = {}, recording = {}, trial = {};
  std::vector<std::int64_t> begin = {}, end = {};  ///< [begin, end) in samples of the recording
  std::vector<std::int64_t> group = {};            ///< any other grouping; grouped plans prefer it where it is given

  /// Number of samples; columns of unequal length are refused (`length`).
  [[nodiscard]] std::int64_t size() const;
};

/// The columns of a set of samples.
[[nodiscard]] Columns columns_of(const Origins& origins, std::span<const std::int64_t> labels);

/// Which real thing a sample belongs to.
enum class Unit { sample, trial, recording, session, subject, study };
/// "window", "trial", "recording", "session", "subject", "study".
[[nodiscard]] const char* unit_name(Unit unit) noexcept;

/// Number of each sample's unit, 0 … U-1, in the order in which (study, subject, session, …, id) sort. Refuses a column
/// that is not known, naming it.
[[nodiscard]] std::vector<std::int64_t> numbered_units(const Columns& columns, Unit unit);

}  // namespace caton
