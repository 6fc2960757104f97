// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/selection.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/signal/welch.hpp"

#include <algorithm>
#include <cmath>

namespace caton::happyfeat {
namespace {

template <class Value>
Value named(const Json& table, const char* key, const std::vector<std::pair<std::string, Value>>& choices) {
  const std::string& name = table.at(key).text(key);
  std::vector<std::string> known;
  for (const auto& [text, value] : choices) {
    if (text == name) return value;
    known.push_back(text);
  }
  throw usage_error(std::string("select: ") + key, "\"" + printable(name) + "\" is unknown", suggestion(name, known));
}

/// The values of one run that are looked at.
const Array<double, 3>& values_of(const RunFeatures& run, bool strength) {
  if (strength && run.strength.empty()) {
    throw usage_error("select: of", "node strength was not extracted: connectivity is none",
                      "extract it: caton workbench extract FOLDER --set connectivity=coherence");
  }
  return strength ? run.strength : run.power;
}

BinRange bins_of(const Pool& pool, const ChosenFeature& feature) {
  return bins_between(pool.freqs_hz, feature.low_hz, feature.high_hz);
}

Path selection_file(const Session& session) { return session.folder / "selection.json"; }

}  // namespace

std::string ChosenFeature::text() const {
  return channel + ";" + number_text(low_hz) + (high_hz == low_hz ? std::string() : ":" + number_text(high_hz));
}

Pool pool_runs(const std::vector<RunFeatures>& runs, const Json& select, const std::vector<std::int64_t>& numbers) {
  std::vector<const RunFeatures*> chosen;
  for (const std::int64_t number : numbers) {
    if (number < 1 || number > static_cast<std::int64_t>(runs.size()))
      throw usage_error("--runs", "there is no run " + std::to_string(number),
                        "there are 1 to " + std::to_string(runs.size()));
    chosen.push_back(&runs[static_cast<std::size_t>(number - 1)]);
  }
  if (numbers.empty())
    for (const RunFeatures& run : runs) chosen.push_back(&run);
  const bool strength = named<bool>(select, "of", {{"power", false}, {"node-strength", true}});
  const bool logarithm = select.at("log").flag("log");
  Pool pool{.channels = runs.front().channels, .freqs_hz = runs.front().freqs_hz};
  std::int64_t trials = 0;
  for (const RunFeatures* const run : chosen) {
    pool.runs.push_back(run->id);
    pool.parts.emplace_back(trials, trials + static_cast<std::int64_t>(run->label.size()));
    pool.label.insert(pool.label.end(), run->label.begin(), run->label.end());
    trials = pool.parts.back().second;
  }
  pool.values = Array<double, 3>(
      {trials, static_cast<std::int64_t>(pool.channels.size()), static_cast<std::int64_t>(pool.freqs_hz.size())},
      uninitialised);
  double* place = pool.values.data();
  for (const RunFeatures* const run : chosen)
    for (const double value : values_of(*run, strength)) *place++ = logarithm ? std::log10(value) : value;
  return pool;
}

ChosenFeature parse_feature(const std::string& text, const Pool& pool) {
  const auto parts = split(text, ';');
  const std::string remedy = "write channel;frequency or channel;low:high, as C3;12 or C3;10:13";
  if (parts.size() != 2) throw usage_error("feature", "\"" + printable(text) + "\" is no feature", remedy);
  const auto edges = split(parts[1], ':');
  const auto low = parse_number(trim(edges.front())), high = parse_number(trim(edges.back()));
  if (edges.size() > 2 || !low || !high)
    throw usage_error("feature", "\"" + printable(text) + "\" is no feature", remedy);
  ChosenFeature feature{std::string(trim(parts[0])), *low, *high};
  if (std::find(pool.channels.begin(), pool.channels.end(), feature.channel) == pool.channels.end())
    throw usage_error("feature", "there is no channel \"" + printable(feature.channel) + "\"",
                      suggestion(feature.channel, pool.channels));
  if (!(*low >= 0 && *high <= pool.freqs_hz.back() && *low <= *high))
    throw usage_error(
        "feature", printable(text) + ": the frequency must lie from 0 to " + number_text(pool.freqs_hz.back()) + " Hz");
  const BinRange bins = bins_of(pool, feature);
  if (bins.begin >= bins.end)
    throw usage_error("feature", printable(text) +
                                     " lies between two frequencies of the spectrum, which has one every " +
                                     number_text(pool.freqs_hz[1]) + " Hz");
  return feature;
}

Matrix feature_matrix(const Pool& pool, const std::vector<ChosenFeature>& features) {
  if (features.empty()) throw usage_error("features", "no feature is chosen");
  Matrix x({pool.values.extent(0), static_cast<std::int64_t>(features.size())});
  for (std::size_t k = 0; k < features.size(); ++k) {
    const auto channel =
        std::find(pool.channels.begin(), pool.channels.end(), features[k].channel) - pool.channels.begin();
    const BinRange bins = bins_of(pool, features[k]);
    for (std::int64_t n = 0; n < x.extent(0); ++n) {
      double& value = x(n, static_cast<std::int64_t>(k));
      for (std::size_t f = bins.begin; f < bins.end; ++f)
        value += pool.values(n, channel, static_cast<std::int64_t>(f));
      value /= static_cast<double>(bins.end - bins.begin);
    }
  }
  return x;
}

SelectedTraining training_of(const Pool& pool, const Json& select) {
  SelectedTraining options;
  options.choice.count = select.at("count").integer("count");
  options.choice.low_hz = select.at("low_hz").number("low_hz");
  options.choice.high_hz = select.at("high_hz").number("high_hz");
  options.choice.rule = named<SelectionRule>(
      select, "rule", {{"one-per-channel", SelectionRule::one_per_channel}, {"best-cells", SelectionRule::best_cells}});
  const auto names = select.at("channels").texts("channels");
  for (const std::string& name : names) {
    const auto found = std::find(pool.channels.begin(), pool.channels.end(), name);
    if (found == pool.channels.end())
      throw usage_error("select: channels", "there is no channel \"" + printable(name) + "\"",
                        suggestion(name, pool.channels));
    options.choice.channels.push_back(found - pool.channels.begin());
  }
  options.freqs_hz = pool.freqs_hz;
  options.pairing = named<Pairing>(select, "pairing", {{"first-common", Pairing::first_common}, {"all", Pairing::all}});
  return options;
}

Selection select_automatically(const Pool& pool, const Json& select) {
  Selection selection{.select = select};
  for (const Cell& cell : select_cells(pool.values, pool.label, training_of(pool, select))) {
    const double hz = pool.freqs_hz[static_cast<std::size_t>(cell.bin)];
    selection.features.push_back({pool.channels[static_cast<std::size_t>(cell.channel)], hz, hz});
  }
  return selection;
}

void write_selection(const Session& session, const Selection& selection) {
  Json features = Json::list();
  for (const ChosenFeature& feature : selection.features) features.push(feature.text());
  write_file(
      selection_file(session),
      Json::object({{"automatic", selection.automatic}, {"features", features}, {"select", selection.select}}).dump(1) +
          "\n");
}

Selection read_selection(const Session& session, const Workspace& workspace) {
  const Path file = selection_file(session);
  if (!std::filesystem::is_regular_file(file))
    throw usage_error(session.folder.string(), "nothing is selected yet",
                      "caton workbench select " + workspace.folder().string());
  const Json json = parse_json(read_text_file(file, limits::json_bytes), file.string());
  Selection selection{.select = complete_table("select", json.at("select", file.string())),
                      .automatic = json.at("automatic", file.string()).flag(file.string())};
  for (const std::string& text : json.at("features", file.string()).texts(file.string())) {
    const auto parts = split(text, ';');
    const auto edges = split(parts.back(), ':');
    const auto low = parse_number(edges.front()), high = parse_number(edges.back());
    if (parts.size() != 2 || !low || !high)
      throw input_error(file.string(), "\"" + printable(text) + "\" is no feature", "select again");
    selection.features.push_back({parts[0], *low, *high});
  }
  return selection;
}

}  // namespace caton::happyfeat
