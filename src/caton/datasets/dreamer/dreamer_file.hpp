// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace caton {

/// Names of the dimensions that DREAMER and DEAP rate, in the order used everywhere.
inline constexpr std::array<const char*, 3> rated_dimensions{"valence", "arousal", "dominance"};

/// DREAMER.mat (level 5 or 7.3; `Data` a cell or a struct array), opened without its signals; trials are read one at a
/// time. Subjects and trials count from 0; the number of trials is that of the first subject.
/// Refuses missing fields by their names.
class DreamerFile {
 public:
  /// `path`: the file, or the folder it lies in.
  explicit DreamerFile(const Path& path);

  [[nodiscard]] std::int64_t subjects() const noexcept { return static_cast<std::int64_t>(ratings_.size()); }
  [[nodiscard]] std::int64_t trials() const noexcept { return trials_; }
  [[nodiscard]] double rate_hz() const noexcept { return rate_hz_; }
  [[nodiscard]] const std::vector<std::string>& electrodes() const noexcept { return electrodes_; }
  [[nodiscard]] const std::string& where() const noexcept { return where_; }
  /// Of one of `rated_dimensions`.
  [[nodiscard]] double rating(std::size_t dimension, std::int64_t subject, std::int64_t trial) const;
  [[nodiscard]] std::int64_t samples(std::int64_t subject, std::int64_t trial) const;
  /// Electrodes x samples, as filed (microvolts).
  [[nodiscard]] Array<double, 2> stimulus(std::int64_t subject, std::int64_t trial) const;
  [[nodiscard]] Array<double, 2> baseline(std::int64_t subject, std::int64_t trial) const;

 private:
  struct Subject {
    std::array<std::vector<double>, 3> ratings;
    std::vector<std::int64_t> samples;
  };
  [[nodiscard]] Subject subject_of(const ContainerValue& data, std::int64_t index);
  [[nodiscard]] Array<double, 2> signal(const char* part, std::int64_t subject, std::int64_t trial) const;

  std::shared_ptr<const Container> container_;
  std::string where_;
  std::int64_t trials_ = 0;
  double rate_hz_ = 0;
  std::vector<std::string> electrodes_;
  std::vector<Subject> ratings_;
};

}  // namespace caton
