// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/features/connectivity/mvar.hpp"

#include <memory>

namespace caton {

struct EnvelopeCorrelation {
  bool orthogonalize = true;  ///< pairwise: the part of i that is in phase with j is taken off first
  bool log = false;           ///< of squared envelopes
  bool absolute = true;       ///< magnitudes before both directions are averaged (only pairwise)
};

/// Correlation of the envelopes of band-passed epochs: E x C x C (mne_connectivity.envelope_correlation: Hilbert of the
/// next fast length; the diagonal is 0 when orthogonalised). Refuses flat channels (word `flat`).
[[nodiscard]] Array<double, 3> envelope_correlation(Epochs epochs, const EnvelopeCorrelation& options);

/// The same of one epoch after the other, all of one shape; asks for no memory after the beginning.
class RepeatedEnvelopes {
 public:
  RepeatedEnvelopes(std::int64_t channels, std::int64_t samples, const EnvelopeCorrelation& options);
  ~RepeatedEnvelopes();
  RepeatedEnvelopes(RepeatedEnvelopes&& other) noexcept;
  /// C x C, valid until the next call. Refuses channels without an envelope (word `flat`).
  [[nodiscard]] const Matrix& run(Signal x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The nearest signals of the same number that are orthogonal to each other, magnitudes free (Colclough 2015). Refuses
/// fewer samples than channels (word `short`).
[[nodiscard]] Matrix symmetric_orthogonalization(Signal x, std::int64_t iterations = 50, double tolerance = 1e-6);

}  // namespace caton
