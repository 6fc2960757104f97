// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/fir_signal_stream.hpp"

#include "caton/signal/filter_chain.hpp"
#include "caton/signal/fir.hpp"

namespace caton {

namespace {

class FirSignalStream final : public SignalStream {
 public:
  FirSignalStream(const std::vector<double>& h, bool late, std::int64_t channels, double rate_hz)
      : filter_(h, channels), channels_(channels), rate_hz_(rate_hz), late_(late) {}

  std::int64_t process(Signal x, View<double, 2> y) override {
    filter_.process(x, y.slice(1, 0, x.extent(1)));
    return x.extent(1);
  }
  void reset() override { filter_.reset(); }
  [[nodiscard]] std::int64_t channels() const override { return channels_; }
  [[nodiscard]] double rate_hz() const override { return rate_hz_; }
  [[nodiscard]] double delay_s() const override {
    return late_ ? static_cast<double>(filter_.delay_samples()) / rate_hz_ : 0;
  }

 private:
  FirStream filter_;
  std::int64_t channels_;
  double rate_hz_;
  bool late_;
};

}  // namespace

std::unique_ptr<SignalStream> fir_signal_stream(const std::vector<double>& h, FirPhase phase, std::int64_t channels,
                                                double rate_hz) {
  const auto taps = phase == FirPhase::zero_double ? joined_filters({h, std::vector<double>(h.rbegin(), h.rend())}) : h;
  return std::make_unique<FirSignalStream>(taps, phase != FirPhase::minimum, channels, rate_hz);
}

}  // namespace caton
