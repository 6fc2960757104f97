// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <span>

/// Stored whole numbers become values: `value = number * gain + offset`, the same bits on every processor.
namespace caton {

struct Gain {
  double gain = 1, offset = 0;
};

/// Little-endian samples of `width` bytes (2 or 3, signed) from `from` on; as many as `to` has places. `from` holds
/// at least that many. float: computed in single precision for 2 bytes, in double for 3.
void decode_samples(Bytes from, int width, const Gain& gain, std::span<float> to);
void decode_samples(Bytes from, int width, const Gain& gain, std::span<double> to);

}  // namespace caton
