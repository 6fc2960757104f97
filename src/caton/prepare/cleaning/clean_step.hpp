// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/recipe_key.hpp"
#include "caton/prepare/bad_spans.hpp"
#include "caton/prepare/cleaning/clean_recording.hpp"

#include <string>
#include <vector>

/// Cleaning as a recipe's first step: `{ clean = { ica = true, asr = false } }`. Each recording is cleaned on its own
/// and without its labels.
namespace caton {

inline constexpr const char* clean_step_name = "clean";
[[nodiscard]] const std::vector<RecipeKey>& clean_step_keys();
/// Complete arguments; unknown keys and wrong values are refused with their place.
[[nodiscard]] Json clean_step_arguments(const Json& given, const std::string& where);
[[nodiscard]] CleanOptions clean_step_options(const Json& args);

/// What later steps and the report need of a cleaned recording.
struct CleanedSignal {
  Matrix signal;  ///< channels x samples [V]
  std::int64_t rank = 0;
  std::string reference;
  std::string what;          ///< was found and taken away, in words
  std::vector<BadSpan> bad;  ///< stretches marked, in samples of the recording
  Findings findings;
};

/// `clean` of these channels. The result is kept in the user's cache under the digest of all that it depends on, and
/// read back bit for bit (`ResultCache`, at most `most_kept_bytes`).
[[nodiscard]] CleanedSignal cleaned_recording(const Recording& recording, std::span<const std::int64_t> channels,
                                              const Json& args);
inline constexpr std::int64_t most_kept_bytes = std::int64_t{4} << 30;

}  // namespace caton
