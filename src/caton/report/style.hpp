// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string_view>

namespace caton::report {

/// How the page looks on a screen, on a phone and on A4.
[[nodiscard]] std::string_view style_sheet() noexcept;

}  // namespace caton::report
