// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"

#include <memory>
#include <string>

namespace caton {

/// A pickle of Python, read as data: dicts, lists, tuples, texts, numbers and NumPy arrays (protocols 2 to 4). Nothing
/// that it names is ever run or imported; a name beyond NumPy's array reconstruction is refused (word `pickle`).
/// A dict at the top gives one variable per key, anything else one variable named "value".
/// Refuses shared parts that would grow beyond the limits when written out (word `limit`).
[[nodiscard]] std::unique_ptr<Container> pickle_container(Bytes bytes, const std::string& where,
                                                          std::shared_ptr<const void> owner = {});

}  // namespace caton
