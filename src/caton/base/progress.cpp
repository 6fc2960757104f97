// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/progress.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/base/time_limit.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <limits>
#include <ratio>

namespace caton {
namespace {

volatile std::sig_atomic_t interrupt_count = 0;

using Clock = std::chrono::steady_clock;
/// When the time is over; the largest: never.
std::atomic<Clock::rep> deadline{std::numeric_limits<Clock::rep>::max()};

bool time_is_over() noexcept {
  const Clock::rep until = deadline.load(std::memory_order_relaxed);
  return until != std::numeric_limits<Clock::rep>::max() && Clock::now().time_since_epoch().count() >= until;
}

extern "C" void on_interrupt(int /*signal*/) {
  if (interrupt_count != 0) _exit(static_cast<int>(ErrorKind::interrupted));
  interrupt_count = 1;
}

std::size_t terminal_width() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return 80;
}

}  // namespace

Progress::Progress(Display display) : display_(display) {}
Progress::~Progress() {
  if (open_) finish();
}

void Progress::begin(const std::string& what, double total) {
  const std::lock_guard lock(mutex_);
  what_ = what;
  detail_.clear();
  total_ = total;
  done_ = 0;
  begin_ = std::chrono::steady_clock::now();
  shown_ = begin_;
  open_ = true;
  if (display_ == Display::line) show(false);
}

void Progress::step(double steps) {
  const std::lock_guard lock(mutex_);
  done_ += steps;
  const auto now = std::chrono::steady_clock::now();
  const auto wait = display_ == Display::line ? std::chrono::milliseconds(100) : std::chrono::milliseconds(30'000);
  if (display_ == Display::none || now - shown_ < wait) return;
  shown_ = now;
  show(false);
}

void Progress::say(const std::string& detail) {
  const std::lock_guard lock(mutex_);
  detail_ = detail;
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (open_) show(true);
  open_ = false;
}

void Progress::show(bool last) {
  if (display_ == Display::none) return;
  if (display_ == Display::line && last) {
    std::fputs("\r\x1b[K", stderr);
    return;
  }
  if (last) return;
  const double share = total_ > 0 ? std::clamp(done_ / total_, 0.0, 1.0) : 0.0;
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  std::string text = what_ + "  " + fixed_text(100 * share, 0) + " %";
  if (share > 0.02 && spent > 1) text += ", " + duration_text(spent * (1 - share) / share) + " left";
  if (!detail_.empty()) text += "  " + detail_;
  text = printable(text);
  if (display_ == Display::line) {
    text.resize(std::min(text.size(), terminal_width() - 1));
    std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  std::fflush(stderr);
}

Progress::Display default_display(bool quiet) {
  if (quiet) return Progress::Display::none;
  return isatty(STDERR_FILENO) == 1 ? Progress::Display::line : Progress::Display::log;
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(std::max(seconds, 0.0)));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

void install_interrupt_handler() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept { return interrupt_count != 0 || time_is_over(); }
void set_interrupted(bool value) noexcept { interrupt_count = value ? 1 : 0; }

void set_time_limit(double hours) {
  constexpr double century_h = 876'000;  // beyond it the clock's numbers end
  const auto span = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double, std::ratio<3600>>(std::min(hours, century_h)));
  deadline = hours > 0 ? (Clock::now() + span).time_since_epoch().count() : std::numeric_limits<Clock::rep>::max();
}

void check_interrupted() {
  if (!interrupted()) return;
  throw Error(ErrorKind::interrupted, "", interrupt_count != 0 ? "stopped on request" : "the time of [limits] is over",
              "the same command goes on where it stopped");
}

}  // namespace caton
