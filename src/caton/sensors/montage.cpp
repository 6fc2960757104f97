// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/sensors/montage.hpp"

#include "caton/base/ports.hpp"
#include "caton/sensors/montages/tables.hpp"

#include <array>
#include <map>
#include <utility>

namespace caton {

namespace {

using Places = std::map<std::string, const ElectrodePlace*, std::less<>>;

Places index_of(std::span<const ElectrodePlace> places) {
  Places index;
  for (const ElectrodePlace& place : places) index.emplace(lower_case(place.name), &place);
  return index;
}

const Places& places_of(std::string_view montage) {
  static const Places standard = index_of(standard_1005_places());
  static const Places hydrocel = index_of(gsn_hydrocel_128_places());
  static const Places biosemi = index_of(biosemi64_places());
  if (montage == "standard_1005") return standard;
  if (montage == "gsn_hydrocel_128") return hydrocel;
  if (montage == "biosemi64") return biosemi;
  throw usage_error("montage_positions", "unknown montage \"" + std::string(montage) + "\"",
                    suggestion(montage, montage_names()));
}

/// What stands for a name that the montage lacks: new names of old ones, and near places.
constexpr std::array<std::pair<const char*, const char*>, 4> new_names{
    {{"t3", "t7"}, {"t4", "t8"}, {"t5", "p7"}, {"t6", "p8"}}};
constexpr std::array<std::pair<const char*, const char*>, 2> stand_ins{{{"cb1", "po9"}, {"cb2", "po10"}}};

template <std::size_t N>
std::string_view partner(const std::array<std::pair<const char*, const char*>, N>& table, std::string_view name) {
  for (const auto& [from, to] : table) {
    if (name == from) return to;
  }
  return {};
}

bool drop_end(std::string& name, std::string_view end) {
  if (name.size() <= end.size() || lower_case(name).compare(name.size() - end.size(), end.size(), end) != 0)
    return false;
  name.erase(name.size() - end.size());
  return true;
}

bool drop_begin(std::string& name, std::string_view begin) {
  if (name.size() <= begin.size() || lower_case(name.substr(0, begin.size())) != begin) return false;
  name.erase(0, begin.size());
  return true;
}

std::string cleaned(std::string_view channel) {
  std::string name(trim(channel));
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
  while (drop_begin(name, "eeg ") || drop_begin(name, "pol ")) name = std::string(trim(name));
  return name;
}

}  // namespace

ElectrodeName electrode_name(std::string_view channel) {
  ElectrodeName result;
  result.name = cleaned(channel);
  for (const char* const end : {"-ref", "-le", "-ar", "-a1", "-a2"}) {
    const std::string before = result.name;
    if (!drop_end(result.name, end)) continue;
    result.reference = before.substr(result.name.size() + 1);
    break;
  }
  const auto& places = places_of("standard_1005");
  const std::string key = lower_case(result.name);
  if (const auto found = places.find(key); found != places.end()) {
    result.name = found->second->name;
    result.known = true;
  } else if (!partner(stand_ins, key).empty()) {
    result.name[0] = 'C';
    result.name[1] = 'B';
    result.known = true;
  }
  return result;
}

std::vector<std::string> montage_names() { return {"standard_1005", "gsn_hydrocel_128", "biosemi64"}; }

namespace {

const ElectrodePlace& place_of(const std::string& name, std::string_view montage, Findings& findings) {
  const Places& places = places_of(montage);
  const std::string key = lower_case(cleaned(name));
  if (const auto found = places.find(key); found != places.end()) {
    if (const auto to = partner(new_names, key); !to.empty() && places.count(to) != 0) {
      findings.push_back(
          {"montage/alias", Severity::note, name, "the old name of " + std::string(places.find(to)->second->name)});
    }
    return *found->second;
  }
  std::string_view other = partner(new_names, key);
  const bool alias = !other.empty();
  if (!alias) other = partner(stand_ins, key);
  const auto found = places.find(other);
  if (other.empty() || found == places.end()) {
    std::vector<std::string> known;
    for (const auto& [text, place] : places) known.emplace_back(place->name);
    throw usage_error("montage_positions", "unknown electrode \"" + name + "\" in " + std::string(montage),
                      suggestion(name, near_names(name, known).empty() ? std::vector<std::string>{} : known));
  }
  findings.push_back(
      alias ? Finding{"montage/alias", Severity::note, name, "the old name of " + std::string(found->second->name)}
            : Finding{"montage/stand-in", Severity::warn, name,
                      "has no position of its own; " + std::string(found->second->name) + " stands in"});
  return *found->second;
}

}  // namespace

MontagePositions montage_positions(const std::vector<std::string>& names, std::string_view montage) {
  if (names.empty()) throw usage_error("montage_positions", "names is empty: no electrode is asked for");
  MontagePositions result{Matrix({static_cast<std::int64_t>(names.size()), 3}), {}};
  std::map<std::array<double, 3>, std::string> taken;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ElectrodePlace& place = place_of(names[i], montage, result.findings);
    const std::array<double, 3> at{place.x_mm, place.y_mm, place.z_mm};
    for (std::size_t axis = 0; axis < 3; ++axis) result.positions(i, axis) = at[axis] * 1e-3;
    if (const auto [other, fresh] = taken.emplace(at, names[i]); !fresh) {
      result.findings.push_back(
          {"montage/same-place", Severity::warn, names[i], "sits where " + other->second + " sits"});
    }
  }
  return result;
}

Matrix montage_fiducials() { return montage_positions({"nasion", "lpa", "rpa"}).positions; }

namespace {

const Operation montage_operation{
    .name = "montage_positions",
    .room = "sensors",
    .about = "Electrode positions in metres (mne.channels.make_standard_montage)",
    .arguments = {{.name = "montage", .type = "text", .standard = "standard_1005"}, {.name = "names", .type = "list"}},
    .outputs = {{.name = "positions", .shape = "C 3", .unit = "m"}},
    .call =
        [](const Arguments& args, const Tensors&) {
          const auto names = args.value("names").texts("montage_positions: names");
          return Tensors{{"positions", Tensor::of(montage_positions(names, args.text("montage")).positions)}};
        },
};
CATON_REGISTER(Operation, montage_operation);

}  // namespace

}  // namespace caton
