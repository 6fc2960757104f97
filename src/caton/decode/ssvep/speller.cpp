// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/decode/ssvep/speller.hpp"

#include "caton/base/error.hpp"
#include "caton/base/progress.hpp"
#include "caton/decode/classical/epoch_sums.hpp"
#include "caton/decode/ssvep/stopping.hpp"

#include <algorithm>
#include <functional>

namespace caton {
namespace {

std::vector<std::int64_t> epochs_where(const SpellerPerson& person, const std::function<bool(std::int64_t)>& wanted) {
  std::vector<std::int64_t> chosen;
  for (std::size_t n = 0; n < person.block.size(); ++n)
    if (wanted(person.block[n])) chosen.push_back(static_cast<std::int64_t>(n));
  return chosen;
}

/// Some of the epochs in every band, copied.
Array<double, 4> chosen(FilteredEpochs x, const std::vector<std::int64_t>& epochs) {
  Array<double, 4> part({x.extent(0), static_cast<std::int64_t>(epochs.size()), x.extent(2), x.extent(3)},
                        uninitialised);
  for (std::int64_t b = 0; b < x.extent(0); ++b)
    for (std::size_t i = 0; i < epochs.size(); ++i) put(x[b][epochs[i]], part[b][static_cast<std::int64_t>(i)]);
  return part;
}

void put_rows(Signal rows, const std::vector<std::int64_t>& places, Matrix& all) {
  for (std::size_t i = 0; i < places.size(); ++i)
    for (std::int64_t k = 0; k < all.extent(1); ++k) all(places[i], k) = rows(static_cast<std::int64_t>(i), k);
}

/// A method at one window, all epochs filtered once.
class Trial {
 public:
  Trial(const SpellerMethod& method, const SpellerPerson& person, const SpellerSettings& settings)
      : method_(method),
        person_(person),
        settings_(settings),
        asked_(speller_epochs(method, person.x, settings, false)) {
    if (method.delayed) longer_ = speller_epochs(method, person.x, settings, true);
  }

  /// Tested epochs x targets of every split.
  [[nodiscard]] std::vector<Matrix> scores(const std::vector<EpochSplit>& splits) const {
    check_interrupted();
    if (method_.split_scores != nullptr) return method_.split_scores({asked_, person_.y}, splits, settings_);
    std::vector<Matrix> result;
    for (const EpochSplit& split : splits) result.push_back(scores(split));
    return result;
  }
  [[nodiscard]] Matrix scores_of_all() const { return method_.scores({}, asked_, settings_); }

 private:
  [[nodiscard]] Matrix scores(const EpochSplit& split) const {
    check_interrupted();
    const auto learned = chosen(method_.delayed ? longer_ : asked_, split.training), asked = chosen(asked_, split.test);
    std::vector<std::int64_t> y;
    for (const auto n : split.training) y.push_back(person_.y[static_cast<std::size_t>(n)]);
    return method_.scores({learned, y}, asked, settings_);
  }

  const SpellerMethod& method_;
  const SpellerPerson& person_;
  const SpellerSettings& settings_;
  Array<double, 4> asked_, longer_;
};

SpellerSettings settings_of(const SpellerOptions& options, std::int64_t samples) {
  return {options.stimuli, options.bands, options.delay, samples};
}

void check(const SpellerMethod& method, const SpellerPerson& person, const SpellerOptions& options) {
  if (person.blocks() < 2)
    throw usage_error("speller", "there are fewer than 2 blocks of a person", "a block is left out for testing");
  if (options.window_samples.empty() ||
      person.x.extent(2) < options.window_samples.back() + (method.learns ? options.delay : 0))
    throw usage_error("speller", "the epochs have fewer samples than the longest window needs");
}

/// Fewest training epochs of any target when these blocks are left out.
std::int64_t fewest_left(const SpellerPerson& person, const SpellerOptions& options,
                         const std::function<bool(std::int64_t)>& kept) {
  std::vector<std::int64_t> count(static_cast<std::size_t>(options.stimuli.count()), 0);
  for (const auto n : epochs_where(person, kept))
    ++count[static_cast<std::size_t>(person.y[static_cast<std::size_t>(n)])];
  return *std::min_element(count.begin(), count.end());
}

bool can_learn_without(const SpellerPerson& person, const SpellerOptions& options, std::int64_t a, std::int64_t b) {
  return fewest_left(person, options, [&](std::int64_t block) { return block != a && block != b; }) >= 2;
}

bool inner_possible(const SpellerPerson& person, const SpellerOptions& options) {
  for (std::int64_t a = 0; a < person.blocks(); ++a)
    for (std::int64_t b = 0; b < a; ++b)
      if (!can_learn_without(person, options, a, b)) return false;
  return person.blocks() >= 3;
}

/// A method that learns nothing scores every epoch the same, whatever is left out.
WindowScores without_learning(const SpellerMethod& method, const SpellerPerson& person,
                              const SpellerSettings& settings) {
  WindowScores scores{Trial(method, person, settings).scores_of_all(), {}};
  if (person.blocks() >= 3) scores.inner.assign(static_cast<std::size_t>(person.blocks()), scores.outer);
  return scores;
}

/// Training on the epochs of all blocks but `a` and `b`, which are tested.
EpochSplit without_blocks(const SpellerPerson& person, std::int64_t a, std::int64_t b) {
  const auto left_out = [=](std::int64_t block) { return block == a || block == b; };
  return {epochs_where(person, [=](std::int64_t block) { return !left_out(block); }), epochs_where(person, left_out)};
}

void require_learnable(const SpellerMethod& method, const SpellerPerson& person, const SpellerOptions& options) {
  for (std::int64_t a = 0; a < person.blocks(); ++a) {
    if (can_learn_without(person, options, a, a)) continue;
    throw input_error("speller", "a target has fewer than 2 trials left to learn " + method.name + " from",
                      "leave this person out, or give methods that learn nothing (cca, fbcca)");
  }
}

WindowScores with_learning(const SpellerMethod& method, const SpellerPerson& person, const SpellerOptions& options,
                           const SpellerSettings& settings) {
  require_learnable(method, person, options);
  const std::int64_t blocks = person.blocks();
  const bool inner = inner_possible(person, options);
  // One block left out, and pairs: what is learned without both blocks serves either as the other's inner test.
  std::vector<EpochSplit> splits;
  for (std::int64_t a = 0; a < blocks; ++a) splits.push_back(without_blocks(person, a, a));
  for (std::int64_t a = 0; inner && a < blocks; ++a)
    for (std::int64_t b = 0; b < a; ++b) splits.push_back(without_blocks(person, a, b));
  const auto rows = Trial(method, person, settings).scores(splits);
  const Matrix empty({person.x.extent(0), options.stimuli.count()}, 0.0);
  WindowScores scores{empty, {}};
  std::size_t at = 0;
  for (std::int64_t a = 0; a < blocks; ++a, ++at) put_rows(rows[at], splits[at].test, scores.outer);
  if (!inner) return scores;
  scores.inner.assign(static_cast<std::size_t>(blocks), empty);
  for (std::int64_t a = 0; a < blocks; ++a) {
    for (std::int64_t b = 0; b < a; ++b, ++at) {
      put_rows(rows[at], splits[at].test, scores.inner[static_cast<std::size_t>(a)]);
      for (std::size_t i = 0; i < splits[at].test.size(); ++i) {
        const std::int64_t n = splits[at].test[i];
        if (person.block[static_cast<std::size_t>(n)] != a) continue;
        for (std::int64_t k = 0; k < empty.extent(1); ++k)
          scores.inner[static_cast<std::size_t>(b)](n, k) = rows[at](static_cast<std::int64_t>(i), k);
      }
    }
  }
  return scores;
}

struct Best {
  double largest = 0;
  bool right = false;
};
Best best_of(const Matrix& score, std::int64_t epoch, std::int64_t target) {
  std::int64_t place = 0;
  for (std::int64_t k = 1; k < score.extent(1); ++k)
    if (score(epoch, k) > score(epoch, place)) place = k;
  return {score(epoch, place), place == target};
}

double lead_of(const Matrix& score, std::int64_t epoch) {
  const StoppingCost cost = stopping_cost({&score(epoch, 0), static_cast<std::size_t>(score.extent(1))}, 0);
  return cost.best / -cost.reject;
}

/// The posterior that a largest score means a right decision; 0 where the training blocks hold too few right ones.
std::function<double(double)> posterior_of(const Matrix& inner, const SpellerPerson& person, std::int64_t left_out) {
  std::vector<double> correct, wrong;
  for (const auto n : epochs_where(person, [&](std::int64_t block) { return block != left_out; })) {
    const Best best = best_of(inner, n, person.y[static_cast<std::size_t>(n)]);
    (best.right ? correct : wrong).push_back(best.largest);
  }
  const auto spread = [](const std::vector<double>& values) {
    return !values.empty() &&
           *std::max_element(values.begin(), values.end()) > *std::min_element(values.begin(), values.end());
  };
  if (!spread(correct)) return [](double) { return 0.0; };
  if (!spread(wrong)) wrong.clear();
  const double prior = static_cast<double>(correct.size()) /
                       static_cast<double>(epochs_where(person, [&](std::int64_t b) { return b != left_out; }).size());
  const BayesStopping model(correct, wrong, prior);
  return [model](double largest) { return model.decide(largest).posterior; };
}

}  // namespace

std::int64_t SpellerPerson::blocks() const {
  return block.empty() ? 0 : *std::max_element(block.begin(), block.end()) + 1;
}

std::vector<WindowScores> speller_scores(const SpellerMethod& method, const SpellerPerson& person,
                                         const SpellerOptions& options) {
  check(method, person, options);
  std::vector<WindowScores> all;
  for (const std::int64_t samples : options.window_samples) {
    const SpellerSettings settings = settings_of(options, samples);
    all.push_back(method.learns ? with_learning(method, person, options, settings)
                                : without_learning(method, person, settings));
  }
  return all;
}

double share_right(Signal score, const std::vector<std::int64_t>& y) {
  const auto label = largest_of_rows(score);
  std::size_t right = 0;
  for (std::size_t n = 0; n < y.size(); ++n) right += label[n] == y[n] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(y.size());
}

double accuracy_with_blocks(const SpellerMethod& method, const SpellerPerson& person, const SpellerOptions& options,
                            std::int64_t window, std::int64_t blocks) {
  check(method, person, options);
  const SpellerSettings settings = settings_of(options, options.window_samples[static_cast<std::size_t>(window)]);
  Matrix score({person.x.extent(0), options.stimuli.count()}, 0.0);
  const std::int64_t count = person.blocks();
  std::vector<EpochSplit> splits;
  for (std::int64_t a = 0; a < count; ++a) {
    splits.push_back(
        {epochs_where(person, [&](std::int64_t block) { return block != a && (block - a + count) % count <= blocks; }),
         epochs_where(person, [&](std::int64_t block) { return block == a; })});
  }
  const auto rows = Trial(method, person, settings).scores(splits);
  for (std::size_t a = 0; a < splits.size(); ++a) put_rows(rows[a], splits[a].test, score);
  return share_right(score, person.y);
}

SpellerStopping::SpellerStopping(const std::vector<WindowScores>& scores, const SpellerPerson& person,
                                 const std::vector<double>& window_s)
    : person_(person), window_s_(window_s), known_(static_cast<std::size_t>(person.blocks())) {
  const auto epochs = static_cast<std::int64_t>(person.y.size());
  for (const WindowScores& window : scores) {
    if (window.inner.empty())
      throw usage_error("speller", "too few blocks are left to learn dynamic stopping from (blocks)");
    std::vector<std::function<double(double)>> posterior;
    for (std::int64_t a = 0; a < person.blocks(); ++a) {
      const Matrix& inner = window.inner[static_cast<std::size_t>(a)];
      posterior.push_back(posterior_of(inner, person, a));
      for (const auto n : epochs_where(person, [&](std::int64_t block) { return block != a; }))
        known_[static_cast<std::size_t>(a)].push_back(lead_of(inner, n));
    }
    for (std::int64_t n = 0; n < epochs; ++n) {
      const auto at = static_cast<std::size_t>(n);
      const Best best = best_of(window.outer, n, person.y[at]);
      judged_.push_back({posterior[static_cast<std::size_t>(person.block[at])](best.largest), best.right});
      lead_.push_back(lead_of(window.outer, n));
    }
  }
  for (auto& leads : known_) std::sort(leads.begin(), leads.end());
}

StoppedRun SpellerStopping::run(StoppingRule rule, double setting) const {
  const std::size_t epochs = person_.y.size();
  StoppedRun total;
  for (std::size_t n = 0; n < epochs; ++n) {
    const auto& leads = known_[static_cast<std::size_t>(person_.block[n])];
    const auto place = static_cast<std::size_t>(setting * static_cast<double>(leads.size() - 1));
    std::size_t window = 0;
    const auto decides = [&] {
      const std::size_t at = window * epochs + n;
      return rule == StoppingRule::bayes ? judged_[at].posterior >= setting : lead_[at] > leads[place];
    };
    while (window + 1 < window_s_.size() && !decides()) ++window;
    total.seconds += window_s_[window] / static_cast<double>(epochs);
    total.accuracy += judged_[window * epochs + n].right ? 1 / static_cast<double>(epochs) : 0;
  }
  return total;
}

}  // namespace caton
