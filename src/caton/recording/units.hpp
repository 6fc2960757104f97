// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>

namespace caton {

/// A unit in its normal spelling.
struct Unit {
  std::string name = "unknown";  ///< "uV"
  double si_factor = 1;          ///< a value in this unit times this is SI; 1 where SI has no other unit for it
  bool voltage = false;
};

/// The unit that a text from a file means ("µV", "microvolts", "UV" → "uV"). What the table does not have stays
/// "unknown", factor 1: it is never taken for volts.
[[nodiscard]] Unit unit_of(std::string_view text);

/// Takes a unit off the end of a label: "Fp1 (uV)", "Fp1 [µV]", "Fp1_uV" → "Fp1"; the unit is "unknown" where there
/// is none, and the label stays whole.
[[nodiscard]] Unit split_unit(std::string& label);

}  // namespace caton
