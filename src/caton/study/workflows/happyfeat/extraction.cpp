// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/extraction.hpp"

#include "caton/base/error.hpp"
#include "caton/base/finding_json.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/result_cache.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/features/burg_spectrum.hpp"
#include "caton/features/pair_coherence.hpp"
#include "caton/features/trial_power.hpp"
#include "caton/study/workflows/happyfeat/run_trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace caton::happyfeat {
namespace {

/// Sizes in samples, as HappyFeat computes them (cut to whole numbers).
struct Plan {
  double rate_hz = 0;
  std::int64_t window = 0, order = 0, size = 0, windows = 0, offset = 0, epoch = 0;
  double shift = 0;  ///< samples, not rounded
  bool density = false;
  std::optional<CoherenceMeasure> measure;
  std::int64_t connectivity_window = 0, connectivity_windows = 0;
  double connectivity_shift = 0;
  bool diagonal = true;

  [[nodiscard]] std::int64_t bins() const { return size / 2 + 1; }
};

std::int64_t cut(double value) { return static_cast<std::int64_t>(std::clamp(value + 1e-9, -1e15, 1e15)); }

std::optional<CoherenceMeasure> measure_named(const std::string& name) {
  if (name == "none") return std::nullopt;
  if (name == "coherence") return CoherenceMeasure::coherence;
  if (name == "abs-imaginary-coherence") return CoherenceMeasure::abs_imaginary;
  throw usage_error("extract: connectivity", "\"" + name + "\" is unknown",
                    suggestion(name, {"none", "coherence", "abs-imaginary-coherence"}));
}

Plan plan_of(const Json& extract, double rate_hz) {
  const auto number = [&](const char* key) { return extract.at(key).number(key); };
  Plan plan;
  plan.rate_hz = rate_hz;
  plan.window = cut(number("window_s") * rate_hz);
  plan.order = cut(number("ar_s") * rate_hz);
  if (!(number("resolution_hz") > 0)) throw usage_error("extract", "resolution_hz must be positive");
  plan.size = cut(rate_hz / number("resolution_hz"));
  plan.windows = windows_in_trial({number("epoch_s"), number("window_s"), number("shift_s")});
  plan.shift = number("shift_s") * rate_hz;
  plan.offset = std::llround(number("offset_s") * rate_hz);
  plan.epoch = std::llround(number("epoch_s") * rate_hz);
  if (plan.order < 1 || plan.order >= plan.window) {
    throw usage_error("extract", "the model's order of " + std::to_string(plan.order) +
                                     " samples (ar_s) must be at least 1 and below the window's " +
                                     std::to_string(plan.window));
  }
  const std::string& spectrum = extract.at("spectrum").text("spectrum");
  if (spectrum != "unit-variance" && spectrum != "density")
    throw usage_error("extract: spectrum", "\"" + spectrum + "\" is unknown", "use unit-variance or density");
  plan.density = spectrum == "density";
  plan.measure = measure_named(extract.at("connectivity").text("connectivity"));
  plan.diagonal = extract.at("strength_diagonal").flag("strength_diagonal");
  const double overlap = number("connectivity_overlap_percent");
  if (!(overlap >= 0 && overlap < 100)) throw usage_error("extract", "connectivity_overlap_percent must be 0 to 100");
  const double shift_s = number("connectivity_window_s") * (100 - overlap) / 100;
  plan.connectivity_window = cut(number("connectivity_window_s") * rate_hz);
  plan.connectivity_shift = shift_s * rate_hz;
  plan.connectivity_windows = windows_in_trial({number("epoch_s"), number("connectivity_window_s"), shift_s});
  if (plan.measure && plan.order + 2 >= plan.connectivity_window)
    throw usage_error("extract", "the order of " + std::to_string(plan.order) +
                                     " samples does not fit the connectivity window of " +
                                     std::to_string(plan.connectivity_window));
  return plan;
}

std::vector<double> spectrum_of(View<const double, 1> window, const Plan& plan) {
  const Vector samples(window);
  const auto model = burg({samples.data(), static_cast<std::size_t>(samples.size())}, plan.order);
  return plan.density ? ar_psd_grid(model.ar, plan.size, {model.variance, plan.rate_hz})
                      : ar_psd_grid(model.ar, plan.size);
}

/// One channel of a trial: spectra of the windows, their mean, and the mean before the annotation.
void measure_channel(const RunSignal& run, const Plan& plan, std::int64_t n, std::int64_t c, RunFeatures& out) {
  const std::int64_t onset = run.trials[static_cast<std::size_t>(n)].onset;
  const auto share = 1 / static_cast<double>(plan.windows);
  for (std::int64_t w = 0; w < plan.windows; ++w) {
    const std::int64_t shift = std::llround(static_cast<double>(w) * plan.shift);
    const auto task = spectrum_of(run.signal[c].slice(0, onset + plan.offset + shift, plan.window), plan);
    const auto rest = spectrum_of(run.signal[c].slice(0, onset - plan.epoch + shift, plan.window), plan);
    for (std::int64_t f = 0; f < plan.bins(); ++f) {
      out.time_frequency(n, c, w, f) = static_cast<float>(task[static_cast<std::size_t>(f)]);
      out.power(n, c, f) += task[static_cast<std::size_t>(f)] * share;
      out.baseline(n, c, f) += rest[static_cast<std::size_t>(f)] * share;
    }
  }
}

/// Connectivity of one trial, mean over its windows.
Array<double, 3> trial_connectivity(const RunSignal& run, const Plan& plan, const RunTrial& trial) {
  Array<double, 3> mean({plan.bins(), run.signal.extent(0), run.signal.extent(0)});
  for (std::int64_t w = 0; w < plan.connectivity_windows; ++w) {
    const std::int64_t begin =
        trial.onset + plan.offset + std::llround(static_cast<double>(w) * plan.connectivity_shift);
    const auto c = connectivity_burg(run.signal.view().slice(1, begin, plan.connectivity_window),
                                     {.order = plan.order, .size = plan.size, .measure = *plan.measure});
    for (std::int64_t i = 0; i < c.size(); ++i)
      mean.data()[i] += c.data()[i] / static_cast<double>(plan.connectivity_windows);
  }
  return mean;
}

void measure_connectivity(const RunSignal& run, const Plan& plan, RunFeatures& out, Progress* progress) {
  const std::int64_t channels = run.signal.extent(0);
  out.strength = Array<double, 3>({static_cast<std::int64_t>(run.trials.size()), channels, plan.bins()});
  out.connectivity = Array<double, 4>({2, plan.bins(), channels, channels});
  const auto of_class = [&](std::int64_t k) {
    return static_cast<double>(std::count(out.label.begin(), out.label.end(), k));
  };
  for (std::size_t n = 0; n < run.trials.size(); ++n) {
    check_interrupted();
    const auto mean = trial_connectivity(run, plan, run.trials[n]);
    const Matrix strength = node_strength(mean, plan.diagonal);
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t f = 0; f < plan.bins(); ++f) out.strength(static_cast<std::int64_t>(n), c, f) = strength(f, c);
    const std::int64_t k = out.label[n];
    double* const sum = &out.connectivity(k, 0, 0, 0);
    for (std::int64_t i = 0; i < mean.size(); ++i) sum[i] += mean.data()[i] / of_class(k);
    if (progress != nullptr) progress->step(1.0 / static_cast<double>(run.trials.size()));
  }
}

RunFeatures measure_run(const RunSignal& run, const Json& extract, Progress* progress) {
  const Plan plan = plan_of(extract, run.rate_hz);
  const auto trials = static_cast<std::int64_t>(run.trials.size()), channels = run.signal.extent(0);
  RunFeatures out{.id = run.id, .rate_hz = run.rate_hz, .channels = run.channels};
  for (std::int64_t f = 0; f < plan.bins(); ++f)
    out.freqs_hz.push_back(static_cast<double>(f) * run.rate_hz / static_cast<double>(plan.size));
  for (const RunTrial& trial : run.trials) {
    out.label.push_back(trial.label);
    out.onset_s.push_back(trial.onset_s);
  }
  out.power = Array<double, 3>({trials, channels, plan.bins()});
  out.baseline = Array<double, 3>({trials, channels, plan.bins()});
  out.time_frequency = Array<float, 4>({trials, channels, plan.windows, plan.bins()});
  out.findings = run.findings;
  thread_pool().parallel_for(trials * channels, [&](std::int64_t item) {
    try {
      measure_channel(run, plan, item / channels, item % channels, out);
    } catch (const Error& error) {
      throw input_error(
          run.id,
          "channel " + printable(run.channels[static_cast<std::size_t>(item % channels)]) + ", trial at " +
              fixed_text(run.trials[static_cast<std::size_t>(item / channels)].onset_s, 2) + " s: " + error.problem(),
          "leave the channel out: channels in workbench.toml");
    }
  });
  if (plan.measure)
    measure_connectivity(run, plan, out, progress);
  else if (progress != nullptr)
    progress->step();
  return out;
}

// ---- the cache: an entry a run, named by what it was computed from

constexpr const char* cache_version = "caton-workbench-2";

std::string key_of(const Workspace& workspace, const Json& extract, const std::string& file) {
  const MappedFile bytes(file);
  Json about = workspace.table("workbench");
  about.erase("recordings");
  about.erase("montage");
  const Json from = Json::object(
      {{"version", cache_version}, {"recording", sha256(bytes.bytes())}, {"workbench", about}, {"extract", extract}});
  return sha256(from.dump());
}

Safetensors packed(const RunFeatures& run) {
  const Json about = Json::object({{"id", run.id},
                                   {"rate_hz", run.rate_hz},
                                   {"channels", Json::list_of(run.channels)},
                                   {"findings", findings_json(run.findings)}});
  return {.metadata = {{"about", about.dump()}},
          .tensors = {{"freqs_hz", Tensor::vector(run.freqs_hz)},
                      {"label", Tensor::vector(run.label)},
                      {"onset_s", Tensor::vector(run.onset_s)},
                      {"power", Tensor::of(run.power)},
                      {"time_frequency", Tensor::of(run.time_frequency)},
                      {"baseline", Tensor::of(run.baseline)},
                      {"strength", Tensor::of(run.strength)},
                      {"connectivity", Tensor::of(run.connectivity)}}};
}

RunFeatures unpacked(const Safetensors& file) {
  const std::string where = "a kept run";
  const Json about = parse_json(file.metadata.at("about"), where);
  RunFeatures run{.id = about.at("id").text(where),
                  .rate_hz = about.at("rate_hz").number(where),
                  .channels = about.at("channels").texts(where),
                  .freqs_hz = file.at("freqs_hz", where).doubles(),
                  .label = file.at("label", where).integers(),
                  .onset_s = file.at("onset_s", where).doubles(),
                  .power = file.at("power", where).array<3>(),
                  .time_frequency = Array<float, 4>(file.at("time_frequency", where).view<float, 4>()),
                  .baseline = file.at("baseline", where).array<3>(),
                  .strength = file.at("strength", where).array<3>(),
                  .connectivity = file.at("connectivity", where).array<4>(),
                  .from_cache = true};
  run.findings = findings_of(about.at("findings", where), where);
  return run;
}

void require_alike(const RunFeatures& first, const RunFeatures& run) {
  if (run.rate_hz != first.rate_hz) {
    throw input_error(run.id,
                      "has " + number_text(run.rate_hz) + " Hz, " + first.id + " " + number_text(first.rate_hz) +
                          " Hz: runs of one workspace have one rate",
                      "leave one out of workbench.toml, or resample it");
  }
  if (run.channels != first.channels) {
    throw input_error(run.id,
                      "has other channels than " + first.id + ": " + printable(join(run.channels, " ")) + " and " +
                          printable(join(first.channels, " ")),
                      "name the common ones: channels in workbench.toml");
  }
}

}  // namespace

std::vector<RunFeatures> extract_runs(const Workspace& workspace, const Session& session, Progress* progress) {
  const auto files = workspace.recordings();
  const ResultCache cache(workspace.folder() / "cache", std::numeric_limits<std::int64_t>::max());
  std::vector<RunFeatures> runs;
  if (progress != nullptr) progress->begin("runs", static_cast<double>(files.size()));
  for (const std::string& file : files) {
    check_interrupted();
    const std::string key = key_of(workspace, session.extract, file);
    if (const auto known = cache.find(key)) {
      runs.push_back(unpacked(*known));
      if (progress != nullptr) progress->step();
    } else {
      runs.push_back(measure_run(open_run(workspace, session.extract, file), session.extract, progress));
      cache.keep(key, packed(runs.back()));
    }
    require_alike(runs.front(), runs.back());
  }
  if (progress != nullptr) progress->finish();
  return runs;
}

}  // namespace caton::happyfeat
