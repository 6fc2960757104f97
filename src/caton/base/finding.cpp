// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/finding.hpp"

namespace caton {

const char* severity_name(Severity severity) noexcept {
  switch (severity) {
    case Severity::note: return "note";
    case Severity::warn: return "warn";
    case Severity::stop: return "stop";
  }
  return "note";
}

}  // namespace caton
