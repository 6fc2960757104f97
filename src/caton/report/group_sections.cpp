// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/base/toml.hpp"
#include "caton/report/figures/directed_map.hpp"
#include "caton/report/figures/heat_map.hpp"
#include "caton/report/group_page.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/sections.hpp"

#include <algorithm>
#include <cmath>

namespace caton::report {

namespace {

constexpr std::size_t most_arrows = 40, strongest_arrows = 20, most_rows = 30;
constexpr std::int64_t few = 10;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::string correction_name(const std::string& word) {
  if (word == "bh") return "Benjamini-Hochberg (false-discovery rate)";
  if (word == "by") return "Benjamini-Yekutieli (false-discovery rate under dependence)";
  return word == "holm" ? "Holm (family-wise)" : "Bonferroni (family-wise)";
}

std::string design_words(const GroupPage& facts) {
  if (facts.design == "mixed") return "mixed analysis of variance: groups between people, sessions within them";
  if (facts.design == "anova_one_way") return "one-way analysis of variance between groups";
  if (facts.design == "anova_repeated") return "repeated-measures analysis of variance between sessions";
  if (facts.design == "t_paired") return "paired t tests between sessions";
  if (facts.design == "t_independent") return "t tests between groups";
  return "F statistics against shuffled group labels (largest statistic over all pairs and bands)";
}

std::size_t count_significant(const GroupPage& facts) {
  return static_cast<std::size_t>(std::count_if(facts.pairs.begin(), facts.pairs.end(),
                                                [&](const TestedPair& pair) { return facts.significant(pair); }));
}

/// Significant pairs of a band, the strongest first; where there are none, the strongest of all.
std::vector<const TestedPair*> drawn_pairs(const GroupPage& facts, std::size_t band, std::size_t cell, bool& dashed) {
  std::vector<const TestedPair*> chosen, all;
  for (const TestedPair& pair : facts.pairs) {
    if (pair.band != band) continue;
    all.push_back(&pair);
    if (facts.significant(pair)) chosen.push_back(&pair);
  }
  dashed = chosen.empty();
  auto& list = dashed ? all : chosen;
  const auto by_p = [](const TestedPair* a, const TestedPair* b) { return a->adjusted < b->adjusted; };
  const auto by_mean = [cell](const TestedPair* a, const TestedPair* b) { return a->mean[cell] > b->mean[cell]; };
  if (dashed)
    std::stable_sort(list.begin(), list.end(), by_mean);
  else
    std::stable_sort(list.begin(), list.end(), by_p);
  list.resize(std::min(list.size(), dashed ? strongest_arrows : most_arrows));
  std::reverse(list.begin(), list.end());
  return list;
}

/// Pairs of a band that are significant without correction alone, the largest p first; none where they are not asked
/// for.
std::vector<const TestedPair*> greyed_pairs(const GroupPage& facts, std::size_t band, std::size_t most) {
  std::vector<const TestedPair*> list;
  for (const TestedPair& pair : facts.pairs) {
    if (pair.band == band && facts.greyed(pair)) list.push_back(&pair);
  }
  std::stable_sort(list.begin(), list.end(), [](const TestedPair* a, const TestedPair* b) { return a->p < b->p; });
  list.resize(std::min(list.size(), most));
  std::reverse(list.begin(), list.end());
  return list;
}

constexpr Colour uncorrected_grey{190, 196, 204};

Colour star_colour(double adjusted, bool dashed) {
  if (dashed) return ink::axis;
  return adjusted < 0.001 ? Colour{127, 39, 4} : adjusted < 0.01 ? Colour{200, 92, 10} : Colour{240, 170, 80};
}

/// The value of no link.
double middle_of(const GroupPage& facts) { return facts.measure == "directed pli" ? 0.5 : 0; }

double largest_mean(const GroupPage& facts) {
  double largest = 1e-300;
  for (const TestedPair& pair : facts.pairs) {
    for (const double mean : pair.mean) largest = std::max(largest, std::abs(mean - middle_of(facts)));
  }
  return largest;
}

std::string head_map(const GroupPage& facts, std::size_t band, std::size_t cell, double largest) {
  DirectedMap map;
  bool dashed = false;
  const auto pairs = drawn_pairs(facts, band, cell, dashed);
  const auto grey = greyed_pairs(facts, band, dashed ? 0 : most_arrows - pairs.size());
  map.title = facts.cells[cell] + ", " + facts.bands[band];
  map.note = dashed ? "not significant: " + std::to_string(pairs.size()) + " strongest"
                    : counted(static_cast<std::int64_t>(pairs.size()), "pair");
  if (!grey.empty()) map.note += ", grey: " + std::to_string(grey.size()) + " without correction";
  map.electrodes = facts.channels;
  map.positions_m = facts.positions_m;
  const auto draw = [&](const TestedPair& pair, Colour colour) {
    const double away = pair.mean[cell] - middle_of(facts);
    const bool backward = facts.direction == "leading" && away < 0;
    map.arrows.push_back({.from = backward ? pair.to : pair.from,
                          .to = backward ? pair.from : pair.to,
                          .width = 0.5 + 4 * std::abs(away) / largest,
                          .colour = colour,
                          .dashed = dashed,
                          .head = facts.direction != "mutual",
                          .about = facts.pair_name(pair)});
  };
  for (const TestedPair* const pair : grey) draw(*pair, uncorrected_grey);
  for (const TestedPair* const pair : pairs) draw(*pair, star_colour(pair->adjusted, dashed));
  map.width = third_width;
  return directed_map(map);
}

/// C x C of one value of each pair of a band, channels in order; the diagonal is left empty.
template <class Value>
std::vector<std::vector<double>> matrix_of(const GroupPage& facts, std::size_t band, const Value& value) {
  const std::size_t count = facts.channels.size();
  std::vector<std::size_t> place(count);
  for (std::size_t i = 0; i < count; ++i) place[facts.order[i]] = i;
  std::vector<std::vector<double>> matrix(count, std::vector<double>(count, NAN));
  for (const TestedPair& pair : facts.pairs) {
    if (pair.band != band) continue;
    matrix[place[pair.to]][place[pair.from]] = value(pair);
    if (facts.direction == "mutual") matrix[place[pair.from]][place[pair.to]] = value(pair);
  }
  return matrix;
}

std::vector<std::string> ordered_names(const GroupPage& facts) {
  std::vector<std::string> names;
  for (const std::size_t c : facts.order) names.push_back(facts.channels[c]);
  return names;
}

HeatMap plain_matrix(const GroupPage& facts, const std::string& title) {
  HeatMap map;
  map.title = title;
  map.row_names = map.column_names = ordered_names(facts);
  if (facts.direction != "mutual") {
    map.row_axis = "to";
    map.column_axis = "from";
  }
  map.width = facts.channels.size() <= 10 && facts.cells.size() == 3 ? quarter_width : third_width;
  return map;
}

std::string p_text(double p) { return p < 0.0001 ? "< 0.0001" : three_digits(p); }

/// Adjusted p with its stars; beneath, greyed, p as it came, with stars of its own where they are asked for.
std::string p_cell(const GroupPage& facts, const TestedPair& pair) {
  return p_text(pair.adjusted) + " " + stars(pair.adjusted) + "\np " + p_text(pair.p) +
         (facts.uncorrected ? " " + stars(pair.p) : "");
}

std::string interval_text(double low, double high) { return three_digits(low) + " to " + three_digits(high); }

std::vector<const TestedPair*> by_adjusted(const std::vector<TestedPair>& pairs) {
  std::vector<const TestedPair*> sorted;
  for (const TestedPair& pair : pairs) sorted.push_back(&pair);
  std::stable_sort(sorted.begin(), sorted.end(), [](const TestedPair* a, const TestedPair* b) {
    return std::pair(a->adjusted, a->p) < std::pair(b->adjusted, b->p);
  });
  return sorted;
}

/// Whether the simulation planted a difference on this pair; nothing where the truth is not known.
const Json* planted(const GroupPage& facts) {
  const Json* const truth = facts.run.result.find("truth");
  return truth == nullptr || truth->is_null() ? nullptr : truth;
}

bool is_planted(const GroupPage& facts, const TestedPair& pair) {
  const Json* const truth = planted(facts);
  if (truth == nullptr || !truth->at("differ").flag()) return false;
  const auto& links = truth->at("links");
  return std::any_of(links.items().begin(), links.items().end(), [&](const Json& link) {
    return link.at("from").text() == facts.channels[pair.from] && link.at("to").text() == facts.channels[pair.to];
  });
}

}  // namespace

void write_group_summary(Html& page, const GroupPage& facts) {
  page.element("p", "caton report: connectivity of groups", "eyebrow");
  page.heading(1, facts.name);
  std::string who;
  for (std::size_t g = 0; g < facts.groups.size(); ++g)
    who += (g == 0 ? "" : ", ") + facts.groups[g] + " (" + std::to_string(facts.group_sizes[g]) + " people" + ")";
  page.element("p",
               "Groups: " + who + "; " + counted(static_cast<std::int64_t>(facts.sessions.size()), "session") + ", " +
                   counted(static_cast<std::int64_t>(facts.channels.size()), "channel") + ", bands " +
                   joined(facts.bands) + ".",
               "lead");
  const std::size_t found = count_significant(facts), tests = facts.pairs.size();
  const std::int64_t links = facts.link_effects.empty() ? 0 : facts.link_effects.front().significant;
  page.open("div", found > 0 ? "verdict plain" : "verdict warn").open("p");
  page.element("span", found > 0 ? "Differences were found" : "No difference was found", "tag");
  const std::string level = three_digits(facts.alpha);
  std::string words = std::to_string(found) + " of " + std::to_string(tests) +
                      (facts.direction == "directed" ? " directed pairs" : " pairs") + " differ (" +
                      facts.effects.front().name + ", adjusted p at most " + level + ", " +
                      correction_name(facts.correction) + ").";
  if (!facts.link_effects.empty()) {
    words += " The models' own coefficients differ at " + std::to_string(links) + " of " +
             std::to_string(facts.links.size()) + " pairs.";
  }
  page.text(words).close().close();
  if (!facts.ddtf()) {
    page.paragraph("What was compared: " + facts.measure + ", " + facts.measure_about +
                   ". A significant pair is a difference of this measure between two electrodes, not a changed link: " +
                   (facts.direction == "mutual"
                        ? "what both pick up from a third source, or at once from the same one, moves it as well."
                        : "normalisation, a third source and unequal noise move it as well.") +
                   (facts.links.empty() ? "" : " The coefficients of the models stand beside it, further down."));
    return;
  }
  page.paragraph(
      "A significant dDTF pair is not a changed link. The values of each row are normalised by all that reaches the "
      "target over all frequencies, and partial coherence depends on every channel: when one link changes, the others "
      "of its row change with it. Which links of the model itself changed is asked of its coefficients, further down.");
}

void write_group_reach(Html& page, const GroupPage& facts) {
  page.open("section", {}, "reach").heading(2, "How far this carries").open("ul");
  const double expected = static_cast<double>(facts.pairs.size()) * facts.alpha;
  const TestedEffect& effect = facts.effects.front();
  page.element("li", std::to_string(facts.pairs.size()) + " tests were made; without correction " +
                         fixed_text(expected, 1) + " would fall below " + three_digits(facts.alpha) +
                         " if nothing differed at all. " + std::to_string(effect.below) + " did; " +
                         std::to_string(effect.significant) + " remain after correction by " +
                         correction_name(facts.correction) + ".");
  for (std::size_t g = 0; g < facts.groups.size(); ++g) {
    if (facts.group_sizes[g] >= few) continue;
    page.element("li", "Group " + facts.groups[g] + " has " + std::to_string(facts.group_sizes[g]) +
                           " participants only: one person can make or break a result.");
  }
  page.element("li",
               "Sensors, not sources: electrodes pick up the same source at once (volume conduction), which can look "
               "like a link. Nothing here says which parts of a brain talk to each other.");
  page.element(
      "li", facts.measure + (facts.modelled ? " depends on the windows, the order and the channels: shorter or fewer "
                                              "windows, a higher order and more channels raise it. Channels, order and "
                                              "number of windows were the same for all recordings."
                                            : " depends on how many epochs it is an average of. Channels and number of "
                                              "windows were the same for all recordings."));
  if (facts.ddtf() || facts.measure.substr(0, 2) == "ff")
    page.element(
        "li",
        "The normalisation runs over all frequencies up to half the sampling rate, those that were filtered away "
        "too: another filter or rate gives other values.");
  page.element("li",
               "Groups that move, look or tense muscles differently (typing against reading) differ in these values "
               "without any difference in the brain. A difference in connectivity is not a difference in engagement, "
               "effort or ability.");
  page.close().close();
}

void write_group_heads(Html& page, const GroupPage& facts) {
  page.open("section", {}, "heads").heading(2, "Who drives whom");
  if (facts.positions_m.empty()) {
    page.paragraph("The positions of the electrodes are not known: no heads are drawn.").close();
    return;
  }
  const double largest = largest_mean(facts);
  for (std::size_t band = 0; band < facts.bands.size(); ++band) {
    std::vector<std::string> drawings;
    for (std::size_t cell = 0; cell < facts.cells.size(); ++cell)
      drawings.push_back(head_map(facts, band, cell, largest));
    write_figure(page, drawings,
                 band == 0
                     ? (facts.direction == "mutual"
                            ? "Links seen from above, nose up. Width: mean "
                            : "Arrows run from the source to the target, seen from above, nose up. Width: mean ") +
                           facts.measure +
                           ", the "
                           "same scale in all heads. Colour: adjusted p below 0.001 (dark), 0.01, 0.05 (light). The "
                           "same pairs are drawn for all groups; dashed where none is significant." +
                           (facts.uncorrected ? " Grey: p at most " + three_digits(facts.alpha) +
                                                    " without correction only, which proves nothing among so many "
                                                    "tests."
                                              : "")
                     : "As above: " + facts.bands[band] + ".",
                 "tables/pairs.csv");
  }
  page.close();
}

void write_group_matrices(Html& page, const GroupPage& facts) {
  page.open("section", {}, "matrices").heading(2, "Matrices");
  page.paragraph(std::string(facts.direction == "mutual"
                                 ? ""
                                 : "Row: the channel that is driven; column: the channel that drives. ") +
                 "Channels run from front to back and from left to right. One scale for all groups of a band.");
  for (std::size_t band = 0; band < facts.bands.size(); ++band) {
    std::vector<std::vector<double>> everything;
    std::vector<HeatMap> maps;
    for (std::size_t cell = 0; cell < facts.cells.size(); ++cell) {
      maps.push_back(plain_matrix(facts, facts.cells[cell] + ", " + facts.bands[band]));
      maps.back().values = matrix_of(facts, band, [&](const TestedPair& pair) { return pair.mean[cell]; });
      everything.insert(everything.end(), maps.back().values.begin(), maps.back().values.end());
    }
    std::vector<std::string> drawings;
    for (HeatMap& map : maps) {
      map.scale = scale_for(everything, Palette::sequential);
      map.unit = facts.measure;
      drawings.push_back(heat_map(map));
    }
    HeatMap difference =
        plain_matrix(facts, facts.cells.front() + " less " + facts.cells.back() + ", " + facts.bands[band]);
    difference.values = matrix_of(facts, band, [](const TestedPair& pair) { return pair.difference; });
    difference.scale = scale_for(difference.values, Palette::diverging);
    difference.unit = "difference of " + facts.measure;
    const auto marks = matrix_of(facts, band, [&](const TestedPair& pair) {
      return facts.significant(pair) ? 1.0 : facts.greyed(pair) ? 0.5 : 0.0;
    });
    for (const auto& row : marks) {
      difference.texts.emplace_back();
      for (const double mark : row)
        difference.texts.back().push_back(mark == 1 ? "\xE2\x80\xA2" : mark == 0.5 ? "\xE2\x97\xA6" : "");
    }
    drawings.push_back(heat_map(difference));
    write_figure(page, drawings,
                 facts.bands[band] + "; dots in the difference: significant after correction" +
                     (facts.uncorrected ? "; rings: without correction only." : "."),
                 "tables/pairs.csv");
  }
  page.close();
}

void write_group_pairs(Html& page, const GroupPage& facts) {
  page.open("section", {}, "pairs").heading(2, "Pairs");
  std::size_t up = 0, down = 0;
  for (const TestedPair& pair : facts.pairs) {
    if (!facts.significant(pair)) continue;
    (pair.difference < 0 ? up : down) += 1;
  }
  page.paragraph(
      "From " + facts.cells.front() + " to " + facts.cells.back() + ", " + std::to_string(up) +
      " of the significant pairs rise and " + std::to_string(down) + " fall. " +
      (facts.effects.front().statistic == "F" ? "Effect size: partial eta squared." : "Effect size: Cohen's d.") +
      " Intervals: 95 %, of means by Student's t, of the difference by bootstrap over people.");
  std::vector<HtmlTable::Column> columns{{"Band", false, true}, {"From", false, true}, {"To", false, true}};
  for (const auto& cell : facts.cells) columns.push_back({"Mean, " + cell, true});
  columns.push_back({facts.cells.front() + " less " + facts.cells.back(), true});
  for (const char* const name : {"Statistic", "Adjusted p", "Effect size"}) columns.push_back({name, true});
  HtmlTable table(columns);
  const auto sorted = by_adjusted(facts.pairs);
  const TestedEffect& effect = facts.effects.front();
  const std::string freedom = (effect.freedom > 0 ? fixed_text(effect.freedom, 0) : "Welch's") +
                              (effect.error_freedom > 0 ? ", " + fixed_text(effect.error_freedom, 0) : "");
  for (std::size_t i = 0; i < std::min(sorted.size(), most_rows); ++i) {
    const TestedPair& pair = *sorted[i];
    std::vector<std::string> cells{facts.bands[pair.band], facts.channels[pair.from], facts.channels[pair.to]};
    for (std::size_t c = 0; c < facts.cells.size(); ++c)
      cells.push_back(three_digits(pair.mean[c]) + "\n" + interval_text(pair.low[c], pair.high[c]));
    cells.push_back(three_digits(pair.difference) + "\n" + interval_text(pair.difference_low, pair.difference_high));
    cells.push_back(effect.statistic + " = " + three_digits(pair.value) + "\n" + freedom + " df");
    cells.push_back(p_cell(facts, pair));
    cells.push_back(three_digits(pair.size));
    table.row(cells, facts.significant(pair) ? "good" : "");
  }
  table.write(page, "The " + std::to_string(std::min(sorted.size(), most_rows)) +
                        " pairs of smallest adjusted p; all in tables/pairs.csv");
  if (facts.effects.size() > 1) {
    HtmlTable others({{"Effect"}, {"df", true}, {"p below the level", true}, {"after correction", true}});
    for (const TestedEffect& one : facts.effects) {
      others.row({one.name, fixed_text(one.freedom, 0) + ", " + fixed_text(one.error_freedom, 0),
                  std::to_string(one.below), std::to_string(one.significant)});
    }
    others.write(page, "All effects of the design, over " + std::to_string(facts.pairs.size()) + " tests each");
  }
  page.close();
}

void write_group_links(Html& page, const GroupPage& facts) {
  page.open("section", {}, "links").heading(2, "Links of the models themselves");
  if (facts.links.empty()) {
    page.paragraph("Not asked for (links = false).").close();
    return;
  }
  page.paragraph(
      "The coefficients of one model of all windows of a recording, summed over lags and given in deviations of the "
      "noise: "
      "neither the unit of a channel nor the power of its signal moves them. A change here is a change of this link in "
      "the "
      "model (an influence whose coefficients cancel over the lags is not seen). The same tests and the same "
      "correction "
      "as above, over " +
      std::to_string(facts.links.size()) + " pairs.");
  const auto sorted = by_adjusted(facts.links);
  std::vector<HtmlTable::Column> columns{{"From", false, true}, {"To", false, true}};
  for (const auto& cell : facts.cells) columns.push_back({"Mean, " + cell, true});
  for (const char* const name : {"Statistic", "Adjusted p", "Effect size"}) columns.push_back({name, true});
  if (planted(facts) != nullptr) columns.push_back({"Planted?"});
  HtmlTable table(columns);
  std::size_t right = 0, wrong = 0, shown = 0;
  for (const TestedPair* const pair : sorted) {
    if (facts.significant(*pair)) (is_planted(facts, *pair) ? right : wrong) += 1;
    if (shown >= most_rows / 2 && !facts.significant(*pair)) continue;
    if (++shown > most_rows) continue;
    std::vector<std::string> cells{facts.channels[pair->from], facts.channels[pair->to]};
    for (const double mean : pair->mean) cells.push_back(three_digits(mean));
    for (const std::string& text : {three_digits(pair->value), p_cell(facts, *pair), three_digits(pair->size)})
      cells.push_back(text);
    if (planted(facts) != nullptr) cells.push_back(is_planted(facts, *pair) ? "yes" : "no");
    table.row(cells, facts.significant(*pair) ? "good" : "");
  }
  table.write(page, "Links by adjusted p; all in tables/links.csv");
  if (const Json* const truth = planted(facts)) {
    const std::size_t links = truth->at("differ").flag() ? truth->at("links").size() : 0;
    page.paragraph("This study is simulated and its truth is known: " + std::to_string(links) +
                   " links differ between the groups. The test of coefficients found " + std::to_string(right) +
                   " of them and named " + std::to_string(wrong) + " that were not planted.");
  }
  page.close();
}

void write_group_settings(Html& page, const GroupPage& facts) {
  const Json& all = facts.run.result;
  page.open("section", {}, "methods").heading(2, "Methods");
  const std::string prepared = all.at("prepared").text();
  page.paragraph(
      "Prepared: " + (prepared.empty() ? std::string("nothing was done to the recordings") : prepared) +
      ". Windows of " + three_digits(all.at("window_s").number()) + " s every " +
      three_digits(all.at("step_s").number()) + " s; " +
      (facts.modelled ? "each channel standardised within its window; a multivariate autoregressive model of order " +
                            std::to_string(all.at("order").integer()) + " for each window by least squares" +
                            (facts.ridge > 0 ? " with a ridge (white noise of " + three_digits(100 * facts.ridge) +
                                                   " % of each channel's power added, so that dependent channels have "
                                                   "a model: values shrink)"
                                             : std::string()) +
                            "; "
                      : std::string()) +
      (facts.left_out.empty() ? std::string()
                              : "left out until the channels had full rank: " + joined(facts.left_out) + "; ") +
      (facts.ddtf()
           ? "direct directed transfer function (|partial coherence| times full-frequency DTF, as SCoT defines "
             "it), mean over the bins of a band and over the stable windows of a recording"
           : facts.measure + ": " + facts.measure_about) +
      ". Tests: " + design_words(facts) + "; correction over all pairs and bands together: " +
      correction_name(facts.correction) + (facts.uncorrected ? " (greyed stars: p before correction)" : "") +
      ". Where sessions repeat, p values carry the Greenhouse-Geisser correction. Unequal groups: sums of squares are "
      "sequential.");
  page.close().open("section", {}, "settings").heading(2, "Settings and versions");
  page.paragraph("The resolved recipe (recipe.toml): running it again on the same data gives the same numbers.");
  page.open("pre").text(to_toml(facts.run.recipe)).close();
  page.close();
}

}  // namespace caton::report
