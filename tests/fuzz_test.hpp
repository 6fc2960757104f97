// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// What fuzz targets share: whatever the bytes, a parser either reads them or throws an Error.

#include "caton/base/bytes.hpp"
#include "caton/base/error.hpp"

#include <cstddef>

namespace caton::testing {

/// Feeds the bytes to `body`; an `Error` is a good answer, anything else ends the process and is a defect.
template <class Body>
int survive(const unsigned char* bytes, std::size_t size, Body&& body) {
  try {
    body(Bytes(static_cast<const std::byte*>(static_cast<const void*>(bytes)), size));
  } catch (const Error&) {
  }
  return 0;
}

/// Reads all of a container, the outlines and the findings too.
template <class Container>
void read_all(const Container& container) {
  for (const auto& variable : container.variables()) {
    static_cast<void>(container.outline(variable.name));
    static_cast<void>(findings_of(container.read(variable.name), variable.name));
  }
}

}  // namespace caton::testing
