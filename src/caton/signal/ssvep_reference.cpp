// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/signal/ssvep_reference.hpp"

#include "caton/base/ports.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/checks.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <set>

namespace caton {

namespace {

constexpr const char* where = "ssvep_reference";
constexpr std::int64_t most_values = std::int64_t{1} << 28;

double phase_of(const SsvepStimuli& stimuli, std::size_t f) {
  return stimuli.phases_pi.empty() ? 0 : std::numbers::pi * stimuli.phases_pi[f];
}

void check_frequency(const SsvepStimuli& stimuli, double hz) {
  require_positive(where, "stimuli_hz", hz);
  const double nyquist = stimuli.rate_hz / 2;
  if (static_cast<double>(stimuli.harmonics) * hz < nyquist) return;
  throw usage_error(where,
                    "harmonic " + number_text(std::ceil(nyquist / hz)) + " of " + number_text(hz) +
                        " Hz does not lie below the Nyquist frequency " + number_text(nyquist) + " Hz",
                    "take fewer harmonics");
}

}  // namespace

void require_ssvep_reference(const SsvepStimuli& stimuli, std::int64_t samples) {
  require_positive(where, "rate_hz", stimuli.rate_hz);
  if (stimuli.frequency_hz.empty()) throw usage_error(where, "stimuli_hz is empty: no stimulus is given");
  if (stimuli.harmonics < 1) throw usage_error(where, "harmonics must be at least 1");
  if (samples < 1) throw usage_error(where, "samples must be at least 1");
  if (!stimuli.phases_pi.empty() && stimuli.phases_pi.size() != stimuli.frequency_hz.size()) {
    throw usage_error(where, "phases_pi has " + std::to_string(stimuli.phases_pi.size()) + " values for " +
                                 std::to_string(stimuli.frequency_hz.size()) + " stimuli");
  }
  std::set<std::pair<double, double>> seen;
  for (std::size_t f = 0; f < stimuli.frequency_hz.size(); ++f) {
    check_frequency(stimuli, stimuli.frequency_hz[f]);
    const double phase = phase_of(stimuli, f);
    if (!std::isfinite(phase)) throw usage_error(where, "phases_pi is not finite");
    if (!seen.emplace(stimuli.frequency_hz[f], phase).second)
      throw usage_error(
          where, "duplicate stimulus in stimuli_hz: " + number_text(stimuli.frequency_hz[f]) + " Hz stands twice");
  }
  const std::int64_t rows = 2 * stimuli.harmonics * stimuli.count();
  if (samples > most_values / rows) throw usage_error(where, "samples: the reference would be too large");
}

double ssvep_reference_step_s(const SsvepStimuli& stimuli, std::int64_t samples) {
  if (stimuli.time != ReferenceTime::linspace) return 1 / stimuli.rate_hz;
  const auto count = static_cast<double>(samples);
  return count / stimuli.rate_hz / (count - 1);
}

namespace {

std::vector<double> times(const SsvepStimuli& stimuli, std::int64_t samples) {
  std::vector<double> result;
  const double step = ssvep_reference_step_s(stimuli, samples);
  for (std::int64_t t = 0; t < samples; ++t) {
    const auto at = static_cast<double>(t);
    switch (stimuli.time) {
      case ReferenceTime::from_one_sample: result.push_back((at + 1) / stimuli.rate_hz); break;
      case ReferenceTime::linspace: result.push_back(t == 0 ? 0 : at * step); break;
      case ReferenceTime::from_zero: result.push_back(at / stimuli.rate_hz); break;
    }
  }
  return result;
}

}  // namespace

Array<double, 3> ssvep_reference(const SsvepStimuli& stimuli, std::int64_t samples) {
  require_ssvep_reference(stimuli, samples);
  const auto time = times(stimuli, samples);
  Array<double, 3> result({stimuli.count(), 2 * stimuli.harmonics, samples}, uninitialised);
  for (std::int64_t f = 0; f < stimuli.count(); ++f) {
    const auto at = static_cast<std::size_t>(f);
    for (std::int64_t h = 0; h < stimuli.harmonics; ++h) {
      const double pulse = 2 * std::numbers::pi * stimuli.frequency_hz[at] * static_cast<double>(h + 1);
      for (std::int64_t t = 0; t < samples; ++t) {
        const double angle = pulse * time[static_cast<std::size_t>(t)] + phase_of(stimuli, at);
        result(f, 2 * h, t) = std::sin(angle);
        result(f, 2 * h + 1, t) = std::cos(angle);
      }
    }
  }
  return result;
}

SsvepStimuli ssvep_stimuli(const Arguments& args) {
  SsvepStimuli stimuli{.frequency_hz = args.numbers("stimuli_hz"),
                       .rate_hz = args.number("rate_hz"),
                       .harmonics = count_argument(args, "harmonics")};
  stimuli.time = choice_argument<ReferenceTime>(args, "time",
                                                {{"from-one-sample", ReferenceTime::from_one_sample},
                                                 {"linspace", ReferenceTime::linspace},
                                                 {"from-zero", ReferenceTime::from_zero}});
  if (args.given("phases_pi")) stimuli.phases_pi = args.numbers("phases_pi");
  return stimuli;
}

std::vector<Argument> ssvep_stimuli_arguments() {
  return {{.name = "stimuli_hz", .type = "numbers"},
          {.name = "rate_hz", .type = "number"},
          {.name = "harmonics", .type = "integer", .standard = 3},
          {.name = "time",
           .type = "text",
           .standard = "from-one-sample",
           .about = "from-one-sample, linspace, "
                    "from-zero"},
          {.name = "phases_pi", .type = "numbers", .standard = Json{}, .about = "phase of each stimulus over pi"}};
}

namespace {

std::vector<Argument> reference_arguments() {
  auto all = ssvep_stimuli_arguments();
  all.push_back({.name = "samples", .type = "integer"});
  return all;
}

const Operation reference_operation{
    .name = "ssvep_reference",
    .room = "signal",
    .about = "Sines and cosines of each stimulus and its harmonics (mnakanishi/TRCA-SSVEP, MetaBCI)",
    .arguments = reference_arguments(),
    .outputs = {{.name = "r", .shape = "F 2H T", .unit = "1"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          return Tensors{{"r", Tensor::of(ssvep_reference(ssvep_stimuli(args), args.integer("samples")))}};
        },
};
CATON_REGISTER(Operation, reference_operation);

}  // namespace

}  // namespace caton
