// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/random.hpp"
#include "caton/base/registry.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

/// The loops that decide how fast caton is, each measurable by itself (`caton bench`).
namespace caton {

/// One call of a kernel, and what it cannot do without.
struct KernelWork {
  std::function<void()> run;
  double operations = 0;  ///< additions and multiplications of the usual algorithm; 0: it only moves bytes
  double bytes = 0;       ///< read and written at least once
};

/// Registered in its room, beside the code: `prepare` makes the input, on memory that is used again in every call.
struct KernelEntry {
  std::string name;   ///< "fir"
  std::string about;  ///< what is measured, with its sizes
  KernelWork (*prepare)() = nullptr;
};

/// The kernels of a room, registered while its library loads.
class KernelEntries {
 public:
  KernelEntries(std::initializer_list<KernelEntry> entries) : entries_(entries) {
    for (const KernelEntry& entry : entries_) Registry<KernelEntry>::instance().add(entry);
  }

 private:
  std::vector<KernelEntry> entries_;
};

/// Normal values, the same in every call: what kernels work on.
template <std::size_t Rank>
std::shared_ptr<const Array<double, Rank>> kernel_signal(const typename Array<double, Rank>::Extents& extents) {
  auto x = std::make_shared<Array<double, Rank>>(extents, uninitialised);
  RandomStream random(1, "kernel");
  for (double& value : *x) value = random.normal();
  return x;
}

/// What this machine does at best with one thread: measured, not looked up.
struct MachinePeak {
  double operations_per_s = 0;  ///< multiplications and additions of float64, not fused, in registers
  double bytes_per_s = 0;       ///< read and written while memory far larger than the caches is copied
};
[[nodiscard]] MachinePeak measured_peak();

/// Seconds of one call: the median of `rounds` rounds of about 20 ms each, after one call that does not count.
[[nodiscard]] double measured_seconds(const std::function<void()>& run, int rounds = 5);

}  // namespace caton
