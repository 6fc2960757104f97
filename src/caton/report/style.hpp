// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <string>
#include <string_view>

namespace caton::report {

/// How the page looks on a screen, on a phone and on A4.
[[nodiscard]] std::string_view style_sheet() noexcept;

/// A whole page: head, style, and what was built as its body. `title` is data, `body` markup that was built here.
[[nodiscard]] std::string document(std::string_view title, std::string_view body);

}  // namespace caton::report
