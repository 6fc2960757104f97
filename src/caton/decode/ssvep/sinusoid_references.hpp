// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/lanes.hpp"
#include "caton/signal/nonuniform_fft.hpp"
#include "caton/signal/ssvep_reference.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace caton {

/// Flickers and their harmonics as references of canonical correlation, without their samples: products with all of
/// them come from one Fourier transform, and what makes the sines and cosines of a flicker orthonormal is known in
/// closed form. Eight epochs go side by side.
class SinusoidReferences {
 public:
  /// Nothing where `ReferenceBases` are quicker (few references), or for harmonics that so short an epoch hardly tells
  /// apart.
  [[nodiscard]] static std::optional<SinusoidReferences> of(const SsvepStimuli& stimuli, std::int64_t samples);

  /// Whether epochs of so many channels may be asked about.
  [[nodiscard]] bool takes(std::int64_t channels) const noexcept;
  /// The largest canonical correlation of each epoch with each flicker, to `score` (epochs x flickers); false for
  /// epochs whose channels almost depend on each other, which get none.
  [[nodiscard]] std::vector<bool> put_correlations(View<const double, 3> epochs, View<double, 2> score) const;

 private:
  class Work;

  SinusoidReferences(std::int64_t stimuli, std::int64_t samples, std::int64_t harmonics, NonuniformFft transform)
      : stimuli_(stimuli), samples_(samples), harmonics_(harmonics), transform_(std::move(transform)) {}
  /// Products of one channel with all sines and cosines, eight epochs side by side, in numbers.
  [[nodiscard]] std::int64_t product_step() const noexcept { return 2 * transform_.frequencies() * lane_count; }
  [[nodiscard]] bool add_stimulus(double cycles_per_sample);

  std::int64_t stimuli_, samples_, harmonics_;
  NonuniformFft transform_;
  std::vector<double> factors_;  ///< of each flicker: what makes cosines orthonormal, then sines, lower triangles
};

}  // namespace caton
