// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/speller/speller_study.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/itr.hpp"
#include "caton/measure/interval.hpp"
#include "caton/study/workflows/speller/speller_data.hpp"

#include <algorithm>
#include <cmath>

namespace caton::speller {
namespace {

constexpr std::int64_t delay = 3;
constexpr int posterior_bins = 10;
const std::vector<double> thresholds{0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};
const std::vector<double> quantiles{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95};

/// One method on one person.
struct PersonFigures {
  std::vector<WindowScores> scores;
  std::vector<StoppedRun> stopped;  ///< thresholds, then quantiles; empty: not possible
  std::vector<SpellerStopping::Judged> judged;
  std::vector<double> trained;  ///< accuracy with 2, 3, … training blocks
};

Spread spread_of(std::vector<double> each) {
  Spread spread;
  const auto mean_of = [&](std::span<const std::int32_t> times) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < each.size(); ++i) {
      sum += each[i] * times[i];
      count += times[i];
    }
    return sum / count;
  };
  const std::vector<std::int32_t> once(each.size(), 1);
  spread.mean = mean_of(once);
  if (each.size() >= 2) {
    const auto interval = bootstrap_units(static_cast<std::int64_t>(each.size()), mean_of, RandomStream(0, "speller"));
    spread.low = interval.interval.low;
    spread.high = interval.interval.high;
  }
  spread.each = std::move(each);
  return spread;
}

/// Looks at every person's value of something.
template <class Value>
Spread over_people(std::size_t people, const Value& value) {
  std::vector<double> each;
  for (std::size_t p = 0; p < people; ++p) each.push_back(value(p));
  return spread_of(std::move(each));
}

PersonFigures figures_of(const SpellerMethod& method, const SpellerPerson& person, const SpellerOptions& options,
                         const std::vector<double>& windows_s) {
  PersonFigures figures{speller_scores(method, person, options), {}, {}, {}};
  const bool stops = std::none_of(figures.scores.begin(), figures.scores.end(),
                                  [](const WindowScores& window) { return window.inner.empty(); });
  if (stops) {
    const SpellerStopping stopping(figures.scores, person, windows_s);
    for (const double threshold : thresholds) figures.stopped.push_back(stopping.run(StoppingRule::bayes, threshold));
    for (const double quantile : quantiles) figures.stopped.push_back(stopping.run(StoppingRule::cost, quantile));
    figures.judged = stopping.judged();
  }
  const auto longest = static_cast<std::int64_t>(windows_s.size()) - 1;
  for (std::int64_t blocks = 2; method.learns && blocks < person.blocks(); ++blocks) {
    // With all of them this is what was computed already.
    figures.trained.push_back(blocks + 1 == person.blocks()
                                  ? share_right(figures.scores.back().outer, person.y)
                                  : accuracy_with_blocks(method, person, options, longest, blocks));
  }
  return figures;
}

class Gathering {
 public:
  Gathering(const Data& data, const Request& request, std::span<const PersonFigures> people)
      : data_(data), request_(request), people_(people), targets_(static_cast<std::int64_t>(data.targets.size())) {}

  MethodResult result(const SpellerMethod& method) const {
    MethodResult result{method.name, method.about, method.learns, {}, {}, {}, {}};
    for (std::size_t w = 0; w < request_.windows_s.size(); ++w) result.fixed.push_back(fixed(w));
    if (std::all_of(people_.begin(), people_.end(), [](const PersonFigures& one) { return !one.stopped.empty(); })) {
      for (std::size_t i = 0; i < thresholds.size() + quantiles.size(); ++i) result.stopping.push_back(stopping(i));
      result.posterior = posterior();
    }
    std::size_t fewest = people_.front().trained.size();
    for (const PersonFigures& one : people_) fewest = std::min(fewest, one.trained.size());
    for (std::size_t i = 0; i < fewest; ++i)
      result.training.push_back({static_cast<std::int64_t>(i) + 2,
                                 over_people(people_.size(), [&](std::size_t p) { return people_[p].trained[i]; })});
    return result;
  }

 private:
  [[nodiscard]] double rate(double accuracy, double seconds) const {
    return information_transfer_rate(targets_, std::clamp(accuracy, 0.0, 1.0), seconds);
  }

  [[nodiscard]] FixedWindow fixed(std::size_t w) const {
    const double window_s = request_.windows_s[w];
    const auto accuracy = [&](std::size_t p) { return share_right(people_[p].scores[w].outer, data_.persons[p].y); };
    return {
        window_s, over_people(people_.size(), accuracy),
        over_people(people_.size(), [&](std::size_t p) { return rate(accuracy(p), window_s + request_.gaze_shift_s); }),
        over_people(people_.size(), [&](std::size_t p) { return rate(accuracy(p), window_s); })};
  }

  [[nodiscard]] StoppingPoint stopping(std::size_t i) const {
    const bool bayes = i < thresholds.size();
    const auto run = [&](std::size_t p) -> const StoppedRun& { return people_[p].stopped[i]; };
    return {bayes ? StoppingRule::bayes : StoppingRule::cost, bayes ? thresholds[i] : quantiles[i - thresholds.size()],
            over_people(people_.size(), [&](std::size_t p) { return run(p).seconds; }),
            over_people(people_.size(), [&](std::size_t p) { return run(p).accuracy; }),
            over_people(people_.size(),
                        [&](std::size_t p) { return rate(run(p).accuracy, run(p).seconds + request_.gaze_shift_s); })};
  }

  [[nodiscard]] std::vector<PosteriorBin> posterior() const {
    std::vector<PosteriorBin> bins;
    for (int b = 0; b < posterior_bins; ++b)
      bins.push_back(
          {.low = static_cast<double>(b) / posterior_bins, .high = static_cast<double>(b + 1) / posterior_bins});
    for (const PersonFigures& one : people_) {
      for (const auto& judged : one.judged) {
        const int place = std::min(posterior_bins - 1, static_cast<int>(judged.posterior * posterior_bins));
        PosteriorBin& bin = bins[static_cast<std::size_t>(place)];
        bin.count += 1;
        bin.promised += judged.posterior;
        bin.right += judged.right ? 1 : 0;
      }
    }
    for (PosteriorBin& bin : bins) {
      if (bin.count == 0) continue;
      bin.promised /= static_cast<double>(bin.count);
      bin.right /= static_cast<double>(bin.count);
    }
    return bins;
  }

  const Data& data_;
  const Request& request_;
  std::span<const PersonFigures> people_;
  std::int64_t targets_;
};

void add_decisions(Table& table, const Data& data, const Request& request, const std::string& method,
                   std::span<const PersonFigures> people) {
  for (std::size_t p = 0; p < people.size(); ++p) {
    const SpellerPerson& person = data.persons[p];
    for (std::size_t w = 0; w < request.windows_s.size(); ++w) {
      const Matrix& score = people[p].scores[w].outer;
      const auto label = largest_of_rows(score);
      for (std::size_t n = 0; n < person.y.size(); ++n)
        table.rows.push_back({method, number_text(request.windows_s[w]), data.subjects[p],
                              data.block_names[p][static_cast<std::size_t>(person.block[n])], std::to_string(n),
                              data.targets[static_cast<std::size_t>(person.y[n])].name,
                              data.targets[static_cast<std::size_t>(label[n])].name,
                              fixed_text(score(static_cast<std::int64_t>(n), label[n]), 6)});
    }
  }
}

void check(const Request& request) {
  const auto refuse = [](const char* option, const std::string& problem) { throw usage_error(option, problem); };
  if (request.methods.empty()) refuse("--methods", "names no method");
  for (const std::string& name : request.methods) (void)speller_method(name);
  if (request.windows_s.empty()) refuse("--windows", "names no length");
  double last = 0;
  for (const double window : request.windows_s) {
    if (!(window > last && window <= 60)) refuse("--windows", "must ascend from above 0 to 60 s");
    last = window;
  }
  if (!(request.gaze_shift_s >= 0 && request.gaze_shift_s <= 60)) refuse("--gaze-shift", "must be 0 to 60 s");
  if (request.latency_s && !(*request.latency_s >= 0 && *request.latency_s <= 10))
    refuse("--latency", "must be 0 to 10 s");
  if (request.harmonics < 1) refuse("--harmonics", "must be at least 1");
  if (request.bands < 1 || request.bands > 10) refuse("--bands", "must be 1 to 10");
  if (request.phase_step_pi && !std::isfinite(*request.phase_step_pi)) refuse("--phase-step", "must be a number");
}

SpellerOptions options_of(const Data& data, const Request& request) {
  SpellerOptions options;
  options.stimuli = {.rate_hz = data.rate_hz, .harmonics = request.harmonics};
  for (const TargetAbout& target : data.targets) {
    options.stimuli.frequency_hz.push_back(target.frequency_hz);
    if (target.phase_pi) options.stimuli.phases_pi.push_back(*target.phase_pi);
  }
  for (const double window : request.windows_s) options.window_samples.push_back(std::llround(window * data.rate_hz));
  options.bands = request.bands;
  options.delay = delay;
  return options;
}

}  // namespace

Result try_speller(const Request& request, Progress* progress) {
  check(request);
  Data data = read_data(request, delay);
  const SpellerOptions options = options_of(data, request);
  const std::size_t people = data.persons.size();
  const auto items = static_cast<std::int64_t>(people * request.methods.size());
  std::vector<PersonFigures> figures(static_cast<std::size_t>(items));
  if (progress != nullptr) progress->begin("leaving out blocks", static_cast<double>(items));
  thread_pool().parallel_for(items, [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    figures[at] =
        figures_of(speller_method(request.methods[at / people]), data.persons[at % people], options, request.windows_s);
    if (progress != nullptr) progress->step();
  });
  if (progress != nullptr) progress->finish();
  Result result{.request = request,
                .latency_s = data.latency_s,
                .rate_hz = data.rate_hz,
                .subjects = data.subjects,
                .channels = data.channels,
                .targets = data.targets};
  result.findings = data.findings;
  result.fewest_blocks = data.persons.front().blocks();
  for (const SpellerPerson& person : data.persons) {
    result.trials += static_cast<std::int64_t>(person.y.size());
    result.fewest_blocks = std::min(result.fewest_blocks, person.blocks());
  }
  result.decisions.header = {"method", "window_s", "subject", "block", "trial", "y", "label", "score"};
  for (std::size_t m = 0; m < request.methods.size(); ++m) {
    const std::span<const PersonFigures> own(figures.data() + m * people, people);
    result.methods.push_back(Gathering(data, request, own).result(speller_method(request.methods[m])));
    add_decisions(result.decisions, data, request, request.methods[m], own);
  }
  return result;
}

}  // namespace caton::speller
