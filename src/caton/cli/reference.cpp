// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
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

/// What a figure is and how sure: "71.1 % [56.6, 82.3] 32/45" or "AUC 0.779 [0.750, 0.809]".
std::string counted(std::int64_t correct, std::int64_t total, const Interval& interval) {
  const double share = total == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(total);
  return fixed_text(100 * share, 1) + " % [" + fixed_text(100 * interval.low, 1) + ", " +
         fixed_text(100 * interval.high, 1) + "] " + std::to_string(correct) + "/" + std::to_string(total);
}
std::string area(double value, const Interval& interval) {
  return "AUC " + fixed_text(value, 3) + " [" + fixed_text(interval.low, 3) + ", " + fixed_text(interval.high, 3) + "]";
}

std::string figure(const ReferenceLine& line) {
  return line.auc ? area(*line.auc, line.interval()) : counted(line.correct, line.total, line.interval());
}
std::string figure(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  if (!line.auc) return counted(outcome.correct, outcome.total, outcome.interval);
  return outcome.auc ? area(*outcome.auc, outcome.interval) : "no area: a class is missing";
}

std::string verdict(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  if (outcome.leaky) return "leaks (" + join(outcome.stops, ", ") + ")";
  return line.told.empty() ? "no leak" : "no leak, told: " + line.told;
}

std::string padded(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

void print(const ReferenceLine& line, const ReferenceOutcome& outcome) {
  constexpr std::size_t width = 36;
  std::printf("%s  %s | %s | %s%s\n", reached(line, outcome) ? "reached" : "MISSED ", printable(line.task).c_str(),
              printable(line.method).c_str(), printable(line.split).c_str(), line.leak ? " | made to leak" : "");
  if (!outcome.problem.empty()) {
    std::printf("         reference %s ours none: %s\n", padded(figure(line), width).c_str(),
                printable(outcome.problem).c_str());
    return;
  }
  std::printf("         reference %s ours %s audit: %s\n", padded(figure(line), width).c_str(),
              padded(figure(line, outcome), width).c_str(), verdict(line, outcome).c_str());
}

void print(const ReferenceFinding& finding, const std::string& found) {
  std::printf("%s  %s\n", found.empty() ? "MISSED " : "found  ", printable(finding.about).c_str());
  if (!found.empty()) std::printf("         %s: %s\n", printable(finding.code).c_str(), printable(found).c_str());
}

int reference(const Options& options, const Common& common) {
  const ReferenceTable table = read_reference_table(options.lines);
  Progress progress(default_display(common.quiet));
  const auto outcomes =
      reference_outcomes(table, Path(options.lines).parent_path(), options.data, options.output, progress);
  std::size_t count = 0, found = 0;
  for (std::size_t i = 0; i < table.lines.size(); ++i) {
    print(table.lines[i], outcomes.lines[i]);
    count += reached(table.lines[i], outcomes.lines[i]) ? 1 : 0;
  }
  for (std::size_t i = 0; i < table.findings.size(); ++i) {
    print(table.findings[i], outcomes.findings[i]);
    found += outcomes.findings[i].empty() ? 0 : 1;
  }
  std::printf("%zu of %zu lines reached", count, table.lines.size());
  if (!table.findings.empty()) std::printf(", %zu of %zu findings made", found, table.findings.size());
  std::printf("\n");
  return count == table.lines.size() && found == table.findings.size() ? 0 : static_cast<int>(ErrorKind::check);
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
