// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/html.hpp"

#include <string>

namespace caton::happyfeat {

/// What every page of the workbench begins and ends with.
void begin_page(report::Html& page, const std::string& where, const std::string& title);
[[nodiscard]] std::string finished_page(report::Html& page, const std::string& title);

}  // namespace caton::happyfeat
