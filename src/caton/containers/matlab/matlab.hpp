// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"

#include <memory>
#include <string>

namespace caton {

/// A MATLAB file of level 5 (versions 5 to 7, little or big endian, compressed or not). Source: MathWorks, MAT-File
/// Format, level 5 chapter. Opening lists the variables; values are read when asked for. `owner` keeps the bytes alive.
[[nodiscard]] std::unique_ptr<Container> matlab5_container(Bytes bytes, const std::string& where,
                                                           std::shared_ptr<const void> owner = {});
/// A MATLAB file of level 4. Source: the same, level 4 chapter.
[[nodiscard]] std::unique_ptr<Container> matlab4_container(Bytes bytes, const std::string& where,
                                                           std::shared_ptr<const void> owner = {});

[[nodiscard]] bool is_matlab5(Bytes head) noexcept;
[[nodiscard]] bool is_matlab4(Bytes head) noexcept;

}  // namespace caton
