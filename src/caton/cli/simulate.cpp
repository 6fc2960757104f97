// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/cli/command.hpp"
#include "caton/datasets/simulated/connectivity_groups.hpp"
#include "caton/datasets/simulated/emotion.hpp"
#include "caton/datasets/simulated/emotion_null_layout.hpp"
#include "caton/datasets/simulated/motor_imagery.hpp"
#include "caton/datasets/simulated/ssvep.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace caton::cli {
namespace {

struct Options {
  SimulatedEmotion emotion;
  SimulatedMotorImagery imagery;
  SimulatedSsvep ssvep;
  EmotionNullOptions null;
  SimulatedGroups groups;
  std::string output;
};

void tell(const Options& options, const Common& common, std::int64_t subjects, std::int64_t sessions) {
  if (common.quiet) return;
  std::printf("%s: %lld recordings of %lld subjects (BIDS, EDF); what is true of them: derivatives/truth\n",
              options.output.c_str(), static_cast<long long>(subjects * sessions), static_cast<long long>(subjects));
}

int simulate_groups(const Options& options, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_connectivity_groups(options.groups, options.output, &progress);
  if (common.quiet) return 0;
  const SimulatedGroups& study = options.groups;
  std::printf("%s: %lld recordings of %lld groups (BIDS, EDF); what is true of them: derivatives/truth/links.json\n",
              options.output.c_str(), static_cast<long long>(study.groups * study.subjects * study.sessions),
              static_cast<long long>(study.groups));
  return 0;
}

template <class Study, class Simulate>
int simulate_study(const Study& study, std::int64_t sessions, Simulate simulate, const Options& options,
                   const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate(study, options.output, &progress);
  tell(options, common, study.subjects, sessions);
  return 0;
}

int simulate_tokens(const Options& options, const Common& common) {
  if (std::filesystem::exists(options.output))
    throw usage_error(options.output, "exists already", "name another place or remove it first");
  const Safetensors content = emotion_null_file(options.null);
  write_safetensors(options.output, content);
  if (!common.quiet)
    std::printf("%s: %lld windows of tokens\n", options.output.c_str(),
                static_cast<long long>(content.at("tokens", options.output).extent(0)));
  return 0;
}

template <class Value>
void add_option(CLI::App& app, const char* name, Value& value, const char* about) {
  app.add_option(name, value, about)->capture_default_str();
}

/// As a signed number, so that a negative seed is refused and not taken for a large one.
void add_seed(CLI::App& app, std::uint64_t& seed, const char* about) {
  app.add_option_function<std::int64_t>(
         "--seed", [&seed](const std::int64_t& value) { seed = static_cast<std::uint64_t>(value); }, about)
      ->check(CLI::NonNegativeNumber)
      ->default_str(std::to_string(seed));
}

void add_output(CLI::App& app, std::string& output, const std::string& what) {
  app.add_option("-o,--output", output, what + " to make; refused when it exists")->required();
}

/// What the options of a simulated study of trials mean.
struct StudyWords {
  const char *trials, *seconds, *effect;
};

template <class Study>
void add_study(CLI::App& app, Study& study, const StudyWords& words) {
  add_option(app, "--subjects", study.subjects, "people");
  add_option(app, "--sessions", study.sessions, "recordings of each person");
  add_option(app, "--trials", study.trials, words.trials);
  add_option(app, "--seconds", study.seconds, words.seconds);
  add_option(app, "--effect", study.effect, words.effect);
}

void add_flicker(CLI::App& app, SimulatedSsvep& study) {
  add_option(app, "--subjects", study.subjects, "people");
  add_option(app, "--blocks", study.blocks, "how often each person looks at every target; each block is a session");
  add_option(app, "--targets", study.targets, "frequencies from 8 Hz on");
  add_option(app, "--seconds", study.seconds, "length of the flicker after a cue");
  add_option(app, "--effect", study.effect, "how strongly the brain repeats the flicker; 0: not at all");
}

void add_tokens(CLI::App& app, EmotionNullOptions& null) {
  add_option(app, "--subjects", null.subjects, "people");
  add_option(app, "--sessions", null.sessions, "recordings of each person");
  add_option(app, "--trials", null.trials, "trials in a session");
  add_option(app, "--windows", null.windows, "windows of a trial");
  add_option(app, "--high-trials", null.high_trials, "trials of each person with label 1");
  add_option(app, "--effect", null.effect, "difference between the labels; 0: none");
}

void add_groups(CLI::App& app, SimulatedGroups& study) {
  add_option(app, "--groups", study.groups, "groups");
  add_option(app, "--subjects", study.subjects, "people in each group");
  add_option(app, "--sessions", study.sessions, "recordings of each person");
  add_option(app, "--channels", study.channels, "electrodes");
  add_option(app, "--seconds", study.seconds, "length of a recording");
  add_option(app, "--step", study.step, "how much weaker the links of each further group are; 0: no difference");
}

/// What can be simulated: its subcommand, and what makes it.
struct Kind {
  const CLI::App* command = nullptr;
  std::function<int(const Options& options, const Common& common)> make;
};

Kind emotion_kind(CLI::App& app, Options& options) {
  CLI::App& emotion = *app.add_subcommand("emotion", "EEG of people who watch clips, as a BIDS folder");
  add_study(
      emotion, options.emotion,
      {"clips in a session, each rated once", "length of a clip", "how much power follows the ratings; 0: not at all"});
  add_seed(emotion, options.emotion.seed, "another seed, another study");
  add_output(emotion, options.output, "folder");
  return {&emotion, [](const Options& given, const Common& common) {
            return simulate_study(given.emotion, given.emotion.sessions, simulate_emotion, given, common);
          }};
}

Kind imagery_kind(CLI::App& app, Options& options) {
  CLI::App& imagery = *app.add_subcommand("motor-imagery", "EEG of people who imagine moving a hand, as a BIDS folder");
  add_study(imagery, options.imagery,
            {"cues in a session, half of them each hand", "length of the imagery after a cue",
             "how much the rhythms over the hand areas fall; 0: not at all"});
  add_seed(imagery, options.imagery.seed, "another seed, another study");
  add_output(imagery, options.output, "folder");
  return {&imagery, [](const Options& given, const Common& common) {
            return simulate_study(given.imagery, given.imagery.sessions, simulate_motor_imagery, given, common);
          }};
}

Kind ssvep_kind(CLI::App& app, Options& options) {
  CLI::App& ssvep = *app.add_subcommand("ssvep", "EEG of people who look at flickering targets, as a BIDS folder");
  add_flicker(ssvep, options.ssvep);
  add_seed(ssvep, options.ssvep.seed, "another seed, another study");
  add_output(ssvep, options.output, "folder");
  return {&ssvep, [](const Options& given, const Common& common) {
            return simulate_study(given.ssvep, given.ssvep.blocks, simulate_ssvep, given, common);
          }};
}

Kind null_kind(CLI::App& app, Options& options) {
  CLI::App& tokens = *app.add_subcommand("emotion-null", "tokens whose labels mean nothing, as .safetensors");
  add_tokens(tokens, options.null);
  add_seed(tokens, options.null.seed, "another seed, other tokens");
  add_output(tokens, options.output, "file");
  return {&tokens, simulate_tokens};
}

Kind groups_kind(CLI::App& app, Options& options) {
  CLI::App& groups = *app.add_subcommand("connectivity-groups", "EEG of groups whose directed links differ, as BIDS");
  add_groups(groups, options.groups);
  add_seed(groups, options.groups.seed, "another seed, another study");
  add_output(groups, options.output, "folder");
  return {&groups, simulate_groups};
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  std::vector<Kind> kinds;
  for (const auto& kind : {emotion_kind, imagery_kind, ssvep_kind, null_kind, groups_kind})
    kinds.push_back(kind(app, *options));
  return [options, kinds](const Common& common) {
    const auto chosen =
        std::find_if(kinds.begin(), kinds.end(), [](const Kind& kind) { return kind.command->parsed(); });
    return chosen->make(*options, common);
  };
}

const Command command{
    .name = "simulate",
    .about = "make a study whose truth is known",
    .examples =
        "  caton simulate emotion -o study\n"
        "  caton simulate emotion --subjects 4 --effect 0 -o nothing-to-find\n"
        "  caton simulate motor-imagery --subjects 4 -o hands\n"
        "  caton simulate ssvep --subjects 4 -o flicker\n"
        "  caton simulate emotion-null -o tokens.safetensors\n"
        "  caton simulate connectivity-groups -o groups",
    .place = 60,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
