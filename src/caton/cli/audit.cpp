// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/evaluate/audit.hpp"
#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/evaluate/imported_split.hpp"
#include "caton/evaluate/run_folder.hpp"

#include <iostream>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string run, splits, windows, claim = "window";
  bool json = false, strict = false;
};

std::string meaning(const std::string& verdict) {
  if (verdict == "clean") return "clean: nothing was found that would make the figure too good";
  if (verdict == "leaks") return "leaks: the figure must not be called generalisation";
  return "cannot tell: what is needed to judge is not known";
}

void print_list(const Json& list, const std::string& heading) {
  if (list.size() == 0) return;
  std::cout << "  " << heading << ": " << printable(join(list.texts(), ", ")) << '\n';
}

void print(const Json& evaluation) {
  if (const Json* const pipeline = evaluation.find("pipeline"))
    std::cout << printable(pipeline->text()) << ", " << printable(evaluation.at("plan").text()) << '\n';
  std::cout << "  " << meaning(evaluation.at("verdict").text()) << '\n';
  const Json* const unseen = evaluation.find("new_in_test");
  if (unseen != nullptr && unseen->is_text()) std::cout << "  new in the test sets: " << unseen->text() << "s\n";
  for (const Json& finding : evaluation.at("findings").items()) {
    std::cout << "  " << finding.at("severity").text() << "  " << finding.at("code").text() << ": "
              << printable(finding.at("what").text()) << '\n';
    if (const Json* const examples = finding.find("examples")) {
      for (const auto& example : examples->texts()) std::cout << "        " << printable(example) << '\n';
    }
  }
  if (const Json* const missing = evaluation.find("missing")) print_list(*missing, "not known");
  print_list(evaluation.at("not_checked"), "not checked");
}

/// The audit of a table of folds, in the shape of a run's audit.json.
Json audit_of_tables(const Options& options) {
  const auto split = imported_split(read_table(options.splits, ','), options.splits, read_table(options.windows, ','),
                                    options.windows);
  Json evaluation = to_json(audit(split.origins, split.labels, split.folds, claim_named(options.claim), {}));
  const std::string verdict = evaluation.at("verdict").text();
  Json evaluations = Json::list();
  evaluations.push(std::move(evaluation));
  return Json::object({{"verdict", verdict}, {"claim", options.claim}, {"evaluations", evaluations}});
}

int run(const Options& options) {
  const bool tables = !options.splits.empty() || !options.windows.empty();
  if (tables == !options.run.empty() || options.splits.empty() != options.windows.empty())
    throw usage_error("audit", "a run folder, or --splits and --windows together, is wanted",
                      "caton audit --help shows both");
  const Json result = tables ? audit_of_tables(options) : read_run_folder(options.run).audit;
  const std::string verdict = result.at("verdict").text();
  if (options.json)
    std::cout << result.dump(1) << '\n';
  else {
    for (const Json& evaluation : result.at("evaluations").items()) print(evaluation);
    if (!tables) std::cout << "verdict of the run: " << verdict << '\n';
  }
  return options.strict && verdict == "leaks" ? static_cast<int>(ErrorKind::check) : 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run, "run folder");
  app.add_option("--splits", options->splits, "folds of another toolkit: sample,fold,role (train, test, unused)");
  app.add_option("--windows", options->windows,
                 "its samples: sample,study,subject,session,recording,trial,begin,end,label[,parent1,parent2]");
  app.add_option("--claim", options->claim, "what the figure is said to hold for: new window, trial, session, subject");
  app.add_flag("--json", options->json, "as in audit.json");
  app.add_flag("--strict", options->strict, "end with 1 when there are leaks");
  return [options](const Common&) { return run(*options); };
}

const Command command{.name = "audit",
                      .about = "whether an evaluation can be believed: what test and training share",
                      .examples =
                          "  caton audit runs/my-study\n"
                          "  caton audit --splits splits.csv --windows windows.csv --claim subject",
                      .place = 50,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
