// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/study/reference_results.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string lines = "recipes/reference/lines.toml", data, output = "runs/reference";
};

std::string figure(std::int64_t correct, std::int64_t total, const std::optional<double>& auc) {
  if (auc) return "AUC " + fixed_text(*auc, 3);
  const double share = total == 0 ? 0 : 100.0 * static_cast<double>(correct) / static_cast<double>(total);
  return fixed_text(share, 1) + " % " + std::to_string(correct) + "/" + std::to_string(total);
}

void print(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  std::printf("%s  %s, %s, %s\n", reached(line, outcome) ? "reached" : "MISSED ", printable(line.task).c_str(),
              printable(line.method).c_str(), printable(line.split).c_str());
  std::printf("         reference %s%s\n", figure(line.correct, line.total, line.auc).c_str(),
              line.leak ? ", a leak" : "");
  if (!outcome.problem.empty()) {
    std::printf("         ours      none: %s\n", printable(outcome.problem).c_str());
    return;
  }
  const auto area = line.auc ? outcome.auc : std::optional<double>{};
  std::printf("         ours      %s%s\n", figure(outcome.correct, outcome.total, area).c_str(),
              outcome.leaky ? ", the audit says leaky" : "");
}

int reference(const Options& options, const Common& common) {
  const auto lines = read_reference_lines(options.lines);
  Progress progress(default_display(common.quiet));
  const auto outcomes =
      reference_outcomes(lines, Path(options.lines).parent_path(), options.data, options.output, progress);
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    print(lines[i], outcomes[i]);
    count += reached(lines[i], outcomes[i]) ? 1 : 0;
  }
  std::printf("%zu of %zu lines reached\n", count, lines.size());
  return count == lines.size() ? 0 : 1;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("DATA", options->data, "folder that holds the recordings' folders")->required();
  app.add_option("--lines", options->lines, "table of figures and the recipes that give them")->capture_default_str();
  app.add_option("-o,--output", options->output, "where the run folders go")->capture_default_str();
  return [options](const Common& common) { return reference(*options, common); };
}

const Command command{
    .name = "reference",
    .about = "run the reference recipes and print their figures beside the reference",
    .examples = "caton reference data/tasks",
    .place = 75,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
