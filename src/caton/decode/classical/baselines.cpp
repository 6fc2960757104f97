// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/decode/classical/classical_decoder.hpp"

#include <algorithm>
#include <map>

/// Decoders that do not look at the signal: what a score is worth is read beside theirs.
namespace caton {
namespace {

/// Class shares among the chosen samples.
std::vector<double> shares(const std::vector<std::int64_t>& y, std::int64_t classes) {
  std::vector<double> share(static_cast<std::size_t>(classes), 0.0);
  for (const auto k : y) share[static_cast<std::size_t>(k)] += 1;
  for (auto& value : share) value /= static_cast<double>(y.size());
  return share;
}

void put_row(const std::vector<double>& values, std::int64_t row, Array<double, 2>& into) {
  for (std::size_t k = 0; k < values.size(); ++k) into(row, static_cast<std::int64_t>(k)) = values[k];
}

class Majority final : public ClassicalDecoder {
 public:
  Majority() : ClassicalDecoder("majority") {}

 private:
  void learn(const Training& training, FitContext& /*context*/) override {
    share_ = shares(training.y, training.classes);
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    Array<double, 2> result({samples.size(), present()}, 0.0);
    for (std::int64_t i = 0; i < samples.size(); ++i) put_row(share_, i, result);
    return result;
  }
  [[nodiscard]] Tensors learned() const override { return {{"share", Tensor::vector(share_)}}; }
  void relearn(const Safetensors& state) override { share_ = expected(state, "share", {present()}).doubles(); }

  std::vector<double> share_;
};

/// The class that is most frequent in the same session of the same subject; all of training where there is none.
class SessionIdentity final : public ClassicalDecoder {
 public:
  SessionIdentity() : ClassicalDecoder("session-identity") {}

 private:
  static std::string session_of(const SampleSet& samples, std::int64_t i) {
    const Origins& origins = samples.origins;
    return json_quoted(origins.study.at(i)) + json_quoted(origins.subject.at(i)) + json_quoted(origins.session.at(i));
  }
  void learn(const Training& training, FitContext& /*context*/) override {
    std::map<std::string, std::vector<std::int64_t>> members;
    for (std::int64_t i = 0; i < training.samples.size(); ++i)
      members[session_of(training.samples, i)].push_back(training.y[static_cast<std::size_t>(i)]);
    share_.clear();
    for (const auto& [session, y] : members) share_.emplace(session, shares(y, training.classes));
    overall_ = shares(training.y, training.classes);
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    Array<double, 2> result({samples.size(), present()}, 0.0);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      const auto found = share_.find(session_of(samples, i));
      put_row(found == share_.end() ? overall_ : found->second, i, result);
    }
    return result;
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state{{"overall", Tensor::vector(overall_)}};
    for (const auto& [session, share] : share_) state.emplace("session." + session, Tensor::vector(share));
    return state;
  }
  void relearn(const Safetensors& state) override {
    overall_ = expected(state, "overall", {present()}).doubles();
    share_.clear();
    const std::string prefix = "session.";
    for (const auto& [key, values] : state.tensors) {
      if (key.starts_with(prefix))
        share_.emplace(key.substr(prefix.size()), expected(state, key, {present()}).doubles());
    }
  }

  std::map<std::string, std::vector<double>> share_;
  std::vector<double> overall_;
};

/// The class of the training sample that is nearest in time: in the same recording where training has some of it, else
/// by the time since the beginning, over all recordings. Equal distances: lowest training sample.
class TimeOnly final : public ClassicalDecoder {
 public:
  TimeOnly() : ClassicalDecoder("time-only") {}

 private:
  struct Moment {
    std::int64_t centre = 0;  ///< begin + end, in samples of the recording
    std::int64_t y = 0;
    std::int64_t order = 0;  ///< place in training
  };
  static std::string recording_of(const SampleSet& samples, std::int64_t i) {
    const Origins& origins = samples.origins;
    return json_quoted(origins.study.at(i)) + json_quoted(origins.subject.at(i)) + json_quoted(origins.session.at(i)) +
           json_quoted(origins.recording.at(i));
  }
  void check_times(const SampleSet& samples) const {
    if (samples.origins.begin.empty() || samples.origins.end.empty())
      throw usage_error(name(), "the samples do not say when they were recorded (begin, end)");
  }
  void learn(const Training& training, FitContext& /*context*/) override {
    check_times(training.samples);
    moments_.clear();
    all_.clear();
    const Origins& origins = training.samples.origins;
    for (std::int64_t i = 0; i < training.samples.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (origins.end[at] < 0) continue;  // made samples have no time
      const Moment moment{origins.begin[at] + origins.end[at], training.y[at], i};
      moments_[recording_of(training.samples, i)].push_back(moment);
      all_.push_back(moment);
    }
    if (all_.empty()) throw usage_error(name(), "no training sample has a time");
    sort_by_time(all_);
    for (auto& [recording, moments] : moments_) sort_by_time(moments);
  }
  /// Of several at one moment the first training sample stays.
  static void sort_by_time(std::vector<Moment>& moments) {
    std::stable_sort(moments.begin(), moments.end(),
                     [](const Moment& a, const Moment& b) { return a.centre < b.centre; });
    moments.erase(std::unique(moments.begin(), moments.end(),
                              [](const Moment& a, const Moment& b) { return a.centre == b.centre; }),
                  moments.end());
  }
  static std::int64_t nearest(const std::vector<Moment>& moments, std::int64_t centre) {
    const auto after = std::lower_bound(moments.begin(), moments.end(), centre,
                                        [](const Moment& a, std::int64_t wanted) { return a.centre < wanted; });
    if (after == moments.begin()) return after->y;
    const auto before = after - 1;
    if (after == moments.end()) return before->y;
    const auto wait = after->centre - centre, passed = centre - before->centre;
    if (wait == passed) return (after->order < before->order ? after : before)->y;
    return (wait < passed ? after : before)->y;
  }
  [[nodiscard]] Array<double, 2> probability(const SampleSet& samples) const override {
    check_times(samples);
    Array<double, 2> result({samples.size(), present()}, 0.0);
    for (std::int64_t i = 0; i < samples.size(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      const auto found = moments_.find(recording_of(samples, i));
      const auto& moments = found == moments_.end() ? all_ : found->second;
      result(i, nearest(moments, samples.origins.begin[at] + samples.origins.end[at])) = 1;
    }
    return result;
  }
  static Tensor table(const std::vector<Moment>& moments) {
    std::vector<std::int64_t> values;
    for (const auto& moment : moments) values.insert(values.end(), {moment.centre, moment.y, moment.order});
    return Tensor({static_cast<std::int64_t>(moments.size()), 3}, values);
  }
  [[nodiscard]] std::vector<Moment> moments_from(const Tensor& table) const {
    std::vector<Moment> result;
    const auto values = table.view<std::int64_t, 2>(name());
    if (values.extent(1) != 3 || values.extent(0) == 0) throw input_error(name(), "the saved state is broken (shape)");
    for (std::int64_t i = 0; i < values.extent(0); ++i) {
      if (values(i, 1) < 0 || values(i, 1) >= present())
        throw input_error(name(), "the saved state has impossible classes");
      result.push_back({values(i, 0), values(i, 1), values(i, 2)});
    }
    return result;
  }
  [[nodiscard]] Tensors learned() const override {
    Tensors state{{"all", table(all_)}};
    for (const auto& [recording, moments] : moments_) state.emplace("recording." + recording, table(moments));
    return state;
  }
  void relearn(const Safetensors& state) override {
    all_ = moments_from(state.at("all", name()));
    moments_.clear();
    const std::string prefix = "recording.";
    for (const auto& [key, values] : state.tensors) {
      if (key.starts_with(prefix)) moments_.emplace(key.substr(prefix.size()), moments_from(values));
    }
  }

  std::map<std::string, std::vector<Moment>> moments_;
  std::vector<Moment> all_;
};

const DecoderEntry majority_entry{
    .name = "majority",
    .about = "baseline: always the most frequent class of training",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Decoder> { return std::make_unique<Majority>(); },
};
CATON_REGISTER(DecoderEntry, majority_entry);

const DecoderEntry session_identity_entry{
    .name = "session-identity",
    .about = "baseline: the most frequent class of the same session in training, without a look at the signal",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Decoder> { return std::make_unique<SessionIdentity>(); },
};
CATON_REGISTER(DecoderEntry, session_identity_entry);

const DecoderEntry time_only_entry{
    .name = "time-only",
    .about = "baseline: the class of the training sample nearest in time, without a look at the signal",
    .make = [](const Json& /*options*/) -> std::unique_ptr<Decoder> { return std::make_unique<TimeOnly>(); },
};
CATON_REGISTER(DecoderEntry, time_only_entry);

}  // namespace
}  // namespace caton
