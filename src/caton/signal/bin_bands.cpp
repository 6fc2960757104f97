// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/bin_bands.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

namespace caton {

void require_bin_bands(const std::string& where, std::span<const Band> bands, double rate_hz) {
  require_positive(where, "rate_hz", rate_hz);
  if (bands.empty()) throw usage_error(where, "bands_hz is empty: no band is given");
  for (const Band& band : bands) {
    const std::string text = "the band " + number_text(band.low_hz) + " to " + number_text(band.high_hz) + " Hz";
    if (!(band.low_hz >= 0)) throw usage_error(where, text + " begins below 0 Hz (positive)");
    if (!(band.low_hz < band.high_hz)) throw usage_error(where, text + " is empty");
    if (!(band.high_hz <= rate_hz / 2))
      throw usage_error(where, text + " ends above the Nyquist frequency " + number_text(rate_hz / 2) + " Hz",
                        "choose a lower frequency or record faster");
  }
}

}  // namespace caton
