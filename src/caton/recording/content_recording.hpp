// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/precisions.hpp"

#include <string>
#include <utility>
#include <vector>

namespace caton {

/// A recording that says of itself what its content holds: `Own` derives from it, `Content` is a `MemoryContent` or
/// alike.
template <class Own, class Content>
class ContentRecording : public BothPrecisions<Own> {
 public:
  [[nodiscard]] const std::string& format() const override { return content_.format; }
  [[nodiscard]] std::string variant() const override { return content_.variant; }
  [[nodiscard]] const std::vector<Channel>& channels() const override { return content_.channels; }
  [[nodiscard]] const std::vector<Annotation>& annotations() const override { return content_.annotations; }
  [[nodiscard]] const Findings& findings() const override { return content_.findings; }
  [[nodiscard]] const std::vector<Segment>& segments() const override { return content_.segments; }
  [[nodiscard]] std::string start() const override { return content_.start; }

 private:
  friend Own;
  explicit ContentRecording(Content content) : content_(std::move(content)) {}

  Content content_;
};

}  // namespace caton
