// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
// Ordered channel lists of the caps behind published data sets.
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/sensors/montage.hpp"

namespace caton {

namespace {

std::vector<Cap> all_caps() {
  std::vector<Cap> caps;
  const auto add = [&caps](const char* name, const char* about, std::string_view channels) {
    caps.push_back({name, about, split(channels, ' ')});
  };
  add("dreamer14", "Emotiv EPOC order, also DREAMER EEG columns; 128 Hz",
      "AF3 F7 F3 FC5 T7 P7 O1 O2 P8 T8 FC6 F4 F8 AF4");
  add("deap32_geneva",
      "order of the preprocessed DEAP arrays (rows 1-32 of 40), 128 Hz; rows 33-40: hEOG vEOG zEMG tEMG GSR Resp Plet "
      "Temp",
      "Fp1 AF3 F3 F7 FC5 FC1 C3 T7 CP5 CP1 P3 P7 PO3 O1 Oz Pz Fp2 AF4 Fz F4 F8 FC6 FC2 Cz C4 T8 "
      "CP6 CP2 P4 P8 PO4 O2");
  add("seed62",
      "SEED, SEED-IV, SEED-V order (ESI NeuroScan 62). CB1 and CB2 (cerebellar) are not 10-05 names; stand-in "
      "positions PO9 and PO10 (our reading)",
      "Fp1 Fpz Fp2 AF3 AF4 F7 F5 F3 F1 Fz F2 F4 F6 F8 FT7 FC5 FC3 FC1 FCz FC2 FC4 FC6 FT8 T7 C5 "
      "C3 C1 Cz C2 C4 C6 T8 TP7 CP5 CP3 CP1 CPz CP2 CP4 CP6 TP8 P7 P5 P3 P1 Pz P2 P4 P6 P8 PO7 "
      "PO5 PO3 POz PO4 PO6 PO8 CB1 O1 Oz O2 CB2");
  add("bci_iv_2a_22", "rows 1-22 of the GDF files (labels there are EEG-0 ...); rows 23-25 EOG; 250 Hz",
      "Fz FC3 FC1 FCz FC2 FC4 C5 C3 C1 Cz C2 C4 C6 CP3 CP1 CPz CP2 CP4 P1 Pz P2 POz");
  add("muse4", "Muse CSV order, 256 Hz, reference FPz; optional Right AUX", "TP9 AF7 AF8 TP10");
  add("eegmmidb64", "order of the EDF files",
      "FC5 FC3 FC1 FCz FC2 FC4 FC6 C5 C3 C1 Cz C2 C4 C6 CP5 CP3 CP1 CPz CP2 CP4 CP6 Fp1 Fpz Fp2 "
      "AF7 AF3 AFz AF4 AF8 F7 F5 F3 F1 Fz F2 F4 F6 F8 FT7 FT8 T7 T8 T9 T10 TP7 TP8 P7 P5 P3 P1 "
      "Pz P2 P4 P6 P8 PO7 PO3 POz PO4 PO8 O1 Oz O2 Iz");
  add("openbci8", "OpenBCI Cyton default positions", "Fp1 Fp2 C3 C4 P7 P8 O1 O2");
  add("international_1020_19", "clinical 19", "Fp1 Fp2 F7 F3 Fz F4 F8 T7 C3 Cz C4 T8 P7 P3 Pz P4 P8 O1 O2");
  add("tuh_tcp_22", "bipolar temporal-central-parasagittal list in old names",
      "FP1-F7 F7-T3 T3-T5 T5-O1 FP2-F8 F8-T4 T4-T6 T6-O2 A1-T3 T3-C3 C3-CZ CZ-C4 C4-T4 T4-A2 "
      "FP1-F3 F3-C3 C3-P3 P3-O1 FP2-F4 F4-C4 C4-P4 P4-O2");
  add("ssvep_exo8", "order in the files", "Oz O1 O2 PO3 POz PO7 PO8 PO4");
  std::vector<std::string> hydrocel;
  for (int i = 1; i <= 128; ++i) hydrocel.push_back("E" + std::to_string(i));
  caps.push_back({"gsn_hydrocel_128", "EGI 128; the Cz reference is not one of the 128", std::move(hydrocel)});
  return caps;
}

}  // namespace

const std::vector<Cap>& caps() {
  static const std::vector<Cap> all = all_caps();
  return all;
}

const Cap& cap_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Cap& cap : caps()) {
    if (cap.name == name) return cap;
    names.push_back(cap.name);
  }
  throw usage_error("cap", "unknown cap \"" + std::string(name) + "\"", suggestion(name, names));
}

}  // namespace caton
