// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/study/workflows/speller/speller_study.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  speller::Request request;
  std::string folder, methods, windows, channels, output;
  double latency_s = -1, phase_step_pi = -1;
};

std::vector<std::string> list_of(const std::string& text) {
  std::vector<std::string> items;
  for (const std::string& item : split(text, ',')) items.emplace_back(trim(item));
  return items;
}

std::vector<double> lengths_of(const std::string& text) {
  std::vector<double> lengths;
  for (const std::string& item : list_of(text)) {
    const auto length = parse_number(item);
    if (!length) throw usage_error("--windows", "\"" + printable(item) + "\" is no number", "for example 0.5,1,2");
    lengths.push_back(*length);
  }
  return lengths;
}

std::string interval_text(const speller::Spread& share) {
  std::string text = fixed_text(100 * share.mean, 1) + " %";
  if (share.low) text += " [" + fixed_text(100 * *share.low, 1) + ", " + fixed_text(100 * *share.high, 1) + "]";
  return text;
}

void print(const speller::Result& result) {
  std::printf("%zu people, %zu targets, %lld trials; guessing reaches %s\n", result.subjects.size(),
              result.targets.size(), static_cast<long long>(result.trials),
              interval_text({.mean = result.chance()}).c_str());
  for (const speller::MethodResult& method : result.methods) {
    for (const speller::FixedWindow& window : method.fixed)
      std::printf("  %-8s %5s s  %-24s  %5s bit/min (%s without the shift of gaze)\n", method.name.c_str(),
                  number_text(window.window_s).c_str(), interval_text(window.accuracy).c_str(),
                  fixed_text(window.itr.mean, 1).c_str(), fixed_text(window.itr_without.mean, 1).c_str());
  }
}

int spell(Options& options, const Common& common) {
  if (std::filesystem::exists(options.output))
    throw usage_error(options.output, "exists already", "name another folder or remove it first");
  options.request.folder = options.folder;
  if (!options.methods.empty()) options.request.methods = list_of(options.methods);
  if (!options.windows.empty()) options.request.windows_s = lengths_of(options.windows);
  if (!options.channels.empty()) options.request.channels = list_of(options.channels);
  if (options.latency_s >= 0) options.request.latency_s = options.latency_s;
  if (options.phase_step_pi >= 0) options.request.phase_step_pi = options.phase_step_pi;
  Progress progress(default_display(common.quiet));
  const speller::Result result = speller::try_speller(options.request, &progress);
  speller::write_result(result, options.output);
  if (common.quiet) return 0;
  print(result);
  std::printf("%s\n", printable((Path(options.output) / "speller.html").string()).c_str());
  return 0;
}

std::string methods_text() {
  std::vector<std::string> names;
  for (const SpellerMethod& method : speller_methods()) names.push_back(method.name);
  return "of " + join(names, ", ") + " (default: cca,fbcca,ecca,trca,tdca)";
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  speller::Request& request = options->request;
  app.add_option("LAYOUT", request.dataset, "how the folder is laid out (12jfpm, tsinghua-benchmark, beta, bids)")
      ->required();
  app.add_option("FOLDER", options->folder, "the recordings; each is a block")->required();
  app.add_option("-o,--output", options->output, "folder to make; refused when it exists")->required();
  app.add_option("--methods", options->methods, methods_text());
  app.add_option("--windows", options->windows, "lengths in seconds (default: 0.2,0.4,0.6,0.8,1)");
  app.add_option("--gaze-shift", request.gaze_shift_s, "seconds the eyes take to the next target")
      ->capture_default_str();
  app.add_option("--latency", options->latency_s,
                 "seconds from a trial's begin to a window's (default: 0.135, or 0 where the layout allows for it)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--harmonics", request.harmonics, "of the sines and cosines")->capture_default_str();
  app.add_option("--bands", request.bands, "of the filter bank")->capture_default_str();
  app.add_option("--channels", options->channels, "only these (default: over the visual cortex)");
  app.add_option("--phase-step", options->phase_step_pi, "in pi, from each target to the next higher one")
      ->check(CLI::NonNegativeNumber);
  return [options](const Common& common) { return spell(*options, common); };
}

const Command command{
    .name = "speller",
    .about = "how well and how fast flickering targets can be told apart",
    .examples =
        "  caton simulate ssvep -o flicker\n"
        "  caton speller bids flicker --phase-step 0.5 -o spelled\n"
        "  caton speller 12jfpm data/12jfpm --methods fbcca,trca --windows 0.5,1,2 -o jfpm",
    .place = 56,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
