// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/datasets/trial_signals.hpp"

#include <string>
#include <vector>

namespace caton {

/// SEED's folder `Preprocessed_EEG`: <subject>_<date>.mat with one matrix 62 x samples a film, named by what follows
/// "eeg", and label.mat. Sessions are numbered by the rank of their date within the subject.
class SeedFolder {
 public:
  static constexpr double rate_hz = 200;

  struct Film {
    std::int64_t number = 0;  ///< from 1
    std::string variable;
    std::int64_t samples = 0;
    double emotion = 0;  ///< -1 negative, 0 neutral, 1 positive
  };
  struct Session {
    std::int64_t subject = 0, date = 0, rank = 0;  ///< rank from 1
    Path path;
    std::vector<Film> films;
  };

  /// `folder`: Preprocessed_EEG, or the one it lies in. Refuses what is missing by name.
  explicit SeedFolder(const Path& folder);
  [[nodiscard]] const std::vector<Session>& sessions() const noexcept { return sessions_; }
  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }
  /// 62 x samples, in the publishers' unit (which they do not state).
  [[nodiscard]] static Array<double, 2> signal(const Session& session, const Film& film);
  [[nodiscard]] static const ChannelPlan& plan();

 private:
  [[nodiscard]] Session session_of(const Path& path, std::int64_t subject, std::int64_t date,
                                   const std::vector<double>& emotions);

  std::vector<Session> sessions_;
  Findings findings_;
};

}  // namespace caton
