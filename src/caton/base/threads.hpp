// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace caton {

/// Workers that share out independent items. Results never depend on how many there are: parallel work writes only to
/// its own item, and what must be added up is added in a fixed order (RELIABILITY R24).
class ThreadPool {
 public:
  /// `threads` >= 1 includes the calling thread.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  [[nodiscard]] int threads() const noexcept;
  /// Runs `body(0) … body(count-1)`, each once, on any thread; returns when all are done. A call from inside a worker
  /// runs in place. When items throw, the error of the lowest item is thrown after all others ended.
  void parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& body);
  /// How many items each thread has run since the pool was made (for tests).
  [[nodiscard]] std::vector<std::int64_t> items_by_thread() const;

 private:
  struct State;
  static void serve(State& state, int index);

  std::unique_ptr<State> state_;
};

/// The program's one pool. Its size is set once, before first use, by `set_threads`; otherwise $CATON_THREADS or the
/// number of processors.
[[nodiscard]] ThreadPool& thread_pool();
void set_threads(int threads);
[[nodiscard]] int thread_count();

/// Sum in blocks of 4096 values, pairwise in order: the same bits however the work was shared out.
[[nodiscard]] double ordered_sum(std::span<const double> values) noexcept;

}  // namespace caton
