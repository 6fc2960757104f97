// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/report/colour.hpp"
#include "caton/report/figures/interval_plot.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

int rank_of(const std::string& severity) { return severity == "stop" ? 0 : severity == "warn" ? 1 : 2; }

struct Group {
  std::string code, severity, what;
  std::vector<std::string> places;
};

/// Findings of one code and severity together, most severe first, then most frequent.
std::vector<Group> grouped(const Json& findings) {
  std::vector<Group> groups;
  for (const Json& finding : findings.items()) {
    const std::string code = finding.at("code").text(), severity = finding.at("severity").text();
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& known) { return known.code == code && known.severity == severity; });
    if (group == groups.end()) group = groups.insert(groups.end(), {code, severity, finding.at("what").text(), {}});
    group->places.push_back(finding.at("where").text());
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    if (rank_of(a.severity) != rank_of(b.severity)) return rank_of(a.severity) < rank_of(b.severity);
    return a.places.size() > b.places.size();
  });
  return groups;
}

std::string places_text(const std::vector<std::string>& places) {
  constexpr std::size_t most = 4;
  std::vector<std::string> shown(places.begin(),
                                 places.begin() + static_cast<std::ptrdiff_t>(std::min(most, places.size())));
  std::string text = join(shown, ", ");
  if (places.size() > most) text += " and " + std::to_string(places.size() - most) + " more";
  return text;
}

void write_findings(Html& page, const Json& findings) {
  const auto groups = grouped(findings);
  if (groups.empty()) {
    page.paragraph("Nothing odd was found while the recordings were read, prepared and split.");
    return;
  }
  page.paragraph(
      counted(static_cast<std::int64_t>(findings.size()), "finding") + " of " +
      counted(static_cast<std::int64_t>(groups.size()), "kind") +
      " while the recordings were read, prepared and split. A note is worth knowing, a warning limits what may be "
      "concluded, a stop means that the data concerned were not used as they stand.");
  HtmlTable table({{"Severity"}, {"Times", true}, {"What"}, {"Where"}, {"Code", false, true}});
  for (const auto& group : groups) {
    const std::string more =
        group.places.size() > 1 ? " (the first of " + std::to_string(group.places.size()) + ")" : "";
    table.row(
        {group.severity, std::to_string(group.places.size()), group.what + more, places_text(group.places), group.code},
        group.severity == "stop"   ? "bad"
        : group.severity == "warn" ? "warn"
                                   : "");
  }
  table.write(page);
}

struct Amplitude {
  std::vector<std::string> channels;
  std::vector<std::vector<double>> by_class;
  std::string unit = "uV";
};

Amplitude amplitude_of(const Page& facts) {
  const Json* const amplitude = facts.run.study.find("amplitude");
  if (amplitude == nullptr || !amplitude->is_object()) return {};
  const std::string where = (facts.run.path / "study.json").string() + ": amplitude";
  Amplitude result{.channels = amplitude->at("channels", where).texts(where), .by_class = {}};
  if (amplitude->has("unit")) result.unit = amplitude->at("unit").text(where);
  if (result.unit == "uV") result.unit = "\xC2\xB5V";
  for (const Json& row : amplitude->at("by_class", where).items(where)) {
    result.by_class.emplace_back();
    for (const Json& value : row.items(where))
      result.by_class.back().push_back(value.is_number() ? value.number() : std::nan(""));
    if (result.by_class.back().size() != result.channels.size())
      throw input_error(where, "by_class needs one number for each of the channels");
  }
  if (result.by_class.size() != facts.classes.size()) throw input_error(where, "by_class needs one row for each class");
  return result;
}

/// The channel whose amplitude differs most between classes, and by what factor.
std::pair<std::size_t, double> most_different(const Amplitude& amplitude) {
  std::pair<std::size_t, double> most{0, 1};
  for (std::size_t c = 0; c < amplitude.channels.size(); ++c) {
    double low = INFINITY, high = 0;
    for (const auto& row : amplitude.by_class) {
      if (!std::isfinite(row[c])) continue;
      low = std::min(low, row[c]);
      high = std::max(high, row[c]);
    }
    if (low > 0 && std::isfinite(low) && high / low > most.second) most = {c, high / low};
  }
  return most;
}

void write_amplitude_words(Html& page, const Amplitude& amplitude) {
  const auto [channel, factor] = most_different(amplitude);
  if (factor < 2) {
    page.paragraph("The largest difference between classes is a factor of " + three_digits(factor) + ", at " +
                   amplitude.channels[channel] + "; no channel gives the class away by its amplitude alone.");
    return;
  }
  page.open("p").text("At ").element("b", amplitude.channels[channel]);
  page.text(" the amplitude differs between classes by a factor of " + three_digits(factor) +
            ". Brain rhythms rarely do that: loose contact, muscle or movement that goes with the class can be decoded "
            "instead of the brain. Doubt every figure that rests on this channel.");
  page.close();
}

/// Channels [first, end) with one dot a class.
IntervalPlot amplitude_plot(const Page& facts, const Amplitude& amplitude, std::size_t first, std::size_t end) {
  IntervalPlot plot{.title = first == 0 ? "Amplitude of each channel by class" : " ",
                    .axis = "robust standard deviation, " + amplitude.unit};
  for (std::size_t k = 0; k < facts.classes.size(); ++k) plot.legend.push_back({facts.classes[k], category(k)});
  for (std::size_t c = first; c < end; ++c) {
    IntervalRow row{.label = amplitude.channels[c]};
    for (std::size_t k = 0; k < amplitude.by_class.size(); ++k) {
      if (std::isfinite(amplitude.by_class[k][c]))
        row.marks.push_back({.value = amplitude.by_class[k][c], .low = {}, .high = {}, .colour = category(k)});
    }
    plot.rows.push_back(row);
  }
  return plot;
}

void write_amplitude(Html& page, const Page& facts) {
  const Amplitude amplitude = amplitude_of(facts);
  if (amplitude.channels.empty()) return;
  page.heading(3, "Amplitude by class");
  const std::size_t count = amplitude.channels.size(), columns = count > 24 ? 3 : 1;
  const std::size_t each = (count + columns - 1) / columns;
  const auto axis = axis_for(amplitude_plot(facts, amplitude, 0, count).rows, {0.0});
  std::vector<std::string> drawings;
  for (std::size_t first = 0; first < count; first += each) {
    IntervalPlot plot = amplitude_plot(facts, amplitude, first, std::min(first + each, count));
    std::tie(plot.low, plot.high) = axis;
    if (columns > 1) plot.width = third_width;
    drawings.push_back(interval_plot(plot));
  }
  page.open("div", "beside");
  write_figure(page, drawings,
               "Robust standard deviation of the prepared signal (1.48 times the median deviation from the median), "
               "median over the trials of a class, all subjects together; descriptive, no split.",
               "tables/amplitude.csv");
  page.open("div");
  write_amplitude_words(page, amplitude);
  page.close().close();
}

}  // namespace

void write_oddities(Html& page, const Page& facts) {
  page.open("section", {}, "oddities").heading(2, "What was odd in the recordings");
  write_findings(page, facts.run.findings);
  write_amplitude(page, facts);
  page.close();
}

}  // namespace caton::report
