// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/deap/deap_folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace caton {
namespace {

constexpr const char* layout = "s01.dat … s32.dat or s01.mat … as published are needed; see: caton datasets deap";

/// The number of "s07.dat" or "s07.mat".
std::optional<std::int64_t> person_number(const Path& path) {
  const std::string stem = path.stem().string();
  const std::string extension = path.extension().string();
  if (stem.size() < 2 || stem.front() != 's' || (extension != ".dat" && extension != ".mat")) return std::nullopt;
  const bool digits = std::all_of(stem.begin() + 1, stem.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? parse_integer(std::string_view(stem).substr(1)) : std::nullopt;
}

}  // namespace

DeapFolder::DeapFolder(const Path& folder) {
  if (!std::filesystem::is_directory(folder)) throw input_error(folder.string(), "is no folder", layout);
  std::map<std::int64_t, Path> files;
  for (const Path& path : entries_of(folder)) {  // "s01.dat" before "s01.mat"
    const auto number = person_number(path);
    if (!number) continue;
    if (!files.emplace(*number, path).second) {
      findings_.push_back({"deap/two-files", Severity::note, path.string(),
                           "the same person is there twice; " + files[*number].filename().string() + " is read"});
    }
  }
  if (files.empty()) throw input_error(folder.string(), "holds no file s01.dat or s01.mat", layout);
  for (const auto& [number, path] : files) people_.push_back(person_of(number, path));
}

DeapFolder::Person DeapFolder::person_of(std::int64_t number, const Path& path) {
  const auto container = open_container(path);
  const std::string where = path.string();
  std::vector<std::string> names;
  for (const auto& variable : container->variables()) names.push_back(variable.name);
  for (const char* const needed : {"data", "labels"}) {
    if (std::find(names.begin(), names.end(), needed) == names.end()) {
      throw input_error(where, std::string("the variable ") + needed + " is missing", layout);
    }
  }
  const auto& shape = variable_named(container->variables(), "data", where).shape;
  if (shape.size() != 3 || shape[1] != channels || shape[2] <= baseline_samples) {
    throw input_error(where, "the shape of data is not trials x 40 channels x samples", layout);
  }
  Person person{number, path, shape[0], shape[2], matrix_of(container->read("labels"), where + ": labels")};
  if (person.labels.extent(0) != person.trials || person.labels.extent(1) != 4) {
    throw input_error(where, "the shape of labels is not " + std::to_string(person.trials) + " trials x 4", layout);
  }
  return person;
}

Tensor DeapFolder::signals(const Person& person) {
  ContainerValue value = open_container(person.path)->read("data");
  if (value.kind != ValueKind::array || value.complex || value.array.rank() != 3) {
    throw input_error(person.path.string(), "data holds no real numbers of three axes", layout);
  }
  return std::move(value.array);
}

const ChannelPlan& DeapFolder::plan() {
  static const ChannelPlan plan{
      .names = {"Fp1",        "AF3",         "F3",
                "F7",         "FC5",         "FC1",
                "C3",         "T7",          "CP5",
                "CP1",        "P3",          "P7",
                "PO3",        "O1",          "Oz",
                "Pz",         "Fp2",         "AF4",
                "Fz",         "F4",          "F8",
                "FC6",        "FC2",         "Cz",
                "C4",         "T8",          "CP6",
                "CP2",        "P4",          "P8",
                "PO4",        "O2",          "hEOG",
                "vEOG",       "zEMG",        "tEMG",
                "GSR",        "respiration", "plethysmograph",
                "temperature"},
      .types =
          [] {
            std::vector<std::string> types(static_cast<std::size_t>(eeg_channels), "eeg");
            for (const char* const type : {"eog", "eog", "emg", "emg", "gsr", "resp", "bio", "temperature"}) {
              types.emplace_back(type);
            }
            return types;
          }(),
      .rate_hz = rate_hz};
  return plan;
}

}  // namespace caton
