// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/stream/prepare_stream.hpp"

#include "caton/base/error.hpp"
#include "caton/prepare/cleaning/clean_step.hpp"

namespace caton {

PrepareStream::PrepareStream(const std::vector<PrepareStep>& steps, std::int64_t channels, double rate_hz)
    : channels_(channels), rate_hz_(rate_hz) {
  if (channels < 1) throw usage_error("stream", "the signal is empty: it has no channel");
  if (!(rate_hz > 0)) throw usage_error("stream", "the sampling rate must be positive");
  std::int64_t most = most_block;
  for (const PrepareStep& step : steps) {
    if (step.operation == clean_step_name)
      throw usage_error("stream: clean",
                        "has no causal form: components and bursts are learned from the whole recording",
                        "train without the step, or decode the whole recording with caton predict");
    auto stream = make_stream(operation_named(step.operation), step_arguments(step, rate_hz_), channels_, rate_hz_);
    most = stream->most_output(most);
    channels_ = stream->channels();
    rate_hz_ = stream->rate_hz();
    about_.push_back({step.operation, stream->delay_s(), rate_hz_, stream->difference()});
    steps_.push_back({std::move(stream), Matrix({channels_, most})});
  }
}

Signal PrepareStream::process(Signal x) {
  if (x.extent(1) > most_block) {
    throw usage_error("stream", "a block of " + std::to_string(x.extent(1)) + " samples is longer than " +
                                    std::to_string(most_block));
  }
  for (Step& step : steps_) {
    const std::int64_t count = step.stream->process(x, step.out);
    x = step.out.view().slice(1, 0, count);
  }
  return x;
}

void PrepareStream::reset() {
  for (Step& step : steps_) step.stream->reset();
}

double PrepareStream::delay_s() const noexcept {
  double sum = 0;
  for (const StreamStepAbout& step : about_) sum += step.delay_s;
  return sum;
}

}  // namespace caton
