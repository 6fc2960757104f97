// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

namespace caton {

/// From now on so many hours may pass; then long work stops as after Ctrl-C, keeping what is finished
/// (`check_interrupted`), and says that the time is over. 0: no limit.
void set_time_limit(double hours);

}  // namespace caton
