// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

namespace caton {

/// What long work tells while it runs. Thread-safe. Shown on standard error: a line that is redrawn on a terminal, a
/// log line every 30 s elsewhere, nothing when quiet (RELIABILITY R33).
class Progress {
 public:
  enum class Display { none, line, log };
  explicit Progress(Display display = Display::none);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Starts a stage of `total` equal steps; `what` is told to the person ("fold 3 of 5").
  void begin(const std::string& what, double total);
  void step(double steps = 1);
  void say(const std::string& detail);  ///< changes the words behind the bar
  void finish();

 private:
  void show(bool last);

  Display display_;
  std::mutex mutex_;
  std::string what_, detail_;
  double total_ = 0, done_ = 0;
  std::chrono::steady_clock::time_point begin_, shown_;
  bool open_ = false;
};

/// Terminal: `line`; otherwise `log`; `none` when quiet.
[[nodiscard]] Progress::Display default_display(bool quiet);

/// Seconds as a person says them: "12 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] std::string duration_text(double seconds);

/// Ctrl-C and SIGTERM set a flag that long work looks at; a second signal ends the program at once (R32).
void install_interrupt_handler();
[[nodiscard]] bool interrupted() noexcept;
/// Throws `Error{interrupted}` when the user asked to stop. Cheap enough for every batch.
void check_interrupted();
/// For tests: sets or clears the flag.
void set_interrupted(bool value) noexcept;

}  // namespace caton
