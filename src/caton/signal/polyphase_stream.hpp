// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/signal_stream.hpp"
#include "caton/signal/polyphase.hpp"

#include <vector>

namespace caton {

/// `resample_poly` with zeros before the signal, sample by sample: the same numbers, each as soon as its filter is
/// full.
class PolyphaseStream final : public SignalStream {
 public:
  PolyphaseStream(const PolyResample& options, double kaiser_beta, std::int64_t channels, double rate_hz);

  std::int64_t process(Signal x, View<double, 2> y) override;
  [[nodiscard]] std::int64_t most_output(std::int64_t samples) const override;
  void reset() override;
  [[nodiscard]] std::int64_t channels() const override { return lines_.extent(0); }
  [[nodiscard]] double rate_hz() const override;
  [[nodiscard]] double delay_s() const override;
  [[nodiscard]] std::string difference() const override { return difference_; }
  void tell_difference(std::string text) { difference_ = std::move(text); }

 private:
  std::int64_t up_, down_, half_ = 0, past_ = 0;
  double rate_in_hz_;
  std::vector<double> h_;
  Matrix lines_;            ///< channels x (past + tile): the last inputs, up to `end_`
  std::int64_t end_ = 0;    ///< columns of `lines_` in use
  std::int64_t taken_ = 0;  ///< inputs so far
  std::int64_t given_ = 0;  ///< outputs so far
  std::string difference_;
};

}  // namespace caton
