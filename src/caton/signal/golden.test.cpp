// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "signal_test.hpp"

namespace caton {

TEST_SUITE("signal") {
  TEST_CASE("signal: golden cases") {
    for (const char* const name :
         {"iir", "fir-design", "fir-filter", "notch", "resample", "spectra", "time-frequency", "wavelets",
          "detrend-reference", "epochs", "preparation", "artefacts", "asr", "ica-fastica", "ica-picard-infomax",
          "microstates"})
      testing::replay_case(std::string("signal-toolbox/") + name);
  }
}

}  // namespace caton
