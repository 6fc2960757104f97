// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/sample_set.hpp"

#include "caton/base/error.hpp"
#include "caton/base/file.hpp"
#include "caton/base/json.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace caton {
namespace {

const std::string& no_name() {
  static const std::string empty;
  return empty;
}

/// A column stays empty when the set does not have it; otherwise the chosen places.
template <class T>
std::vector<T> chosen(const std::vector<T>& column, std::span<const std::int64_t> samples) {
  std::vector<T> result;
  if (column.empty()) return result;
  result.reserve(samples.size());
  for (const auto sample : samples) result.push_back(column[static_cast<std::size_t>(sample)]);
  return result;
}

NameColumn chosen(const NameColumn& column, std::span<const std::int64_t> samples) {
  return {column.names, chosen(column.index, samples)};
}

/// Joins two columns of which either may be missing; what is missing on one side becomes `absent`.
template <class T>
void extend(std::vector<T>& column, std::int64_t own, const std::vector<T>& other, std::int64_t added,
            const T& absent) {
  if (column.empty() && other.empty()) return;
  column.resize(static_cast<std::size_t>(own), absent);
  column.insert(column.end(), other.begin(), other.end());
  column.resize(static_cast<std::size_t>(own + added), absent);
}

void extend(NameColumn& column, std::int64_t own, const NameColumn& other, std::int64_t added) {
  std::vector<std::int32_t> renamed;
  renamed.reserve(other.names.size());
  for (const auto& name : other.names) renamed.push_back(column.id(name));
  std::vector<std::int32_t> index;
  index.reserve(other.index.size());
  for (const auto at : other.index) index.push_back(at < 0 ? -1 : renamed[static_cast<std::size_t>(at)]);
  extend(column.index, own, index, added, std::int32_t{-1});
}

void check_length(std::size_t length, std::int64_t wanted, const std::string& what) {
  if (length == 0 || static_cast<std::int64_t>(length) == wanted) return;
  throw usage_error("samples", "the column \"" + what + "\" has " + std::to_string(length) + " values for " +
                                   std::to_string(wanted) + " samples");
}

void check_lengths(const Origins& origins) {
  const auto count = origins.size();
  check_length(origins.study.index.size(), count, "study");
  check_length(origins.subject.index.size(), count, "subject");
  check_length(origins.session.index.size(), count, "session");
  check_length(origins.recording.index.size(), count, "recording");
  check_length(origins.trial.index.size(), count, "trial");
  check_length(origins.begin.size(), count, "begin");
  check_length(origins.end.size(), count, "end");
  check_length(origins.parents.size(), count, "parents");
  for (const auto& [name, column] : origins.groups) check_length(column.index.size(), count, name);
}

void check_lengths(const SampleSet& set) {
  check_lengths(set.origins);
  check_length(set.label.size(), set.size(), "label");
  check_length(set.weight.size(), set.size(), "weight");
  check_length(set.rating.size(), set.size(), "rating");
  for (const auto& [name, block] : set.blocks) {
    if (block.rank() == 0 || block.extent(0) != set.size()) {
      throw usage_error("samples", "the block \"" + name + "\" is " + block.about() + ", its first axis must be the " +
                                       std::to_string(set.size()) + " samples (shape)");
    }
  }
}

void check_samples(std::span<const std::int64_t> samples, std::int64_t count) {
  for (const auto sample : samples) {
    if (sample < 0 || sample >= count)
      throw usage_error("samples", "sample " + std::to_string(sample) + " is outside 0 … " + std::to_string(count - 1));
  }
}

std::size_t row_bytes(const Tensor& block) {
  return block.extent(0) == 0 ? 0 : block.bytes() / static_cast<std::size_t>(block.extent(0));
}

std::span<const std::byte> bytes_of_tensor(const Tensor& block) {
  return {static_cast<const std::byte*>(block.data()), block.bytes()};
}

Tensor chosen_rows(const Tensor& block, std::span<const std::int64_t> samples) {
  auto shape = block.shape();
  shape[0] = static_cast<std::int64_t>(samples.size());
  Tensor result(block.dtype(), shape);
  const std::size_t width = row_bytes(block);
  const auto from = bytes_of_tensor(block);
  auto* to = static_cast<std::byte*>(result.data());
  for (const auto sample : samples) {
    const auto row = from.subspan(static_cast<std::size_t>(sample) * width, width);
    to = std::copy(row.begin(), row.end(), to);
  }
  return result;
}

Tensor stacked(const Tensor& first, const Tensor& second, const std::string& name) {
  auto shape = first.shape();
  const bool alike = first.dtype() == second.dtype() && first.rank() == second.rank() &&
                     std::equal(shape.begin() + 1, shape.end(), second.shape().begin() + 1);
  if (!alike) {
    throw usage_error("samples",
                      "the block \"" + name + "\" is " + first.about() + " here and " + second.about() +
                          " in what is to be added (shape)",
                      "samples of one study must have the same channels and features");
  }
  shape[0] += second.extent(0);
  Tensor result(first.dtype(), shape);
  const auto above = bytes_of_tensor(first), below = bytes_of_tensor(second);
  auto* const to = std::copy(above.begin(), above.end(), static_cast<std::byte*>(result.data()));
  std::copy(below.begin(), below.end(), to);
  return result;
}

void check_same(const std::vector<std::string>& own, const std::vector<std::string>& other, const std::string& what) {
  if (own == other) return;
  throw usage_error("samples", "the " + what + " differ: " + join(own, " ") + " here, " + join(other, " ") +
                                   " in what is to be added");
}

/// Ids name samples in the audit, so none may stand for two.
void check_new_ids(const std::vector<std::int64_t>& own, const std::vector<std::int64_t>& other) {
  if (own.empty() || other.empty()) return;
  const auto [own_low, own_high] = std::minmax_element(own.begin(), own.end());
  const auto [low, high] = std::minmax_element(other.begin(), other.end());
  if (*own_high < *low || *high < *own_low) return;
  std::vector<std::int64_t> sorted(own), added(other), both;
  std::sort(sorted.begin(), sorted.end());
  std::sort(added.begin(), added.end());
  std::set_intersection(sorted.begin(), sorted.end(), added.begin(), added.end(), std::back_inserter(both));
  if (both.empty()) return;
  throw usage_error("samples", "the id " + std::to_string(both.front()) + " stands for two samples",
                    "number the samples of a study once, then select from them");
}

void check_appendable(const SampleSet& own, const SampleSet& other) {
  check_same(own.classes, other.classes, "classes");
  check_same(own.channels, other.channels, "channels");
  check_same(own.features, other.features, "features");
  if (own.rate_hz != other.rate_hz) {
    throw usage_error("samples", "the rates differ: " + number_text(own.rate_hz) + " Hz here, " +
                                     number_text(other.rate_hz) + " Hz in what is to be added");
  }
  if (own.label.empty() != other.label.empty() && own.size() != 0 && other.size() != 0)
    throw usage_error("samples", "labels are known on one side only");
  for (const auto& [name, block] : own.blocks) static_cast<void>(other.block(name));
  for (const auto& [name, block] : other.blocks) static_cast<void>(own.block(name));
  check_new_ids(own.origins.id, other.origins.id);
}

template <class T>
std::string digest_of(const std::vector<T>& column) {
  const std::span<const T> values(column);
  return sha256(std::as_bytes(values));
}

std::string account_of(const std::string& title, const std::vector<std::string>& names) {
  std::string account = title;
  for (const auto& name : names) account += " " + json_quoted(name);
  return account + "\n";
}

/// By names, not by their numbers: how a column happened to number its names is no part of the content.
std::string account_of(const std::string& title, const NameColumn& column) {
  std::string names;
  for (std::size_t i = 0; i < column.index.size(); ++i)
    names += json_quoted(column.at(static_cast<std::int64_t>(i))) + "\n";
  return title + " " + sha256(names) + "\n";
}

std::string account_of(const Origins& origins) {
  std::string account = account_of("study", origins.study) + account_of("subject", origins.subject) +
                        account_of("session", origins.session) + account_of("recording", origins.recording) +
                        account_of("trial", origins.trial);
  for (const auto& [name, column] : origins.groups) account += account_of("group " + json_quoted(name), column);
  account += "begin " + digest_of(origins.begin) + "\nend " + digest_of(origins.end) + "\n";
  return account + "parents " + digest_of(origins.parents) + "\nid " + digest_of(origins.id) + "\n";
}

}  // namespace

const std::string& NameColumn::at(std::int64_t sample) const {
  if (index.empty()) return no_name();
  check_samples({&sample, 1}, static_cast<std::int64_t>(index.size()));
  const auto place = index[static_cast<std::size_t>(sample)];
  return place < 0 ? no_name() : names.at(static_cast<std::size_t>(place));
}

std::int32_t NameColumn::id(const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  const auto place = static_cast<std::int32_t>(found - names.begin());
  if (found == names.end()) names.push_back(name);
  return place;
}

Origins Origins::selected(std::span<const std::int64_t> samples) const {
  check_lengths(*this);
  check_samples(samples, size());
  Origins result{.study = chosen(study, samples),
                 .subject = chosen(subject, samples),
                 .session = chosen(session, samples),
                 .recording = chosen(recording, samples),
                 .trial = chosen(trial, samples),
                 .begin = chosen(begin, samples),
                 .end = chosen(end, samples),
                 .groups = {},
                 .parents = chosen(parents, samples),
                 .id = chosen(id, samples)};
  for (const auto& [name, column] : groups) result.groups.emplace(name, chosen(column, samples));
  return result;
}

void Origins::append(const Origins& other) {
  check_lengths(*this);
  check_lengths(other);
  const auto own = size(), added = other.size();
  extend(study, own, other.study, added);
  extend(subject, own, other.subject, added);
  extend(session, own, other.session, added);
  extend(recording, own, other.recording, added);
  extend(trial, own, other.trial, added);
  extend(begin, own, other.begin, added, std::int64_t{-1});
  extend(end, own, other.end, added, std::int64_t{-1});
  extend(parents, own, other.parents, added, std::array<std::int64_t, 2>{-1, -1});
  for (const auto& [name, column] : other.groups) groups.try_emplace(name);
  for (auto& [name, column] : groups) {
    const auto found = other.groups.find(name);
    extend(column, own, found == other.groups.end() ? NameColumn{} : found->second, added);
  }
  id.insert(id.end(), other.id.begin(), other.id.end());
}

const Tensor& SampleSet::block(const std::string& name) const {
  const auto found = blocks.find(name);
  if (found != blocks.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [other, values] : blocks) known.push_back(other);
  throw usage_error("samples", "there is no block \"" + name + "\"", suggestion(name, known));
}

const Tensor& SampleSet::main_block() const {
  if (blocks.size() == 1) return blocks.begin()->second;
  return block("tokens");
}

View<const float, 2> SampleSet::flat() const {
  const Tensor& block = main_block();
  if (block.rank() == 0 || block.extent(0) != size()) check_lengths(*this);
  const auto values = block.values<float>("the samples' values");
  std::int64_t width = 1;
  for (std::size_t axis = 1; axis < block.rank(); ++axis) width *= block.extent(axis);
  return {values.data(), {size(), width}};
}

SampleSet SampleSet::selected(std::span<const std::int64_t> samples) const {
  check_lengths(*this);
  check_samples(samples, size());
  SampleSet result{.blocks = {},
                   .label = chosen(label, samples),
                   .classes = classes,
                   .weight = chosen(weight, samples),
                   .rating = chosen(rating, samples),
                   .origins = origins.selected(samples),
                   .channels = channels,
                   .features = features,
                   .rate_hz = rate_hz,
                   .filter_reach_s = filter_reach_s,
                   .findings = findings};
  for (const auto& [name, values] : blocks) result.blocks.emplace(name, chosen_rows(values, samples));
  return result;
}

void SampleSet::append(const SampleSet& other) {
  if (size() == 0 && blocks.empty()) {
    check_lengths(other);
    *this = other;
    return;
  }
  check_lengths(*this);
  check_lengths(other);
  check_appendable(*this, other);
  std::map<std::string, Tensor> joined;
  for (const auto& [name, values] : blocks) joined.emplace(name, stacked(values, other.block(name), name));
  blocks = std::move(joined);
  const auto own = size(), added = other.size();
  label.insert(label.end(), other.label.begin(), other.label.end());
  extend(weight, own, other.weight, added, 1.0);
  extend(rating, own, other.rating, added, std::numeric_limits<double>::quiet_NaN());
  origins.append(other.origins);
  filter_reach_s = std::max(filter_reach_s, other.filter_reach_s);
  for (const auto& finding : other.findings) {
    if (std::find(findings.begin(), findings.end(), finding) == findings.end()) findings.push_back(finding);
  }
}

std::string SampleSet::digest() const {
  std::string account = "caton samples 1\n";
  for (const auto& [name, values] : blocks)
    account += "block " + json_quoted(name) + " " + values.about() + " " + sha256(bytes_of_tensor(values)) + "\n";
  account += "label " + digest_of(label) + "\nweight " + digest_of(weight) + "\nrating " + digest_of(rating) + "\n";
  account += account_of("classes", classes) + account_of("channels", channels) + account_of("features", features);
  return sha256(account + account_of(origins));
}

std::vector<std::int64_t> SampleSet::class_counts() const {
  std::size_t count = classes.size();
  for (const auto value : label) {
    if (value < 0) throw input_error("samples", "a label is " + std::to_string(value) + "; classes count from 0");
    if (!classes.empty() && static_cast<std::size_t>(value) >= classes.size())
      throw input_error("samples", "the label " + std::to_string(value) + " names no class (" +
                                       std::to_string(classes.size()) + " classes)");
    count = std::max(count, static_cast<std::size_t>(value) + 1);
  }
  std::vector<std::int64_t> counts(count, 0);
  for (const auto value : label) ++counts[static_cast<std::size_t>(value)];
  return counts;
}

}  // namespace caton
