// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "operation_examples.hpp"
#include "signal_test.hpp"

namespace caton {

namespace {

using testing::noise;
using testing::OperationExample;

const OperationExample hilbert_example{.name = "hilbert", .in = {{"x", Tensor::of(noise(3, 200))}}};
CATON_REGISTER(OperationExample, hilbert_example);

}  // namespace

}  // namespace caton
