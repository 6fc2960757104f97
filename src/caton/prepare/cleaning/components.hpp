// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/prepare/cleaning/clean.hpp"

namespace caton {

/// Limits of the scores beyond which a component is taken away, set on simulated studies (docs/guide/cleaning.md).
namespace component_limits {
inline constexpr double eye_channel_r = 0.5, foremost_r = 0.55, heart_r = 0.4, muscle_slope = 0.8;
}

/// Independent components of the used channels, fitted on a copy without slow waves.
struct Components {
  Matrix unmixing;  ///< components x used channels
  Matrix mixing;    ///< used channels x components
  std::vector<double> mean;
  Matrix sources;  ///< components x samples, of the fitted copy
  std::vector<CleanComponent> found;
  Findings findings;
};

/// Extended Picard on the whitened copy; components by falling variance. Nothing where the recording is too short for
/// three components (20 samples for each entry of the unmixing matrix) or has fewer than four channels.
[[nodiscard]] std::optional<Components> fit_components(Signal copy);

/// Judges every component: the eye's, the heart's, a muscle's, or to be kept.
void judge_components(Components& components, Signal copy, const CleanInput& input,
                      const std::vector<std::int64_t>& used);

/// How much of component k is taken away at each sample, 0 to 1: all of it for heart and muscle; for the eye only
/// around its deflections, so that what the component holds of the brain between them stays.
[[nodiscard]] std::vector<double> removal_weights(const Components& components, std::int64_t k, double rate_hz);

/// Between these a component's eye movements are looked for: 1 Hz and this, at most 10 Hz.
[[nodiscard]] double slow_end_hz(double rate_hz);
[[nodiscard]] Matrix band_passed(Signal x, double rate_hz, double low_hz, double high_hz);

/// The electrodes nearest to the eyes, at most four; indices of `positions`' rows.
[[nodiscard]] std::vector<std::int64_t> foremost(const Matrix& positions, const std::vector<std::int64_t>& of);

}  // namespace caton
