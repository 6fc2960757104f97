// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"
#include "caton/recording/stored_numbers.hpp"

#include <memory>
#include <string>
#include <vector>

/// Recordings whose samples lie in a file as plain numbers: the formats read the header, this reads the samples.
namespace caton {

/// How the samples of a channel lie in each block: the first `offset` bytes after the block's begin.
struct StoredChannel {
  StoredType type = StoredType::int16;
  ByteOrder order = ByteOrder::little;
  std::int64_t offset = 0, stride = 0;
  std::int64_t block_samples = 0;  ///< in one block; blocks that are listed say it themselves
  Gain gain;                       ///< from the stored number to SI, or to the file's unit where that is not known
};

/// A stretch of the file that holds consecutive samples of all channels (of one rate).
struct StoredBlock {
  std::int64_t first = 0, count = 0;  ///< as the recording counts samples
  std::int64_t byte = 0;
};

struct StoredContent {
  std::string format;
  std::string variant = {};
  std::vector<Channel> channels;
  std::vector<StoredChannel> stored;  ///< as `channels`
  std::shared_ptr<const MappedFile> file;
  /// Blocks of equal size from `first_byte` on, `block_bytes` apart; or, where they are not equal, a list of them.
  std::int64_t first_byte = 0, block_bytes = 0;
  std::vector<StoredBlock> blocks = {};
  std::vector<Annotation> annotations = {};
  std::vector<Segment> segments = {};  ///< empty: one without a gap
  Findings findings = {};
  std::string start = {};
};

/// Sets what channels can deliver at most from the stored type and the gain, where numbers are whole.
void set_stored_range(Channel& channel, const StoredChannel& stored);

/// Refuses (word `truncated`) samples that would lie outside the file.
[[nodiscard]] std::unique_ptr<Recording> stored_recording(StoredContent content);

}  // namespace caton
