// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/cli/command.hpp"
#include "caton/datasets/simulated/connectivity_groups.hpp"
#include "caton/datasets/simulated/emotion.hpp"
#include "caton/datasets/simulated/emotion_null_layout.hpp"
#include "caton/datasets/simulated/motor_imagery.hpp"
#include "caton/datasets/simulated/ssvep.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

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

int simulate_emotion_study(const Options& options, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_emotion(options.emotion, options.output, &progress);
  tell(options, common, options.emotion.subjects, options.emotion.sessions);
  return 0;
}

int simulate_imagery_study(const Options& options, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_motor_imagery(options.imagery, options.output, &progress);
  tell(options, common, options.imagery.subjects, options.imagery.sessions);
  return 0;
}

int simulate_flicker(const Options& options, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_ssvep(options.ssvep, options.output, &progress);
  tell(options, common, options.ssvep.subjects, options.ssvep.blocks);
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

/// What the options of a simulated study of trials mean.
struct StudyWords {
  const char *trials, *seconds, *effect;
};

template <class Study>
CLI::App& add_study(CLI::App& app, Study& study, Options& options, const StudyWords& words) {
  add_option(app, "--subjects", study.subjects, "people");
  add_option(app, "--sessions", study.sessions, "recordings of each person");
  add_option(app, "--trials", study.trials, words.trials);
  add_option(app, "--seconds", study.seconds, words.seconds);
  add_option(app, "--effect", study.effect, words.effect);
  add_seed(app, study.seed, "another seed, another study");
  app.add_option("-o,--output", options.output, "folder to make; refused when it exists")->required();
  return app;
}

void add_emotion(CLI::App& app, Options& options) {
  CLI::App& emotion = *app.add_subcommand("emotion", "EEG of people who watch clips, as a BIDS folder");
  add_study(
      emotion, options.emotion, options,
      {"clips in a session, each rated once", "length of a clip", "how much power follows the ratings; 0: not at all"});
}

CLI::App& add_imagery(CLI::App& app, Options& options) {
  CLI::App& imagery = *app.add_subcommand("motor-imagery", "EEG of people who imagine moving a hand, as a BIDS folder");
  return add_study(imagery, options.imagery, options,
                   {"cues in a session, half of them each hand", "length of the imagery after a cue",
                    "how much the rhythms over the hand areas fall; 0: not at all"});
}

CLI::App& add_ssvep(CLI::App& app, Options& options) {
  CLI::App& ssvep = *app.add_subcommand("ssvep", "EEG of people who look at flickering targets, as a BIDS folder");
  SimulatedSsvep& study = options.ssvep;
  add_option(ssvep, "--subjects", study.subjects, "people");
  add_option(ssvep, "--blocks", study.blocks, "how often each person looks at every target; each block is a session");
  add_option(ssvep, "--targets", study.targets, "frequencies from 8 Hz on");
  add_option(ssvep, "--seconds", study.seconds, "length of the flicker after a cue");
  add_option(ssvep, "--effect", study.effect, "how strongly the brain repeats the flicker; 0: not at all");
  add_seed(ssvep, study.seed, "another seed, another study");
  ssvep.add_option("-o,--output", options.output, "folder to make; refused when it exists")->required();
  return ssvep;
}

CLI::App& add_null(CLI::App& app, Options& options) {
  CLI::App& tokens = *app.add_subcommand("emotion-null", "tokens whose labels mean nothing, as .safetensors");
  EmotionNullOptions& null = options.null;
  add_option(tokens, "--subjects", null.subjects, "people");
  add_option(tokens, "--sessions", null.sessions, "recordings of each person");
  add_option(tokens, "--trials", null.trials, "trials in a session");
  add_option(tokens, "--windows", null.windows, "windows of a trial");
  add_option(tokens, "--high-trials", null.high_trials, "trials of each person with label 1");
  add_option(tokens, "--effect", null.effect, "difference between the labels; 0: none");
  add_seed(tokens, null.seed, "another seed, other tokens");
  tokens.add_option("-o,--output", options.output, "file to make; refused when it exists")->required();
  return tokens;
}

CLI::App& add_groups(CLI::App& app, Options& options) {
  CLI::App& groups = *app.add_subcommand("connectivity-groups", "EEG of groups whose directed links differ, as BIDS");
  SimulatedGroups& study = options.groups;
  add_option(groups, "--groups", study.groups, "groups");
  add_option(groups, "--subjects", study.subjects, "people in each group");
  add_option(groups, "--sessions", study.sessions, "recordings of each person");
  add_option(groups, "--channels", study.channels, "electrodes");
  add_option(groups, "--seconds", study.seconds, "length of a recording");
  add_option(groups, "--step", study.step, "how much weaker the links of each further group are; 0: no difference");
  add_seed(groups, study.seed, "another seed, another study");
  groups.add_option("-o,--output", options.output, "folder to make; refused when it exists")->required();
  return groups;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  add_emotion(app, *options);
  const CLI::App& imagery = add_imagery(app, *options);
  const CLI::App& ssvep = add_ssvep(app, *options);
  const CLI::App& tokens = add_null(app, *options);
  const CLI::App& groups = add_groups(app, *options);
  return [options, &imagery, &ssvep, &tokens, &groups](const Common& common) {
    if (ssvep.parsed()) return simulate_flicker(*options, common);
    if (groups.parsed()) return simulate_groups(*options, common);
    if (tokens.parsed()) return simulate_tokens(*options, common);
    return imagery.parsed() ? simulate_imagery_study(*options, common) : simulate_emotion_study(*options, common);
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
