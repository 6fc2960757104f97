// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/edf/annotations.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace caton::edf {
namespace {

constexpr char text_end = '\x14';
constexpr char duration_follows = '\x15';
/// Annotation pages already walked over are given back in steps of this size, so that long files stay small in memory.
constexpr std::int64_t release_step = 8 << 20;

struct Problem {
  std::int64_t count = 0;
  std::string first;  ///< where it was met first
};

/// One record's lists of one channel.
class ListReader {
 public:
  ListReader(std::vector<Annotation>& annotations, std::map<std::string, Problem>& problems)
      : annotations_(annotations), problems_(problems) {}

  /// The record's own time, if `timekeeping` and its first list says so.
  std::optional<double> read(std::string_view bytes, bool timekeeping, std::int64_t record) {
    place_ = "record " + std::to_string(record);
    std::optional<double> record_time;
    bool first = timekeeping;
    for (std::size_t at = 0; at < bytes.size();) {
      if (bytes[at] == '\0') {
        ++at;
        continue;
      }
      const std::size_t end = std::min(bytes.find('\0', at), bytes.size());
      read_list(bytes.substr(at, end - at), end == bytes.size(), first, record_time);
      first = false;
      at = end;
    }
    return record_time;
  }

 private:
  void note(const std::string& kind) {
    Problem& problem = problems_[kind];
    if (problem.count++ == 0) problem.first = place_;
  }

  void read_list(std::string_view list, bool unclosed, bool timekeeping, std::optional<double>& record_time) {
    const std::size_t times_end = list.find(text_end);
    const std::string_view times = list.substr(0, times_end);
    const std::size_t mark = times.find(duration_follows);
    const std::string_view onset_text = times.substr(0, mark);
    const auto onset = parse_number(onset_text);
    if (!onset || !std::isfinite(*onset)) return note("onset");
    if (onset_text.front() != '+' && onset_text.front() != '-') note("sign");
    double duration = 0;
    if (mark != std::string_view::npos) {
      const auto given = parse_number(times.substr(mark + 1));
      if (!given || !std::isfinite(*given) || *given < 0)
        note("duration");
      else
        duration = *given;
    }
    if (times_end == std::string_view::npos) return note("unclosed");
    std::string_view rest = list.substr(times_end + 1);
    bool first_text = true;
    while (!rest.empty()) {
      const std::size_t end = rest.find(text_end);
      if (end == std::string_view::npos) note("unclosed");
      const std::string_view text = rest.substr(0, end);
      if (first_text && timekeeping && text.empty()) record_time = *onset;
      if (!text.empty()) keep(*onset, duration, text);
      first_text = false;
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (unclosed && list.back() != text_end) note("unclosed");
  }

  void keep(double onset, double duration, std::string_view text) {
    if (static_cast<std::int64_t>(annotations_.size()) >= limits::annotations) return note("too-many");
    if (static_cast<std::int64_t>(text.size()) > limits::annotation_bytes) {
      note("too-long");
      text = text.substr(0, static_cast<std::size_t>(limits::annotation_bytes));
    }
    std::string kept(text);
    if (!is_utf8(text)) {
      note("utf8");
      kept = utf8_repaired(text);
    }
    annotations_.push_back({onset, duration, std::move(kept)});
  }

  std::vector<Annotation>& annotations_;
  std::map<std::string, Problem>& problems_;
  std::string place_;
};

struct ProblemText {
  const char *kind, *code, *what;
};

constexpr ProblemText problem_texts[] = {
    {"onset", "annotation-onset", "annotation(s) left out because the onset is no number"},
    {"sign", "annotation-sign", "annotation onset(s) without + or -, read as seconds after the start"},
    {"duration", "annotation-duration", "annotation duration(s) that are no number, read as 0"},
    {"unclosed", "annotation-unclosed", "annotation(s) without their closing byte, read to the end of the list"},
    {"too-many", "annotation-limit", "annotation(s) beyond the limit, left out"},
    {"too-long", "annotation-long", "annotation text(s) beyond 4096 bytes, cut"},
    {"utf8", "annotation-utf8", "annotation text(s) that are not UTF-8; the broken bytes are replaced"},
};

class TimelineReader {
 public:
  TimelineReader(const MappedFile& file, const Header& header, Findings& findings)
      : file_(file), header_(header), findings_(findings), where_(file.path().string()) {}

  Timeline read() {
    const bool any = std::any_of(header_.signals.begin(), header_.signals.end(),
                                 [](const Signal& signal) { return signal.annotations && signal.samples > 0; });
    if (!any) {
      if (header_.plus)
        add("annotation-channel-missing", header_.discontinuous ? Severity::stop : Severity::warn,
            "the file says it is a plus file but has no annotation channel, so the times of its records are not known; "
            "they are taken as continuous");
      line_.stretches = {{0, header_.records, 0, 0}};
      return line_;
    }
    walk();
    report_problems();
    join_records();
    order_annotations();
    return line_;
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what, const std::string& where = {}) {
    findings_.push_back(
        {std::string(header_.prefix()) + "/" + code, severity, where.empty() ? where_ : where_ + ", " + where, what});
  }

  void walk() {
    ListReader lists(line_.annotations, problems_);
    times_.reserve(static_cast<std::size_t>(header_.records));
    const std::string_view bytes = text_of(file_.bytes());
    std::int64_t released = 0;
    for (std::int64_t record = 0; record < header_.records; ++record) {
      const std::int64_t begin = header_.bytes + record * header_.record_bytes;
      std::optional<double> time;
      bool first = true;
      for (const Signal& signal : header_.signals) {
        if (!signal.annotations) continue;
        const auto list = bytes.substr(static_cast<std::size_t>(begin + signal.offset),
                                       static_cast<std::size_t>(signal.samples * header_.width()));
        const auto found = lists.read(list, first, record);
        if (first) time = found;
        first = false;
      }
      times_.push_back(time.value_or(std::nan("")));
      if (begin - released > release_step) {
        file_.release(released, begin - released);
        released = begin;
      }
    }
  }

  void report_problems() {
    for (const auto& [kind, code, what] : problem_texts) {
      const auto found = problems_.find(kind);
      if (found == problems_.end()) continue;
      add(code, Severity::warn, std::to_string(found->second.count) + " " + what, found->second.first);
    }
  }

  double highest_rate() const {
    std::int64_t most = 0;
    for (const Signal& signal : header_.signals)
      if (!signal.annotations) most = std::max(most, signal.samples);
    return header_.record_s > 0 ? static_cast<double>(most) / header_.record_s : 0;
  }

  void join_records() {
    const auto known = std::count_if(times_.begin(), times_.end(), [](double time) { return !std::isnan(time); });
    line_.start_s = times_.empty() || std::isnan(times_.front()) ? 0 : times_.front();
    if (known < static_cast<std::int64_t>(times_.size()))
      add("record-time-missing", Severity::warn,
          std::to_string(static_cast<std::int64_t>(times_.size()) - known) +
              " record(s) without a time-keeping annotation; their times are counted on");
    const double rate = highest_rate();
    const double slack = rate > 0 ? std::max(0.002, 0.6 / rate) : 0.002;
    for (std::int64_t record = 0; record < header_.records; ++record) {
      const double filed = times_[static_cast<std::size_t>(record)];
      if (line_.stretches.empty()) {
        line_.stretches.push_back({record, 1, 0, 0});
        continue;
      }
      Stretch& last = line_.stretches.back();
      const double expected = last.onset_s + static_cast<double>(last.records) * header_.record_s;
      const double time = std::isnan(filed) ? expected : filed - line_.start_s;
      if (time < expected - slack && header_.record_s > 0) refuse_backwards(record, time, expected);
      if (time > expected + slack && header_.record_s > 0)
        line_.stretches.push_back({record, 1, time, 0});
      else
        ++last.records;
    }
    report_gaps();
  }

  [[noreturn]] void refuse_backwards(std::int64_t record, double time, double expected) const {
    throw input_error(where_,
                      "the records are not in order of time: record " + std::to_string(record) + " starts at " +
                          fixed_text(time, 3) + " s, the one before it ends at " + fixed_text(expected, 3) + " s",
                      "the file is damaged or was joined wrongly; export it again");
  }

  void report_gaps() {
    if (line_.stretches.size() < 2) return;
    const Stretch &before = line_.stretches[0], &after = line_.stretches[1];
    const std::string first = "the first from " +
                              fixed_text(before.onset_s + static_cast<double>(before.records) * header_.record_s, 3) +
                              " s to " + fixed_text(after.onset_s, 3) + " s";
    const std::string count = std::to_string(line_.stretches.size() - 1);
    if (header_.discontinuous)
      add("gaps", Severity::note, count + " gap(s) between records, " + first);
    else
      add("gap-in-continuous", Severity::warn,
          "the file says it is continuous, but the record times have " + count + " gap(s), " + first +
              "; they are kept as gaps");
  }

  void order_annotations() {
    auto& list = line_.annotations;
    for (Annotation& annotation : list) annotation.onset_s -= line_.start_s;
    std::stable_sort(list.begin(), list.end(),
                     [](const Annotation& a, const Annotation& b) { return a.onset_s < b.onset_s; });
    take_padding();
    report_overlaps();
    report_outside();
  }

  void take_padding() {
    auto& list = line_.annotations;
    for (const Annotation& annotation : list) {
      if (annotation.text != padding_text) continue;
      for (Stretch& stretch : line_.stretches) {
        const double length = static_cast<double>(stretch.records) * header_.record_s;
        const double end = annotation.onset_s + annotation.duration_s;
        if (std::fabs(end - stretch.onset_s - length) < 1e-5 && annotation.duration_s < length)
          stretch.padding_s = annotation.duration_s;
      }
    }
    const auto kept = std::remove_if(list.begin(), list.end(),
                                     [](const Annotation& annotation) { return annotation.text == padding_text; });
    if (kept != list.end())
      add("padding", Severity::note, "samples that only fill up records are left out, as annotations in the file say");
    list.erase(kept, list.end());
  }

  void report_overlaps() {
    std::int64_t overlapping = 0, repeated = 0;
    double reach = -1e300;
    const auto& list = line_.annotations;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Annotation& now = list[i];
      if (now.duration_s > 0 && now.onset_s < reach - 1e-6) ++overlapping;
      if (now.duration_s > 0) reach = std::max(reach, now.onset_s + now.duration_s);
      for (std::size_t k = i; k-- > 0 && list[k].onset_s == now.onset_s && i - k <= 64;) {
        if (list[k].text != now.text || list[k].duration_s != now.duration_s) continue;
        ++repeated;
        break;
      }
    }
    if (overlapping + repeated > 0)
      add("annotation-overlap", Severity::note,
          std::to_string(overlapping) + " annotation(s) overlap an earlier one, " + std::to_string(repeated) +
              " repeat one; all are kept");
  }

  void report_outside() {
    if (line_.stretches.empty() || header_.record_s <= 0) return;
    const Stretch& last = line_.stretches.back();
    const double end = last.onset_s + static_cast<double>(last.records) * header_.record_s - last.padding_s;
    std::int64_t outside = 0;
    for (const Annotation& annotation : line_.annotations)
      if (annotation.onset_s < -1e-6 || annotation.onset_s > end + 1e-6) ++outside;
    if (outside > 0)
      add("annotation-outside", Severity::warn,
          std::to_string(outside) + " annotation(s) before the start or after the end (" + fixed_text(end, 3) + " s)");
  }

  const MappedFile& file_;
  const Header& header_;
  Findings& findings_;
  std::string where_;
  std::map<std::string, Problem> problems_;
  std::vector<double> times_;
  Timeline line_;
};

}  // namespace

Timeline read_timeline(const MappedFile& file, const Header& header, Findings& findings) {
  return TimelineReader(file, header, findings).read();
}

}  // namespace caton::edf
