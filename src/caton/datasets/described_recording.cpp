// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/datasets/described_recording.hpp"

#include "caton/base/error.hpp"

#include <algorithm>

#include <utility>

namespace caton {
namespace {

/// A recording that is another one but for what a class derived from it says differently.
class ForwardedRecording : public Recording {
 public:
  explicit ForwardedRecording(std::unique_ptr<Recording> inner) : inner_(std::move(inner)) {}

  [[nodiscard]] const std::string& format() const override { return inner_->format(); }
  [[nodiscard]] std::string variant() const override { return inner_->variant(); }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return inner_->channels(); }
  [[nodiscard]] const std::vector<Annotation>& annotations() const override { return inner_->annotations(); }
  [[nodiscard]] double duration_s() const override { return inner_->duration_s(); }
  [[nodiscard]] std::string start() const override { return inner_->start(); }
  [[nodiscard]] const std::vector<Segment>& segments() const override { return inner_->segments(); }
  void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
            View<float, 2> out) const override {
    inner_->read(channels, first, count, out);
  }
  void read(std::span<const std::int64_t> channels, std::int64_t first, std::int64_t count,
            View<double, 2> out) const override {
    inner_->read(channels, first, count, out);
  }

 private:
  std::unique_ptr<Recording> inner_;
};

class DescribedRecording final : public ForwardedRecording {
 public:
  DescribedRecording(std::unique_ptr<Recording> inner, std::vector<Channel> channels, Findings findings)
      : ForwardedRecording(std::move(inner)), channels_(std::move(channels)), findings_(std::move(findings)) {}

  [[nodiscard]] const std::vector<Channel>& channels() const override { return channels_; }
  [[nodiscard]] const Findings& findings() const override { return findings_; }

 private:
  std::vector<Channel> channels_;
  Findings findings_;
};

class GaplessRecording final : public ForwardedRecording {
 public:
  GaplessRecording(std::unique_ptr<Recording> inner, Findings findings)
      : ForwardedRecording(std::move(inner)), findings_(std::move(findings)) {
    const auto& parts = ForwardedRecording::segments();
    Segment whole;
    for (const Segment& part : parts) {
      if (whole.count == 0) whole = part;
      whole.count = std::max(whole.count, part.first + part.count - whole.first);
    }
    segments_ = {whole};
    for (Finding& finding : findings_) {
      constexpr std::string_view promise = "; nothing is computed across them";
      if (const auto at = finding.what.find(promise); at != std::string::npos) finding.what.erase(at, promise.size());
    }
    if (parts.size() > 1)
      findings_.push_back(
          {"study/gaps-ignored", Severity::warn, "",
           std::to_string(parts.size() - 1) +
               " gaps were ignored as the recipe asks: rows on both sides of them count as neighbours"});
  }

  [[nodiscard]] const Findings& findings() const override { return findings_; }
  [[nodiscard]] const std::vector<Segment>& segments() const override { return segments_; }

 private:
  Findings findings_;
  std::vector<Segment> segments_;
};

}  // namespace

std::shared_ptr<const Recording> recording_without_gaps(std::unique_ptr<Recording> inner) {
  Findings findings = inner->findings();
  return std::make_shared<GaplessRecording>(std::move(inner), std::move(findings));
}

std::shared_ptr<const Recording> described_recording(std::unique_ptr<Recording> inner, std::vector<Channel> channels,
                                                     Findings findings) {
  if (channels.size() != inner->channels().size())
    throw input_error(inner->format(), "another number of channels is described than the file has");
  return std::make_shared<DescribedRecording>(std::move(inner), std::move(channels), std::move(findings));
}

}  // namespace caton
