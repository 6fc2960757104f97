// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/study/run.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string run, file, pipeline;
};

int predict(const Options& options, const Common& /*common*/) {
  const FittedPipeline fitted = fitted_pipeline(options.run, options.pipeline, options.file);
  const Prediction prediction = fitted.decoder->predict(fitted.samples);
  Table table;
  table.header = {"begin_s", "end_s", "class"};
  for (const auto& name : fitted.samples.classes) table.header.push_back("p_" + name);
  for (std::int64_t i = 0; i < fitted.samples.size(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    std::vector<std::string> cells{number_text(static_cast<double>(fitted.samples.origins.begin[row]) / fitted.rate_hz),
                                   number_text(static_cast<double>(fitted.samples.origins.end[row]) / fitted.rate_hz),
                                   fitted.samples.classes[static_cast<std::size_t>(prediction.label[row])]};
    for (std::int64_t k = 0; k < prediction.probability.extent(1); ++k)
      cells.push_back(number_text(prediction.probability(i, k)));
    table.rows.push_back(std::move(cells));
  }
  const std::string text = table_text(table);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("RUN_FOLDER", options->run, "what caton run left")->required();
  app.add_option("FILE", options->file, "a recording")->required();
  app.add_option("--pipeline", options->pipeline, "which pipeline of the run (default: its first)");
  return [options](const Common& common) { return predict(*options, common); };
}

const Command command{.name = "predict",
                      .about = "apply a fitted pipeline to a recording: CSV, one line a window",
                      .examples = "  caton predict runs/demo-1a2b3c recording.edf > classes.csv",
                      .place = 30,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
