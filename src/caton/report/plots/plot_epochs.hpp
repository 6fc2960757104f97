// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/report/plots/plot_signals.hpp"
#include "caton/signal/epoch.hpp"

#include <string>
#include <vector>

namespace caton::report {

/// Epochs around all events of one kind.
struct EventEpochs {
  std::string text;  ///< of the annotations
  std::int64_t events = 0;
  Epochs cut;

  [[nodiscard]] std::int64_t kept() const { return cut.epochs.extent(0); }
  /// "108 of 110 epochs (2 above 100 µV)".
  [[nodiscard]] std::string about() const;
};

/// Epochs of the events that are asked for, else of the `most` most frequent kinds of annotations (two and more of
/// each; not BAD, EDGE or boundary marks), in order of their first. `margin_s` is added at both ends. Refuses
/// recordings without events and events without two epochs.
[[nodiscard]] std::vector<EventEpochs> event_epochs(const PlotRequest& request, const PlotSignals& signals,
                                                    std::size_t most, double margin_s = 0);

/// The baseline of a request: what is given, else from the start to the event; nothing where epochs begin later.
[[nodiscard]] std::optional<TimeSpan> baseline_of(const PlotRequest& request);
/// "baseline −0.2 to 0 s".
[[nodiscard]] std::string baseline_text(const PlotRequest& request);

}  // namespace caton::report
