// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/trial_signals.hpp"

#include "caton/base/error.hpp"

namespace caton {

std::vector<Channel> planned_channels(const ChannelPlan& plan) {
  std::vector<Channel> channels;
  for (std::size_t i = 0; i < plan.names.size(); ++i) {
    Channel channel;
    channel.name = plan.names[i];
    if (!plan.types.empty()) channel.type = plan.types[i];
    channel.rate_hz = plan.rate_hz;
    const bool voltage = channel.type == "eeg" || channel.type == "eog" || channel.type == "emg";
    if (voltage && plan.unit == "uV") {
      channel.unit = "uV";
      channel.si_factor = 1e-6;
    }
    channels.push_back(std::move(channel));
  }
  return channels;
}

Array<double, 2> matrix_of(const ContainerValue& value, const std::string& where) {
  if (value.kind != ValueKind::array || value.complex || value.shape.size() != 2) {
    throw input_error(where, "the shape is wrong: a matrix of real numbers is needed");
  }
  return value.array.array<2>(where);
}

Array<double, 2> transposed(View<const double, 2> values) { return Array<double, 2>(values.transposed()); }

std::vector<double> numbers_of(const ContainerValue& value, const std::string& where) {
  if (value.kind != ValueKind::array || value.complex || value.left_out) {
    throw input_error(where, "real numbers are needed here");
  }
  return value.array.doubles();
}

std::string numbered(const std::string& prefix, std::int64_t number) {
  return prefix + (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace caton
