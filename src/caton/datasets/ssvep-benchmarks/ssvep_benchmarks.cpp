// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/containers/container.hpp"
#include "caton/datasets/ssvep-benchmarks/block_study.hpp"
#include "caton/datasets/trial_signals.hpp"

namespace caton {
namespace {

const std::vector<std::string> tsinghua_cap{
    "Fp1", "Fpz", "Fp2", "AF3", "AF4", "F7",  "F5",  "F3",  "F1",  "Fz",  "F2",  "F4",  "F6", "F8", "FT7", "FC5",
    "FC3", "FC1", "FCz", "FC2", "FC4", "FC6", "FT8", "T7",  "C5",  "C3",  "C1",  "Cz",  "C2", "C4", "C6",  "T8",
    "M1",  "TP7", "CP5", "CP3", "CP1", "CPz", "CP2", "CP4", "CP6", "TP8", "M2",  "P7",  "P5", "P3", "P1",  "Pz",
    "P2",  "P4",  "P6",  "P8",  "PO7", "PO5", "PO3", "POz", "PO4", "PO6", "PO8", "CB1", "O1", "Oz", "O2",  "CB2"};

/// Five rows of eight: 8 to 15 Hz, then the same 0.2 Hz higher.
std::vector<double> benchmark_frequencies() {
  std::vector<double> frequencies;
  for (int row = 0; row < 5; ++row)
    for (int column = 0; column < 8; ++column) frequencies.push_back(8 + column + 0.2 * row);
  return frequencies;
}

BlockLayout jfpm_layout() {
  return {.study = "12jfpm",
          .rate_hz = 256,
          .onset_s = 0.15,
          .electrodes = {"PO7", "PO3", "POz", "PO4", "PO8", "O1", "Oz", "O2"},
          .variable = "eeg",
          .axes = {1, 2, 0, 3},
          .frequencies_hz = {9.25, 11.25, 13.25, 9.75, 11.75, 13.75, 10.25, 12.25, 14.25, 10.75, 12.75, 14.75}};
}

BlockLayout benchmark_layout() {
  return {.study = "tsinghua-benchmark",
          .rate_hz = 250,
          .onset_s = 0.5,
          .electrodes = tsinghua_cap,
          .variable = "data",
          .axes = {0, 1, 2, 3},
          .frequencies_hz = benchmark_frequencies()};
}

std::vector<double> beta_frequencies(const Path& file) {
  const auto container = open_container(file);
  return numbers_of(container->read_part("data", {"suppl_info", "freqs"}), file.string() + ", data.suppl_info.freqs");
}

BlockLayout beta_layout() {
  return {.study = "beta",
          .rate_hz = 250,
          .onset_s = 0.5,
          .electrodes = tsinghua_cap,
          .variable = "data",
          .part = {"EEG"},
          .axes = {0, 1, 3, 2},
          .frequencies_hz = {},
          .read_frequencies = beta_frequencies};
}

const DatasetEntry jfpm{
    .name = "12jfpm",
    .aliases = {"nakanishi2015"},
    .about = "10 people look at 12 targets of 9.25 to 14.75 Hz; 8 occipital electrodes, 256 Hz, 15 blocks of 4 s",
    .layout = "s1.mat … s10.mat, each with eeg: 12 targets x 8 electrodes x 1114 samples x 15 blocks",
    .apply_at = "https://github.com/mnakanishi/12JFPM_SSVEP (free for research; cite the paper)",
    .traps = {"the flicker begins at sample 39 (0.15 s), the brain's answer 0.135 s later: trials begin there",
              "targets of one row are 2 Hz apart and the file's order goes down the columns of the keyboard",
              "12 targets differ in phase too: methods without phase throw half of the difference away"},
    .citation =
        "M. Nakanishi et al.: A comparison study of canonical correlation analysis based methods for detecting "
        "steady-state visual evoked potentials. PLoS ONE 10(10), 2015",
    .keys = block_keys(0.135, 4),
    .open = [](const Path& folder, const Json& options) { return open_blocks(jfpm_layout(), folder, options); },
};
CATON_REGISTER(DatasetEntry, jfpm);

const DatasetEntry benchmark{
    .name = "tsinghua-benchmark",
    .aliases = {"wang2016"},
    .about = "35 people look at 40 targets of 8 to 15.8 Hz; 64 electrodes, 250 Hz, 6 blocks of 5 s",
    .layout = "S1.mat … S35.mat, each with data: 64 electrodes x 1500 samples x 40 targets x 6 blocks",
    .apply_at = "http://bci.med.tsinghua.edu.cn/download.html (free for research; cite the paper)",
    .traps = {"an epoch begins 0.5 s before the flicker; the brain's answer comes 0.14 s after it: trials begin there",
              "CB1 and CB2 are no positions of the 10-20 system",
              "targets are 0.2 Hz apart: windows below 1 s cannot tell neighbours by frequency alone",
              "the first 8 people were experienced, the others were not",
              "itr without the 0.5 s for moving the eyes is not the speed of a speller"},
    .citation =
        "Y. Wang, X. Chen, X. Gao, S. Gao: A benchmark dataset for SSVEP-based brain-computer interfaces. IEEE "
        "TNSRE 25(10), 2017",
    .keys = block_keys(0.14, 5),
    .open = [](const Path& folder, const Json& options) { return open_blocks(benchmark_layout(), folder, options); },
};
CATON_REGISTER(DatasetEntry, benchmark);

const DatasetEntry beta{
    .name = "beta",
    .aliases = {"liu2020"},
    .about = "70 people look at 40 targets of 8 to 15.8 Hz outside a shielded room; 64 electrodes, 250 Hz, 4 blocks",
    .layout =
        "S1.mat … S70.mat, each with data.EEG: 64 electrodes x 750 or 1000 samples x 4 blocks x 40 targets and\n"
        "data.suppl_info.freqs",
    .apply_at = "http://bci.med.tsinghua.edu.cn/download.html (free for research; cite the paper)",
    .traps = {"S1 to S15 looked for 2 s, the others for 3 s: trials are 2 s here unless asked otherwise",
              "the axes are electrode, time, block, target: other than in the benchmark",
              "the order of the targets is another one (8.6 Hz first); it is read from the file",
              "an epoch begins 0.5 s before the flicker; the brain's answer comes 0.13 s after it: trials begin there"},
    .citation =
        "B. Liu et al.: BETA: a large benchmark database toward SSVEP-BCI application. Frontiers in Neuroscience "
        "14:627, 2020",
    .keys = block_keys(0.13, 2),
    .open = [](const Path& folder, const Json& options) { return open_blocks(beta_layout(), folder, options); },
};
CATON_REGISTER(DatasetEntry, beta);

}  // namespace
}  // namespace caton
