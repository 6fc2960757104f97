// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/recording/recording.hpp"

#include <string>
#include <vector>

/// What the layouts share: numbers out of containers, brought to channels x samples.
namespace caton {

/// How trials of a study are told to the rest of caton.
struct ChannelPlan {
  std::vector<std::string> names;
  std::vector<std::string> types;  ///< empty: all "eeg"
  std::string unit = "uV";         ///< "unknown": the publishers do not say
  double rate_hz = 0;
};
[[nodiscard]] std::vector<Channel> planned_channels(const ChannelPlan& plan);

/// A matrix of a container as float64; refuses what is no real matrix (word `shape`).
[[nodiscard]] Array<double, 2> matrix_of(const ContainerValue& value, const std::string& where);
/// Samples x channels become channels x samples.
[[nodiscard]] Array<double, 2> transposed(View<const double, 2> values);
/// Numbers of any shape, one after the other; refuses what holds none.
[[nodiscard]] std::vector<double> numbers_of(const ContainerValue& value, const std::string& where);
/// Two digits and more, so that names sort as numbers do: "s01".
[[nodiscard]] std::string numbered(const std::string& prefix, std::int64_t number);

}  // namespace caton
