// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/fitted_choice.hpp"
#include "caton/explain/tables.hpp"
#include "caton/study/run.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

namespace caton::cli {
namespace {

struct Options : FittedChoice {
  std::size_t most = 14;
};

/// The largest numbers of an explanation with their names: what a person can
/// read in a terminal.
void print_strongest(const Explanation& explanation, std::size_t most) {
  const auto values = explanation.values.doubles();
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::abs(values[a]) > std::abs(values[b]); });
  order.resize(std::min(order.size(), most));
  std::printf("%s [%s], the %zu largest of %zu:\n", printable(explanation.name).c_str(),
              printable(explanation.unit).c_str(), order.size(), values.size());
  for (const std::size_t at : order) {
    std::string names;
    std::size_t rest = at;
    for (std::size_t axis = explanation.ticks.size(); axis-- > 0;) {
      const auto& ticks = explanation.ticks[axis];
      names = explanation.axes[axis] + " " + ticks[rest % ticks.size()] + (names.empty() ? "" : ", ") + names;
      rest /= ticks.size();
    }
    std::printf("  %10s  %s\n", fixed_text(values[at], 4).c_str(), printable(names).c_str());
  }
}

int explain(const Options& options, const Common& /*common*/) {
  const FittedPipeline fitted = fitted_pipeline(options.run, options.pipeline, options.file);
  const auto explanations = fitted.decoder->explain(fitted.samples);
  std::size_t told = 0;
  for (const Explanation& explanation : explanations) {
    // One row a sample: for maps of a study, not for a page of text.
    if (!explanation.axes.empty() && explanation.axes.front() == "sample") continue;
    print_strongest(explanation, options.most);
    ++told;
  }
  if (told == 0)
    std::printf(
        "the decoder of \"%s\" has no explanation of its own; "
        "occlusion is in the run's report\n",
        printable(fitted.name).c_str());
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_fitted_choice(app, *options);
  app.add_option("--most", options->most, "how many numbers to print")->check(CLI::Range(1, 100000));
  return [options](const Common& common) { return explain(*options, common); };
}

const Command command{.name = "explain",
                      .about = "what a fitted pipeline looks at in a recording",
                      .examples = "  caton explain runs/demo-1a2b3c recording.edf",
                      .place = 40,
                      .add = add};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
