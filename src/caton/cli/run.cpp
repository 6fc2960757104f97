// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/run.hpp"
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/memory_allowance.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/cli/command.hpp"
#include "caton/evaluate/group_folder.hpp"
#include "caton/evaluate/run_folder.hpp"
#include "caton/study/group_run.hpp"

#include <chrono>
#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string recipe, data, output;
  bool force = false, strict = false, plan = false;
  double memory_gb = 0;
};

std::string percent(const Json& value) { return value.is_null() ? "undefined" : fixed_text(100 * value.number(), 1); }

/// One line a result: the figure, its interval and unit, chance, and what the
/// audit says.
void print_evaluation(const Json& evaluation) {
  const Json& accuracy = evaluation.at("metrics").at("accuracy");
  const Json& chance = evaluation.at("chance");
  std::string line = "  " + evaluation.at("pipeline").text() + ", " + evaluation.at("plan").text() + ": " +
                     percent(accuracy.at("value")) + " %";
  if (!accuracy.at("low").is_null())
    line += " [" + percent(accuracy.at("low")) + ", " + percent(accuracy.at("high")) + "]";
  line += ", " + std::to_string(accuracy.at("n").integer()) + " " + accuracy.at("unit").text();
  line += ", chance " + percent(chance.at("value"));
  std::printf("%s%s\n", printable(line).c_str(), evaluation.at("leaky").flag() ? "  LEAKS" : "");
  const Json* const twin = evaluation.find("twin");
  if (twin == nullptr || twin->is_null() || twin->at("inflation_points").is_null()) return;
  std::printf("      the leak adds %s points [%s, %s] over %s\n",
              fixed_text(twin->at("inflation_points").number(), 1).c_str(),
              fixed_text(twin->at("low").number(), 1).c_str(), fixed_text(twin->at("high").number(), 1).c_str(),
              printable(twin->at("plan").text()).c_str());
}

int print_plan(const Recipe& recipe, const RunPlan& plan) {
  std::printf("%s\n", printable(recipe.name).c_str());
  if (plan.recordings > 0) {
    std::printf("  reads   %lld recordings, %s of signal\n", static_cast<long long>(plan.recordings),
                duration_text(plan.signal_s).c_str());
  }
  for (const auto& one : plan.need.evaluations) {
    std::printf("  fits    %s, %s: %lld folds of %lld samples%s%s\n", printable(one.pipeline).c_str(),
                printable(one.plan).c_str(), static_cast<long long>(one.folds), static_cast<long long>(one.samples),
                one.leaky ? "  LEAKS" : "", one.twin ? "  (honest twin of a plan that leaks)" : "");
  }
  std::printf("  in all  %lld fits, about %s of memory with %d threads; %s may be used\n",
              static_cast<long long>(plan.need.fits), bytes_text(plan.need.memory_bytes).c_str(), thread_count(),
              bytes_text(memory_allowance()).c_str());
  return 0;
}

/// One line an effect: how many pairs differ.
void print_group_result(const Json& result) {
  const std::string measure = result.at("measure").at("name").text();
  const std::size_t pairs = result.at("edges").size(), links = result.at("links").size();
  for (const Json& effect : result.at("effects").items()) {
    std::printf("  %s, %s: %lld of %zu pairs differ after correction\n", printable(measure).c_str(),
                printable(effect.at("name").text()).c_str(), static_cast<long long>(effect.at("significant").integer()),
                pairs);
  }
  for (const Json& effect : result.at("link_effects").items()) {
    std::printf("  coefficients, %s: %lld of %zu links differ\n", printable(effect.at("name").text()).c_str(),
                static_cast<long long>(effect.at("significant").integer()), links);
  }
}

int run_groups(const std::string& text, const Options& options, const Common& common) {
  const GroupRecipe recipe = parse_group_recipe(text, options.recipe);
  apply(recipe.limits, options.memory_gb > 0, common.threads > 0);
  RunOptions how;
  if (!options.data.empty()) how.data = options.data;
  if (!options.output.empty()) how.output = options.output;
  how.force = options.force;
  Progress progress(default_display(common.quiet));
  const RunResult result = run_group_study(recipe, how, progress);
  if (!common.quiet) {
    std::printf("%s%s\n", printable(recipe.name).c_str(),
                result.already_complete ? ": complete already, nothing to do (--force computes again)" : "");
    print_group_result(read_group_folder(result.folder).result);
  }
  std::printf("%s\n", printable((result.folder / "report.html").string()).c_str());
  return 0;
}

int run(const Options& options, const Common& common) {
  const auto begin = std::chrono::steady_clock::now();
  if (options.memory_gb > 0) set_memory_allowance(static_cast<std::int64_t>(options.memory_gb * 1e9));
  const std::string text = read_text_file(options.recipe, limits::recipe_bytes);
  if (is_group_recipe(text, options.recipe)) return run_groups(text, options, common);
  const Recipe recipe = parse_recipe(text, options.recipe);
  apply(recipe.limits, options.memory_gb > 0, common.threads > 0);
  RunOptions how;
  if (!options.data.empty()) how.data = Path(options.data);
  if (!options.output.empty()) how.output = Path(options.output);
  how.force = options.force;
  Progress progress(default_display(common.quiet));
  if (options.plan) return print_plan(recipe, plan_run(recipe, how, progress));
  const RunResult result = run_study(recipe, how, progress);
  if (!result.first_rank) return 0;
  if (!common.quiet) {
    const RunFolder folder = read_run_folder(result.folder);
    std::printf("%s%s\n", printable(recipe.name).c_str(),
                result.already_complete ? ": complete already, nothing to do (--force computes again)" : "");
    for (const auto& evaluation : folder.metrics.at("evaluations").items()) print_evaluation(evaluation);
    std::printf("audit: %s\n", result.verdict.c_str());
    if (!result.already_complete) {
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      std::printf("done in %s\n", duration_text(seconds).c_str());
    }
  }
  std::printf("%s\n", printable((result.folder / "report.html").string()).c_str());
  if (options.strict && result.verdict != "clean") {
    throw check_error(result.folder.string(), "the audit says: " + result.verdict,
                      "the report tells which figures may be believed");
  }
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RECIPE", options->recipe, "the study in one file (TOML)")->required();
  app.add_option("--data", options->data, "the study's folder");
  app.add_option("-o,--output", options->output, "the run folder (default: runs/<name>-<digest>)");
  app.add_flag("--force", options->force, "compute again what is there");
  app.add_flag("--plan", options->plan, "say what would be fitted and how much memory it needs, and stop");
  app.add_option("--memory", options->memory_gb, "GB that may be used (default: 80 % of the machine's)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--strict", options->strict, "end with 1 when the audit finds a leak");
  return [options](const Common& common) { return run(*options, common); };
}

const Command command{.name = "run",
                      .about = "decode a study and leave a report that says whether to believe it",
                      .examples =
                          "  caton run recipes/rbtransformer-demo.toml\n  caton run "
                          "my-study.toml --data recordings/ -o results/",
                      .place = 20,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
