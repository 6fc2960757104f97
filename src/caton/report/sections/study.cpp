// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/sections.hpp"

namespace caton::report {
namespace {

std::string member_text(const Json& object, const char* key) {
  const Json* const value = object.find(key);
  if (value == nullptr || value->is_null()) return "\xE2\x80\x93";
  if (value->is_text()) return value->text();
  return value->is_number() ? number_text(value->number()) : value->dump();
}

void write_fact(Html& page, const char* name, const std::string& value) {
  page.element("dt", name).element("dd", value);
}

void write_facts(Html& page, const Page& facts) {
  const Json& study = facts.run.study;
  const auto whole = [&](const char* key) {
    return std::to_string(static_cast<std::int64_t>(study_number(facts, key)));
  };
  page.open("dl");
  write_fact(page, "Data set", study.at("dataset").text());
  write_fact(page, "Subjects", whole("subjects"));
  write_fact(page, "Sessions", whole("sessions"));
  write_fact(page, "Recordings", std::to_string(study.at("recordings").size()));
  write_fact(page, "Trials", whole("trials"));
  std::string windows = whole("samples");
  if (study_number(facts, "window_s") > 0) {
    windows += " of " + three_digits(study_number(facts, "window_s")) + "\xC2\xA0s";
    if (study_number(facts, "step_s") > 0)
      windows += ", one every " + three_digits(study_number(facts, "step_s")) + "\xC2\xA0s";
  }
  write_fact(page, "Windows", windows);
  write_fact(page, "Sampling rate", three_digits(study_number(facts, "rate_hz")) + "\xC2\xA0Hz");
  std::vector<std::string> bands;
  for (const Json& band : study.at("bands").items()) bands.push_back(band.is_text() ? band.text() : band.dump());
  if (!bands.empty()) write_fact(page, "Bands", join(bands, ", "));
  if (study.has("seed")) write_fact(page, "Random seed", member_text(study, "seed"));
  page.close();
}

void write_classes(Html& page, const Page& facts) {
  const Json* const trials = facts.run.study.find("class_trials");
  const auto& counts = facts.run.study.at("class_counts").items();
  double total = 0;
  for (const Json& count : counts) total += count.is_number() ? count.number() : 0;
  HtmlTable table({{"Class"}, {"Windows", true}, {"Share", true}, {"Trials", true}});
  for (std::size_t k = 0; k < facts.classes.size(); ++k) {
    const double count = counts[k].is_number() ? counts[k].number() : 0;
    const bool has_trials = trials != nullptr && trials->is_list() && k < trials->size();
    table.row({facts.classes[k], fixed_text(count, 0), total > 0 ? percent(count / total) : "\xE2\x80\x93",
               has_trials ? number_text(trials->items()[k].number()) : "\xE2\x80\x93"});
  }
  table.write(page, "Classes");
}

void write_electrodes(Html& page, const Page& facts) {
  if (facts.electrodes.empty()) {
    page.paragraph("No electrode positions are known; nothing is drawn on a head.", "note");
    return;
  }
  ScalpMap map{.title = "Electrodes", .width = facts.electrodes.size() > 24 ? 400.0 : 260.0};
  for (const auto& [name, position] : facts.electrodes) {
    map.electrodes.push_back(name);
    map.positions_m.push_back(position);
  }
  const std::size_t missing = facts.channels - facts.electrodes.size();
  write_figure(page, {scalp_map(map)},
               "The head from above, nose up; angles from the top of the head are drawn as distances." +
                   (missing == 0 ? std::string()
                                 : " Without a known position and left out: " +
                                       counted(static_cast<std::int64_t>(missing), "channel") + "."),
               "tables/electrodes.csv");
}

void write_excluded(Html& page, const Page& facts) {
  const auto& excluded = facts.run.study.at("excluded").items();
  page.heading(3, "Left out");
  if (excluded.empty()) {
    page.paragraph("No subject, trial or channel was left out.");
    return;
  }
  HtmlTable table({{"What"}, {"Why"}});
  for (const Json& item : excluded) table.row({item.at("what").text(), item.at("why").text()});
  table.write(page);
}

void write_recordings(Html& page, const Page& facts) {
  const auto& recordings = facts.run.study.at("recordings").items();
  HtmlTable table({{"Recording"}, {"Subject"}, {"Session"}, {"Format"}, {"Length", true}, {"SHA-256"}});
  double total = 0;
  for (const Json& recording : recordings) {
    const Json* const duration = recording.find("duration_s");
    const bool known = duration != nullptr && duration->is_number();
    if (known) total += duration->number();
    table.row({recording.at("id").text(), member_text(recording, "subject"), member_text(recording, "session"),
               member_text(recording, "format"), known ? length_of_time(duration->number()) : "\xE2\x80\x93",
               member_text(recording, "sha256").substr(0, 12)});
  }
  page.heading(3, "Recordings");
  page.paragraph(counted(static_cast<std::int64_t>(recordings.size()), "recording") + ", " + length_of_time(total) +
                 " in all. The full list with its check sums is in study.json.");
  constexpr std::size_t shown_at_most = 40;
  if (recordings.size() <= shown_at_most && !recordings.empty()) {
    page.open("details").element("summary", "Show the list");
    table.write(page);
    page.close();
  }
}

}  // namespace

void write_study(Html& page, const Page& facts) {
  page.open("section", {}, "study").heading(2, "The study");
  page.open("div", "beside").open("div");
  write_facts(page, facts);
  write_classes(page, facts);
  page.close();
  write_electrodes(page, facts);
  page.close();
  write_excluded(page, facts);
  write_recordings(page, facts);
  page.close();
}

}  // namespace caton::report
