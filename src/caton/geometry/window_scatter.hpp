// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/geometry/covariance_scatter.hpp"

#include <vector>

namespace caton {

/// What will be needed after the sums of a window: it is brought near meanwhile.
struct Upcoming {
  Signal next;  ///< the window that follows
  Signal out;   ///< where the sums go
};

/// Sums of products of one window after the other, for windows that may overlap. A window is summed in equal stretches,
/// each less its own means, and what the window before has summed already is not summed again (two halves, or quarters
/// of a window cut every quarter or half of its length). The bits of a window do not depend on those before it.
class WindowScatter {
 public:
  /// `centred`: less the mean of each channel.
  WindowScatter(std::int64_t channels, std::int64_t samples, bool centred, Processor target = processor());

  /// The next window (channels x samples), which must last until the next call.
  void take(Signal window, const Upcoming& upcoming = {});
  /// The mean of each channel of the window, not finite where a value is not.
  [[nodiscard]] std::span<const double> means() const noexcept;
  /// `factor` times the sums of products, both triangles.
  void put(double factor, View<double, 2> out);

 private:
  struct Stretch {
    std::vector<double> means;  ///< whole lanes of channels
    Matrix sums;
  };

  /// How many stretches at the window's end the one before did not have.
  [[nodiscard]] std::int64_t unknown(Signal window) const;
  void sum(Signal stretch, Stretch& out);
  void merge();

  bool centred_;
  Processor target_;
  std::int64_t channels_, length_;  ///< samples of a stretch
  std::vector<Stretch> stretches_;  ///< of the window, in order of time
  Signal before_;
  std::vector<double> means_;  ///< whole lanes of channels
  Matrix merged_;
  Ahead ahead_;
};

}  // namespace caton
