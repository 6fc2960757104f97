// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/report/cleaning/facts.hpp"
#include "caton/report/cleaning/figures.hpp"
#include "caton/report/html.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/report.hpp"
#include "caton/report/style.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {
namespace {

constexpr std::int64_t most_cards = 40;
constexpr std::size_t most_rejected = 20;

std::string cards_style() {
  return ".cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 1rem; }\n"
         ".card { border: 1px solid #e2e8f0; border-radius: 6px; padding: .5rem .6rem; font-size: .82rem; "
         "line-height: 1.4; break-inside: avoid; }\n"
         ".card.out { border-color: #d97706; background: #fffaf2; }\n"
         ".card p { margin: .2rem 0; } .card .name { font-weight: 600; }\n"
         ".tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem; "
         "margin: 1.2rem 0; }\n"
         ".tile { background: #f8fafc; border: 1px solid #e2e8f0; border-radius: 6px; padding: .7rem .9rem; }\n"
         ".tile .value { font-size: 1.35rem; font-weight: 600; color: #1d4e89; margin: 0; line-height: 1.25; }\n"
         ".tile .meaning { font-size: .82rem; color: #4b5563; margin: .15rem 0 0; line-height: 1.4; }\n";
}

std::int64_t removed_count(const Cleaned& cleaned) {
  return std::count_if(cleaned.components.begin(), cleaned.components.end(),
                       [](const CleanComponent& c) { return c.kind != ComponentKind::brain; });
}

/// Share of the time in which something was taken away.
double touched_share(const CleaningFacts& facts) {
  std::int64_t touched = 0, reached = 0;
  for (const CleanSpan& span : facts.cleaned->spans) {
    touched += std::max<std::int64_t>(0, span.end - std::max(span.begin, reached));
    reached = std::max(reached, span.end);
  }
  return static_cast<double>(touched) / static_cast<double>(facts.input->signal.extent(1));
}

void tile(Html& page, const std::string& value, const std::string& meaning) {
  page.open("div", "tile").element("p", value, "value").element("p", meaning, "meaning").close();
}

std::string correlation_text(double r) { return decimal(r, 3); }

void write_summary(Html& page, const CleaningFacts& facts) {
  const Cleaned& cleaned = *facts.cleaned;
  const double seconds = static_cast<double>(facts.input->signal.extent(1)) / facts.input->rate_hz;
  page.paragraph("cleaned recording", "eyebrow").heading(1, facts.file);
  page.paragraph(counted(facts.input->signal.extent(0), "channel") + ", " + length_of_time(seconds) + " at " +
                     number_text(facts.input->rate_hz) + " Hz. Reference: " + cleaned.reference + ".",
                 "lead");
  page.open("div", facts.truth && facts.truth->cleaned < facts.truth->recorded ? "verdict warn" : "verdict good");
  page.element("span", "In short", "tag");
  std::string words;
  const Rejection& rejection = cleaned.rejection;
  const std::string marked =
      rejection.rejected == 0 ? std::string()
                              : " Marked as bad, for whoever uses the signal: " + std::to_string(rejection.rejected) +
                                    " of " + std::to_string(rejection.epochs) + " s.";
  if (removed_count(cleaned) == 0 && cleaned.spans.empty() && cleaned.bad_indices.empty()) {
    words =
        "Nothing but filters was needed: no bad channel, no component of eyes, muscle or heart, no burst was found." +
        marked;
  } else {
    const auto number = [](std::int64_t count, const char* word) {
      return count == 0 ? std::string("no ") + word : counted(count, word);
    };
    words = "Found: " + number(static_cast<std::int64_t>(cleaned.bad_indices.size()), "bad channel") + ", " +
            number(removed_count(cleaned), "component") +
            " that the brain did not make. Changed: " + percent(touched_share(facts)) +
            " of the time; outside of it the signal is as it was (r = " + correlation_text(facts.likeness_outside) +
            ")." + marked;
  }
  page.paragraph(words).close();
  page.open("div", "tiles");
  if (facts.truth) {
    tile(page, correlation_text(facts.truth->recorded) + " \xE2\x86\x92 " + correlation_text(facts.truth->cleaned),
         "correlation with the true brain signal, before and after (same filters; mean over channels)");
  }
  tile(page, correlation_text(facts.likeness),
       "correlation of the cleaned with the recorded signal (same filters); 1 would be: nothing was taken away");
  tile(page, std::to_string(cleaned.rank_after) + " of " + std::to_string(facts.input->signal.extent(0)),
       "rank that is left: independent dimensions for covariances and source models");
  tile(page, percent(touched_share(facts)), "of the time in which something was taken away");
  if (cleaned.rejection.epochs > 0)
    tile(page, std::to_string(cleaned.rejection.rejected) + " of " + std::to_string(cleaned.rejection.epochs) + " s",
         "still unusable, marked as bad and left out of every window");
  page.close();
}

void write_truth(Html& page, const CleaningFacts& facts) {
  if (!facts.truth) return;
  const CleaningTruth& truth = *facts.truth;
  page.heading(2, "Against the truth");
  page.paragraph(
      "This recording was simulated, so the signal of the brain alone is known. Correlations are means over "
      "the channels.");
  HtmlTable table({{"the true brain signal"}, {"as recorded", true}, {"cleaned", true}, {"gain", true}});
  const auto row = [&](const char* name, double before, double after) {
    table.row({name, correlation_text(before), correlation_text(after),
               (after >= before ? "+" : "") + decimal(after - before, 3)},
              after >= before ? "good" : "warn");
  };
  row("through the same filters and reference", truth.recorded, truth.cleaned);
  row("as it is, with its slow waves", truth.recorded_plain, truth.cleaned_plain);
  table.write(page);
  page.paragraph(
      "The first row asks what cleaning did. The second asks the filters too: a high-pass takes slow drifts "
      "away and with them the slowest waves of the brain.",
      "lead");
}

void write_channels(Html& page, const CleaningFacts& facts) {
  const Cleaned& cleaned = *facts.cleaned;
  page.heading(2, "Channels");
  if (cleaned.bad.reason.empty()) {
    page.paragraph("One channel alone cannot be compared with others.");
    return;
  }
  if (cleaned.bad_indices.empty()) {
    page.paragraph(facts.input->signal.extent(0) < 8
                       ? "No channel is flat. So few channels cannot be compared with each other."
                       : "No channel is flat, much louder, quieter or noisier than the others, or unlike all of them.");
    return;
  }
  HtmlTable table({{"channel", false, true}, {"why it is bad"}, {"done"}});
  for (const std::int64_t c : cleaned.bad_indices) {
    const auto at = static_cast<std::size_t>(c);
    table.row({facts.input->channels[at], bad_channel_words(cleaned.bad, at),
               cleaned.interpolated ? "interpolated from the others" : "left as it is, marked bad"},
              "warn");
  }
  table.write(page);
}

void write_components(Html& page, const CleaningFacts& facts) {
  const Cleaned& cleaned = *facts.cleaned;
  page.heading(2, "Components");
  if (cleaned.components.empty()) {
    page.paragraph("No independent components were fitted.");
    return;
  }
  const auto count = static_cast<std::int64_t>(cleaned.components.size());
  page.paragraph("The recording taken apart into " + counted(count, "independent component") +
                 ": map over the head, course during the ten seconds shown above, spectrum. What was taken away has an "
                 "orange frame.");
  page.open("div", "cards");
  for (std::int64_t k = 0; k < std::min(count, most_cards); ++k) {
    const CleanComponent& component = cleaned.components[static_cast<std::size_t>(k)];
    const bool out = component.kind != ComponentKind::brain;
    page.open("div", out ? "card out" : "card");
    page.element("p",
                 std::to_string(k + 1) + " \xC2\xB7 " + kind_name(component.kind) + " \xC2\xB7 " +
                     percent(component.variance) + " of variance",
                 "name");
    page.markup(component_card(facts, k));
    page.paragraph(sentence(component.why));
    if (out && component.removed < 1) page.paragraph("Taken away in " + percent(component.removed) + " of the time.");
    page.close();
  }
  page.close();
  if (count > most_cards)
    page.paragraph("The " + std::to_string(count - most_cards) + " weakest components are not shown.");
}

void write_rejection(Html& page, const CleaningFacts& facts) {
  const Rejection& found = facts.cleaned->rejection;
  page.heading(2, "Marked as bad");
  if (found.epochs == 0) {
    page.paragraph("Seconds that are still unusable were not looked for.");
    return;
  }
  const std::string limit = decimal(found.limit_v * 1e6, 0) + " \xC2\xB5V";
  std::string words = "Each second of the cleaned recording was looked at, " + std::to_string(found.epochs) + " in all";
  if (found.limit_v > 0) {
    words += ": is any channel larger than " + limit + " peak to peak";
    words += found.limit_found
                 ? " (the limit that keeps the mean of the kept seconds nearest to what is usual in held-out ones, and "
                   "at least three times the middle size)"
                 : " (the limit that was asked for)";
  }
  words += found.limit_v > 0 ? ", or did one stand still as recorded? " : ": did a channel stand still? ";
  if (found.rejected == 0) {
    page.paragraph(words + "No second is.");
    return;
  }
  page.paragraph(words + "Too large: " + std::to_string(found.too_large) +
                 ", with a flat channel: " + std::to_string(found.flat) +
                 ". Their samples are kept as they are; annotations that begin with BAD mark them in the cleaned "
                 "recording, and windows that share time with them are left out by caton and by MNE.");
  HtmlTable table({{"from, s", true}, {"length, s", true}, {"annotation"}, {"why"}});
  const auto shown = std::min(found.spans.size(), most_rejected);
  for (std::size_t i = 0; i < shown; ++i) {
    const RejectedSpan& span = found.spans[i];
    table.row({decimal(static_cast<double>(span.begin) / facts.input->rate_hz, 1),
               decimal(static_cast<double>(span.end - span.begin) / facts.input->rate_hz, 1), annotation_of(span),
               rejection_words(*facts.input, span)});
  }
  table.write(page);
  if (shown < found.spans.size())
    page.paragraph("The other " + std::to_string(found.spans.size() - shown) + " stand in the events table.");
}

void write_rank(Html& page, const CleaningFacts& facts) {
  const Cleaned& cleaned = *facts.cleaned;
  page.heading(2, "Rank");
  std::string words = "Of " + counted(facts.input->signal.extent(0), "channel") + " the recording had rank " +
                      std::to_string(cleaned.rank_before) + "; cleaned it has " + std::to_string(cleaned.rank_after) +
                      ".";
  if (cleaned.interpolated) words += " An interpolated channel is a sum of the others and adds no dimension.";
  if (cleaned.reference == "average") words += " The average reference takes one.";
  if (cleaned.rank_in_spans < cleaned.rank_after)
    words += " While a component of the eyes is taken away, the rank is " + std::to_string(cleaned.rank_in_spans) + ".";
  words +=
      " Covariances, source models and connectivity need this number: give it to them, or reduce to so many "
      "components first.";
  page.paragraph(words);
}

void write_steps(Html& page, const CleaningFacts& facts) {
  page.heading(2, "What was done");
  page.open("ul");
  for (const std::string& step : facts.cleaned->steps) page.element("li", sentence(step));
  page.close();
  page.paragraph(
      "Everything was learnt from this recording alone, without labels: cleaning a recording tells a decoder "
      "nothing of other recordings. Within one recording it does look at all times at once; to decode one "
      "part of a recording from another part, say so when you report it.");
  if (facts.cleaned->findings.empty()) return;
  page.heading(3, "What you should know");
  page.open("ul");
  for (const Finding& finding : facts.cleaned->findings) page.element("li", sentence(finding.what));
  page.close();
}

void write_figures(Html& page, const CleaningFacts& facts) {
  const double begin = static_cast<double>(excerpt_of(facts).begin) / facts.input->rate_hz;
  page.heading(2, "Before and after");
  page.open("figure").markup(before_and_after(facts));
  page.element("figcaption", "The ten seconds that changed most, from " + fixed_text(begin, 1) +
                                 " s on. Shaded: where something was taken away or is marked as bad.");
  page.close();
  const std::string line = timeline(facts);
  if (!line.empty()) {
    page.open("figure").markup(line);
    page.element("figcaption", "The whole recording: where eyes or bursts were taken away, and what is marked as bad.")
        .close();
  }
  page.open("figure").open("div", "drawings").markup(spectra(facts)).markup(removed_map(facts)).close();
  page.element("figcaption",
               "Left: spectra in the same reference, the middle one of all channels. Right: how much was taken away at "
               "each electrode, filters "
               "not counted.");
  page.close();
}

}  // namespace

std::string bad_channel_words(const BadChannels& bad, std::size_t channel) {
  const std::int64_t reason = bad.reason[channel];
  std::vector<std::string> words;
  if ((reason & bad_flat) != 0) words.emplace_back("flat");
  if ((reason & bad_deviation) != 0)
    words.push_back(std::string(bad.deviation_z[channel] > 0 ? "much louder" : "much quieter") +
                    " than the others (z = " + decimal(bad.deviation_z[channel], 1) + ")");
  if ((reason & bad_noise) != 0) words.push_back("noisy above 50 Hz (z = " + decimal(bad.noise_z[channel], 1) + ")");
  if ((reason & bad_correlation) != 0)
    words.push_back("like no other channel in " + percent(bad.bad_fraction[channel]) + " of the seconds");
  return join(words, "; ");
}

std::string cleaning_page(const CleaningFacts& facts) {
  Html page;
  page.open("main");
  write_summary(page, facts);
  write_truth(page, facts);
  write_figures(page, facts);
  write_channels(page, facts);
  write_components(page, facts);
  write_rejection(page, facts);
  write_rank(page, facts);
  write_steps(page, facts);
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>" +
         escaped(facts.file) + " \xC2\xB7 cleaned</title>\n<style>\n" + std::string(style_sheet()) + cards_style() +
         "</style>\n</head>\n<body>\n" + page.finished() + "</body>\n</html>\n";
}

Json cleaning_json(const CleaningFacts& facts) {
  const Cleaned& cleaned = *facts.cleaned;
  Json bad = Json::list(), components = Json::list(), findings = Json::list();
  for (const std::int64_t c : cleaned.bad_indices) {
    const auto at = static_cast<std::size_t>(c);
    bad.push(Json::object({{"channel", facts.input->channels[at]}, {"why", bad_channel_words(cleaned.bad, at)}}));
  }
  for (const CleanComponent& component : cleaned.components) {
    components.push(Json::object({{"kind", kind_name(component.kind)},
                                  {"why", component.why},
                                  {"variance", component.variance},
                                  {"removed", component.removed},
                                  {"eye_r", component.eye},
                                  {"heart_r", component.heart},
                                  {"slope", component.slope},
                                  {"kurtosis", component.peaks}}));
  }
  Json spans = Json::list();
  for (const RejectedSpan& span : cleaned.rejection.spans)
    spans.push(Json::object({{"begin_s", static_cast<double>(span.begin) / facts.input->rate_hz},
                             {"end_s", static_cast<double>(span.end) / facts.input->rate_hz},
                             {"annotation", annotation_of(span)},
                             {"why", rejection_words(*facts.input, span)}}));
  const Json rejection = Json::object({{"limit_v", cleaned.rejection.limit_v},
                                       {"limit_found", cleaned.rejection.limit_found},
                                       {"epochs", cleaned.rejection.epochs},
                                       {"rejected", cleaned.rejection.rejected},
                                       {"too_large", cleaned.rejection.too_large},
                                       {"flat", cleaned.rejection.flat},
                                       {"spans", spans}});
  for (const Finding& finding : cleaned.findings)
    findings.push(Json::object({{"code", finding.code}, {"what", finding.what}}));
  Json result = Json::object({{"steps", Json::list_of(cleaned.steps)},
                              {"reference", cleaned.reference},
                              {"bad_channels", bad},
                              {"interpolated", cleaned.interpolated},
                              {"line_hz", Json::list_of(cleaned.line_hz)},
                              {"components", components},
                              {"rejection", rejection},
                              {"time_changed", touched_share(facts)},
                              {"correlation_with_recorded", facts.likeness},
                              {"correlation_with_recorded_outside", facts.likeness_outside},
                              {"rank_before", cleaned.rank_before},
                              {"rank_after", cleaned.rank_after},
                              {"rank_in_spans", cleaned.rank_in_spans},
                              {"findings", findings}});
  if (facts.truth) {
    result["truth"] = Json::object({{"recorded", facts.truth->recorded},
                                    {"cleaned", facts.truth->cleaned},
                                    {"recorded_plain", facts.truth->recorded_plain},
                                    {"cleaned_plain", facts.truth->cleaned_plain}});
  }
  return result;
}

}  // namespace caton::report
