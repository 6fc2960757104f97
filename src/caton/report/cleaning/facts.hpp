// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/prepare/cleaning/clean.hpp"

#include <optional>
#include <string>

namespace caton::report {

/// How well a cleaned recording tells what is known to be true of it: mean correlation over the channels.
struct CleaningTruth {
  double recorded = 0, cleaned = 0;              ///< with the true brain signal through the same filters
  double recorded_plain = 0, cleaned_plain = 0;  ///< with the true brain signal as it is
};

/// What the page of a cleaned recording tells.
struct CleaningFacts {
  std::string file;
  const CleanInput* input = nullptr;
  const Cleaned* cleaned = nullptr;
  std::optional<CleaningTruth> truth = {};
  double likeness = 0;          ///< mean correlation of the cleaned with the recorded signal, same filters
  double likeness_outside = 0;  ///< the same outside what was marked
};

/// A page of its own: figures and words in one file, nothing loaded from elsewhere.
[[nodiscard]] std::string cleaning_page(const CleaningFacts& facts);

/// The numbers of the page, for programs.
[[nodiscard]] Json cleaning_json(const CleaningFacts& facts);

/// Why a channel is bad, in words.
[[nodiscard]] std::string bad_channel_words(const BadChannels& bad, std::size_t channel);

}  // namespace caton::report
