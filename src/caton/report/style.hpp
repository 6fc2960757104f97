// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>

namespace caton::report {

/// How the page looks on a screen, on a phone and on A4.
[[nodiscard]] std::string_view style_sheet() noexcept;

/// A whole page that needs nothing from outside: the style sheet, a policy that allows nothing to be loaded, the body.
[[nodiscard]] std::string document(std::string_view title, std::string_view body);

}  // namespace caton::report
