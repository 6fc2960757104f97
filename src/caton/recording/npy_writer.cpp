// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/npy_writer.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/npy/npy_writer.hpp"

#include <algorithm>
#include <numeric>

namespace caton {
namespace {

constexpr std::int64_t block_samples = 1 << 18;

template <class T>
void write_rows(FileWriter& file, const Recording& recording, const std::vector<std::int64_t>& channels,
                std::int64_t samples) {
  Array<T, 2> block({1, std::min(samples, block_samples)}, uninitialised);
  for (const std::int64_t channel : channels) {
    for (std::int64_t first = 0; first < samples; first += block_samples) {
      const std::int64_t count = std::min(block_samples, samples - first);
      recording.read(std::span(&channel, 1), first, count, block.view().slice(1, 0, count));
      file.write(std::as_bytes(std::span(block.data(), static_cast<std::size_t>(count))));
    }
  }
}

}  // namespace

void write_npy(const Path& path, const Recording& recording, std::vector<std::int64_t> channels,
               const std::string& dtype) {
  if (channels.empty()) {
    channels.resize(recording.channels().size());
    std::iota(channels.begin(), channels.end(), 0);
  }
  if (channels.empty()) throw usage_error(path.string(), "there are no channels to write");
  const Channel& model = recording.channels().at(static_cast<std::size_t>(channels.front()));
  for (const std::int64_t index : channels) {
    const Channel& channel = recording.channels().at(static_cast<std::size_t>(index));
    if (channel.rate_hz != model.rate_hz || channel.samples != model.samples)
      throw usage_error(path.string(),
                        "channel \"" + printable(channel.name) + "\" has " + number_text(channel.rate_hz) + " Hz and " +
                            std::to_string(channel.samples) + " samples, \"" + printable(model.name) + "\" " +
                            number_text(model.rate_hz) + " Hz and " + std::to_string(model.samples) +
                            ": one array cannot hold both",
                        "choose channels of one rate with --channels");
  }
  if (dtype != "<f8" && dtype != "<f4")
    throw usage_error("dtype", "\"" + dtype + "\" is not written", "use <f8 or <f4");
  FileWriter file(path);
  file.write(npy_header(dtype, {static_cast<std::int64_t>(channels.size()), model.samples}));
  if (dtype == "<f8")
    write_rows<double>(file, recording, channels, model.samples);
  else
    write_rows<float>(file, recording, channels, model.samples);
  file.commit();
}

}  // namespace caton
