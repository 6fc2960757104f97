// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>

namespace caton {

/// The electrode or sensor that a filed label means: without "EEG " in front, a reference behind ("-REF", "-A1",
/// "-LE"), padding dots ("Fc5." → "FC5") and with the usual case of the 10-5 system ("FP1" → "Fp1"). A bipolar
/// derivation
/// ("C3-C4") and anything not understood stay as they are.
[[nodiscard]] std::string normal_channel_name(std::string_view label);

/// Whether the normal form is a position of the 10-20, 10-10 or 10-5 system.
[[nodiscard]] bool is_electrode_name(std::string_view normal_name);

/// What a channel measures, told by its label and its unit in the normal spelling: eeg, eog, ecg, emg, resp,
/// temperature, eda, stim, misc. Labels decide first; volts without any hint are taken for eeg.
[[nodiscard]] std::string channel_type(std::string_view label, std::string_view unit);

}  // namespace caton
