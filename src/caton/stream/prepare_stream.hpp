// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/signal_stream.hpp"
#include "caton/prepare/prepared.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace caton {

/// What a step of a stream is, for people.
struct StreamStepAbout {
  std::string operation;
  double delay_s = 0;
  double rate_hz = 0;      ///< of what comes out
  std::string difference;  ///< from the same step on a whole recording; empty: none but the delay
};

/// The steps of a recipe block by block: any division of the signal into blocks gives the same bits.
class PrepareStream {
 public:
  /// Refuses (kind `usage`) steps without a causal form.
  PrepareStream(const std::vector<PrepareStep>& steps, std::int64_t channels, double rate_hz);

  /// Takes up to `most_block` samples; what comes out stays valid until the next call.
  [[nodiscard]] Signal process(Signal x);
  void reset();
  [[nodiscard]] std::int64_t channels() const noexcept { return channels_; }
  [[nodiscard]] double rate_hz() const noexcept { return rate_hz_; }
  [[nodiscard]] double delay_s() const noexcept;
  [[nodiscard]] const std::vector<StreamStepAbout>& about() const noexcept { return about_; }

  static constexpr std::int64_t most_block = 256;

 private:
  struct Step {
    std::unique_ptr<SignalStream> stream;
    Matrix out;
  };
  std::vector<Step> steps_;
  std::vector<StreamStepAbout> about_;
  std::int64_t channels_;
  double rate_hz_;
};

}  // namespace caton
