// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/features/window_stream.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <utility>

namespace caton {
namespace {

class WindowStream final : public FeatureStream {
 public:
  WindowStream(const WindowStreamAbout& about, std::unique_ptr<WindowMeasure> measure)
      : about_(about), measure_(std::move(measure)) {
    if (about.channels < 1) throw usage_error("stream", "the signal is empty: it has no channel");
    ring_ = Matrix({about.channels, about.length});
    window_ = ring_;
  }

  std::int64_t process(Signal x, View<float, 2> values, bool& complete) override {
    if (x.extent(0) != about_.channels)
      throw usage_error("stream", "shape: a block has " + std::to_string(x.extent(0)) + " channels, the stream " +
                                      std::to_string(about_.channels));
    const std::int64_t end = windows_ * about_.step + about_.length;  // of the next window
    const std::int64_t count = std::min(x.extent(1), end - seen_);
    for (std::int64_t c = 0; c < about_.channels; ++c) {
      std::int64_t place = seen_ % about_.length;
      for (std::int64_t t = 0; t < count; ++t) {
        ring_(c, place) = x(c, t) * about_.scale;
        if (++place == about_.length) place = 0;
      }
    }
    seen_ += count;
    complete = seen_ == end;
    if (complete) {
      unroll();
      defined_ = measured(values);
      ++windows_;
    }
    return count;
  }

  void reset() override { seen_ = windows_ = 0; }
  [[nodiscard]] std::int64_t features() const override { return measure_->features(); }
  [[nodiscard]] std::int64_t window_samples() const override { return about_.length; }
  [[nodiscard]] std::int64_t step_samples() const override { return about_.step; }
  [[nodiscard]] double delay_s() const override { return 0; }
  [[nodiscard]] std::string difference() const override { return about_.difference; }
  [[nodiscard]] bool defined() const override { return defined_; }
  [[nodiscard]] bool allocates() const override { return measure_->allocates(); }

 private:
  bool measured(View<float, 2> values) {
    try {
      return measure_->measure(window_, values);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::input) throw;
      return false;
    }
  }
  /// Oldest sample first.
  void unroll() {
    const std::int64_t first = seen_ % about_.length;
    for (std::int64_t c = 0; c < about_.channels; ++c) {
      const double* const row = &ring_(c, 0);
      double* const to = &window_(c, 0);
      std::copy(row + first, row + about_.length, to);
      std::copy(row, row + first, to + (about_.length - first));
    }
  }

  WindowStreamAbout about_;
  std::unique_ptr<WindowMeasure> measure_;
  Matrix ring_, window_;
  std::int64_t seen_ = 0, windows_ = 0;
  bool defined_ = true;
};

}  // namespace

std::unique_ptr<FeatureStream> window_stream(const WindowStreamAbout& about, std::unique_ptr<WindowMeasure> measure) {
  return std::make_unique<WindowStream>(about, std::move(measure));
}

}  // namespace caton
