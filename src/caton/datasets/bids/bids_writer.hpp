// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/table.hpp"

#include <string>
#include <vector>

/// Writes EEG as the Brain Imaging Data Structure (bids-specification.readthedocs.io, version 1.9): names of files,
/// sidecars and tables. Whoever calls puts a FolderWriter around it, so that a folder appears whole.
namespace caton {

/// The parts of a BIDS file name: sub-01_ses-01_task-emotion_desc-brain.
struct BidsName {
  std::string subject;       ///< "01", without "sub-"
  std::string session = {};  ///< empty: the study has no sessions
  std::string task = {};
  std::string description = {};  ///< of derivatives: "brain"

  /// Refuses (kind `usage`, word `label`) labels that are not letters and digits only, as BIDS wants them.
  [[nodiscard]] std::string stem() const;
  /// `sub-01/ses-01/eeg`.
  [[nodiscard]] Path folder() const;
};

/// One recording: samples and what its sidecars say.
struct BidsEeg {
  BidsName name;
  std::vector<std::string> channels;  ///< all of type EEG
  double rate_hz = 0;
  double power_line_hz = 0;
  std::string reference;
  Json sidecar = Json::object();  ///< further members of `_eeg.json`
};

/// `_eeg.edf` (16 bit, microvolt), `_eeg.json` and `_channels.tsv`. The quantisation step is the finest of 0.01, 0.02,
/// 0.05, 0.1 … 1 uV that reaches all samples; refused (kind `usage`, word `range`) when none does.
void write_bids_eeg(const Path& root, const BidsEeg& eeg, Signal signal);

/// `_events.tsv`; refuses a table that does not begin with onset and duration.
void write_bids_events(const Path& root, const BidsName& name, const Table& events);

struct BidsElectrodes {
  std::vector<std::string> names;
  Matrix positions;   ///< electrodes x 3 [m]
  std::string frame;  ///< what the axes are, in words
};
/// `_electrodes.tsv` and `_coordsystem.json` of a session.
void write_bids_electrodes(const Path& root, const BidsName& name, const BidsElectrodes& electrodes);

struct BidsDescription {
  std::string name;
  bool derivative = false;
  std::string license = "CC0";
  std::string about;         ///< what GeneratedBy says
  Json parameters = Json();  ///< of the program that made it
};
/// `dataset_description.json` in `root`.
void write_bids_description(const Path& root, const BidsDescription& description);

/// `participants.tsv` with the given columns behind participant_id ("sub-01").
void write_bids_participants(const Path& root, const Table& participants);

}  // namespace caton
