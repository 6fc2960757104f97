// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/cli/command.hpp"
#include "caton/cli/target.hpp"
#include "caton/study/feature_table.hpp"

#include <cstdio>
#include <memory>

namespace caton::cli {
namespace {

struct Options {
  std::string source, output, kinds, channels, bands, bandpass, reference;
  std::optional<double> window_s, step_s, rate_hz, notch_hz;
  std::optional<std::string> unit;
  std::vector<std::string> set;
  bool force = false, list = false;
};

/// "4-8,8-13" as [[4, 8], [8, 13]].
Json bands_of(const std::string& option, const std::string& text) {
  Json bands = Json::list();
  for (const std::string& part : split(text, ',')) {
    const auto edges = split(part, '-');
    const auto low = parse_number(trim(edges.front())), high = parse_number(trim(edges.back()));
    if (edges.size() != 2 || !low || !high)
      throw usage_error(option, "\"" + printable(part) + "\" is no band", "write bands as 4-8,8-13");
    bands.push(Json::list_of(std::vector<double>{*low, *high}));
  }
  return bands;
}

/// A value as it would stand in a recipe: JSON, else a text.
Json value_of(const std::string& text) {
  try {
    return parse_json(text, "--set");
  } catch (const Error&) {
    return text;
  }
}

FeatureChoice kind_of(const std::string& name, const Options& options) {
  Json input = Json::object({{"name", name}});
  const FeatureChoice standard = feature_choice(name);
  if (!options.bands.empty() && standard.options.has("bands_hz"))
    input["bands_hz"] = bands_of("--bands", options.bands);
  for (const std::string& item : options.set) {
    const auto equals = item.find('=');
    if (equals == std::string::npos) throw usage_error("--set", "\"" + printable(item) + "\" is not KEY=VALUE");
    const std::string key = item.substr(0, equals);
    if (standard.options.has(key)) input[key] = value_of(item.substr(equals + 1));
  }
  return feature_choice(input);
}

/// Every option must mean something to at least one of the kinds.
void check_keys(const std::vector<FeatureChoice>& kinds, const Options& options) {
  const auto known = [&](const std::string& key) {
    for (const FeatureChoice& kind : kinds)
      if (kind.options.has(key)) return true;
    return false;
  };
  if (!options.bands.empty() && !known("bands_hz")) throw usage_error("--bands", "none of the kinds has bands");
  for (const std::string& item : options.set) {
    const std::string key = item.substr(0, item.find('='));
    if (!known(key)) throw usage_error("--set", "none of the kinds knows \"" + printable(key) + "\"");
  }
}

std::vector<PrepareStep> steps_of(const Options& options) {
  Json steps = Json::list();
  if (options.notch_hz) steps.push(Json::object({{"notch", Json::object({{"hz", *options.notch_hz}})}}));
  if (!options.bandpass.empty()) {
    const Json band = bands_of("--bandpass", options.bandpass);
    const auto edges = band.items().front().numbers();
    if (!(edges[0] < edges[1]))
      throw usage_error("--bandpass", "the band " + printable(options.bandpass) + " is empty",
                        "give the lower edge first");
    steps.push(Json::object({{"bandpass", Json::object({{"low_hz", edges[0]}, {"high_hz", edges[1]}})}}));
  }
  if (!options.reference.empty()) steps.push(Json::object({{"reference", options.reference}}));
  return prepare_steps(steps);
}

FeatureTableRequest request_of(const Options& options) {
  FeatureTableRequest request{.steps = steps_of(options), .rate_hz = options.rate_hz, .unit = options.unit};
  for (const std::string& name : split(options.kinds, ','))
    request.kinds.push_back(kind_of(std::string(trim(name)), options));
  check_keys(request.kinds, options);
  if (!options.channels.empty())
    for (const std::string& name : split(options.channels, ',')) request.channels.emplace_back(trim(name));
  const auto positive = [](const char* option, const std::optional<double>& value) {
    if (value && !(*value > 0)) throw usage_error(option, "must be positive");
    return value.value_or(0);
  };
  request.window_s = positive("--window", options.window_s);
  request.step_s = positive("--step", options.step_s);
  return request;
}

int list_kinds() {
  for (const FeatureEntry* const entry : Registry<FeatureEntry>::instance().entries())
    if (entry->name != "given") std::printf("  %-22s %s\n", entry->name.c_str(), entry->about.c_str());
  return 0;
}

int measure(const Options& options, const Common& common) {
  if (options.list) return list_kinds();
  if (options.source.empty())
    throw usage_error("features", "names no recording", "caton features FILE --kind hjorth -o X.npz");
  if (options.kinds.empty()) throw usage_error("--kind", "is missing", "`caton features --list` tells the kinds");
  if (options.output.empty())
    throw usage_error("-o", "is missing", "name a file that ends in .npz, .csv or .safetensors");
  check_overwriting(options.output, options.force);
  const FeatureTableRequest request = request_of(options);
  check_feature_ending(options.output);
  Progress progress(default_display(common.quiet));
  const FeatureTable table = measure_features(options.source, request, &progress);
  write_features(options.output, table);
  if (common.quiet) return 0;
  for (const Finding& finding : table.findings)
    if (common.verbose || finding.severity != Severity::note)
      std::fprintf(stderr, "%s: %s: %s\n", severity_name(finding.severity), printable(finding.where).c_str(),
                   printable(finding.what).c_str());
  std::printf("wrote %s: %zu windows of %zu recordings, %zu channels x %zu features%s\n",
              printable(options.output).c_str(), table.begin_s.size(), table.recordings.size(), table.channels.size(),
              table.features.size(), table.unit_known ? "" : " (the unit of the signal is unknown)");
  return 0;
}

Action add(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("SOURCE", options->source, "a recording, or a BIDS folder");
  app.add_option("--kind", options->kinds, "what to measure: one or several names (hjorth,band-power)");
  app.add_flag("--list", options->list, "the kinds there are");
  app.add_option("--window", options->window_s, "length of a window in s; else each kind's own");
  app.add_option("--step", options->step_s, "from one window to the next in s; else the length");
  app.add_option("--bands", options->bands, "bands in Hz, for the kinds that have bands (4-8,8-13)");
  app.add_option("--set", options->set, "KEY=VALUE of a kind, as in a recipe (order=4)");
  app.add_option("--channels", options->channels, "only these, in this order (Fp1,Cz)");
  app.add_option("--notch", options->notch_hz, "take the mains away first (50)");
  app.add_option("--bandpass", options->bandpass, "filter first (1-45)");
  app.add_option("--reference", options->reference, "reference first (average)");
  app.add_option("--rate", options->rate_hz, "sampling rate in Hz, where the file does not say it");
  app.add_option("--unit", options->unit, "unit of the samples (uV), where the file does not say it");
  app.add_option("-o,--output", options->output, "file to write: .npz, .csv or .safetensors");
  app.add_flag("--force", options->force, "overwrite the output");
  return [options](const Common& common) { return measure(*options, common); };
}

const Command command{
    .name = "features",
    .about = "measure windows of recordings: one row a window, with its origin",
    .examples =
        "  caton features --list\n"
        "  caton features recording.edf --kind band-power --window 2 --step 1 -o powers.csv\n"
        "  caton features study --kind hjorth,entropies --bandpass 1-45 -o features.npz",
    .place = 35,
    .add = add,
};
CATON_REGISTER(Command, command);

}  // namespace
}  // namespace caton::cli
