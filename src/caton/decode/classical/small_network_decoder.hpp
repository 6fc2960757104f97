// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/classical/small_network.hpp"
#include "caton/decode/decoder.hpp"

#include <cstdint>
#include <memory>

namespace caton {

struct SmallNetworkOptions {
  std::int64_t hidden = 64;
  SmallNetworkTraining training;
  bool standardise = true;  ///< by mean and deviation of the training samples
  /// Go on from the weights of the fit before. This carries what other folds have seen, and the record of the fit then
  /// names those samples as ancestry; made to show that leak, so no recipe can ask for it.
  bool warm_start = false;
};

/// The decoder "small-network".
[[nodiscard]] std::unique_ptr<Decoder> make_small_network(const SmallNetworkOptions& options = {});

}  // namespace caton
