// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/seed/seed_folder.hpp"

#include "caton/base/error.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <optional>

namespace caton {
namespace {

constexpr const char* layout = "Preprocessed_EEG as published is needed; see: caton datasets seed";
constexpr std::int64_t electrodes = 62;

/// Subject and date of "3_20140603.mat".
std::optional<std::pair<std::int64_t, std::int64_t>> subject_and_date(const Path& path) {
  if (path.extension() != ".mat") return std::nullopt;
  const auto parts = split(path.stem().string(), '_');
  if (parts.size() != 2) return std::nullopt;
  const auto subject = parse_integer(parts[0]), date = parse_integer(parts[1]);
  if (!subject || !date || *subject < 1 || parts[1].size() != 8) return std::nullopt;
  return std::pair{*subject, *date};
}

std::vector<double> emotions_of(const Path& folder) {
  const Path path = folder / "label.mat";
  if (!std::filesystem::exists(path)) throw input_error(folder.string(), "the file label.mat is missing", layout);
  const auto container = open_container(path);
  for (const auto& variable : container->variables()) {
    if (variable.name == "label") return numbers_of(container->read("label"), path.string() + ": label");
  }
  throw input_error(path.string(), "the variable label is missing", layout);
}

}  // namespace

SeedFolder::SeedFolder(const Path& folder) {
  const Path inner = folder / "Preprocessed_EEG";
  const Path place = std::filesystem::is_directory(inner) ? inner : folder;
  if (!std::filesystem::is_directory(place)) throw input_error(folder.string(), "is no folder", layout);
  const auto emotions = emotions_of(place);
  for (const Path& entry : entries_of(place)) {
    if (const auto name = subject_and_date(entry))
      sessions_.push_back(session_of(entry, name->first, name->second, emotions));
  }
  if (sessions_.empty()) throw input_error(place.string(), "holds no file <subject>_<date>.mat", layout);
  std::sort(sessions_.begin(), sessions_.end(), [](const Session& a, const Session& b) {
    return std::pair{a.subject, a.date} < std::pair{b.subject, b.date};
  });
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const bool same = i > 0 && sessions_[i - 1].subject == sessions_[i].subject;
    sessions_[i].rank = same ? sessions_[i - 1].rank + 1 : 1;
  }
}

SeedFolder::Session SeedFolder::session_of(const Path& path, std::int64_t subject, std::int64_t date,
                                           const std::vector<double>& emotions) {
  const auto container = open_container(path);
  Session session{subject, date, 0, path, {}};
  for (const auto& variable : container->variables()) {
    const auto at = variable.name.find("eeg");
    const auto number =
        at == std::string::npos ? std::nullopt : parse_integer(std::string_view(variable.name).substr(at + 3));
    if (!number) {
      findings_.push_back({"seed/other-variable", Severity::note, path.string() + ": " + printable(variable.name),
                           "is no film and is left out"});
      continue;
    }
    const std::string where = path.string() + ": " + printable(variable.name);
    if (variable.shape.size() != 2 || variable.shape[0] != electrodes) {
      throw input_error(where, "the shape is not 62 electrodes x samples", layout);
    }
    if (*number < 1 || *number > static_cast<std::int64_t>(emotions.size())) {
      throw input_error(where, "the film has no emotion in label.mat, which holds " + std::to_string(emotions.size()),
                        layout);
    }
    session.films.push_back(
        {*number, variable.name, variable.shape[1], emotions[static_cast<std::size_t>(*number - 1)]});
  }
  if (session.films.empty()) throw input_error(path.string(), "the variables <initials>_eeg1 … are missing", layout);
  std::sort(session.films.begin(), session.films.end(),
            [](const Film& a, const Film& b) { return a.number < b.number; });
  return session;
}

Array<double, 2> SeedFolder::signal(const Session& session, const Film& film) {
  return matrix_of(open_container(session.path)->read(film.variable), session.path.string() + ": " + film.variable);
}

const ChannelPlan& SeedFolder::plan() {
  static const ChannelPlan plan{
      .names =
          split("FP1 FPZ FP2 AF3 AF4 F7 F5 F3 F1 FZ F2 F4 F6 F8 FT7 FC5 FC3 FC1 FCZ FC2 FC4 FC6 FT8 T7 C5 C3 C1 CZ "
                "C2 C4 C6 T8 TP7 CP5 CP3 CP1 CPZ CP2 CP4 CP6 TP8 P7 P5 P3 P1 PZ P2 P4 P6 P8 PO7 PO5 PO3 POZ PO4 PO6 "
                "PO8 CB1 O1 OZ O2 CB2",
                ' '),
      .unit = "unknown",
      .rate_hz = rate_hz};
  return plan;
}

}  // namespace caton
