// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/cli/terminal.hpp"
#include "caton/recording/recording.hpp"
#include "caton/recording/signal_facts.hpp"

#include <string>

namespace caton::cli {

struct InfoPage {
  const Recording* recording = nullptr;
  const SignalFacts* facts = nullptr;
  const Findings* more_findings = nullptr;
  Json variables = {};  ///< list of about_variables, or null
  std::string file;     ///< as the user named it
  bool all = false;     ///< every channel and annotation kind, however many
};

/// The page that a person reads: what it is, channels with amplitudes, annotations, findings, what to do next.
[[nodiscard]] std::string info_page(const InfoPage& page, const Terminal& terminal);

}  // namespace caton::cli
