// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// The recipe's input `given`: the layout made the samples itself, there is nothing to measure.
#include "caton/base/error.hpp"
#include "caton/features/feature.hpp"

namespace caton {
namespace {

std::vector<std::string> names(const Json& /*options*/) { return {}; }

FeatureWindows measure(const FeatureRequest& /*request*/, const Json& /*options*/) {
  throw usage_error("input given", "this layout has recordings, not samples",
                    "name a feature such as differential-entropy");
}

const FeatureEntry given_input{.name = "given",
                               .about = "samples as the layout made them (emotion-null)",
                               .block = "tokens",
                               .keys = {},
                               .names = names,
                               .measure = measure};
CATON_REGISTER(FeatureEntry, given_input);

}  // namespace
}  // namespace caton
