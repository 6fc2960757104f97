// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/recording.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <fstream>
#include <map>

namespace caton {
namespace {

constexpr std::size_t head_bytes = 4096;

std::string head_of(const Path& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status))
    throw input_error(path.string(), "does not exist", "check the name; caton info FILE shows what is in a file");
  if (std::filesystem::is_directory(status))
    throw input_error(path.string(), "is a folder, not a recording", "name a file in it, or run a study on the folder");
  if (!std::filesystem::is_regular_file(status))
    throw input_error(path.string(), "is no regular file", "name a recording file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw input_error(path.string(), "cannot be opened", "check the permissions");
  std::string head(head_bytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (head.empty()) throw input_error(path.string(), "the file is empty (0 bytes)", "copy or record it again");
  return head;
}

std::string readable_formats() {
  std::vector<std::string> names;
  for (const FormatEntry* const entry : Registry<FormatEntry>::instance().entries())
    if (entry->open != nullptr) names.push_back(entry->name);
  return join(names, ", ");
}

const FormatEntry* recognise(std::string_view head, const Path& path) {
  for (const bool general : {false, true}) {
    for (const FormatEntry* const entry : Registry<FormatEntry>::instance().entries())
      if (entry->general == general && entry->recognise(bytes_of(head), path)) return entry;
  }
  return nullptr;
}

std::string expected_from(const Path& path) {
  const std::string extension = lower_case(path.extension().string());
  for (const FormatEntry* const entry : Registry<FormatEntry>::instance().entries()) {
    const auto& known = entry->extensions;
    if (!extension.empty() && std::find(known.begin(), known.end(), extension) != known.end())
      return " (by its name it should be " + entry->name + ", by its content it is not)";
  }
  return {};
}

}  // namespace

const FormatEntry& format_of(const Path& path) {
  const std::string head = head_of(path);
  const FormatEntry* const entry = recognise(head, path);
  if (entry != nullptr) return *entry;
  throw input_error(path.string(), "not recognised as a recording" + expected_from(path),
                    "caton reads " + readable_formats());
}

std::unique_ptr<Recording> open_recording(const Path& path, const OpenOptions& options) {
  const FormatEntry& format = format_of(path);
  if (format.open == nullptr)
    throw input_error(path.string(), "this is a recording in the format " + format.name + ", which is not read yet",
                      format.remedy);
  if (options.rate_hz && !(*options.rate_hz > 0))
    throw usage_error("--rate", "a rate of " + number_text(*options.rate_hz) + " Hz makes no sense", "give it in Hz");
  return format.open(path, options);
}

std::int64_t Recording::channel_index(std::string_view name) const {
  std::vector<std::string> names;
  for (const Channel& channel : channels()) names.push_back(channel.name);
  const auto exact = std::find(names.begin(), names.end(), name);
  if (exact != names.end()) return exact - names.begin();
  const std::string lower = lower_case(name);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (lower_case(names[i]) == lower) return static_cast<std::int64_t>(i);
  throw input_error("channels", "there is no channel \"" + printable(name) + "\"", suggestion(name, names));
}

std::vector<std::int64_t> Recording::channels_of_type(std::string_view type) const {
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i < channels().size(); ++i)
    if (channels()[i].type == type) found.push_back(static_cast<std::int64_t>(i));
  return found;
}

double Recording::main_rate_hz() const {
  std::map<double, int> votes;
  for (const Channel& channel : channels())
    if (channel.rate_hz > 0 && channel.samples > 0) ++votes[channel.rate_hz];
  double rate = 0;
  int most = 0;
  for (const auto& [candidate, count] : votes) {
    if (count >= most) {
      most = count;
      rate = candidate;
    }
  }
  return rate;
}

void Recording::check_read(std::span<const std::int64_t> wanted, std::int64_t first, std::int64_t count,
                           const std::array<std::int64_t, 2>& extents) const {
  const auto total = static_cast<std::int64_t>(channels().size());
  if (extents[0] != static_cast<std::int64_t>(wanted.size()) || extents[1] != count)
    throw usage_error("read", "the place given holds " + std::to_string(extents[0]) + " x " +
                                  std::to_string(extents[1]) + " values, wanted are " + std::to_string(wanted.size()) +
                                  " x " + std::to_string(count));
  const Channel* model = nullptr;
  for (const std::int64_t index : wanted) {
    if (index < 0 || index >= total)
      throw usage_error("channels",
                        "channel number " + std::to_string(index) + " is outside 0 to " + std::to_string(total - 1));
    const Channel& channel = channels()[static_cast<std::size_t>(index)];
    if (model == nullptr) model = &channel;
    if (channel.rate_hz != model->rate_hz)
      throw usage_error("channel \"" + printable(channel.name) + "\"",
                        "has " + number_text(channel.rate_hz) + " Hz, \"" + printable(model->name) + "\" has " +
                            number_text(model->rate_hz) + " Hz",
                        "read channels of different rates one after the other");
    if (first < 0 || count < 0 || first > channel.samples || count > channel.samples - first)
      throw usage_error("channel \"" + printable(channel.name) + "\"",
                        "samples " + std::to_string(first) + " to " + std::to_string(first + count) +
                            " are outside its " + std::to_string(channel.samples) + " samples");
  }
}

}  // namespace caton
