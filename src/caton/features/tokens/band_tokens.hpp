// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/signal/checks.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Band differential entropy tokens of RBTransformer (arXiv 2511.13954, github.com/nnilayy/RBTransformer): each
/// electrode of a window becomes one token, its entropy in a few bands.
namespace caton {

/// Bands of the authors' code (4-8, 8-14, 14-31, 31-49 Hz) and of their paper (4-8, 8-13, 13-30, 30-45 Hz).
[[nodiscard]] std::vector<Band> rbt_code_bands();
[[nodiscard]] std::vector<Band> rbt_paper_bands();

/// How a window becomes tokens. Defaults are those of the authors' code for every data set.
struct TokenOptions {
  double rate_hz = 128;  ///< of the filter design; the authors keep 128 even for SEED's 200 Hz data
  int order = 5;
  std::vector<Band> bands = rbt_code_bands();
  bool per_channel = false;  ///< z-score every channel by itself (paper) instead of the whole window (code)
  std::int64_t settle = 0;   ///< filtered samples dropped at the start of every window, where the filter rings
  bool allow_flat = false;   ///< keep tokens of constant channels where they are finite
};

/// (x - mean) / standard deviation (population) over all values, or over each channel. Refuses a window without
/// variation (word `constant`).
[[nodiscard]] Matrix zscore_window(Signal x, bool per_channel = false);

/// 0.5 log2(2 pi e v), in bit: v is the population variance of each channel (no z-score first) after each band's causal
/// Butterworth filter from rest. Channels x bands.
[[nodiscard]] Matrix band_differential_entropy(Signal x, const TokenOptions& options);

/// Tokens (windows x channels x bands, bit) of the windows of `length` samples that begin at `begins`: each window is
/// z-scored and filtered from rest by itself. Refuses windows outside the signal (`short`), values that are not finite
/// (`finite`), constant channels or windows (`constant`, unless `allow_flat`), bands as `require_bands`.
[[nodiscard]] Array<double, 3> window_tokens(Signal x, std::span<const std::int64_t> begins, std::int64_t length,
                                             const TokenOptions& options, const std::string& where = "window_tokens");

}  // namespace caton
