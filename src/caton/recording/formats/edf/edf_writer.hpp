// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/recording/recording.hpp"

#include <functional>
#include <string>
#include <vector>

namespace caton {

/// What an EDF+ file shall hold beside the samples.
struct EdfContent {
  /// Name, type, unit, rate and number of samples of each; `scaling` is kept where it fits 16 bits, else the range of
  /// the samples is used. A unit that is unknown is written as none.
  std::vector<Channel> channels;
  std::vector<Annotation> annotations = {};  ///< seconds after the first sample; kept to a microsecond
  std::vector<Segment> segments = {};        ///< of the channels' common rate; empty or one: EDF+C, more: EDF+D
  std::string start = {};                    ///< "2010-03-02T10:11:12", empty: not known
  std::string patient = "X X X X";           ///< EDF+ patient field: code, sex, birthdate, name
};

/// Gives samples [first, first + count) of one channel in SI units where its unit is known, else as filed.
using EdfSource = std::function<void(std::int64_t channel, std::int64_t first, View<double, 1> out)>;

/// Writes an EDF+ file whole or not at all, in blocks, whatever its length. Samples are rounded to the nearest stored
/// number (half a quantisation step). Where the length is no whole number of records, the last record is filled up and
/// an annotation says so; caton's reader leaves these samples out again.
/// Refuses NaN and infinite samples (naming channel and sample), rates that no record duration of 8 characters can
/// express, and gaps together with channels of different rates.
void write_edf(const Path& path, const EdfContent& content, const EdfSource& source);

/// The same from memory: `signal` is channels x samples in volts (SI), all of `rate_hz`; unit "uV" unless `content`
/// says otherwise. `content.channels` need names only; rates and numbers of samples are filled in.
void write_edf(const Path& path, Signal signal, double rate_hz, EdfContent content);

/// The same from an opened recording: its channels (all, or those named by index), annotations and gaps.
void write_edf(const Path& path, const Recording& recording, std::vector<std::int64_t> channels = {});

}  // namespace caton
