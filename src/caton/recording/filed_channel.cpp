// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/filed_channel.hpp"

#include "caton/recording/channel_names.hpp"

#include <utility>

namespace caton {

Unit filed_unit(Unit stated, const OpenOptions& options) {
  return stated.name == "unknown" && options.unit ? unit_of(*options.unit) : std::move(stated);
}

Channel filed_channel(const std::string& name, const Unit& unit, double rate_hz) {
  Channel channel;
  channel.name = name;
  channel.unit = unit.name;
  channel.si_factor = unit.si_factor;
  channel.type = channel_type(name, unit.name);
  channel.rate_hz = rate_hz;
  return channel;
}

}  // namespace caton
