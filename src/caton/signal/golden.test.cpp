// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "own_cases.hpp"
#include "signal_test.hpp"

namespace caton {

TEST_SUITE("signal") {
  TEST_CASE("signal: golden cases") {
    for (const char* const name : {"iir", "fir-design", "fir-filter", "notch", "resample", "spectra", "time-frequency",
                                   "wavelets", "detrend-reference", "epochs", "preparation", "artefacts", "asr",
                                   "ica-fastica", "ica-picard-infomax", "microstates"})
      testing::replay_case(std::string("signal-toolbox/") + name);
  }

  TEST_CASE("signal: own cases") {
    testing::replay_own_cases("signal-toolbox", {"fir-design",
                                                 "fir-filter",
                                                 "iir-design",
                                                 "iir-filter",
                                                 "notch",
                                                 "resample",
                                                 "resample-poly",
                                                 "spectra",
                                                 "time-frequency",
                                                 "wavelets",
                                                 "detrend-reference",
                                                 "epochs",
                                                 "ica",
                                                 "artefacts",
                                                 "asr",
                                                 "infomax",
                                                 "windows",
                                                 "types",
                                                 "edges",
                                                 "eog-scores",
                                                 "filter-combinations",
                                                 "iir-combinations",
                                                 "spectra-combinations"});
  }
}

}  // namespace caton
