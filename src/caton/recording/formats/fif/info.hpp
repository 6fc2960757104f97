// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/formats/fif/directory.hpp"
#include "caton/recording/recording.hpp"

#include <map>
#include <string>
#include <vector>

namespace caton::fif {

/// What the measurement info of a FIF file says.
struct Info {
  double rate_hz = 0;
  double date_s = -1;                      ///< seconds since 1970; below 0: none
  std::vector<Channel> channels;           ///< without their number of samples
  std::vector<double> range, calibration;  ///< as `channels`: value = stored * range * calibration
};

/// Refuses a file without rate or channels (word `info`); bad channels are told.
[[nodiscard]] Info read_info(const Directory& directory, Findings& findings);

/// "1970-01-01T00:00:00.000104"; empty for none.
[[nodiscard]] std::string start_of(double date_s);

/// Annotations of MNE, with onsets after the first stored sample, which was taken `first_s` after the amplifier began.
[[nodiscard]] std::vector<Annotation> read_annotations(const Directory& directory, const Info& info, double first_s,
                                                       Findings& findings);

/// Events of epochs: the code of each epoch and the names of codes.
struct EpochEvents {
  std::vector<std::int64_t> codes;
  std::map<std::int64_t, std::string> names;
};
[[nodiscard]] EpochEvents read_epoch_events(const Directory& directory);

}  // namespace caton::fif
