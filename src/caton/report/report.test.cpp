// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/report.hpp"

#include "caton/base/text.hpp"
#include "caton/report/example_run.test.hpp"
#include "caton/report/html.hpp"

#include "golden_test.hpp"

#include <functional>
#include <set>

namespace caton {
namespace {

using testing::error_of;
using testing::scratch;

Path example_folder(const std::string& name, const testing::ExampleOptions& options = {}) {
  const Path folder = scratch("report-" + name) / "run";
  testing::write_example_run(folder, options);
  return folder;
}

std::string page_of(const Path& folder) { return report_html(read_run_folder(folder)); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Changes one JSON file of a run folder.
void change(const Path& file, const std::function<void(Json&)>& edit) {
  Json json = parse_json(read_text_file(file, 1 << 26), file.string());
  edit(json);
  write_file(file, json.dump(1));
}

/// Names of the tags of a page in their order, "/x" for closing ones; fails on a tag that is never finished.
std::vector<std::string> tags_of(const std::string& page) {
  std::vector<std::string> tags;
  const std::size_t style = page.find("<style>"), style_end = page.find("</style>");
  for (std::size_t i = page.find('<'); i != std::string::npos; i = page.find('<', i + 1)) {
    if (i > style && i < style_end) continue;
    const std::size_t end = page.find('>', i);
    REQUIRE(end != std::string::npos);
    std::string name = page.substr(i + 1, page.find_first_of(" >\n", i + 1) - i - 1);
    if (page[end - 1] == '/') name += "/";
    tags.push_back(name);
  }
  return tags;
}

void check_well_formed(const std::string& page) {
  const std::set<std::string> alone{"!DOCTYPE", "meta"};
  const std::set<std::string> known{
      "html", "head",   "title",      "style", "body", "main",   "header",  "nav",     "a",     "section",
      "h1",   "h2",     "h3",         "h4",    "p",    "b",      "span",    "code",    "div",   "ul",
      "li",   "figure", "figcaption", "svg",   "text", "circle", "table",   "caption", "thead", "tbody",
      "tr",   "th",     "td",         "dl",    "dt",   "dd",     "details", "summary", "pre",   "footer"};
  std::vector<std::string> open;
  for (const auto& tag : tags_of(page)) {
    if (alone.count(tag) != 0 || tag.back() == '/') continue;
    if (tag.front() == '/') {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == tag.substr(1));
      open.pop_back();
    } else {
      CHECK_MESSAGE(known.count(tag) == 1, tag);
      open.push_back(tag);
    }
  }
  CHECK(open.empty());
}

void check_self_contained(const std::string& page) {
  for (const char* const outside :
       {"http:", "https:", " src=", "url(", "@import", "<script", "<link", "<iframe", "<img", "javascript:"})
    CHECK_MESSAGE(!has(page, outside), outside);
  CHECK(page.size() < 2'000'000);
}

struct Count {
  double right = 0, all = 0;
};

/// Right and all predictions of each (pipeline, plan), from predictions.csv alone.
std::map<std::pair<std::string, std::string>, Count> counted_predictions(const RunFolder& run) {
  std::map<std::pair<std::string, std::string>, Count> counts;
  const auto column = [&](const char* name) { return run.predictions.column(name, "predictions"); };
  for (const auto& row : run.predictions.rows) {
    Count& count = counts[{row[column("pipeline")], row[column("plan")]}];
    count.right += row[column("y")] == row[column("label")] ? 1 : 0;
    count.all += 1;
  }
  return counts;
}

std::string shown_percent(double share) { return fixed_text(100 * share, 1) + "\xC2\xA0%"; }

TEST_SUITE("report") {
  TEST_CASE("a page is well formed, stands alone and says what it must, in order") {
    const std::string page = page_of(example_folder("page"));
    check_well_formed(page);
    check_self_contained(page);
    std::size_t before = 0;
    for (const char* const part :
         {"class=\"verdict", "May these numbers be believed?", "What was odd in the recordings", "The study</h2>",
          "Results</h2>", "Why the decoders decide as they do", "Methods</h2>", "Settings and versions",
          "not a medical device"}) {
      const std::size_t place = page.find(part, before);
      CHECK_MESSAGE(place != std::string::npos, part);
      before = place == std::string::npos ? before : place;
    }
    CHECK(has(page, not_a_medical_device()));
    CHECK(has(page, "Not every figure here may be believed"));
    CHECK(has(page, "people never seen in training"));
    CHECK(has(page, "Overlapping windows on both sides"));
    CHECK(has(page, "leak/window-overlap"));
    CHECK(has(page, "the same signal as sub-3_ses-2.edf"));
    CHECK(has(page, "measures nothing about new data"));  // remark on ILSS
  }

  TEST_CASE("a check that ran for some plans is told apart from those that ran for none") {
    const std::string page = page_of(example_folder("checks"));
    const auto note = [&](const std::string& beginning) {
      const std::size_t place = page.find(beginning);
      REQUIRE(place != std::string::npos);
      return page.substr(place, page.find("</p>", place) - place);
    };
    const std::string nowhere = note("Not checked in this run: "),
                      somewhere = note("Checked for some plans and pipelines only: ");
    for (const char* const code : {"leak/future", "confound/artefact"}) {
      CHECK(has(nowhere, code));
      CHECK_FALSE(has(somewhere, code));
    }
    CHECK(has(somewhere, "leak/session-split"));
    CHECK_FALSE(has(nowhere, "leak/session-split"));
  }

  TEST_CASE("the same folder gives the same bytes") {
    const Path folder = example_folder("same");
    CHECK(page_of(folder) == page_of(folder));
  }

  TEST_CASE("accuracies on the page are those of predictions.csv, with their interval and units") {
    const RunFolder run = read_run_folder(example_folder("accuracy"));
    const std::string page = report_html(run);
    const Table plans = run.table("plans");
    const auto counts = counted_predictions(run);
    CHECK(counts.size() == 9);
    for (const auto& row : plans.rows) {
      if (row[plans.column("metric", "plans")] != "accuracy") continue;
      const Count& count = counts.at({row[plans.column("pipeline", "plans")], row[plans.column("plan", "plans")]});
      const auto value = parse_number(row[plans.column("value", "plans")]);
      REQUIRE(value);
      CHECK(*value == doctest::Approx(count.right / count.all).epsilon(1e-12));
      const auto low = parse_number(row[plans.column("low", "plans")]),
                 high = parse_number(row[plans.column("high", "plans")]);
      const std::string cells = "<td class=\"number\">" + shown_percent(*value) + "<div class=\"below\">" +
                                fixed_text(100 * *low, 1) + "\xE2\x80\x93" + shown_percent(*high) +
                                "</div></td><td class=\"number\">8\xC2\xA0subjects</td>";
      CHECK_MESSAGE(has(page, cells), cells);
    }
  }

  TEST_CASE("the size of the leak is the difference of the two accuracies of predictions.csv") {
    const RunFolder run = read_run_folder(example_folder("leak"));
    const auto counts = counted_predictions(run);
    const auto accuracy = [&](const char* plan) {
      const Count& count = counts.at({"nearest neighbour", plan});
      return count.right / count.all;
    };
    const double leak = 100 * (accuracy("as-published") - accuracy("leave-one-trial-out"));
    CHECK(leak > 20);
    CHECK(has(report_html(run), ">+" + fixed_text(leak, 1) + "\xC2\xA0points</text>"));
  }

  TEST_CASE("the confusion matrix on the page is that of predictions.csv and of its table") {
    const RunFolder run = read_run_folder(example_folder("confusion"));
    const std::string page = report_html(run);
    std::map<std::pair<std::string, std::string>, int> counts;
    const auto column = [&](const char* name) { return run.predictions.column(name, "predictions"); };
    for (const auto& row : run.predictions.rows) {
      if (row[column("pipeline")] == "rbtransformer" && row[column("plan")] == "cross-subject")
        ++counts[{row[column("y")], row[column("label")]}];
    }
    const Table table = run.table("confusion_rbtransformer_cross-subject");
    REQUIRE(table.rows.size() == 4);
    for (const auto& row : table.rows) {
      const auto number = [](const std::string& name) { return name == "low valence" ? "0" : "1"; };
      const int count = counts.at({number(row[1]), number(row[2])});
      CHECK(row[3] == std::to_string(count));
      CHECK(has(page, ">" + std::to_string(count) + "</text>"));
    }
  }

  TEST_CASE("the map of attention received is the column mean of the attention table") {
    const RunFolder run = read_run_folder(example_folder("attention"));
    const Table table = run.table("attention_rbtransformer");
    double sum = 0, count = 0;
    for (const auto& row : table.rows) {
      if (!row[2].empty() || !row[3].empty() || row[5] != "F4") continue;
      sum += *parse_number(row[6]);
      count += 1;
    }
    CHECK(count == 14);
    CHECK(has(report_html(run), "<title>F4: " + fixed_text(sum / count, 3) + " mean share</title>"));
  }

  TEST_CASE("attention that does not find the simulated sources is told so; occlusion that does, too") {
    const std::string page = page_of(example_folder("truth"));
    CHECK(has(page, "attention received</b>: rank correlation"));
    CHECK(has(page, "it does not find the sources"));
    CHECK(has(page, "it points to the electrodes nearest to the sources"));
  }

  TEST_CASE("a difference smaller than its interval is no difference shown") {
    const Path folder = example_folder("no-difference");
    change(folder / "metrics.json", [](Json& metrics) {
      Json list = Json::list();
      for (Json evaluation : metrics.at("evaluations").items()) {
        if (evaluation.at("leaky").flag()) {
          evaluation["twin"]["inflation_points"] = 1.5;
          evaluation["twin"]["low"] = -2.0;
          evaluation["twin"]["high"] = 4.0;
        }
        list.push(evaluation);
      }
      metrics["evaluations"] = list;
    });
    CHECK(has(page_of(folder), "to +4.0\xC2\xA0points): no difference shown"));
  }

  TEST_CASE("a run without a leak says so, and one that only leaks has no quotable number") {
    testing::ExampleOptions honest;
    honest.leaky_plan = false;
    const std::string clean = page_of(example_folder("clean", honest));
    CHECK(has(clean, "No leak was found"));
    CHECK_FALSE(has(clean, "leaks and must not be read"));
    const Path folder = example_folder("only-leaks");
    change(folder / "metrics.json", [](Json& metrics) {
      Json list = Json::list();
      for (Json evaluation : metrics.at("evaluations").items()) {
        evaluation["leaky"] = true;
        list.push(evaluation);
      }
      metrics["evaluations"] = list;
    });
    const std::string leaky = page_of(folder);
    CHECK(has(leaky, "No figure here may be believed"));
    CHECK_FALSE(has(leaky, "Which number may be quoted?"));
  }

  TEST_CASE("a confound in the recordings stands in the verdict") {
    testing::ExampleOptions honest;
    honest.leaky_plan = false;
    const Path folder = example_folder("confound", honest);
    CHECK_FALSE(has(page_of(folder), "a confound was found"));
    change(folder / "findings.json", [](Json& findings) {
      findings.push(Json::object(
          {{"code", "confound/amplitude"}, {"severity", "warn"}, {"where", "channel F8"}, {"what", "F8 swings"}}));
    });
    CHECK(has(page_of(folder), "; a confound was found (channel F8), so that what is decoded may not be the brain."));
  }

  TEST_CASE("undefined scores are told with their reason, never as a number") {
    const Path folder = example_folder("undefined");
    change(folder / "metrics.json", [](Json& metrics) {
      Json list = Json::list();
      for (Json evaluation : metrics.at("evaluations").items()) {
        evaluation["metrics"]["kappa"] = Json::object({{"value", nullptr}, {"n", 8}, {"undefined", "one class only"}});
        list.push(evaluation);
      }
      metrics["evaluations"] = list;
    });
    const std::string page = page_of(folder);
    CHECK(has(page, "undefined: one class only"));
    CHECK_FALSE(has(page, "nan"));
  }

  TEST_CASE("few electrodes are drawn as discs, unknown positions are left out and told, many still fit") {
    testing::ExampleOptions muse;
    muse.electrodes = {{"TP9", 105, 200, 0.2}, {"AF7", 85, 125, 0.9}, {"AF8", 85, 55, 0.8}, {"TP10", 105, -20, 0.1}};
    muse.classes = {"relaxed", "neutral", "concentrating"};
    const Path folder = example_folder("muse", muse);
    const std::string page = page_of(folder);
    check_well_formed(page);
    CHECK(has(page, "too few electrodes to interpolate between"));
    const Path unknown = example_folder("muse-unknown", muse);
    change(unknown / "study.json", [](Json& study) {
      Json channels = Json::list();
      for (Json channel : study.at("channels").items()) {
        channel["position_m"] = nullptr;
        channels.push(channel);
      }
      study["channels"] = channels;
    });
    CHECK(has(page_of(unknown), "No electrode positions are known"));

    testing::ExampleOptions cap;
    cap.electrodes.clear();
    for (int i = 0; i < 62; ++i)  // a spiral over the upper head
      cap.electrodes.push_back({"E" + std::to_string(i + 1), 10 + 1.4 * i, 137.508 * i, 0.01 * (i % 40)});
    const std::string large = page_of(example_folder("cap", cap));
    check_well_formed(large);
    CHECK(large.size() < 2'000'000);
  }

  TEST_CASE("hostile names stay text") {
    testing::ExampleOptions hostile;
    hostile.name =
        "<script>alert(1)</script>\"'&\x01\xE2\x80\xAE"
        "end\xFF";
    hostile.first_channel = "</text></svg><img src=x onerror=alert(2)>";
    hostile.classes = {"</td></table><script>alert(3)</script>", "'); DROP \" onload=\"alert(4)"};
    const Path folder = example_folder("hostile", hostile);
    change(folder / "findings.json", [](Json& findings) {
      findings.push(Json::object({{"code", "<b>x"},
                                  {"severity", "warn"},
                                  {"where", "<iframe>"},
                                  {"what", "<a href=\"javascript:alert(5)\">"}}));
    });
    const std::string page = page_of(folder);
    check_well_formed(page);  // also refuses any element that a report does not use
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "<img"));
    CHECK_FALSE(has(page, "\xE2\x80\xAE"));
    CHECK_FALSE(has(page, "\x01"));
    CHECK(is_utf8(page));
    CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  }

  TEST_CASE("a missing file is named") {
    for (const char* const file : {"recipe.toml", "study.json", "findings.json", "metrics.json", "audit.json",
                                   "predictions.csv", "versions.json", "tables"}) {
      const Path folder = example_folder("missing");
      std::filesystem::remove_all(folder / file);
      const Error error = error_of([&] { static_cast<void>(read_run_folder(folder)); });
      CHECK(error.kind() == ErrorKind::input);
      CHECK_MESSAGE(has(error.what(), file), error.what());
    }
    const Error nothing = error_of([] { static_cast<void>(read_run_folder(scratch("report-nothing") / "absent")); });
    CHECK(has(nothing.what(), "does not exist"));
  }

  TEST_CASE("a damaged file is named with the place in it") {
    const auto error_after = [](const char* name, const std::string& text) {
      const Path folder = example_folder("damaged");
      write_file(folder / name, text);
      const Error error = error_of([&] { static_cast<void>(page_of(folder)); });
      CHECK(error.kind() == ErrorKind::input);
      CHECK_MESSAGE(has(error.what(), Path(name).filename().string()), error.what());
      return std::string(error.what());
    };
    CHECK(has(error_after("metrics.json", "{\"evaluations\": [{\"pipeline\": 3}]}"), "pipeline"));
    CHECK(has(error_after("metrics.json", "{}"), "evaluations"));
    CHECK(has(error_after("study.json", "{\"name\": \"x\"}"), "dataset"));
    CHECK(has(error_after("audit.json", "[]"), "object"));
    CHECK(has(error_after("findings.json", "[{\"code\": \"x\"}]"), "severity"));
    error_after("metrics.json", "{\"evaluations\": [");
    CHECK(has(error_after("predictions.csv", "pipeline,plan\na,b\n"), "fold"));
    CHECK(has(error_after("tables/occlusion_rbtransformer.csv", "electrode,band\nF4,\n"), "drop_probability"));
    CHECK(has(error_after("tables/occlusion_rbtransformer.csv",
                          "plan,electrode,band,drop_probability,low,high\nx,F4,,much,,\n"),
              "line 2"));
    CHECK(has(error_after("tables/band_power.csv", "class,electrode\na\n"), "line 2"));
  }

  TEST_CASE("a value of the wrong type deep inside metrics.json is named with its place") {
    const Path folder = example_folder("deep");
    change(folder / "metrics.json", [](Json& metrics) {
      Json list = Json::list();
      for (Json evaluation : metrics.at("evaluations").items()) {
        evaluation["metrics"]["accuracy"]["low"] = "much";
        list.push(evaluation);
      }
      metrics["evaluations"] = list;
    });
    const Error error = error_of([&] { static_cast<void>(page_of(folder)); });
    CHECK(error.kind() == ErrorKind::input);
    CHECK_MESSAGE(has(error.what(), "evaluations[0]: metrics.accuracy: low must be a number"), error.what());
  }

  TEST_CASE("a table's name cannot leave the folder") {
    const RunFolder run = read_run_folder(example_folder("escape"));
    CHECK(error_of([&] { static_cast<void>(run.table("../study")); }).kind() == ErrorKind::input);
    CHECK(run.table("never-made").header.empty());
    const auto tables = run.tables();
    CHECK(std::is_sorted(tables.begin(), tables.end()));
    CHECK(std::find(tables.begin(), tables.end(), "plans") != tables.end());
  }
}

}  // namespace
}  // namespace caton
