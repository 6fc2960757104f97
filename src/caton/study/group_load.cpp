// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/group_load.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/features/connectivity/pair_measures.hpp"
#include "caton/signal/detrend.hpp"
#include "caton/signal/windows.hpp"
#include "caton/study/group_measure.hpp"

#include <algorithm>
#include <cmath>

namespace caton {

namespace {

bool usable(Signal window, const std::optional<double>& reject_v) {
  for (std::int64_t c = 0; c < window.extent(0); ++c) {
    double low = window(c, 0), high = low;
    for (std::int64_t t = 1; t < window.extent(1); ++t) {
      low = std::min(low, window(c, t));
      high = std::max(high, window(c, t));
    }
    if (!(high > low) || (reject_v && high - low > *reject_v)) return false;
  }
  return true;
}

/// The EOG channels with the same steps done to them, but for the reference: it is one of EEG channels.
Prepared prepared_eyes(const Recording& recording, const std::string& id, std::vector<PrepareStep> steps) {
  const auto channels = recording.channels_of_type("eog");
  if (channels.empty()) {
    throw input_error(id, "has no EOG channel that could be regressed out",
                      "say in channels.tsv which channels are EOG, or leave cleaning away");
  }
  std::erase_if(steps, [](const PrepareStep& step) { return step.operation == "reference"; });
  return prepare(recording, channels, steps);
}

/// Takes off, stretch by stretch, what the eyes' channels explain.
void regress_out_eyes(const Prepared& eyes, Prepared& prepared) {
  for (const auto& [first, last] : prepared.continuous) {
    const std::int64_t count = last - first;
    if (count <= 2 * eyes.signal.extent(0)) continue;
    const auto cleaned =
        regress_out(prepared.signal.view().slice(1, first, count), eyes.signal.view().slice(1, first, count)).y;
    for (std::int64_t c = 0; c < cleaned.extent(0); ++c) std::copy_n(&cleaned(c, 0), count, &prepared.signal(c, first));
  }
  prepared.steps.push_back("EOG regressed out (" + join(eyes.channels, ", ") + ")");
}

}  // namespace

LoadedRecording load_recording(const std::vector<std::string>& channels, const GroupRecording& recording,
                               const GroupAnalysis& options) {
  const auto opened = recording.open();
  std::vector<std::int64_t> indices;
  for (const auto& name : channels) indices.push_back(opened->channel_index(name));
  LoadedRecording loaded{prepare(*opened, indices, options.steps), {}, 0};
  if (options.regress_eyes) regress_out_eyes(prepared_eyes(*opened, recording.id, options.steps), loaded.prepared);
  const Prepared& prepared = loaded.prepared;
  const WindowPlan plan{.rate_hz = prepared.rate_hz, .length_s = options.window_s, .step_s = options.step_s};
  for (const auto& [first, last] : prepared.continuous) {
    if (static_cast<double>(last - first) < std::round(options.window_s * prepared.rate_hz)) continue;
    const Windows windows = window(last - first, plan, recording.id);
    for (const std::int64_t begin : windows.begin) {
      if (!touches_bad(prepared.bad, first + begin, first + begin + windows.length) &&
          usable(prepared.signal.view().slice(1, first + begin, windows.length), options.reject_v))
        loaded.begins.push_back(first + begin);
      else
        ++loaded.dropped;
    }
  }
  if (loaded.begins.empty()) {
    throw input_error(recording.id,
                      "the recording is too short or too disturbed: no usable window of " +
                          number_text(options.window_s) + " s is left (" + std::to_string(loaded.dropped) + " dropped)",
                      "give shorter windows, a higher limit for rejection, or leave the recording out");
  }
  return loaded;
}

void keep_channels(const std::vector<std::size_t>& kept, LoadedRecording& loaded) {
  Prepared& prepared = loaded.prepared;
  if (kept.size() == prepared.channels.size()) return;
  const std::int64_t samples = prepared.signal.extent(1);
  Array<double, 2> signal({static_cast<std::int64_t>(kept.size()), samples}, uninitialised);
  std::vector<std::string> names;
  for (std::size_t c = 0; c < kept.size(); ++c) {
    std::copy_n(&prepared.signal(static_cast<std::int64_t>(kept[c]), 0), samples,
                &signal(static_cast<std::int64_t>(c), 0));
    names.push_back(prepared.channels[kept[c]]);
  }
  prepared.signal = std::move(signal);
  prepared.channels = std::move(names);
}

std::int64_t window_length(const GroupAnalysis& options, double rate_hz) {
  return static_cast<std::int64_t>(std::nearbyint(options.window_s * rate_hz));
}

Array<double, 3> standardised_epochs(const LoadedRecording& loaded, std::int64_t length) {
  const auto apart = windows_apart(loaded.begins, length);
  const std::int64_t channels = loaded.prepared.signal.extent(0);
  Array<double, 3> epochs({static_cast<std::int64_t>(apart.size()), channels, length}, uninitialised);
  for (std::size_t e = 0; e < apart.size(); ++e) {
    for (std::int64_t c = 0; c < channels; ++c) {
      double mean = 0, square = 0;
      for (std::int64_t t = 0; t < length; ++t)
        mean += loaded.prepared.signal(c, apart[e] + t) / static_cast<double>(length);
      for (std::int64_t t = 0; t < length; ++t) {
        const double value = loaded.prepared.signal(c, apart[e] + t) - mean;
        square += value * value / static_cast<double>(length);
      }
      for (std::int64_t t = 0; t < length; ++t)
        epochs(static_cast<std::int64_t>(e), c, t) =
            (loaded.prepared.signal(c, apart[e] + t) - mean) / std::sqrt(square);
    }
  }
  return epochs;
}

}  // namespace caton
