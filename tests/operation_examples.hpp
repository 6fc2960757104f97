// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/json.hpp"
#include "caton/base/registry.hpp"
#include "caton/base/tensor.hpp"

#include <set>
#include <string>

namespace caton::testing {

/// A call of an operation that works and gives finite numbers. The bad-input matrix starts from it and spoils one thing
/// at a time; an operation of a tested room without an example fails. Examples of a room's operations stand in its
/// `*examples.test.cpp`, each registered with CATON_REGISTER(testing::OperationExample, …).
struct OperationExample {
  std::string name;  ///< the operation's
  Json args = Json::object();
  Tensors in = {};
  /// Outputs that stand for "there is none" by NaN or infinity (no alpha peak, no match of a template), as documented.
  std::set<std::string> may_be_undefined = {};
};

}  // namespace caton::testing
