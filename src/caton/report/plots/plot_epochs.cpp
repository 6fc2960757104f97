// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/plot_epochs.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/numbers.hpp"

#include <algorithm>

namespace caton::report {
namespace {

struct Kind {
  std::string text;
  std::vector<std::int64_t> samples;  ///< of the part shown
};

bool marks_bad(const std::string& text) {
  const std::string lower = lower_case(text);
  return lower.rfind("bad", 0) == 0 || lower.rfind("edge", 0) == 0 || lower.find("boundary") != std::string::npos;
}

std::vector<Kind> kinds_of(const PlotSignals& signals) {
  std::vector<Kind> kinds;
  for (const Annotation& annotation : signals.recording->annotations()) {
    const auto sample = signals.sample_at(annotation.onset_s);
    if (!sample) continue;
    const std::string text = printable(annotation.text);
    auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.text == text; });
    if (found == kinds.end()) found = kinds.insert(kinds.end(), {text, {}});
    const std::int64_t place = *sample - signals.first;
    if (std::find(found->samples.begin(), found->samples.end(), place) == found->samples.end())
      found->samples.push_back(place);
  }
  return kinds;
}

std::vector<Kind> asked_for(const PlotRequest& request, const std::vector<Kind>& kinds, std::size_t most) {
  std::vector<Kind> chosen;
  std::vector<std::string> known;
  for (const Kind& kind : kinds) known.push_back(kind.text);
  for (const std::string& text : request.events) {
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.text == text; });
    if (found == kinds.end())
      throw usage_error(request.file, "has no annotation \"" + printable(text) + "\"", suggestion(text, known));
    chosen.push_back(*found);
  }
  if (!request.events.empty()) return chosen;
  for (const Kind& kind : kinds) {
    if (kind.samples.size() >= 2 && !marks_bad(kind.text)) chosen.push_back(kind);
  }
  std::vector<std::size_t> counts;
  for (const Kind& kind : chosen) counts.push_back(kind.samples.size());
  std::sort(counts.rbegin(), counts.rend());
  if (chosen.size() > most) {
    std::erase_if(chosen, [&](const Kind& kind) { return kind.samples.size() < counts[most - 1]; });
    chosen.resize(most);
  }
  if (chosen.empty()) {
    throw input_error(request.file, "has no annotations that repeat: there are no events to cut epochs around",
                      "name one with --event, or see them with caton plot annotations");
  }
  return chosen;
}

}  // namespace

std::string EventEpochs::about() const {
  std::string words = std::to_string(kept()) + " of " + counted(events, "epoch");
  const auto left_out = [&](EpochFate fate, const char* what) {
    const auto count = std::count(cut.fate.begin(), cut.fate.end(), fate);
    if (count > 0) words += ", " + std::to_string(count) + " " + what;
  };
  left_out(EpochFate::outside, "outside of the data");
  left_out(EpochFate::reject, "with too large amplitudes");
  return words;
}

std::optional<TimeSpan> baseline_of(const PlotRequest& request) {
  if (request.baseline) return request.baseline;
  if (request.start_s >= 0) return std::nullopt;
  return TimeSpan{{}, std::min(0.0, request.stop_s)};
}

std::string baseline_text(const PlotRequest& request) {
  const auto span = baseline_of(request);
  if (!span) return "no baseline";
  return "baseline " + three_digits(span->begin_s.value_or(request.start_s)) + " to " +
         three_digits(span->end_s.value_or(request.stop_s)) + " s";
}

std::vector<EventEpochs> event_epochs(const PlotRequest& request, const PlotSignals& signals, std::size_t most,
                                      double margin_s) {
  std::vector<EventEpochs> result;
  Epoching options{.rate_hz = signals.rate_hz,
                   .start_s = request.start_s - margin_s,
                   .stop_s = request.stop_s + margin_s,
                   .baseline = baseline_of(request)};
  if (options.baseline && !options.baseline->begin_s) options.baseline->begin_s = request.start_s;
  if (request.reject_uv && signals.unit == "\xC2\xB5V") options.reject_v = request.reject_uv;
  for (const Kind& kind : asked_for(request, kinds_of(signals), most)) {
    EventEpochs epochs{kind.text, static_cast<std::int64_t>(kind.samples.size()),
                       epoch(signals.x, kind.samples, options)};
    if (epochs.kept() < 2) {
      throw input_error(request.file,
                        "\"" + kind.text + "\" leaves " + epochs.about() + ": at least 2 are needed for a picture",
                        request.reject_uv ? "raise --reject" : "choose another --event or a shorter epoch");
    }
    result.push_back(std::move(epochs));
  }
  return result;
}

}  // namespace caton::report
