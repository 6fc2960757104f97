// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"
#include "caton/models/rbtransformer/inference.hpp"

#include <string>
#include <vector>

namespace caton::rbtransformer {

/// What the network looked at while it decided on `samples`:
/// - `attention` (class, block, head, electrode, electrode): softmax weights, mean over the samples decided for a class
///   (classes decided for at least once); row looks, column is looked at; rows sum to 1.
/// - `attention-difference` (electrode, electrode): second class minus first, mean of blocks and heads; two classes
/// only.
/// - `pooled-features` (sample, feature): the mean over electrodes that the classifier sees.
/// `probability`: samples x classes, as predicted; the same bits for any number of threads.
[[nodiscard]] std::vector<Explanation> explanations(const Inference& network, const SampleSet& samples,
                                                    const Array<double, 2>& probability,
                                                    const std::vector<std::string>& classes);

}  // namespace caton::rbtransformer
