// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/recording/recording.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caton {

/// A block of samples as a source gives it.
struct SourceBlock {
  Signal samples;                            ///< channels x n, in volts; valid until the next call
  std::optional<std::int64_t> missing = {};  ///< so many samples were not recorded before this block; nothing: no gap
};

/// Where live samples come from: a recording that is replayed, later a device.
class StreamSource {
 public:
  virtual ~StreamSource() = default;
  [[nodiscard]] virtual const std::vector<std::string>& channels() const = 0;
  [[nodiscard]] virtual double rate_hz() const = 0;
  /// The next block; one without samples: there will be no more.
  [[nodiscard]] virtual SourceBlock next() = 0;
};

/// A recording given out in blocks of equal length, never across a gap. Keeps no time: who asks decides when.
class FileReplay final : public StreamSource {
 public:
  /// Refuses channels that the recording does not have.
  FileReplay(std::shared_ptr<const Recording> recording, const std::vector<std::string>& channels,
             std::int64_t block_samples);

  [[nodiscard]] const std::vector<std::string>& channels() const override { return names_; }
  [[nodiscard]] double rate_hz() const override { return rate_hz_; }
  [[nodiscard]] SourceBlock next() override;

 private:
  std::shared_ptr<const Recording> recording_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> indices_;
  double rate_hz_;
  std::int64_t block_;
  std::size_t segment_ = 0;
  std::int64_t place_ = 0;                        ///< within the segment
  std::int64_t read_begin_ = 0, read_count_ = 0;  ///< what `memory_` holds of the segment
  Matrix memory_;
};

}  // namespace caton
