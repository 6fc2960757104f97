// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/finding.hpp"
#include "caton/base/json.hpp"
#include "caton/base/tensor.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

/// What a decoder learns from, and where each sample came from.
namespace caton {

/// A column of names: each sample's value is an index into `names`; -1: not known.
struct NameColumn {
  std::vector<std::string> names;
  std::vector<std::int32_t> index;

  [[nodiscard]] const std::string& at(std::int64_t sample) const;  ///< "" for -1
  /// The index of a name, added when new.
  std::int32_t id(const std::string& name);
};

/// Where samples came from, by columns of equal length. Everything the audit knows, it knows from here.
struct Origins {
  NameColumn study, subject, session, recording, trial;
  std::vector<std::int64_t> begin, end;      ///< [begin, end) in samples of the recording
  std::map<std::string, NameColumn> groups;  ///< further columns a study has: site, film, dyad
  /// Samples this one was made from (SMOTE, mixup): ids of the set it was made in, -1 for none. A made sample has
  /// recording -1.
  std::vector<std::array<std::int64_t, 2>> parents;
  /// Id of each sample, unique within a study and kept by every selection.
  std::vector<std::int64_t> id;

  [[nodiscard]] std::int64_t size() const noexcept { return static_cast<std::int64_t>(id.size()); }
  [[nodiscard]] Origins selected(std::span<const std::int64_t> samples) const;
  void append(const Origins& other);
};

/// Samples as columns: named blocks of numbers (first axis: samples), labels, weights and origins. Selecting keeps all
/// of them together.
class SampleSet {
 public:
  std::map<std::string, Tensor> blocks;  ///< "tokens" N x channels x bands, "features" N x features (float32)
  std::vector<std::int64_t> label;       ///< class of each sample; empty: none
  std::vector<std::string> classes;      ///< names of the classes, in the order of their numbers
  std::vector<double> weight;            ///< empty: all 1
  std::vector<double> rating;            ///< the rating behind the label where there was one (NaN: none); else empty
  Origins origins;
  std::vector<std::string> channels;  ///< names along the channel axis of the blocks
  std::vector<std::string> features;  ///< names along the last axis ("theta 4-8 Hz")
  double rate_hz = 0;                 ///< of the signal that the samples were cut from
  double filter_reach_s = 0;          ///< how far preparation smeared the signal to either side
  Findings findings;

  [[nodiscard]] std::int64_t size() const noexcept { return origins.size(); }
  [[nodiscard]] const Tensor& block(const std::string& name) const;  ///< refused with the known names when missing
  /// The main block: "tokens" if there is one, else the only one.
  [[nodiscard]] const Tensor& main_block() const;
  /// The main block as N x features (float32 values).
  [[nodiscard]] View<const float, 2> flat() const;
  [[nodiscard]] SampleSet selected(std::span<const std::int64_t> samples) const;
  /// Puts the samples of `other` behind these; blocks, channels and classes must agree.
  void append(const SampleSet& other);
  /// SHA-256 over values, labels and origins: what a fitted statistic says it has seen.
  [[nodiscard]] std::string digest() const;
  [[nodiscard]] std::vector<std::int64_t> class_counts() const;
};

}  // namespace caton
