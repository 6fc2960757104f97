// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/simulated/ssvep.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/datasets/bids/bids_writer.hpp"
#include "caton/datasets/simulated/noise.hpp"
#include "caton/datasets/simulated/placement.hpp"
#include "caton/datasets/simulated/truth.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace caton {

using namespace simulated;

namespace {

constexpr double first_hz = 8, wide_step_hz = 0.5, narrow_step_hz = 0.2;
constexpr std::int64_t most_wide_targets = 16, most_targets = 40;
constexpr double gaze_s = 0.5, end_s = 0.5;
constexpr double response_v = 1.5e-6, background_v = 7e-6, alpha_v = 4e-6;
constexpr double response_depth = 0.82, site_jitter = 0.06, tilt = 0.15;
constexpr double strength_spread = 0.35, trial_spread = 0.2, ramp_s = 0.1;
constexpr const char* about = "caton simulate ssvep";

constexpr const char* readme =
    "Simulated EEG of people who spelled by looking at flickering targets. Nobody was recorded: the signals were\n"
    "computed by caton, and what is true of them lies in derivatives/truth. For tests of methods and of evaluations;\n"
    "not for any statement about people.\n";

/// A patch of visual cortex and how strongly it repeats the flicker and its harmonics.
struct Patch {
  const char* site;
  double lag_s;
  std::array<double, 3> harmonic;
};
constexpr std::array<Patch, 4> patches{{{"Oz", 0, {1, 0.55, 0.3}},
                                        {"O1", 0.006, {0.7, 0.45, 0.2}},
                                        {"O2", 0.008, {0.7, 0.35, 0.25}},
                                        {"POz", 0.015, {0.5, 0.4, 0.1}}}};
constexpr auto patch_count = static_cast<std::int64_t>(patches.size());

void require(bool possible, const std::string& option, const std::string& problem) {
  if (!possible) throw usage_error(option, problem);
}

RandomStream stream_of(const SimulatedSsvep& study, const char* purpose, std::initializer_list<std::uint64_t> index) {
  return RandomStream(study.seed, std::string("simulate-ssvep/") + purpose, index);
}

Head make_visual_head() { return make_head({"Pz", "PO5", "PO3", "POz", "PO4", "PO6", "O1", "Oz", "O2"}); }

/// Sources: the patches, the alpha rhythm at POz, the background.
struct Viewer : PlacedSources {
  double strength = 1, delay_s = 0.135, alpha_hz = 10;
  std::vector<double> moment_am;  ///< of each source
};

Viewer make_viewer(const SimulatedSsvep& study, const Head& head, std::int64_t subject) {
  RandomStream random = stream_of(study, "person", {static_cast<std::uint64_t>(subject)});
  const std::int64_t own = patch_count + 1;
  Viewer viewer{room_for(own + background_sources)};
  viewer.strength = std::exp(strength_spread * bounded(random));
  viewer.delay_s = 0.135 + 0.008 * bounded(random);
  viewer.alpha_hz = 9.6 + 2 * random.uniform();
  for (std::int64_t s = 0; s < own; ++s) {
    const char* const site = s < patch_count ? patches[static_cast<std::size_t>(s)].site : "POz";
    const Point direction = turned(direction_of(head, site), site_jitter, random);
    place(viewer, head, s, direction, response_depth, turned(direction, tilt, random));
  }
  place_background(viewer, head, study.seed, "simulate-ssvep/background-place", own);
  compute_leadfield(viewer, head);
  for (std::int64_t s = 0; s < own; ++s)
    viewer.moment_am.push_back((s < patch_count ? response_v * std::numbers::sqrt2 : alpha_v) /
                               largest_weight(viewer, s));
  double power = 0;
  const std::int64_t electrodes = viewer.leadfield.extent(0);
  for (std::int64_t e = 0; e < electrodes; ++e)
    for (std::int64_t s = own; s < viewer.leadfield.extent(1); ++s)
      power += viewer.leadfield(e, s) * viewer.leadfield(e, s) / static_cast<double>(electrodes);
  viewer.moment_am.resize(static_cast<std::size_t>(viewer.leadfield.extent(1)), background_v / std::sqrt(power));
  return viewer;
}

/// A rhythm of unit power: white noise through a resonance of about 2 Hz width.
std::vector<double> resonance(RandomStream random, double centre_hz, std::int64_t samples) {
  const double r = std::exp(-2 * std::numbers::pi / flicker_rate_hz),
               turn = 2 * std::numbers::pi * centre_hz / flicker_rate_hz;
  const double power = (1 + r * r) / ((1 - r * r) * (1 + std::pow(r, 4) - 2 * r * r * std::cos(2 * turn)));
  std::vector<double> out;
  double last = 0, before = 0;
  for (std::int64_t t = -512; t < samples; ++t) {
    const double next = 2 * r * std::cos(turn) * last - r * r * before + random.normal() / std::sqrt(power);
    before = std::exchange(last, next);
    if (t >= 0) out.push_back(next);
  }
  return out;
}

std::int64_t block_samples(const SimulatedSsvep& study) {
  const double seconds = static_cast<double>(study.targets) * (study.seconds + gaze_s) + end_s;
  return static_cast<std::int64_t>(std::ceil(seconds)) * static_cast<std::int64_t>(flicker_rate_hz);
}

/// What a patch repeats of a target's flicker, `since_s` after the flicker began.
double response(const SimulatedSsvep& study, const Patch& patch, std::int64_t target, double since_s) {
  const double omega = 2 * std::numbers::pi * target_hz(study, target),
               phase = std::numbers::pi * target_phase_pi(target);
  double sum = 0;
  for (std::size_t h = 0; h < patch.harmonic.size(); ++h)
    sum += patch.harmonic[h] * std::sin(static_cast<double>(h + 1) * (omega * (since_s - patch.lag_s) + phase));
  return sum * std::min(1.0, since_s / ramp_s);
}

std::vector<double> patch_moment(const SimulatedSsvep& study, const Viewer& viewer, std::int64_t patch,
                                 const std::vector<double>& trial_gain, const std::vector<std::int64_t>& order) {
  std::vector<double> moment(static_cast<std::size_t>(block_samples(study)), 0.0);
  const double scale = study.effect * viewer.strength * viewer.moment_am[static_cast<std::size_t>(patch)];
  const auto length = static_cast<std::int64_t>(study.seconds * flicker_rate_hz);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::int64_t begin = flicker_begin(study, static_cast<std::int64_t>(k));
    const auto delay = static_cast<std::int64_t>(std::ceil(viewer.delay_s * flicker_rate_hz));
    for (std::int64_t t = delay; t < length + delay; ++t) {
      const double since_s = static_cast<double>(t) / flicker_rate_hz - viewer.delay_s;
      moment[static_cast<std::size_t>(begin + t)] =
          scale * trial_gain[k] * response(study, patches[static_cast<std::size_t>(patch)], order[k], since_s);
    }
  }
  return moment;
}

Matrix block_of(const SimulatedSsvep& study, const Head& head, const Viewer& viewer, std::int64_t subject,
                std::int64_t block, const std::vector<std::int64_t>& order) {
  const RandomStream stream =
      stream_of(study, "block", {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(block)});
  const std::int64_t samples = block_samples(study);
  Matrix brain({static_cast<std::int64_t>(head.electrodes.size()), samples});
  std::vector<double> trial_gain;
  RandomStream gains = stream.derive("gain");
  for (std::int64_t k = 0; k < study.targets; ++k) trial_gain.push_back(std::exp(trial_spread * bounded(gains)));
  if (study.effect > 0)  // otherwise the targets are not looked at
    for (std::int64_t p = 0; p < patch_count; ++p)
      add_source(viewer, p, patch_moment(study, viewer, p, trial_gain, order), brain);
  auto alpha = resonance(stream.derive("alpha"), viewer.alpha_hz, samples);
  for (double& value : alpha) value *= viewer.moment_am[static_cast<std::size_t>(patch_count)];
  add_source(viewer, patch_count, alpha, brain);
  for (std::int64_t i = 0; i < background_sources; ++i) {
    PinkNoise noise(stream.derive("background", {static_cast<std::uint64_t>(i)}));
    const double scale = viewer.moment_am[static_cast<std::size_t>(patch_count + 1 + i)];
    std::vector<double> moment(static_cast<std::size_t>(samples));
    for (double& value : moment) value = scale * noise.next();
    add_source(viewer, patch_count + 1 + i, moment, brain);
  }
  RandomStream noise = stream.derive("noise");
  for (double& value : brain) value += noise_v * noise.normal();
  return brain;
}

void write_block(const Path& root, const SimulatedSsvep& study, const Head& head, const Viewer& viewer,
                 std::int64_t subject, std::int64_t block) {
  const auto order = target_order(study, subject, block);
  BidsEeg eeg;
  eeg.name = {subject_label(subject), subject_label(block), "spelling"};
  eeg.channels = head.electrodes;
  eeg.rate_hz = flicker_rate_hz;
  eeg.power_line_hz = 50;
  eeg.reference = "none: potentials against infinity, simulated";
  eeg.sidecar = Json::object({{"TaskDescription", "look at the target that the cue names"},
                              {"Manufacturer", "none (simulated by caton)"},
                              {"EEGPlacementScheme", "10-10, over the visual cortex"}});
  write_bids_eeg(root, eeg, block_of(study, head, viewer, subject, block, order));
  Table events{{"onset", "duration", "trial_type"}, {}};
  for (std::size_t k = 0; k < order.size(); ++k)
    events.rows.push_back(
        {number_text(static_cast<double>(flicker_begin(study, static_cast<std::int64_t>(k))) / flicker_rate_hz),
         number_text(study.seconds), fixed_text(target_hz(study, order[k]), 1) + " Hz"});
  write_bids_events(root, eeg.name, events);
  write_bids_electrodes(root, eeg.name,
                        {head.electrodes, head.positions, "template standard_1005: x right, y front, z up"});
}

void write_root(const Path& root, const SimulatedSsvep& study, const std::vector<Viewer>& viewers) {
  BidsDescription description;
  description.name = "Simulated speller";
  description.about = about;
  description.parameters = to_json(study);
  write_bids_description(root, description);
  write_file(root / "README", std::string_view(readme));
  Table participants{{"participant_id", "species"}, {}},
      responses{{"participant_id", "strength", "delay_s", "alpha_hz"}, {}};
  for (std::size_t s = 0; s < viewers.size(); ++s) {
    const std::string id = "sub-" + subject_label(static_cast<std::int64_t>(s));
    participants.rows.push_back({id, "simulated"});
    responses.rows.push_back({id, fixed_text(study.effect * viewers[s].strength, 4), fixed_text(viewers[s].delay_s, 4),
                              fixed_text(viewers[s].alpha_hz, 3)});
  }
  write_bids_participants(root, participants);
  const Path truth = root / "derivatives" / "truth";
  description.name = "What is true of the simulated speller";
  description.derivative = true;
  write_bids_description(truth, description);
  write_file(truth / "simulation.json", to_json(study).dump(2) + "\n");
  Table targets{{"trial_type", "frequency_hz", "phase_pi"}, {}};
  for (std::int64_t k = 0; k < study.targets; ++k)
    targets.rows.push_back({fixed_text(target_hz(study, k), 1) + " Hz", fixed_text(target_hz(study, k), 1),
                            number_text(target_phase_pi(k))});
  write_file(truth / "targets.tsv", table_text(targets, '\t'));
  write_file(truth / "responses.tsv", table_text(responses, '\t'));
}

}  // namespace

namespace simulated {

Matrix flicker_block(const SimulatedSsvep& study, std::int64_t subject, std::int64_t block,
                     const std::vector<std::int64_t>& order) {
  const Head head = make_visual_head();
  return block_of(study, head, make_viewer(study, head, subject), subject, block, order);
}

std::vector<std::int64_t> target_order(const SimulatedSsvep& study, std::int64_t subject, std::int64_t block) {
  return stream_of(study, "order", {static_cast<std::uint64_t>(subject), static_cast<std::uint64_t>(block)})
      .permutation(study.targets);
}

std::int64_t flicker_begin(const SimulatedSsvep& study, std::int64_t place) {
  return std::llround((gaze_s + static_cast<double>(place) * (study.seconds + gaze_s)) * flicker_rate_hz);
}

}  // namespace simulated

double target_hz(const SimulatedSsvep& study, std::int64_t target) {
  return first_hz + static_cast<double>(target) * (study.targets <= most_wide_targets ? wide_step_hz : narrow_step_hz);
}

double target_phase_pi(std::int64_t target) { return 0.5 * static_cast<double>(target % 4); }

void require_possible(const SimulatedSsvep& study) {
  require(study.subjects >= 1 && study.subjects <= 999, "subjects", "must be 1 to 999");
  require(study.blocks >= 1 && study.blocks <= 99, "blocks", "must be 1 to 99");
  require(study.targets >= 2 && study.targets <= most_targets, "targets", "must be 2 to 40");
  require(std::isfinite(study.seconds) && study.seconds >= 0.5 && study.seconds <= 20, "seconds", "must be 0.5 to 20");
  require(study.effect >= 0 && study.effect <= 10, "effect", "must be 0 (no flicker in the data) to 10");
}

Json to_json(const SimulatedSsvep& study) {
  return Json::object({{"subjects", study.subjects},
                       {"blocks", study.blocks},
                       {"targets", study.targets},
                       {"seconds", study.seconds},
                       {"effect", study.effect},
                       {"simulation_seed", static_cast<std::int64_t>(study.seed)}});
}

Path simulate_ssvep(const SimulatedSsvep& study, const Path& folder, Progress* progress) {
  require_possible(study);
  FolderWriter writer(folder);
  const Head head = make_visual_head();
  std::vector<Viewer> viewers(static_cast<std::size_t>(study.subjects));
  thread_pool().parallel_for(
      study.subjects, [&](std::int64_t s) { viewers[static_cast<std::size_t>(s)] = make_viewer(study, head, s); });
  write_root(writer.path(), study, viewers);
  const std::int64_t blocks = study.subjects * study.blocks;
  if (progress != nullptr) progress->begin("simulating recordings", static_cast<double>(blocks));
  thread_pool().parallel_for(blocks, [&](std::int64_t i) {
    check_interrupted();
    const std::int64_t subject = i / study.blocks;
    write_block(writer.path(), study, head, viewers[static_cast<std::size_t>(subject)], subject, i % study.blocks);
    if (progress != nullptr) progress->step();
  });
  if (progress != nullptr) progress->finish();
  writer.commit();
  return folder;
}

}  // namespace caton
