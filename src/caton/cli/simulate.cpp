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
#include <variant>
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

/// A number that a kind takes.
template <class Study>
struct Choice {
  const char* name;
  std::variant<std::int64_t Study::*, double Study::*> value;
  const char* about;
};

/// One kind of what can be simulated.
template <class Study>
struct KindAbout {
  const char *name, *about;
  Study Options::*study;
  std::vector<Choice<Study>> choices;
  const char *seed, *output;
  int (*make)(const Study& study, const std::string& output, const Common& common);
};

/// A kind's subcommand, and what makes it.
struct Kind {
  const CLI::App* command = nullptr;
  std::function<int(const Common& common)> make;
};

/// As a signed number, so that a negative seed is refused and not taken for a large one.
void add_seed(CLI::App& app, std::uint64_t& seed, const char* about) {
  app.add_option_function<std::int64_t>(
         "--seed", [&seed](const std::int64_t& value) { seed = static_cast<std::uint64_t>(value); }, about)
      ->check(CLI::NonNegativeNumber)
      ->default_str(std::to_string(seed));
}

template <class Study>
Kind add_kind(CLI::App& app, Options& options, const KindAbout<Study>& kind) {
  CLI::App& command = *app.add_subcommand(kind.name, kind.about);
  Study& study = options.*kind.study;
  for (const Choice<Study>& choice : kind.choices) {
    std::visit(
        [&](const auto member) { command.add_option(choice.name, study.*member, choice.about)->capture_default_str(); },
        choice.value);
  }
  add_seed(command, study.seed, kind.seed);
  command.add_option("-o,--output", options.output, kind.output + std::string(" to make; refused when it exists"))
      ->required();
  return {&command,
          [&study, &options, make = kind.make](const Common& common) { return make(study, options.output, common); }};
}

template <class Study>
using Simulate = Path (*)(const Study& study, const Path& folder, Progress* progress);

/// A study of trials as a folder; `sessions` of it are the recordings of each person.
template <class Study, Simulate<Study> simulate, std::int64_t Study::*sessions>
int make_study(const Study& study, const std::string& output, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate(study, output, &progress);
  if (common.quiet) return 0;
  std::printf("%s: %lld recordings of %lld subjects (BIDS, EDF); what is true of them: derivatives/truth\n",
              output.c_str(), static_cast<long long>(study.subjects * study.*sessions),
              static_cast<long long>(study.subjects));
  return 0;
}

int make_groups(const SimulatedGroups& study, const std::string& output, const Common& common) {
  Progress progress(default_display(common.quiet));
  simulate_connectivity_groups(study, output, &progress);
  if (common.quiet) return 0;
  std::printf("%s: %lld recordings of %lld groups (BIDS, EDF); what is true of them: derivatives/truth/links.json\n",
              output.c_str(), static_cast<long long>(study.groups * study.subjects * study.sessions),
              static_cast<long long>(study.groups));
  return 0;
}

int make_tokens(const EmotionNullOptions& study, const std::string& output, const Common& common) {
  if (std::filesystem::exists(output))
    throw usage_error(output, "exists already", "name another place or remove it first");
  const Safetensors content = emotion_null_file(study);
  write_safetensors(output, content);
  if (!common.quiet) {
    std::printf("%s: %lld windows of tokens\n", output.c_str(),
                static_cast<long long>(content.at("tokens", output).extent(0)));
  }
  return 0;
}

constexpr const char *people = "people", *recordings = "recordings of each person",
                     *another_study = "another seed, another study";

const KindAbout<SimulatedEmotion> emotion_kind{
    .name = "emotion",
    .about = "EEG of people who watch clips, as a BIDS folder",
    .study = &Options::emotion,
    .choices = {{"--subjects", &SimulatedEmotion::subjects, people},
                {"--sessions", &SimulatedEmotion::sessions, recordings},
                {"--trials", &SimulatedEmotion::trials, "clips in a session, each rated once"},
                {"--seconds", &SimulatedEmotion::seconds, "length of a clip"},
                {"--effect", &SimulatedEmotion::effect, "how much power follows the ratings; 0: not at all"}},
    .seed = another_study,
    .output = "folder",
    .make = make_study<SimulatedEmotion, simulate_emotion, &SimulatedEmotion::sessions>};

const KindAbout<SimulatedMotorImagery> imagery_kind{
    .name = "motor-imagery",
    .about = "EEG of people who imagine moving a hand, as a BIDS folder",
    .study = &Options::imagery,
    .choices = {{"--subjects", &SimulatedMotorImagery::subjects, people},
                {"--sessions", &SimulatedMotorImagery::sessions, recordings},
                {"--trials", &SimulatedMotorImagery::trials, "cues in a session, half of them each hand"},
                {"--seconds", &SimulatedMotorImagery::seconds, "length of the imagery after a cue"},
                {"--effect", &SimulatedMotorImagery::effect,
                 "how much the rhythms over the hand areas fall; 0: not at all"}},
    .seed = another_study,
    .output = "folder",
    .make = make_study<SimulatedMotorImagery, simulate_motor_imagery, &SimulatedMotorImagery::sessions>};

const KindAbout<SimulatedSsvep> ssvep_kind{
    .name = "ssvep",
    .about = "EEG of people who look at flickering targets, as a BIDS folder",
    .study = &Options::ssvep,
    .choices = {{"--subjects", &SimulatedSsvep::subjects, people},
                {"--blocks", &SimulatedSsvep::blocks,
                 "how often each person looks at every target; each block is a session"},
                {"--targets", &SimulatedSsvep::targets, "frequencies from 8 Hz on"},
                {"--seconds", &SimulatedSsvep::seconds, "length of the flicker after a cue"},
                {"--effect", &SimulatedSsvep::effect, "how strongly the brain repeats the flicker; 0: not at all"}},
    .seed = another_study,
    .output = "folder",
    .make = make_study<SimulatedSsvep, simulate_ssvep, &SimulatedSsvep::blocks>};

const KindAbout<EmotionNullOptions> null_kind{
    .name = "emotion-null",
    .about = "tokens whose labels mean nothing, as .safetensors",
    .study = &Options::null,
    .choices = {{"--subjects", &EmotionNullOptions::subjects, people},
                {"--sessions", &EmotionNullOptions::sessions, recordings},
                {"--trials", &EmotionNullOptions::trials, "trials in a session"},
                {"--windows", &EmotionNullOptions::windows, "windows of a trial"},
                {"--high-trials", &EmotionNullOptions::high_trials, "trials of each person with label 1"},
                {"--effect", &EmotionNullOptions::effect, "difference between the labels; 0: none"}},
    .seed = "another seed, other tokens",
    .output = "file",
    .make = make_tokens};

const KindAbout<SimulatedGroups> groups_kind{
    .name = "connectivity-groups",
    .about = "EEG of groups whose directed links differ, as BIDS",
    .study = &Options::groups,
    .choices = {{"--groups", &SimulatedGroups::groups, "groups"},
                {"--subjects", &SimulatedGroups::subjects, "people in each group"},
                {"--sessions", &SimulatedGroups::sessions, recordings},
                {"--channels", &SimulatedGroups::channels, "electrodes"},
                {"--seconds", &SimulatedGroups::seconds, "length of a recording"},
                {"--step", &SimulatedGroups::step,
                 "how much weaker the links of each further group are; 0: no difference"}},
    .seed = another_study,
    .output = "folder",
    .make = make_groups};

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.require_subcommand(1);
  const auto kind = [&](const auto& about) { return add_kind(app, *options, about); };
  const std::vector<Kind> kinds{kind(emotion_kind), kind(imagery_kind), kind(ssvep_kind), kind(null_kind),
                                kind(groups_kind)};
  return [options, kinds](const Common& common) {
    const auto chosen = std::find_if(kinds.begin(), kinds.end(), [](const Kind& one) { return one.command->parsed(); });
    return chosen->make(common);
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
