// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <cstdint>
#include <span>

namespace caton {

/// A recording whose two `read`s are one template: `Own` has `read_any<T>(channels, first, count, View<T, 2> out)`,
/// which does for both precisions what `Recording::read` says.
template <class Own>
class BothPrecisions : public Recording {
 public:
  void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
            View<float, 2> out) const final {
    static_cast<const Own*>(this)->read_any(channels, first, count, out);
  }
  void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
            View<double, 2> out) const final {
    static_cast<const Own*>(this)->read_any(channels, first, count, out);
  }

 protected:
  BothPrecisions() = default;
};

}  // namespace caton
