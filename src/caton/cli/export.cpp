// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/target.hpp"
#include "caton/evaluate/session_scores.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string run, as = "moabb", output, score;
  bool force = false;
};

int export_run(const Options& options) {
  if (options.as != "moabb") throw usage_error("--as", "\"" + printable(options.as) + "\" is not known", "use moabb");
  std::optional<SessionScoreKind> kind;
  if (!options.score.empty()) kind = session_score_named(options.score);
  const std::string text = table_text(moabb_table(read_run_folder(options.run), kind));
  if (options.output.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
  }
  check_overwriting(options.output, options.force);
  write_file(options.output, text);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RUN_FOLDER", options->run, "what caton run left")->required();
  app.add_option("--as", options->as, "whose columns: moabb")->capture_default_str();
  app.add_option("--score", options->score, "accuracy or roc-auc (default: roc-auc for two classes)");
  app.add_option("-o,--output", options->output, "a CSV file (default: print)");
  app.add_flag("--force", options->force, "overwrite the file");
  return [options](const Common&) { return export_run(*options); };
}

const Command command{.name = "export",
                      .about = "a run's scores by person and session, in another toolkit's columns",
                      .examples = "  caton export runs/my-study --as moabb -o results.csv",
                      .place = 56,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
