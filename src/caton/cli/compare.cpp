// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/target.hpp"
#include "caton/evaluate/dataset_comparison.hpp"
#include "caton/report/comparison_page.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::vector<std::string> runs;
  std::string plan, score, output;
  bool force = false;
};

void print(const DatasetComparison& comparison) {
  std::printf("%s%s\n", printable(comparison.plan).c_str(), comparison.leaky ? "  LEAKS" : "");
  for (const PipelineComparison& pair : comparison.pairs) {
    std::printf("  %s less %s: effect %s over all data sets, p %s (one-sided)\n", printable(pair.first).c_str(),
                printable(pair.second).c_str(), fixed_text(pair.combined_effect, 2).c_str(),
                fixed_text(pair.combined_p, 4).c_str());
    for (const DatasetEffect& one : pair.datasets) {
      std::printf("    %s, %lld people: %s and %s, effect %s [%s, %s], p %s\n", printable(one.dataset).c_str(),
                  static_cast<long long>(one.subjects), fixed_text(one.first, 3).c_str(),
                  fixed_text(one.second, 3).c_str(), fixed_text(one.effect, 2).c_str(), fixed_text(one.low, 2).c_str(),
                  fixed_text(one.high, 2).c_str(), fixed_text(one.p, 4).c_str());
    }
  }
}

int compare(const Options& options, const Common& common) {
  std::optional<SessionScoreKind> kind;
  if (!options.score.empty()) kind = session_score_named(options.score);
  if (!options.output.empty()) check_overwriting(options.output, options.force);
  std::vector<RunFolder> runs;
  for (const std::string& run : options.runs) runs.push_back(read_run_folder(run));
  const DatasetComparison comparison = compare_datasets(runs, options.plan, kind);
  if (!common.quiet) print(comparison);
  if (!options.output.empty()) write_file(options.output, comparison_html(comparison));
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RUN_FOLDER", options->runs, "what caton run left, one of each data set")->required();
  app.add_option("--plan", options->plan, "which plan (default: the first honest one that all share)");
  app.add_option("--score", options->score, "accuracy or roc-auc (default: roc-auc for two classes)");
  app.add_option("-o,--output", options->output, "an HTML page");
  app.add_flag("--force", options->force, "overwrite the page");
  return [options](const Common& common) { return compare(*options, common); };
}

const Command command{.name = "compare",
                      .about = "pipelines over several data sets: effects, p values, one page",
                      .examples = "  caton compare runs/study-a runs/study-b -o compared.html",
                      .place = 57,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
