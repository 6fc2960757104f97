// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/decode/decoder.hpp"

#include <utility>
#include <vector>

/// Every decoder and step of the registry with the options that small made studies need; for tests that iterate.
namespace caton::testing {

inline Json example_decoder(const DecoderEntry& entry) {
  Json decoder = Json::object({{"name", entry.name}});
  if (entry.name == "ssvep-cca") decoder["stimuli_hz"] = Json::list_of(std::vector<double>{9, 14});
  if (entry.name == "fixed-threshold") decoder["at"] = 0.75;
  if (entry.name == "rbtransformer") {
    decoder["preset"] = "rbtransformer-small";
    decoder["epochs"] = 6;
  }
  if (entry.name == "ricci-gcn") {
    for (const auto& [key, value] : {std::pair{"neighbours", 2}, {"components", 1}, {"hidden", 8}, {"out", 4}})
      decoder[key] = value;
    decoder["epochs"] = 20;
  }
  return decoder;
}

inline Json example_step(const TransformEntry& entry) {
  Json step = Json::object({{"name", entry.name}});
  if (entry.name == "muscle-noise") step["snr_db"] = 20.0;
  if (entry.name == "select-by-f") step["count"] = 3;
  if (entry.name == "block-means") step["blocks"] = 12;
  if (entry.name == "xdawn-covariance") step["filters"] = 1;
  if (entry.name == "augmented-covariance") step["trials"] = 1;
  if (entry.name == "attention-filtration") {
    step["segments"] = 60;
    step["epochs"] = 2;
  }
  return step;
}

/// The rate of epochs of 128 samples or more that suits a step: some want a whole second, filter banks want 250 Hz.
inline double example_rate_hz(const TransformEntry& entry) { return entry.name == "fft-features" ? 128 : 250; }

/// The same for networks, whose spectra want a whole second.
inline constexpr double example_network_rate_hz = 128;

}  // namespace caton::testing
