// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/formats/fif/info.hpp"
#include "caton/recording/formats/fif/matrix.hpp"
#include "caton/recording/side_files.hpp"
#include "caton/recording/stored_recording.hpp"

#include <algorithm>
#include <cmath>

namespace caton::fif {
namespace {

bool is_raw(const Directory& directory, const Tag& tag) {
  return directory.inside(tag, raw_block) || directory.inside(tag, continuous_block) ||
         directory.inside(tag, shielded_raw_block);
}

class Opener {
 public:
  explicit Opener(const Path& path)
      : file_(std::make_shared<const MappedFile>(path)),
        where_(path.string()),
        directory_(file_->bytes(), where_),
        info_(read_info(directory_, content_.findings)) {}

  std::unique_ptr<Recording> open() {
    content_.file = file_;
    content_.start = start_of(info_.date_s);
    channels_ = static_cast<std::int64_t>(info_.channels.size());
    if (directory_.has_block(epochs_block)) {
      read_epochs();
    } else if (directory_.has_block(evoked_block)) {
      read_evoked();
    } else {
      read_raw();
    }
    if (directory_.find(reference_file_name, 118) != nullptr)
      add("split", Severity::warn, "the recording goes on in another file; only this part is read");
    if (samples_ == 0)
      throw input_error(where_, "holds no samples of raw data, epochs or averages",
                        "it may be a projection or a covariance");
    return stored_recording(std::move(content_));
  }

 private:
  void add(const std::string& code, Severity severity, const std::string& what) {
    content_.findings.push_back({"fif/" + code, severity, where_, what});
  }

  /// All channels, laid out as `offset` and `stride` say.
  void add_channels(StoredType type, std::int64_t offset_step, std::int64_t stride, bool with_range) {
    for (std::size_t i = 0; i < info_.channels.size(); ++i) {
      Channel channel = info_.channels[i];
      channel.samples = samples_;
      StoredChannel stored{.type = type, .order = ByteOrder::big, .offset = static_cast<std::int64_t>(i) * offset_step};
      stored.stride = stride;
      stored.block_samples = samples_;
      stored.gain.gain = (with_range ? info_.range[i] : 1.0) * info_.calibration[i] * channel.si_factor;
      set_stored_range(channel, stored);
      content_.channels.push_back(std::move(channel));
      content_.stored.push_back(stored);
    }
  }

  void add_block(std::int64_t count, std::int64_t byte) {
    content_.blocks.push_back({samples_, count, byte});
    samples_ = checked_sum(samples_, count, where_, "the number of samples");
  }

  void read_raw() {
    content_.format = "FIF";
    std::optional<std::uint32_t> type;
    std::int64_t first = 0, lost = 0, buffer = 0, waiting = 0;
    std::vector<std::pair<std::int64_t, std::int64_t>> gaps;  ///< before this sample, so many are missing
    for (const Tag& tag : directory_.tags()) {
      if (!is_raw(directory_, tag)) continue;
      if (tag.kind == first_sample) first = directory_.integer(tag);
      if (tag.kind == data_skip_samples) lost = checked_sum(lost, directory_.integer(tag), where_, "a gap");
      if (tag.kind == data_skip) waiting = checked_sum(waiting, directory_.integer(tag), where_, "a gap");
      if (tag.kind != data_buffer) continue;
      if (type && *type != tag.type) throw input_error(where_, "its data buffers are of different types");
      type = tag.type;
      const std::int64_t frame = channels_ * stored_width(stored_type(tag.type, where_));
      const std::int64_t count = tag.size / frame;
      if (tag.size % frame != 0)
        add("buffer-odd", Severity::warn,
            "a data buffer of " + std::to_string(tag.size) + " bytes holds no whole number of samples");
      if (count == 0) continue;
      if (buffer == 0) buffer = count;
      lost = checked_sum(lost, checked_product(std::max<std::int64_t>(0, waiting), buffer, where_, "a gap"), where_,
                         "a gap");
      waiting = 0;
      if (lost > 0 && samples_ == 0) first += lost;
      if (lost > 0 && samples_ > 0) gaps.emplace_back(samples_, lost);
      lost = 0;
      add_block(count, tag.byte);
    }
    if (!type) return;
    const StoredType stored = stored_type(*type, where_);
    add_channels(stored, stored_width(stored), channels_ * stored_width(stored), true);
    content_.annotations =
        read_annotations(directory_, info_, static_cast<double>(first) / info_.rate_hz, content_.findings);
    add_gaps(gaps);
  }

  void add_gaps(const std::vector<std::pair<std::int64_t, std::int64_t>>& gaps) {
    std::int64_t begin = 0, missing = 0;
    for (const auto& [sample, lost] : gaps) {
      content_.segments.push_back({begin, sample - begin, static_cast<double>(begin + missing) / info_.rate_hz});
      begin = sample;
      missing = checked_sum(missing, lost, where_, "a gap");
    }
    content_.segments.push_back({begin, samples_ - begin, static_cast<double>(begin + missing) / info_.rate_hz});
    if (!gaps.empty())
      add("gaps", Severity::warn,
          std::to_string(gaps.size()) + " gap(s) of " + fixed_text(static_cast<double>(missing) / info_.rate_hz, 3) +
              " s in all; nothing is computed across them");
  }

  void read_epochs() {
    content_.format = "FIF epochs";
    const Tag* const data = directory_.find(epoch_matrix, epochs_block);
    if (data == nullptr) return;
    const MatrixAbout matrix = matrix_about(directory_, *data);
    if (matrix.extents.size() != 3 || matrix.extents[1] != channels_)
      throw input_error(where_,
                        "its epochs are no matrix of epochs x " + std::to_string(channels_) + " channels x samples");
    const std::int64_t epochs = matrix.extents[0], count = matrix.extents[2];
    if (epochs > limits::annotations) throw input_error(where_, "has too many epochs");
    const std::int64_t width = stored_width(matrix.type);
    const std::int64_t zero = -first_of(directory_.block_around(*data, epochs_block));
    const EpochEvents events = read_epoch_events(directory_);
    for (std::int64_t i = 0; i < epochs && count > 0; ++i) {
      content_.segments.push_back({samples_, count, static_cast<double>(samples_) / info_.rate_hz});
      if (static_cast<std::size_t>(i) < events.codes.size()) {
        const std::int64_t code = events.codes[static_cast<std::size_t>(i)];
        const auto name = events.names.find(code);
        content_.annotations.push_back({static_cast<double>(samples_ + zero) / info_.rate_hz, 0,
                                        name == events.names.end() ? std::to_string(code) : name->second});
      }
      add_block(count, matrix.byte + i * channels_ * count * width);
    }
    add_channels(matrix.type, count * width, width, false);
    add("epochs", Severity::note,
        std::to_string(epochs) + " epochs of " + std::to_string(count) + " samples that begin " +
            number_text(-static_cast<double>(zero) / info_.rate_hz) +
            " s after their event; nothing is computed across them");
  }

  /// Every average becomes a segment, with an annotation at its time zero.
  void read_evoked() {
    content_.format = "FIF evoked";
    std::int64_t count = 0;
    StoredType type = StoredType::float32;
    for (const Tag& tag : directory_.tags()) {
      if (tag.kind != epoch_matrix || !directory_.inside(tag, aspect_block)) continue;
      const MatrixAbout matrix = matrix_about(directory_, tag);
      if (matrix.extents.size() != 2 || matrix.extents[0] != channels_)
        throw input_error(where_, "an average is no matrix of " + std::to_string(channels_) + " channels x samples");
      if (samples_ > 0 && (matrix.extents[1] != count || matrix.type != type)) {
        add("evoked-left-out", Severity::warn, "an average of another length than the first is left out");
        continue;
      }
      count = matrix.extents[1];
      type = matrix.type;
      if (count == 0) continue;
      const std::int64_t evoked = directory_.block_around(tag, evoked_block);
      content_.annotations.push_back(
          {static_cast<double>(samples_ - first_of(evoked)) / info_.rate_hz, 0, about_evoked(tag, evoked)});
      content_.segments.push_back({samples_, count, static_cast<double>(samples_) / info_.rate_hz});
      add_block(count, matrix.byte);
    }
    const std::int64_t width = stored_width(type);
    add_channels(type, count * width, width, false);
    if (samples_ > 0)
      add("averages", Severity::note,
          std::to_string(content_.segments.size()) + " average(s) of " + std::to_string(count) + " samples");
  }

  std::string about_evoked(const Tag& data, std::int64_t evoked) const {
    std::string text;
    if (const Tag* const name = directory_.find_in(comment, evoked)) text = directory_.text(*name);
    if (const Tag* const number = directory_.find_in(averages, data.block))
      text += (text.empty() ? "" : ", ") + std::to_string(directory_.integer(*number)) + " averaged";
    return text;
  }

  /// The number of the first sample, time zero being 0.
  std::int64_t first_of(std::int64_t block) const {
    const Tag* const tag = directory_.find_in(first_sample, block);
    return tag == nullptr ? 0 : directory_.integer(*tag);
  }

  std::shared_ptr<const MappedFile> file_;
  std::string where_;
  StoredContent content_;
  Directory directory_;
  Info info_;
  std::int64_t channels_ = 0, samples_ = 0;
};

const FormatEntry fif_format{
    .name = "FIF",
    .about = "files of Neuromag and MNE: raw, epochs, averages",
    .extensions = {".fif"},
    .recognise = [](Bytes head, const Path&) { return begins_with(head, std::string_view("\0\0\0\x64\0\0\0\x1f", 8)); },
    .open = [](const Path& path, const OpenOptions&) { return Opener(path).open(); },
    .identifying_fields = {"subject", "measurement date", "experimenter", "project", "machine and time of blocks",
                           "device serial number", "file names"},
};
CATON_REGISTER(FormatEntry, fif_format);

}  // namespace
}  // namespace caton::fif
