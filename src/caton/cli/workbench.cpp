// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/study/workflows/happyfeat/pages.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>

namespace caton::cli {
namespace {

using namespace happyfeat;

struct Options {
  std::string folder, recordings, classes, channels, features, runs;
  std::vector<std::string> set;
  std::int64_t session = 0;
};

std::vector<std::string> list_of(const std::string& text, char separator = ',') {
  std::vector<std::string> items;
  if (text.empty()) return items;
  for (const std::string& item : split(text, separator)) items.emplace_back(trim(item));
  return items;
}

/// A table with the `--set KEY=VALUE` that belong to it; each key must belong to one of the step's tables.
Json with_options(const Options& options, const std::string& table, const Json& base,
                  const std::vector<std::string>& tables) {
  Json changed = base;
  for (const std::string& item : options.set) {
    const auto equals = item.find('=');
    if (equals == std::string::npos) throw usage_error("--set", "\"" + printable(item) + "\" is not KEY=VALUE");
    const std::string key = item.substr(0, equals), text = item.substr(equals + 1);
    std::vector<std::string> known;
    for (const std::string& name : tables)
      for (const RecipeKey& entry : keys_of(name)) known.push_back(entry.name);
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw usage_error("--set", "this step has no key \"" + printable(key) + "\"", suggestion(key, known));
    for (const RecipeKey& entry : keys_of(table)) {
      if (entry.name != key) continue;
      if (entry.type == "text")
        changed[key] = text;
      else if (entry.type == "list")
        changed[key] = Json::list_of(list_of(text));
      else
        changed[key] = parse_json(text, "--set " + printable(key));
    }
  }
  return complete_table(table, changed);
}

std::vector<std::int64_t> run_numbers(const Options& options) {
  std::vector<std::int64_t> numbers;
  for (const std::string& item : list_of(options.runs)) {
    const auto number = parse_integer(item);
    if (!number)
      throw usage_error("--runs", "\"" + printable(item) + "\" is no number", "number the runs from 1: --runs 1,2");
    numbers.push_back(*number);
  }
  return numbers;
}

void tell(const Common& common, const std::string& words) {
  if (!common.quiet) std::printf("%s\n", words.c_str());
}

int make(const Options& options, const Common& common) {
  Json about = Json::object();
  Json files = Json::list();
  for (const std::string& file : list_of(options.recordings)) {
    if (!std::filesystem::is_regular_file(file)) throw input_error(file, "is no file");
    files.push(std::filesystem::absolute(file).lexically_normal().string());
  }
  about["recordings"] = files;
  if (!options.classes.empty()) about["classes"] = Json::list_of(list_of(options.classes));
  if (!options.channels.empty()) about["channels"] = Json::list_of(list_of(options.channels));
  Workspace::make(options.folder, Json::object({{"workbench", about}}));
  tell(common, "made " + printable(options.folder) + "; settings: workbench.toml; next: caton workbench extract " +
                   printable(options.folder));
  return 0;
}

int extract(const Options& options, const Common& common) {
  const Workspace workspace(options.folder);
  const Json parameters = with_options(options, "extract", workspace.table("extract"), {"extract"});
  Progress progress(default_display(common.quiet));
  // The session appears only when its parameters worked.
  const Session trial{0, parameters, {}};
  const auto runs = extract_runs(workspace, trial, &progress);
  const Session session = workspace.session_of(parameters);
  write_file(session.folder / "extract.html", extract_page(workspace, session, runs));
  std::size_t known = 0, trials = 0;
  for (const RunFeatures& run : runs) {
    known += run.from_cache ? 1 : 0;
    trials += run.label.size();
    for (const Finding& finding : run.findings)
      if (!common.quiet) std::fprintf(stderr, "%s: %s\n", printable(run.id).c_str(), printable(finding.what).c_str());
  }
  tell(common, "session " + std::to_string(session.number) + ": " + std::to_string(runs.size()) + " runs (" +
                   std::to_string(known) + " from before), " + std::to_string(trials) + " trials, " +
                   std::to_string(runs.front().channels.size()) + " channels; " +
                   (session.folder / "extract.html").string());
  return 0;
}

/// What select and train begin with: the session's runs, computed before or now.
struct Opened {
  Workspace workspace;
  Session session;
  std::vector<RunFeatures> runs;
};

Opened open(const Options& options, const Common& common) {
  Workspace workspace(options.folder);
  Session session = workspace.session(options.session);
  Progress progress(default_display(common.quiet));
  auto runs = extract_runs(workspace, session, &progress);
  return {std::move(workspace), std::move(session), std::move(runs)};
}

Selection chosen(const Options& options, const Pool& pool, const Json& select) {
  if (options.features.empty()) return select_automatically(pool, select);
  Selection selection{.select = select, .automatic = false};
  for (const std::string& text : list_of(options.features)) selection.features.push_back(parse_feature(text, pool));
  return selection;
}

int select(const Options& options, const Common& common) {
  const Opened opened = open(options, common);
  const Json table = with_options(options, "select", opened.workspace.table("select"), {"select"});
  const Pool pool = pool_runs(opened.runs, table, run_numbers(options));
  const Selection selection = chosen(options, pool, table);
  write_selection(opened.session, selection);
  const Path page = opened.session.folder / "select.html";
  write_file(page, select_page(opened.workspace, opened.session, opened.runs, pool, selection));
  std::string names;
  for (const ChosenFeature& feature : selection.features) names += (names.empty() ? "" : ", ") + feature.text();
  tell(common, "session " + std::to_string(opened.session.number) + ": " + printable(names) + "; " + page.string());
  return 0;
}

std::string train_line(const Json& attempt) {
  const auto honest = honest_figure(attempt);
  const std::string published =
      fixed_text(attempt.at("published").at("percent").number(), 1) + " % selected on these trials";
  std::string line = "attempt " + std::to_string(attempt.at("number").integer()) + ": ";
  if (honest)
    line += fixed_text(honest->percent, 1) + " % (95 %: " + fixed_text(honest->low, 1) + " to " +
            fixed_text(honest->high, 1) + "; " + honest->kind + "), " + published;
  else
    line += published + " (chosen by hand: no honest figure on trials that were seen)";
  if (!attempt.at("shuffled_published").is_null())
    line += "; with shuffled labels " + fixed_text(attempt.at("shuffled_published").number(), 1) + " % that way, " +
            fixed_text(attempt.at("shuffled_nested").number(), 1) + " % with the choice inside the fold";
  return line;
}

int train_step(const Options& options, const Common& common) {
  const Opened opened = open(options, common);
  Selection selection = read_selection(opened.session, opened.workspace);
  const Pool pool = pool_runs(opened.runs, selection.select, run_numbers(options));
  if (!options.features.empty()) selection = chosen(options, pool, selection.select);
  const TrainingRequest request{std::move(selection),
                                with_options(options, "train", opened.workspace.table("train"), {"train"})};
  const std::string digest = attempt_digest(pool, opened.session, request);
  Json kept;
  for (const Json& known : opened.workspace.attempts())
    if (known.at("digest").text() == digest) kept = known;
  const bool before = !kept.is_null();
  if (!before) {
    Progress progress(default_display(common.quiet));
    const Attempt attempt = train(pool, request, &progress);
    kept = opened.workspace.keep_attempt(attempt_json(pool, opened.session, request, attempt));
  }
  const Path page = opened.session.folder / ("train-" + std::to_string(kept.at("number").integer()) + ".html");
  write_file(page, train_page(opened.workspace, kept));
  tell(common, train_line(kept) + (before ? " (computed before)" : "") + "; " + page.string());
  return 0;
}

int compare(const Options& options, const Common& common) {
  const Workspace workspace(options.folder);
  const auto attempts = workspace.attempts();
  const Path page = workspace.folder() / "compare.html";
  write_file(page, compare_page(workspace, attempts));
  for (const Json& attempt : attempts) {
    const auto p = corrected_p(attempt, attempts.size());
    tell(common, train_line(attempt) +
                     (p ? "; p times " + std::to_string(attempts.size()) + " attempts: " + fixed_text(*p, 4) : ""));
  }
  tell(common, page.string());
  return 0;
}

using Step = std::function<int(const Options&, const Common&)>;

CLI::App* add_step(CLI::App& app, Options& options, const char* name, const char* about) {
  CLI::App* const step = app.add_subcommand(name, about);
  step->add_option("FOLDER", options.folder, "the workspace")->required();
  return step;
}

void add_set(CLI::App& step, Options& options) {
  step.add_option("--set", options.set, "KEY=VALUE instead of workbench.toml's");
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  CLI::App* const made = add_step(app, *options, "new", "make a workspace for runs of one person");
  made->add_option("--recordings", options->recordings, "the runs' files, in order (run1.edf,run2.edf)")->required();
  made->add_option("--classes", options->classes, "two annotation texts (REST,MI)");
  made->add_option("--channels", options->channels, "only these");
  CLI::App* const extracted = add_step(app, *options, "extract", "measure the trials of all runs");
  add_set(*extracted, *options);
  CLI::App* const selected = add_step(app, *options, "select", "maps of what separates the classes; choose features");
  CLI::App* const trained = add_step(app, *options, "train", "train as published, and honestly beside it");
  for (CLI::App* const step : {selected, trained}) {
    add_set(*step, *options);
    step->add_option("--session", options->session, "number of the extraction; else the newest");
    step->add_option("--runs", options->runs, "only these runs (1,2)");
    step->add_option("--features", options->features,
                     "by hand: channel;frequency or channel;low:high (C3;12,C4;10:13)");
  }
  CLI::App* const compared = add_step(app, *options, "compare", "all attempts beside each other");
  const std::vector<std::pair<CLI::App*, Step>> steps{
      {made, make}, {extracted, extract}, {selected, select}, {trained, train_step}, {compared, compare}};
  return [options, steps](const Common& common) {
    for (const auto& [step, run] : steps)
      if (step->parsed()) return run(*options, common);
    return 0;
  };
}

const Command command{
    .name = "workbench",
    .about = "find, step by step, what tells two classes of trials apart",
    .examples =
        "  caton workbench new imagery --recordings run1.edf,run2.edf --classes REST,MI\n"
        "  caton workbench extract imagery\n"
        "  caton workbench select imagery --set count=3 --set low_hz=8\n"
        "  caton workbench train imagery\n"
        "  caton workbench compare imagery",
    .place = 55,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
