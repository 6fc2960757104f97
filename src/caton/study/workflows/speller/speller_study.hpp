// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/file.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/table.hpp"
#include "caton/decode/ssvep/speller.hpp"

#include <optional>
#include <string>
#include <vector>

/// A speller tried on a study of people who look at flickering targets.
namespace caton::speller {

/// What is asked.
struct Request {
  std::string dataset;  ///< the layout ("bids", "12jfpm"); a class is named after its frequency ("9.25 Hz")
  Path folder;
  std::vector<std::string> methods{"cca", "fbcca", "ecca", "trca", "tdca"};
  std::vector<double> windows_s{0.2, 0.4, 0.6, 0.8, 1.0};
  double gaze_shift_s = 0.5;        ///< what moving the eyes to the next target takes
  std::optional<double> latency_s;  ///< from a trial's begin; else 0.135, or 0 where the layout allows for it
  std::int64_t harmonics = 3, bands = 5;
  std::vector<std::string> channels;    ///< empty: those over the visual cortex, where there are three
  std::optional<double> phase_step_pi;  ///< between targets of neighbouring frequencies, told on the page
};

/// A figure of each person, and their mean with its 95 % interval (people drawn anew; none of one person).
struct Spread {
  double mean = 0;
  std::optional<double> low, high;
  std::vector<double> each;
};

struct FixedWindow {
  double window_s = 0;
  Spread accuracy;
  Spread itr;          ///< bit/min, the shift of gaze included
  Spread itr_without;  ///< bit/min of the window alone: what flatters
};

/// Dynamic stopping with one setting of one rule.
struct StoppingPoint {
  StoppingRule rule = StoppingRule::bayes;
  double setting = 0;
  Spread seconds;  ///< looked at a target, without the shift of gaze
  Spread accuracy, itr;
};

/// Decisions whose posterior lay in [low, high): how many, what they promised, what came true.
struct PosteriorBin {
  double low = 0, high = 0, promised = 0, right = 0;
  std::int64_t count = 0;
};

struct TrainedOn {
  std::int64_t blocks = 0;
  Spread accuracy;  ///< at the longest window
};

struct MethodResult {
  std::string name, about;
  bool learns = true;
  std::vector<FixedWindow> fixed;
  std::vector<StoppingPoint> stopping;  ///< empty where too few blocks are left to learn it from
  std::vector<PosteriorBin> posterior;
  std::vector<TrainedOn> training;  ///< of methods that learn
};

struct TargetAbout {
  std::string name;
  double frequency_hz = 0;
  std::optional<double> phase_pi;
};

struct Result {
  Request request;
  double latency_s = 0, rate_hz = 0;
  std::vector<std::string> subjects, channels;
  std::vector<TargetAbout> targets;
  std::int64_t trials = 0, fewest_blocks = 0;
  std::vector<MethodResult> methods;
  Table decisions;  ///< every decision at every fixed window, by the block that was left out
  Findings findings;

  [[nodiscard]] double chance() const { return 1 / static_cast<double>(targets.size()); }
};

/// Leaves out each block (recording) of each person in turn. Refuses (kind `usage` or `input`) classes that name no
/// frequency, people with one block only, windows longer than the trials, what the methods refuse. The same bits for
/// any number of threads.
[[nodiscard]] Result try_speller(const Request& request, Progress* progress = nullptr);

/// All figures, as results.json holds them.
[[nodiscard]] Json to_json(const Result& result);
/// The page.
[[nodiscard]] std::string page_of(const Result& result);
/// `speller.html`, `results.json` and `decisions.csv`, whole or not at all; refused when the folder exists.
void write_result(const Result& result, const Path& folder);

}  // namespace caton::speller
