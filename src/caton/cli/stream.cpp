// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/terminal.hpp"
#include "caton/stream/latency.hpp"
#include "caton/stream/live_decoder.hpp"
#include "caton/stream/source.hpp"
#include "caton/stream/stream_buffer.hpp"
#include "caton/stream/trial_decisions.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

namespace caton::cli {
namespace {

struct Options {
  std::string file, run, pipeline;
  double speed = 1, block_ms = 10;
};

using Clock = StreamBuffer::Clock;

std::string milliseconds(double seconds) { return fixed_text(seconds * 1e3, seconds < 0.01 ? 3 : 1) + " ms"; }

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string bar(double share, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(width)));
  std::string text;
  for (std::size_t i = 0; i < width; ++i) text += i < full ? "█" : "░";
  return text;
}

/// The trials that a run gives one answer for, and a word about them; neither where it answers each window.
struct LiveTrials {
  std::optional<TrialDecisions> decisions;
  std::string about;
};

LiveTrials trials_of(const SavedPipeline& pipeline, const Recording& recording, const std::string& file) {
  if (!pipeline.decide_by_trial) return {};
  RecordingTrials found = recording_trials(recording, file, pipeline.trials, {});
  LiveTrials live;
  for (const Finding& finding : found.findings) live.about += "  " + printable(finding.what) + "\n";
  if (found.trials.empty()) {
    live.about += "  this run gives one answer for a trial; the recording has none, so only windows are answered\n";
    return live;
  }
  live.about += "  this run gives one answer for a trial: it follows each of " + std::to_string(found.trials.size()) +
                " trials, in a line of its own\n";
  live.decisions.emplace(recording, std::move(found.trials), pipeline.classes.size());
  return live;
}

void print_about(const Terminal& screen, const LiveDecoder& decoder, const Options& options,
                 const std::string& trials) {
  print(coloured(screen, Colour::strong, options.file) + " through " + options.run + "\n");
  for (const StreamStepAbout& step : decoder.about()) {
    print("  " + fitted(step.operation, 24) + " late by " + milliseconds(step.delay_s) + "\n");
    if (!step.difference.empty())
      print(coloured(screen, Colour::warn, "    " + wrapped(step.difference, screen.width - 4, 4)) + "\n");
  }
  print("  all delays together " + milliseconds(decoder.delay_s()) + ", and the window itself\n");
  if (decoder.allocates()) print("  this pipeline asks for memory at every prediction\n");
  print(trials + "  end of window   class, its probability\n");
}

/// What is printed of each window, and how long it took from the arrival of its last sample.
class Page {
 public:
  /// Decided by trial: without trials windows alone are told.
  Page(const Terminal& screen, const LiveDecoder& decoder, std::optional<TrialDecisions> trials)
      : screen_(screen), decoder_(decoder), trials_(std::move(trials)) {
    for (const auto& name : decoder.classes()) width_ = std::max(width_, text_width(name));
  }

  void tell(const LivePrediction& prediction, Clock::time_point arrived) {
    const double took = std::chrono::duration<double>(Clock::now() - arrived).count();
    to_prediction_.add(took);
    const auto label = static_cast<std::size_t>(prediction.label);
    const double share = prediction.probability[label];
    print(fitted(fixed_text(prediction.end_s, 2) + " s", 15, true) + "   " +
          coloured(screen_, Colour::strong, fitted(decoder_.classes()[label], width_)) + "  " + fixed_text(share, 3) +
          "  " + bar(share, 20) + coloured(screen_, Colour::faint, "  " + milliseconds(took)) + "\n");
    if (trials_) trials_->add(prediction, [&](const TrialDecision& decision) { tell_trial(decision); });
  }
  /// No more windows will come.
  void finish() {
    if (trials_) trials_->finish([&](const TrialDecision& decision) { tell_trial(decision); });
  }
  void block(double seconds) { per_block_.add(seconds); }

  void summary(std::int64_t lost, std::int64_t gaps) const {
    print(line("from arrival to prediction", to_prediction_) + line("work on a block", per_block_));
    if (gaps > 0) print("gaps: " + std::to_string(gaps) + "; filters and windows began anew after each\n");
    if (lost > 0)
      print("samples lost because they came faster than they were worked off: " + std::to_string(lost) + "\n");
  }

 private:
  static std::string line(const std::string& what, const Latency& latency) {
    return fitted(what, 27) + "median " + milliseconds(latency.percentile_s(0.5)) + ", 99 % " +
           milliseconds(latency.percentile_s(0.99)) + ", 99.9 % " + milliseconds(latency.percentile_s(0.999)) +
           ", longest " + milliseconds(latency.largest_s()) + " (" + std::to_string(latency.count()) + ")\n";
  }

  void tell_trial(const TrialDecision& decision) const {
    const std::string name = decision.trial->name + ", " + printable(decision.trial->event);
    if (decision.windows == 0) {
      print(coloured(screen_, Colour::warn, "  " + name + ": no window lies within it, no answer") + "\n");
      return;
    }
    const auto label = static_cast<std::size_t>(decision.label);
    print("  " + name + ": " + coloured(screen_, Colour::strong, decoder_.classes()[label]) + "  " +
          fixed_text(decision.probability[label], 3) + ", from " + std::to_string(decision.windows) +
          (decision.windows == 1 ? " window\n" : " windows\n"));
  }

  Terminal screen_;
  const LiveDecoder& decoder_;
  std::optional<TrialDecisions> trials_;
  std::size_t width_ = 0;
  Latency to_prediction_, per_block_;
};

/// The source's own thread: gives each block out when its time has come. Gaps are not waited for.
void replay(StreamSource& source, StreamBuffer& buffer, double speed, const std::atomic<bool>& stop) {
  const auto begin = Clock::now();
  std::int64_t given = 0;
  for (SourceBlock block = source.next(); block.samples.extent(1) > 0 && !stop; block = source.next()) {
    given += block.samples.extent(1);
    const std::chrono::duration<double> due(static_cast<double>(given) / source.rate_hz() / speed);
    std::this_thread::sleep_until(begin + std::chrono::duration_cast<Clock::duration>(due));
    buffer.push(block.samples, block.missing);
  }
  buffer.close();
}

void live(StreamSource& source, LiveDecoder& decoder, Page& page, double speed, std::int64_t block,
          std::int64_t channels) {
  StreamBuffer buffer(channels, std::max<std::int64_t>(8 * block, static_cast<std::int64_t>(2 * source.rate_hz())));
  std::atomic<bool> stop{false};
  std::jthread clock([&] { replay(source, buffer, speed, stop); });
  std::int64_t gaps = 0;
  try {
    Matrix samples({channels, std::min<std::int64_t>(block, PrepareStream::most_block)});
    for (;;) {
      check_interrupted();
      const auto taken = buffer.take(samples);
      if (taken.count == 0) break;
      if (taken.missing) {
        decoder.reset(*taken.missing);
        ++gaps;
      }
      const auto begin = Clock::now();
      decoder.process(samples.view().slice(1, 0, taken.count),
                      [&](const LivePrediction& prediction) { page.tell(prediction, taken.arrived); });
      page.block(std::chrono::duration<double>(Clock::now() - begin).count());
    }
  } catch (...) {
    stop = true;
    throw;
  }
  page.finish();
  page.summary(buffer.lost(), gaps);
}

void as_fast_as_possible(StreamSource& source, LiveDecoder& decoder, Page& page) {
  std::int64_t gaps = 0;
  for (SourceBlock block = source.next(); block.samples.extent(1) > 0; block = source.next()) {
    check_interrupted();
    if (block.missing) {
      decoder.reset(*block.missing);
      ++gaps;
    }
    const auto begin = Clock::now();
    decoder.process(block.samples, [&](const LivePrediction& prediction) { page.tell(prediction, begin); });
    page.block(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  page.finish();
  page.summary(0, gaps);
}

int stream(const Options& options, const Common& /*common*/) {
  if (!(options.speed >= 0)) throw usage_error("--speed", "must be positive, or 0 for as fast as possible");
  SavedPipeline pipeline = saved_pipeline(options.run, options.pipeline);
  const std::shared_ptr<const Recording> recording = open_recording(options.file);
  check_recording(pipeline, *recording, options.file);
  const double samples = options.block_ms * 1e-3 * pipeline.rate_hz;
  if (!(samples > 0 && samples <= static_cast<double>(PrepareStream::most_block))) {
    throw usage_error("--block-ms", number_text(options.block_ms) + " ms must be positive and hold at most " +
                                        std::to_string(PrepareStream::most_block) + " samples");
  }
  const std::int64_t block = std::max<std::int64_t>(1, std::llround(samples));
  FileReplay source(recording, pipeline.channels, block);
  const auto channels = static_cast<std::int64_t>(pipeline.channels.size());
  LiveTrials trials = trials_of(pipeline, *recording, options.file);
  LiveDecoder decoder(std::move(pipeline), channels);
  const Terminal screen = terminal();
  print_about(screen, decoder, options, trials.about);
  Page page(screen, decoder, std::move(trials.decisions));
  if (options.speed == 0)
    as_fast_as_possible(source, decoder, page);
  else
    live(source, decoder, page, options.speed, block, channels);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "a recording, replayed as if it were recorded now")->required();
  app.add_option("--run", options->run, "what caton run left")->required();
  app.add_option("--pipeline", options->pipeline, "which pipeline of the run (default: its first)");
  app.add_option("--speed", options->speed, "1: as it was recorded, 10: ten times as fast, 0: as fast as possible");
  app.add_option("--block-ms", options->block_ms, "how much comes at once (default: 10)");
  return [options](const Common& common) { return stream(*options, common); };
}

const Command command{.name = "stream",
                      .about = "replay a recording through a fitted pipeline, live, with latencies",
                      .examples = "  caton stream recording.edf --run runs/demo-1a2b3c --speed 1",
                      .place = 31,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
