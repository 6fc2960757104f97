// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/prepare/bad_spans.hpp"

#include "caton/base/text.hpp"
#include "caton/recording/sample_times.hpp"

#include <algorithm>
#include <set>

namespace caton {

std::vector<BadSpan> marked_bad(const Recording& recording) {
  std::vector<BadSpan> spans;
  for (const Annotation& annotation : recording.annotations()) {
    if (!(annotation.duration_s > 0) || lower_case(annotation.text).rfind("bad", 0) != 0) continue;
    const std::int64_t begin = sample_at(recording, annotation.onset_s);
    const std::int64_t end = sample_at(recording, annotation.onset_s + annotation.duration_s);
    if (end > begin) spans.push_back({begin, end, annotation.text});
  }
  std::stable_sort(spans.begin(), spans.end(), [](const BadSpan& a, const BadSpan& b) { return a.begin < b.begin; });
  return spans;
}

bool touches_bad(const std::vector<BadSpan>& spans, std::int64_t begin, std::int64_t end) noexcept {
  return std::any_of(spans.begin(), spans.end(),
                     [&](const BadSpan& span) { return span.begin < end && begin < span.end; });
}

std::int64_t leave_out_bad(FeatureWindows& windows, const std::vector<BadSpan>& spans) {
  if (spans.empty()) return 0;
  std::vector<std::size_t> kept;
  std::set<std::string> names;
  for (std::size_t w = 0; w < windows.begin.size(); ++w) {
    bool usable = true;
    for (const BadSpan& span : spans) {
      if (!(span.begin < windows.end[w] && windows.begin[w] < span.end)) continue;
      usable = false;
      names.insert(printable(span.what));
    }
    if (usable) kept.push_back(w);
  }
  const auto all = static_cast<std::int64_t>(windows.begin.size());
  const std::int64_t left_out = all - static_cast<std::int64_t>(kept.size());
  if (left_out == 0) return 0;
  FeatureWindows good{{}, {}, {}, {}, std::move(windows.findings)};
  const std::int64_t channels = windows.values.extent(1), features = windows.values.extent(2);
  good.values = Array<float, 3>({static_cast<std::int64_t>(kept.size()), channels, features}, uninitialised);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    good.trial.push_back(windows.trial[kept[i]]);
    good.begin.push_back(windows.begin[kept[i]]);
    good.end.push_back(windows.end[kept[i]]);
    std::copy_n(windows.values.data() + static_cast<std::int64_t>(kept[i]) * channels * features, channels * features,
                good.values.data() + static_cast<std::int64_t>(i) * channels * features);
  }
  good.findings.push_back({"prepare/bad-windows", Severity::warn, "",
                           std::to_string(left_out) + " of " + std::to_string(all) +
                               " windows share time with stretches marked " + join({names.begin(), names.end()}, ", ") +
                               " and are left out"});
  windows = std::move(good);
  return left_out;
}

}  // namespace caton
