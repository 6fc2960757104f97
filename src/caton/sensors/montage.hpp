// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caton {

/// What a channel name of a recording says: the electrode in its canonical spelling, and what was cut off.
struct ElectrodeName {
  std::string name;       ///< "Fp1", "FC5"; as given (trimmed) when it is not known
  std::string reference;  ///< "LE" of "EEG Fp1-LE"; empty when none was said
  bool known = false;     ///< has a position in standard_1005, or a stand-in (CB1, CB2)
};

/// Trims blanks and trailing dots, drops "EEG " and "POL " before and "-REF", "-LE", "-AR", "-A1", "-A2" behind the
/// name, compares without case. A pair of electrodes ("Fpz-Cz") is a bipolar channel and stays as it is, not known.
[[nodiscard]] ElectrodeName electrode_name(std::string_view channel);

/// Positions of electrodes in metres, in a template's own frame (x right, y front, z up).
struct MontagePositions {
  Matrix positions;   ///< names x 3
  Findings findings;  ///< what stood for another name: "montage/alias", "montage/stand-in", "montage/same-place"
};

/// "standard_1005", "gsn_hydrocel_128", "biosemi64".
[[nodiscard]] std::vector<std::string> montage_names();

/// Positions of the names in a montage. Old names T3 T4 T5 T6 are T7 T8 P7 P8, case does not matter, CB1 and CB2 get
/// the stand-ins PO9 and PO10. Refuses unknown montages and electrodes (word `unknown`, with near names), no names
/// (word `empty`).
[[nodiscard]] MontagePositions montage_positions(const std::vector<std::string>& names,
                                                 std::string_view montage = "standard_1005");

/// nasion, lpa, rpa of standard_1005 in metres (3 x 3).
[[nodiscard]] Matrix montage_fiducials();

/// The ordered channels of a cap that published data sets use: order matters to networks.
struct Cap {
  std::string name;
  std::string about;
  std::vector<std::string> channels;
};
[[nodiscard]] const std::vector<Cap>& caps();
/// Refuses an unknown cap (word `unknown`).
[[nodiscard]] const Cap& cap_named(std::string_view name);

}  // namespace caton
