// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/polyphase_stream.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <numeric>

namespace caton {

namespace {

constexpr std::int64_t tile = 256;

}  // namespace

PolyphaseStream::PolyphaseStream(const PolyResample& options, double kaiser_beta, std::int64_t channels, double rate_hz)
    : up_(options.up), down_(options.down), rate_in_hz_(rate_hz) {
  if (up_ < 1 || down_ < 1 || up_ > 1'000'000 || down_ > 1'000'000)
    throw usage_error("resample_poly", "up and down must be positive and at most 1000000");
  const std::int64_t common = std::gcd(up_, down_);
  up_ /= common;
  down_ /= common;
  if (up_ == 1 && down_ == 1)
    h_ = {1};
  else
    h_ = rate_filter(up_, down_, kaiser_beta);
  half_ = static_cast<std::int64_t>(h_.size() / 2);
  past_ = 2 * half_ / up_ + 2 + down_ / up_;
  lines_ = Matrix({channels, past_ + tile});
  end_ = past_;
}

void PolyphaseStream::reset() {
  lines_.fill(0);
  end_ = past_;
  taken_ = given_ = 0;
}

double PolyphaseStream::rate_hz() const { return rate_in_hz_ * static_cast<double>(up_) / static_cast<double>(down_); }

double PolyphaseStream::delay_s() const { return static_cast<double>(half_) / static_cast<double>(up_) / rate_in_hz_; }

std::int64_t PolyphaseStream::most_output(std::int64_t samples) const { return samples * up_ / down_ + 2; }

std::int64_t PolyphaseStream::process(Signal x, View<double, 2> y) {
  const std::int64_t channels = lines_.extent(0);
  if (x.extent(0) != channels) {
    throw usage_error("resample_poly", "shape: a block has " + std::to_string(x.extent(0)) + " channels, the stream " +
                                           std::to_string(channels));
  }
  std::int64_t out = 0;
  for (std::int64_t begin = 0; begin < x.extent(1); begin += tile) {
    const std::int64_t count = std::min(tile, x.extent(1) - begin);
    if (end_ + count > lines_.extent(1)) {
      for (std::int64_t c = 0; c < channels; ++c) {
        double* const line = &lines_(c, 0);
        std::copy(line + end_ - past_, line + end_, line);
      }
      end_ = past_;
    }
    for (std::int64_t c = 0; c < channels; ++c) {
      for (std::int64_t t = 0; t < count; ++t) lines_(c, end_ + t) = x(c, begin + t);
    }
    end_ += count;
    taken_ += count;
    // Output m needs input (m down + half) / up.
    for (; (given_ * down_ + half_) / up_ < taken_; ++given_, ++out) {
      const std::int64_t place = given_ * down_ + half_, newest = place / up_;
      const std::int64_t column = end_ - (taken_ - newest);
      for (std::int64_t c = 0; c < channels; ++c) {
        const double* from = &lines_(c, column);
        double sum = 0;
        for (std::int64_t k = place - newest * up_; k < static_cast<std::int64_t>(h_.size()); k += up_, --from)
          sum += h_[static_cast<std::size_t>(k)] * *from;
        y(c, out) = sum;
      }
    }
  }
  return out;
}

}  // namespace caton
