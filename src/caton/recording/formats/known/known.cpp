// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/text.hpp"
#include "caton/recording/recording.hpp"

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <string_view>

/// Formats that are told by name and refused with a way out, until a folder of their own reads them.
namespace caton {
namespace {

bool begins(Bytes head, std::string_view start) { return text_of(head).substr(0, start.size()) == start; }

bool named(const Path& path, std::initializer_list<std::string_view> extensions) {
  const std::string extension = lower_case(path.extension().string());
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

const std::string with_mne = "convert it to EDF, for example with MNE-Python: mne.export.export_raw(\"FILE.edf\", raw)";

using Recognise = bool (*)(Bytes head, const Path& path);

/// Registers a list of entries; a deque, so that their addresses stay.
class KnownFormats {
 public:
  KnownFormats() {
    add("XDF", "Lab Streaming Layer recordings", {".xdf"},
        [](Bytes head, const Path&) { return begins(head, "XDF:"); });
    add("Neuroscan CNT", "continuous recordings of Neuroscan", {".cnt"},
        [](Bytes head, const Path&) { return begins(head, "Version 3.0"); });
    add("ANT CNT", "compressed recordings of ANT Neuro", {".cnt"},
        [](Bytes head, const Path& path) { return begins(head, "RIFF") && named(path, {".cnt"}); });
    add("Persyst", "layout and data files of Persyst", {".lay"},
        [](Bytes head, const Path& path) { return begins(head, "[FileInfo]") && named(path, {".lay"}); });
    add("Nicolet", "header and data files of Nicolet", {".head", ".data"}, [](Bytes head, const Path& path) {
      return begins(head, "start_ts=") || named(path, {".head", ".data"});
    });
    add("Curry", "files of Compumedics Curry", {".dap", ".rs3", ".cdt", ".dpa", ".dpo", ".cef"},
        [](Bytes head, const Path& path) {
          return begins(head, "DATA_PARAMETERS") || begins(head, "NUMBER_LIST START") || begins(head, "LABELS START") ||
                 named(path, {".cdt", ".rs3"});
        });
    add("Nihon Kohden", "files of Nihon Kohden electroencephalographs", {".eeg", ".21e", ".pnt", ".log"},
        [](Bytes head, const Path& path) {
          return begins(head, "EEG-1") || begins(head, "EEG-2") || begins(head, "DAE-") || named(path, {".21e"});
        });
    add("KIT", "magnetometer recordings of KIT and Yokogawa", {".sqd", ".con"}, [](Bytes, const Path& path) {
      return named(path, {".sqd", ".con"});
    });
    add("BESA", "averages and positions of BESA", {".avr", ".mul", ".elp", ".besa"}, [](Bytes head, const Path& path) {
      return begins(head, "Npts=") || named(path, {".avr", ".mul", ".elp", ".besa"});
    });
    add("EGI", "simple binary files of EGI", {".raw"}, [](Bytes head, const Path& path) {
      return named(path, {".raw"}) && begins(head, std::string_view("\0\0\0", 3));
    });
    add("SNIRF", "near-infrared recordings", {".snirf"},
        [](Bytes head, const Path& path) { return begins(head, "\x89HDF") && named(path, {".snirf"}); });
    add("NWB", "Neurodata Without Borders", {".nwb"},
        [](Bytes head, const Path& path) { return begins(head, "\x89HDF") && named(path, {".nwb"}); });
    add("Neuralynx", "files of Neuralynx", {".ncs", ".nse", ".nev"},
        [](Bytes head, const Path&) { return begins(head, "######## Neuralynx"); });
    add("Blackrock", "files of Blackrock Neurotech", {".ns1", ".ns2", ".ns3", ".ns4", ".ns5", ".ns6", ".nev"},
        [](Bytes head, const Path&) {
          return begins(head, "NEURALSG") || begins(head, "NEURALCD") || begins(head, "NEURALEV") ||
                 begins(head, "BRSMPGRP");
        });
    add("Intan", "files of Intan", {".rhd", ".rhs"},
        [](Bytes head, const Path&) { return begins(head, "\x02\x27\x91\xC6") || begins(head, "\xAC\x27\x91\xD6"); });
    add("Micromed", "recordings of Micromed", {".trc"},
        [](Bytes head, const Path& path) { return begins(head, "* MICROMED") || named(path, {".trc"}); });
    add("CTF", "files of CTF magnetometers", {".meg4", ".res4"},
        [](Bytes head, const Path&) { return begins(head, "MEG4") || begins(head, "MEG3"); });
    add(
        "Excel", "spreadsheets", {".xlsx", ".xls"},
        [](Bytes head, const Path& path) {
          return named(path, {".xlsx", ".xls"}) && (begins(head, "PK") || begins(head, "\xD0\xCF\x11\xE0"));
        },
        "save it as CSV and read that");
  }

 private:
  void add(std::string name, std::string about, std::vector<std::string> extensions, Recognise recognise,
           const std::string& remedy = with_mne) {
    entries_.push_back({.name = std::move(name),
                        .about = std::move(about),
                        .extensions = std::move(extensions),
                        .recognise = recognise,
                        .remedy = remedy});
    Registry<FormatEntry>::instance().add(entries_.back());
  }

  std::deque<FormatEntry> entries_;
};

const KnownFormats known_formats;

}  // namespace
}  // namespace caton
