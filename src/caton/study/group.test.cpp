// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/file.hpp"
#include "caton/base/linear_algebra.hpp"
#include "caton/base/random.hpp"
#include "caton/base/text.hpp"
#include "caton/datasets/group_study.hpp"
#include "caton/datasets/simulated/connectivity_groups.hpp"
#include "caton/evaluate/group_folder.hpp"
#include "caton/recording/memory_recording.hpp"
#include "caton/report/group_report.hpp"
#include "caton/signal/reference.hpp"
#include "caton/study/group_measure.hpp"
#include "caton/study/group_rank.hpp"
#include "caton/study/group_recipe.hpp"
#include "caton/study/group_run.hpp"
#include "golden_test.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace caton {

using testing::error_of;
using testing::scratch;

namespace {

bool says(const Error& error, const std::string& word) {
  return std::string(error.what()).find(word) != std::string::npos;
}

/// Other studies than those the test was made on: CATON_FIRST_SEED=21.
std::uint64_t first_seed() {
  const char* const given = std::getenv("CATON_FIRST_SEED");
  return given == nullptr ? 1 : static_cast<std::uint64_t>(parse_number(given).value_or(1));
}

bool nightly() { return std::getenv("CATON_NIGHTLY") != nullptr; }

/// The design whose reference figures are known: one session, alpha band, one-way analysis of variance.
GroupAnalysis reference_analysis() {
  GroupAnalysis analysis;
  analysis.order = 4;
  analysis.window_s = analysis.step_s = 4;
  analysis.band_names = {"alpha"};
  analysis.bands = {{8, 12}};
  analysis.bins = 64;
  analysis.design = GroupDesign::anova_one_way;
  analysis.reversed = false;
  analysis.bootstraps = 100;
  return analysis;
}

struct Found {
  std::size_t pairs = 0, planted = 0;  ///< dDTF pairs after correction, and planted ones among them
  std::size_t links = 0, planted_links = 0,
              uncorrected = 0;  ///< of coefficients; dDTF pairs below alpha before correction
};

bool is_planted(const Edge& edge) {
  const auto links = planted_links();
  return std::any_of(links.begin(), links.end(),
                     [&](const PlantedLink& link) { return link.from == edge.from && link.to == edge.to; });
}

Found find(double step, std::uint64_t seed, const GroupAnalysis& analysis, std::int64_t sessions = 1) {
  const GroupStudy study =
      open_simulated_groups(to_json(SimulatedGroups{.sessions = sessions, .step = step, .seed = seed}));
  const GroupConnectivity result = analyse_groups(study, analysis);
  Found found;
  std::vector<Edge> seen;
  for (std::size_t e = 0; e < result.edges.size(); ++e) {
    found.uncorrected += result.effects.front().p[e] <= analysis.alpha ? 1 : 0;
    if (result.effects.front().adjusted[e] > analysis.alpha) continue;
    ++found.pairs;
    const bool again = std::any_of(seen.begin(), seen.end(), [&](const Edge& edge) {
      return edge.to == result.edges[e].to && edge.from == result.edges[e].from;
    });
    if (is_planted(result.edges[e]) && !again) ++found.planted;
    seen.push_back(result.edges[e]);
  }
  for (std::size_t e = 0; e < result.links.size(); ++e) {
    if (result.link_effects.front().adjusted[e] > analysis.alpha) continue;
    ++found.links;
    found.planted_links += is_planted(result.links[e]) ? 1 : 0;
  }
  return found;
}

/// What 20 (or few) studies come to.
struct Tally {
  int any = 0, all_four = 0, any_link = 0, all_links = 0;
  double false_share = 0;  ///< of the links, mean over studies
};

Tally tally(double step, std::uint64_t seeds, const GroupAnalysis& analysis, std::int64_t sessions = 1) {
  Tally sum;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + seeds; ++seed) {
    const Found found = find(step, seed, analysis, sessions);
    sum.any += found.pairs > 0 ? 1 : 0;
    sum.all_four += found.planted == 4 ? 1 : 0;
    sum.any_link += found.links > 0 ? 1 : 0;
    sum.all_links += found.planted_links == 4 ? 1 : 0;
    if (found.links > 0)
      sum.false_share += static_cast<double>(found.links - found.planted_links) / static_cast<double>(found.links) /
                         static_cast<double>(seeds);
    MESSAGE("step " << step << ", seed " << seed << ": " << found.uncorrected << " below alpha, " << found.pairs
                    << " after correction, " << found.planted << " of 4 planted; links " << found.links << ", "
                    << found.planted_links << " of 4");
  }
  return sum;
}

/// The stated rates of 20 studies in which no group differs, and of 20 in which they do.
void check_twenty(const char* design, const Tally& without, const Tally& with) {
  MESSAGE(design << ": step 0: any dDTF " << without.any << ", any link " << without.any_link
                 << " of 20; step 0.12: all four by dDTF " << with.all_four << ", by coefficients " << with.all_links
                 << " of 20, false share of links " << with.false_share);
  CHECK(without.any <= 3);
  CHECK(without.any_link <= 3);
  CHECK(with.all_four >= 17);
  CHECK(with.all_links >= 17);
  CHECK(with.false_share <= 0.05 + 0.03);
}

const char* const small_recipe = R"(
[study]
name = "small"
dataset = "simulated-groups"
subjects = 5
groups = 2
seconds = 12
step = 0.3
[connectivity]
order = 2
window_s = 4.0
step_s = 4.0
bins = 40
bands_hz = { alpha = [8, 12], beta = [12, 30] }
[statistics]
bootstraps = 100
)";

}  // namespace

TEST_SUITE("study") {
  TEST_CASE("group study: planted links are found, and none where no group differs") {
    const GroupAnalysis analysis = reference_analysis();
    const Tally without = tally(0, 2, analysis), with = tally(0.12, 2, analysis);
    CHECK(without.any <= 1);
    CHECK(without.any_link <= 1);
    CHECK(with.all_four == 2);
    CHECK(with.all_links == 2);
    CHECK(with.false_share <= 0.2);
  }

  TEST_CASE("group study [nightly]: 20 seeds without and with planted links" * doctest::skip(!nightly())) {
    const GroupAnalysis analysis = reference_analysis();
    const Tally without = tally(0, 20, analysis), with = tally(0.12, 20, analysis);
    check_twenty("one-way, alpha band", without, with);
  }

  TEST_CASE("group study [nightly]: 20 seeds of the mixed design over five bands" * doctest::skip(!nightly())) {
    GroupAnalysis analysis = parse_group_recipe(small_recipe, "recipe").analysis;
    analysis.order = 4;
    analysis.bins = 64;
    analysis.reversed = false;
    analysis.band_names = {"delta", "theta", "alpha", "low-beta", "high-beta"};
    analysis.bands = {{1, 4}, {4, 8}, {8, 12}, {12, 20}, {20, 30}};
    const Tally without = tally(0, 20, analysis, 2), with = tally(0.12, 20, analysis, 2);
    check_twenty("mixed, five bands", without, with);
  }

  TEST_CASE("group study: a folder of BIDS gives what the same study in memory gives, but for the converter's steps") {
    const SimulatedGroups simulated{.groups = 2, .subjects = 2, .sessions = 2, .seconds = 12};
    const Path folder = scratch("groups-bids") / "study";
    simulate_connectivity_groups(simulated, folder);
    const GroupStudy filed = open_bids_groups(folder), made = open_simulated_groups(to_json(simulated));
    REQUIRE(filed.recordings.size() == 8);
    CHECK(filed.channels == made.channels);
    CHECK(filed.recordings[7].group == "B");
    CHECK(filed.truth == made.truth);
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    const auto a = analyse_groups(filed, analysis), b = analyse_groups(made, analysis);
    CHECK(a.mean(0, 3) == doctest::Approx(b.mean(0, 3)).epsilon(0.01));
    CHECK(a.positions_m.size() == 8);
    CHECK(says(error_of([&] { (void)open_bids_groups(folder, "hair"); }), "hair"));
    write_file(folder / "participants.tsv", "participant_id\tgroup\nsub-01\tA\nsub-01\tB\n");
    CHECK(says(error_of([&] { (void)open_bids_groups(folder); }), "group"));
  }

  TEST_CASE("group study: refused with cause and remedy") {
    const GroupStudy study = open_simulated_groups(to_json(SimulatedGroups{.subjects = 2, .seconds = 12}));
    const auto refused = [&](const GroupAnalysis& analysis, const std::string& word) {
      const Error error = error_of([&] { (void)analyse_groups(study, analysis); });
      INFO(error.what());
      CHECK(says(error, word));
      CHECK(!error.remedy().empty());
    };
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 60;
    refused(analysis, "too short for order 60");
    analysis = reference_analysis();
    analysis.steps = prepare_steps(parse_json(R"([{"reference": "average"}])", "steps"));
    refused(analysis, "rank");
    analysis = reference_analysis();
    analysis.window_s = 20;
    refused(analysis, "short");
    GroupStudy one = study;
    std::erase_if(one.recordings, [](const GroupRecording& recording) { return recording.group != "A"; });
    CHECK(says(error_of([&] { (void)analyse_groups(one, reference_analysis()); }), "group"));
    one = study;
    one.recordings[0].group = "B";
    CHECK(says(error_of([&] { (void)analyse_groups(one, reference_analysis()); }), "two groups"));
    std::erase_if(one.recordings, [](const GroupRecording& recording) { return recording.subject == "01"; });
    CHECK(says(error_of([&] { (void)analyse_groups(one, reference_analysis()); }), "subjects"));
  }

  TEST_CASE("group study: recordings filed with dependent channels are refused by name, with what to do") {
    GroupStudy study = open_simulated_groups(to_json(SimulatedGroups{.groups = 2, .subjects = 2, .seconds = 9}));
    for (GroupRecording& recording : study.recordings) {
      recording.open = [open = recording.open] {
        const auto filed = open();
        MemoryContent content{.format = "test", .values = Matrix({8, filed->channels().front().samples})};
        filed->read(std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}, 0, content.values.extent(1),
                    content.values.view());
        content.values = average_reference(content.values).y;
        for (const Channel& channel : filed->channels())
          content.channels.push_back({.name = channel.name, .unit = "V", .rate_hz = channel.rate_hz});
        return memory_recording(std::move(content));
      };
    }
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    const Error error = error_of([&] { (void)analyse_groups(study, analysis); });
    INFO(error.what());
    CHECK(says(error, "rank"));
    CHECK(error.where() == study.recordings.front().id);
    CHECK(says(error, "average reference"));
    CHECK(!error.remedy().empty());
    // What needs no model of all channels at once is not stopped.
    analysis.measure = "wpli";
    analysis.epoch_s = 1;
    analysis.links = false;
    CHECK(analyse_groups(study, analysis).effects.front().p.size() == 28);
  }

  TEST_CASE("group study: channels are left out until the others have full rank, or a ridge keeps them") {
    GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 3, .sessions = 1, .seconds = 9, .step = 0.3}));
    const auto whole = study;
    // The second recording lacks a dimension: its fourth channel is a sum of others.
    study.recordings[1].open = [open = study.recordings[1].open] {
      const auto filed = open();
      MemoryContent content{.format = "test", .values = Matrix({8, filed->channels().front().samples})};
      filed->read(std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}, 0, content.values.extent(1),
                  content.values.view());
      for (std::int64_t t = 0; t < content.values.extent(1); ++t)
        content.values(3, t) = content.values(1, t) + content.values(6, t);
      for (const Channel& channel : filed->channels())
        content.channels.push_back({.name = channel.name, .unit = "V", .rate_hz = channel.rate_hz});
      return memory_recording(std::move(content));
    };
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    CHECK(says(error_of([&] { (void)analyse_groups(study, analysis); }), "rank"));
    analysis.dependent.others = true;
    const auto dropped = analyse_groups(study, analysis);
    REQUIRE(dropped.left_out.size() == 1);
    const auto names = study.channels;
    CHECK((dropped.left_out[0] == names[1] || dropped.left_out[0] == names[3] || dropped.left_out[0] == names[6]));
    CHECK(dropped.channels.size() == 7);
    CHECK(dropped.edges.size() == 42);
    CHECK(std::any_of(dropped.findings.begin(), dropped.findings.end(),
                      [](const Finding& finding) { return finding.code == "connectivity/rank"; }));
    analysis.dependent.others = false;
    analysis.ridge = 0.01;
    const auto ridged = analyse_groups(study, analysis);
    CHECK(ridged.left_out.empty());
    CHECK(ridged.edges.size() == 56);
    // A small ridge hardly moves what needs none.
    analysis.ridge = 1e-9;
    const auto near = analyse_groups(whole, analysis);
    analysis.ridge = 0;
    const auto plain = analyse_groups(whole, analysis);
    for (std::int64_t e = 0; e < plain.mean.extent(1); ++e)
      CHECK(near.mean(0, e) == doctest::Approx(plain.mean(0, e)).epsilon(1e-5));
    CHECK(near.mean(0, 5) != plain.mean(0, 5));
  }

  TEST_CASE("group study: which channel goes is the one that the others explain best") {
    // Three recordings of five channels; in each the last is another sum, mostly of the second.
    std::vector<ChannelDependence> recordings;
    for (int r = 0; r < 3; ++r) {
      Matrix mixing({5, 4});
      for (std::int64_t c = 0; c < 4; ++c) mixing(c, c) = 1;
      mixing(4, 1) = 0.9;
      mixing(4, r == 1 ? 0 : r + 1) += 0.3;
      Matrix correlation = product_transposed(mixing, mixing);
      const double scale = std::sqrt(correlation(4, 4));
      for (std::int64_t c = 0; c < 5; ++c) correlation(c, 4) /= scale;
      for (std::int64_t c = 0; c < 5; ++c) correlation(4, c) /= scale;
      recordings.push_back({"r", "as recorded", true, correlation});
    }
    CHECK(channel_rank(recordings[0].correlation, {0, 1, 2, 3, 4}) == 4);
    CHECK(channel_rank(recordings[0].correlation, {0, 2, 3}) == 3);
    CHECK(independent_channels(recordings, {}) == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK(says(error_of([&] { (void)independent_channels(recordings, {.cleaned = false}); }), "rank"));
    recordings[2].reference = "average";
    CHECK(says(error_of([&] { (void)independent_channels(recordings, {}); }), "average"));
    CHECK(independent_channels(recordings, {.others = true}).size() == 4);
  }

  TEST_CASE("group study: EOG is regressed out of each recording, and missed where there is none") {
    GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 2, .sessions = 1, .seconds = 9, .step = 0.3}));
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    const auto clean = analyse_groups(study, analysis);
    analysis.regress_eyes = true;
    CHECK(says(error_of([&] { (void)analyse_groups(study, analysis); }), "EOG"));
    for (GroupRecording& recording : study.recordings) {
      recording.open = [open = recording.open] {
        const auto filed = open();
        const std::int64_t samples = filed->channels().front().samples;
        MemoryContent content{.format = "test", .values = Matrix({9, samples})};
        filed->read(std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}, 0, samples,
                    content.values.view().slice(0, 0, 8));
        RandomStream random(3, "eyes");
        double eye = 0, size = 0;
        for (std::int64_t t = 0; t < samples; ++t) size = std::max(size, std::abs(content.values(0, t)));
        for (std::int64_t t = 0; t < samples; ++t) {
          eye = 0.97 * eye + size * random.normal();
          content.values(8, t) = eye;
          for (std::int64_t c = 0; c < 8; ++c) content.values(c, t) += eye / static_cast<double>(c + 1);
        }
        for (const Channel& channel : filed->channels())
          content.channels.push_back({.name = channel.name, .unit = "V", .rate_hz = channel.rate_hz});
        content.channels.push_back(
            {.name = "EOG", .type = "eog", .unit = "V", .rate_hz = content.channels.front().rate_hz});
        return memory_recording(std::move(content));
      };
    }
    const auto regressed = analyse_groups(study, analysis);
    CHECK(regressed.prepared.find("EOG regressed out (EOG)") != std::string::npos);
    analysis.regress_eyes = false;
    const auto spoilt = analyse_groups(study, analysis);
    const auto away = [&](const GroupConnectivity& from) {
      double sum = 0;
      for (std::int64_t e = 0; e < clean.mean.extent(1); ++e) sum += std::abs(from.mean(0, e) - clean.mean(0, e));
      return sum;
    };
    CHECK(away(regressed) < 0.1 * away(spoilt));
  }

  TEST_CASE("group study: the time-reversed control of every directed measure") {
    const GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 2, .sessions = 1, .seconds = 20, .step = 0}));
    for (const char* const name : {"ddtf", "dtf", "gpdc", "granger", "wpli"}) {
      CAPTURE(name);
      GroupAnalysis analysis = reference_analysis();
      analysis.order = 2;
      analysis.epoch_s = 1;
      analysis.reversed = true;
      analysis.measure = name;
      analysis.links = false;
      const auto result = analyse_groups(study, analysis);
      const auto& values = result.recordings.front().asymmetry;
      REQUIRE(values.size() == (std::string(name) == "wpli" ? 0 : 1));
      // Planted links lie in time: played backwards they point the other way.
      if (!values.empty()) CHECK(values[0] < -0.3);
    }
  }

  TEST_CASE("group study: every design runs, and who lacks a session is told") {
    GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 4, .sessions = 2, .seconds = 9, .step = 0.3}));
    study.recordings.pop_back();
    for (const char* const design :
         {"mixed", "anova_one_way", "anova_repeated", "t_paired", "t_independent", "permutation"}) {
      GroupAnalysis analysis = reference_analysis();
      analysis.order = 2;
      analysis.design = group_design_named(design);
      analysis.permutations = 100;
      const auto result = analyse_groups(study, analysis);
      CAPTURE(design);
      CHECK(result.effects.front().p.size() == 56);
      CHECK(result.difference_low.front() <= result.difference_high.front());
      const bool by_session = std::string(design) == "mixed" || std::string(design) == "anova_repeated" ||
                              std::string(design) == "t_paired";
      CHECK(result.participants.size() == (by_session ? 7 : 8));
      CHECK(std::any_of(result.findings.begin(), result.findings.end(),
                        [](const Finding& finding) { return finding.code == "group/session-missing"; }) == by_session);
    }
  }

  TEST_CASE("group study: every registered measure is compared, each pair once where it has no direction") {
    const GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 3, .sessions = 1, .seconds = 9, .step = 0.3}));
    for (const PairMeasure* const measure : Registry<PairMeasure>::instance().entries()) {
      CAPTURE(measure->name);
      GroupAnalysis analysis = reference_analysis();
      analysis.order = 2;
      analysis.epoch_s = 1;
      analysis.measure = measure->name;
      analysis.links = measure->model;
      const auto result = analyse_groups(study, analysis);
      CHECK(result.effects.front().p.size() == (measure->kind == PairKind::directed ? 56 : 28));
      CHECK(result.links.size() == (measure->model ? 56 : 0));
      CHECK((result.order == 2) == measure->model);
      const auto first = std::minmax_element(&result.mean(0, 0), &result.mean(0, 0) + result.mean.extent(1));
      CHECK(*first.first < *first.second);
    }
    // dDTF by its own road is the mean over windows of the registered measure.
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    const auto own = analyse_groups(study, analysis);
    analysis.by_bins = true;
    const auto divided = analyse_groups(study, analysis);
    CHECK(divided.mean(0, 5) == doctest::Approx(own.mean(0, 5) / 64).epsilon(1e-12));
    CHECK(divided.effects.front().value[5] == doctest::Approx(own.effects.front().value[5]).epsilon(1e-9));
    const auto recording = study.recordings.front().open();
    const Prepared prepared = prepare(*recording, std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7}, {});
    const auto windows = measure_windows(pair_measure_named("test", "ddtf"), prepared.signal,
                                         std::vector<std::int64_t>{0, 400}, 400, prepared.rate_hz, analysis, 2);
    CHECK(windows.mean(0, 0, 2) == doctest::Approx(own.recordings.front().mean(0, 0, 2)).epsilon(1e-9));
  }

  TEST_CASE("group study: Welch's t has its own degrees of freedom at each pair") {
    const GroupStudy study = open_simulated_groups(
        to_json(SimulatedGroups{.groups = 2, .subjects = 4, .sessions = 1, .seconds = 9, .step = 0.3}));
    GroupAnalysis analysis = reference_analysis();
    analysis.order = 2;
    analysis.design = GroupDesign::t_independent;
    const auto pooled = analyse_groups(study, analysis);
    analysis.welch = true;
    const auto welch = analyse_groups(study, analysis);
    REQUIRE(welch.effects.front().freedoms.size() == 56);
    for (std::size_t e = 0; e < 56; ++e) {
      CHECK(welch.effects.front().freedoms[e] < 6 + 1e-9);
      CHECK(welch.effects.front().freedoms[e] >= 3 - 1e-9);
      // Equal groups: the same t, fewer degrees of freedom, a larger p.
      CHECK(welch.effects.front().value[e] == doctest::Approx(pooled.effects.front().value[e]));
      CHECK(welch.effects.front().p[e] >= pooled.effects.front().p[e] - 1e-12);
    }
    CHECK(pooled.effects.front().freedom == 6);
  }

  TEST_CASE("group recipe: complete, and refused by key") {
    const GroupRecipe recipe = parse_group_recipe(small_recipe, "recipe.toml");
    CHECK(recipe.analysis.design == GroupDesign::mixed);
    CHECK(recipe.analysis.band_names == std::vector<std::string>{"alpha", "beta"});
    CHECK(is_group_recipe(small_recipe, "recipe.toml"));
    const auto refused = [](const std::string& text, const std::string& word) {
      const Error error = error_of([&] { (void)parse_group_recipe(text, "recipe.toml"); });
      INFO(error.what());
      CHECK(says(error, word));
    };
    const std::string study = "[study]\nname = \"x\"\n";
    refused("[connectivity]\norder = 2\n", "study");
    refused(study + "[connectivity]\nwindw_s = 2\n", "window_s");
    refused(study + "[connectivity]\norder = 0\n", "order");
    refused(study + "[connectivity]\nmeasure = \"wply\"\n", "wpli");
    refused(study + "[connectivity]\nmeasure = \"wpli\"\nnormalize = \"korzeniewska\"\n", "ffdtf");
    refused(study + "[connectivity]\nmeasure = \"wpli\"\nepoch_s = 0\n", "epoch_s");
    refused(study + "[statistics]\nwelch = true\n[connectivity]\n", "t_independent");
    CHECK(parse_group_recipe(study + "[connectivity]\nmeasure = \"gpdc\"\n", "recipe.toml").analysis.links);
    CHECK_FALSE(parse_group_recipe(study + "[connectivity]\nmeasure = \"wpli\"\n", "recipe.toml").analysis.links);
    refused(study + "[connectivity]\nbands_hz = { alpha = [12, 8] }\n", "alpha");
    refused(study + "[statistics]\ntest = \"mixd\"\n[connectivity]\n", "mixed");
    refused(study + "[statistics]\nalpha = 2\n[connectivity]\n", "alpha");
    refused(study + "dataset = \"dreamer\"\n[connectivity]\n", "dreamer");
    refused(study + "[decoder]\n", "decoder");
  }

  TEST_CASE("group run: a measure without models leaves a page that speaks of no model") {
    const Path folder = scratch("group-run-wpli") / "run";
    std::string text = small_recipe;
    text.replace(text.find("order = 2"), 9, "measure = \"wpli\"\nepoch_s = 1.0");
    Progress progress;
    (void)run_group_study(parse_group_recipe(text, "recipe.toml"), {.output = folder}, progress);
    const std::string page = read_text_file(folder / "report.html", 1 << 26);
    CHECK(page.find("weighted phase lag index") != std::string::npos);
    CHECK(page.find("dDTF") == std::string::npos);
    CHECK(page.find("autoregressive model of order") == std::string::npos);
    CHECK(!std::filesystem::exists(folder / "tables" / "links.csv"));
  }

  TEST_CASE("group run: a folder with numbers and a page that says what a pair is not") {
    const Path folder = scratch("group-run") / "run";
    const GroupRecipe recipe = parse_group_recipe(small_recipe, "recipe.toml");
    Progress progress;
    const RunResult first = run_group_study(recipe, {.output = folder}, progress);
    CHECK(!first.already_complete);
    const std::string page = read_text_file(folder / "report.html", 1 << 26);
    CHECK(page.find("A significant dDTF pair is not a changed link") != std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page == group_report_html(read_group_folder(folder)));
    for (const char* const file : {"pairs.csv", "links.csv", "totals.csv", "models.csv"})
      CHECK(std::filesystem::exists(folder / "tables" / file));
    const std::string numbers = read_text_file(folder / "connectivity.json", 1 << 26);
    CHECK(run_group_study(recipe, {.output = folder}, progress).already_complete);
    (void)run_group_study(recipe, {.output = folder, .force = true}, progress);
    CHECK(read_text_file(folder / "connectivity.json", 1 << 26) == numbers);
    GroupRecipe other = recipe;
    other.resolved["study"]["seed"] = 9;
    CHECK(says(error_of([&] { (void)run_group_study(other, {.output = folder}, progress); }), "another recipe"));
  }
}

}  // namespace caton
