// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/evaluate/metrics_block.hpp"

#include <iostream>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string file;
  bool json = false;
};

std::string number_or_dash(const Json& value, int digits) {
  return value.is_null() ? "-" : fixed_text(value.number(), digits);
}

std::string metric_line(const std::string& name, const Json& metric) {
  if (!metric.at("undefined").is_null()) return "  " + name + ": undefined, " + metric.at("undefined").text();
  std::string line = "  " + name + " " + number_or_dash(metric.at("value"), 3);
  if (metric.at("low").is_null()) return line + " (no interval: too few units)";
  return line + " [" + number_or_dash(metric.at("low"), 3) + ", " + number_or_dash(metric.at("high"), 3) +
         "] 95 %, n = " + std::to_string(metric.at("n").integer()) + " " + metric.at("unit").text() + "s";
}

void print(const Json& block) {
  std::cout << printable(block.at("pipeline").text()) << ", " << printable(block.at("plan").text()) << ": "
            << block.at("samples").integer() << " samples";
  for (const auto& [name, count] : block.at("class_counts").members())
    std::cout << ", " << printable(name) << " " << count.integer();
  std::cout << (block.at("few_units").flag() ? ", few units\n" : "\n");
  for (const auto& [name, metric] : block.at("metrics").members())
    std::cout << printable(metric_line(name, metric)) << '\n';
  const Json& chance = block.at("chance");
  std::cout << "  chance " << number_or_dash(chance.at("value"), 3) << " [" << number_or_dash(chance.at("low"), 3)
            << ", " << number_or_dash(chance.at("high"), 3) << "], p = " << number_or_dash(chance.at("p"), 4)
            << " (labels permuted by " << chance.at("exchanged").text() << " against the predictions); majority "
            << number_or_dash(chance.at("majority"), 3) << "\n";
}

int evaluate(const Options& options) {
  const Json result = metrics_of_predictions(read_table(options.file, ','), options.file);
  if (options.json) {
    std::cout << result.dump(1) << '\n';
    return 0;
  }
  for (const Json& block : result.at("evaluations").items()) print(block);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("PREDICTIONS", options->file, "predictions.csv of a run folder, or of your own")->required();
  app.add_flag("--json", options->json, "the blocks as they stand in metrics.json");
  return [options](const Common&) { return evaluate(*options); };
}

const Command command{.name = "evaluate",
                      .about = "every figure again from predictions.csv alone",
                      .examples =
                          "  caton evaluate runs/my-study/predictions.csv\n"
                          "  caton evaluate --json runs/my-study/predictions.csv",
                      .place = 55,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
