// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/cli/command.hpp"
#include "caton/datasets/simulated/emotion.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace caton::cli {
namespace {

struct Options {
  SimulatedEmotion emotion;
  std::string output;
};

int simulate_study(const Options& options, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_emotion(options.emotion, options.output, &progress);
  if (common.quiet) return 0;
  std::printf("%s: %lld recordings of %lld subjects (BIDS, EDF); what is true of them: derivatives/truth\n",
              options.output.c_str(), static_cast<long long>(options.emotion.subjects * options.emotion.sessions),
              static_cast<long long>(options.emotion.subjects));
  return 0;
}

CLI::App* add_emotion(CLI::App& app, const std::shared_ptr<Options>& options) {
  CLI::App* const emotion = app.add_subcommand("emotion", "EEG of people who watch clips, as a BIDS folder");
  SimulatedEmotion& study = options->emotion;
  emotion->add_option("--subjects", study.subjects, "people")->capture_default_str();
  emotion->add_option("--sessions", study.sessions, "recordings of each person")->capture_default_str();
  emotion->add_option("--trials", study.trials, "clips in a session, each rated once")->capture_default_str();
  emotion->add_option("--seconds", study.seconds, "length of a clip")->capture_default_str();
  emotion->add_option("--effect", study.effect, "how much power follows the ratings; 0: not at all")
      ->capture_default_str();
  emotion->add_option("--seed", study.seed, "another seed, another study")->capture_default_str();
  emotion->add_option("-o,--output", options->output, "folder to make; refused when it exists")->required();
  return emotion;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  add_emotion(app, options);
  return [options](const Common& common) { return simulate_study(*options, common); };
}

const Command command{
    .name = "simulate",
    .about = "make a study whose truth is known",
    .examples =
        "  caton simulate emotion -o study\n"
        "  caton simulate emotion --subjects 4 --effect 0 -o nothing-to-find",
    .place = 60,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
