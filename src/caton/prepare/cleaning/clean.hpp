// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/finding.hpp"
#include "caton/prepare/cleaning/rejection.hpp"
#include "caton/signal/cleaning/bad_channels.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A recording freed from what is not brain, without labels: what `caton clean` does. docs/guide/cleaning.md says why
/// each step is there and on which simulated studies its limits were set.
namespace caton {

enum class CleanReference { automatic, average, as_recorded };

struct CleanOptions {
  double high_pass_hz = 0.1;      ///< 0: none
  std::optional<double> line_hz;  ///< mains; nothing: 50 or 60 Hz where it is there; 0: left alone
  bool bad_channels = true;
  bool ica = true;
  bool asr = true;
  double asr_cutoff = 30;
  CleanReference reference = CleanReference::automatic;  ///< average from 20 channels on
  bool reject = true;                                    ///< mark what is still unusable afterwards
  std::optional<double> reject_v = {};                   ///< peak to peak; none: found from the recording
};

/// What is cleaned: channels x samples [V], all of type EEG.
struct CleanInput {
  Signal signal;
  std::vector<std::string> channels;
  std::optional<Matrix> positions_m;  ///< channels x 3
  double rate_hz = 0;
  std::vector<std::int64_t> pieces = {};     ///< lengths of the stretches without a gap; empty: one
  std::optional<Matrix> eog = {}, ecg = {};  ///< reference channels of the same samples [V]
};

enum class ComponentKind { brain, eye, muscle, heart };
[[nodiscard]] const char* kind_name(ComponentKind kind) noexcept;

/// An independent component and why it was taken away or kept.
struct CleanComponent {
  ComponentKind kind = ComponentKind::brain;
  std::string why;
  double eye = 0;       ///< r with the eye channel, or with the foremost electrodes, 1 to 10 Hz
  double heart = 0;     ///< r with the heart channel; 0 without one
  double slope = 0;     ///< of log power over log frequency, 7 to 45 Hz
  double peaks = 0;     ///< excess kurtosis, 1 to 10 Hz
  double lean = 0;      ///< skewness, 1 to 10 Hz: blinks go to one side
  double variance = 0;  ///< share of the fitted signal's variance
  double removed = 0;   ///< share of the time in which it was taken away
};

struct CleanSpan {
  std::int64_t begin = 0, end = 0;  ///< samples
  std::string kind;                 ///< eye, muscle, heart, burst
};

struct Cleaned {
  Matrix signal;       ///< cleaned, channels x samples [V]
  Matrix as_filtered;  ///< the recorded signal through the same filters and reference, nothing else done to it
  BadChannels bad;     ///< empty lists where not looked for
  std::vector<std::int64_t> bad_indices;
  bool interpolated = false;
  std::vector<double> line_hz;             ///< mains and its harmonics that were cut out
  std::vector<std::int64_t> used;          ///< channels that the components were fitted on
  Matrix maps;                             ///< used channels x components [V]
  Matrix sources;                          ///< components x samples
  std::vector<CleanComponent> components;  ///< by falling variance
  std::vector<CleanSpan> spans;            ///< sorted
  Rejection rejection;                     ///< stretches to be left out by whoever uses the signal
  std::int64_t rank_before = 0, rank_after = 0;
  std::int64_t rank_in_spans = 0;  ///< where eye components are taken away
  std::string reference;
  std::vector<std::string> steps;  ///< in words
  Findings findings;
};

[[nodiscard]] Cleaned clean(const CleanInput& input, const CleanOptions& options = {});

/// Why a stretch is marked: "Fp1 stands still", "Fp1: 312 µV peak to peak".
[[nodiscard]] std::string rejection_words(const CleanInput& input, const RejectedSpan& span);

/// Another signal of the same channels and pieces through the same filters and reference (the truth of a simulation).
[[nodiscard]] Matrix filtered_alike(Signal signal, const CleanInput& input, const CleanOptions& options,
                                    const Cleaned& cleaned);

/// How well a signal tells another: correlation, mean over the channels.
[[nodiscard]] double mean_correlation(Signal a, Signal b);
/// The same over the samples outside all spans.
[[nodiscard]] double mean_correlation_outside(Signal a, Signal b, const std::vector<CleanSpan>& spans);

}  // namespace caton
