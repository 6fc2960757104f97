// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "operation_examples.hpp"
#include "signal_test.hpp"

namespace caton {
namespace {

const testing::OperationExample bank_example{
    .name = "ssvep_chebyshev_bank",
    .args = Json::object({{"band", 1}, {"rate_hz", 250}}),
    .in = {{"x", Tensor::of(testing::noise(2, 200))}},
};
CATON_REGISTER(testing::OperationExample, bank_example);

const testing::OperationExample reference_example{
    .name = "ssvep_reference",
    .args =
        Json::object({{"stimuli_hz", Json::list_of(std::vector<double>{9, 12})}, {"rate_hz", 128}, {"samples", 64}}),
};
CATON_REGISTER(testing::OperationExample, reference_example);

}  // namespace
}  // namespace caton
