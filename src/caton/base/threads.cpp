// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/threads.hpp"

#include "caton/base/error.hpp"
#include "caton/base/held_interrupts.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/text.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

namespace caton {
namespace {

thread_local bool inside_worker = false;
thread_local int holds = 0;

struct Job {
  const std::function<void(std::int64_t)>* body = nullptr;
  std::int64_t count = 0;
  bool held = false;  ///< goes on though the user asked to stop
  std::atomic<std::int64_t> next{0};
  std::mutex mutex;
  std::int64_t failed_item = -1;
  std::exception_ptr failure;
};

void run_items(Job& job, std::int64_t& items) {
  inside_worker = true;
  holds += job.held ? 1 : 0;
  for (;;) {
    const std::int64_t item = job.next.fetch_add(1);
    if (item >= job.count) break;
    ++items;
    try {
      if (!job.held) check_interrupted();
      (*job.body)(item);
    } catch (...) {
      const std::lock_guard lock(job.mutex);
      if (job.failed_item < 0 || item < job.failed_item) {
        job.failed_item = item;
        job.failure = std::current_exception();
      }
    }
  }
  holds -= job.held ? 1 : 0;
  inside_worker = false;
}

}  // namespace

HeldInterrupts::HeldInterrupts() noexcept { ++holds; }
HeldInterrupts::~HeldInterrupts() { --holds; }

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable wake, done;
  std::vector<std::jthread> workers;
  std::vector<std::int64_t> items;
  Job* job = nullptr;
  std::uint64_t generation = 0;
  int busy = 0;
  bool stopping = false;
  std::mutex one_job;
};

void ThreadPool::serve(State& s, int index) {
  std::uint64_t seen = 0;
  for (;;) {
    std::unique_lock lock(s.mutex);
    s.wake.wait(lock, [&] { return s.stopping || s.generation != seen; });
    if (s.stopping) return;
    seen = s.generation;
    Job* const job = s.job;
    if (job == nullptr) continue;
    ++s.busy;
    lock.unlock();
    std::int64_t items = 0;
    run_items(*job, items);
    lock.lock();
    s.items[static_cast<std::size_t>(index)] += items;
    if (--s.busy == 0) s.done.notify_all();
  }
}

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  if (threads < 1) throw usage_error("threads", "at least one thread is needed, got " + std::to_string(threads));
  State& s = *state_;
  s.items.assign(static_cast<std::size_t>(threads), 0);
  s.workers.reserve(static_cast<std::size_t>(threads));
  for (int index = 1; index < threads; ++index) {
    try {
      s.workers.emplace_back([&s, index] { serve(s, index); });
    } catch (const std::system_error&) {
      break;  // the machine gives no more threads: the results are the same with those that are there
    }
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
}

int ThreadPool::threads() const noexcept { return static_cast<int>(state_->items.size()); }

void ThreadPool::parallel_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  if (count <= 0) return;
  State& s = *state_;
  if (inside_worker || threads() == 1 || count == 1) {
    for (std::int64_t item = 0; item < count; ++item) {
      if (holds == 0) check_interrupted();
      body(item);
    }
    if (!inside_worker) {
      const std::lock_guard lock(s.mutex);
      s.items[0] += count;
    }
    return;
  }
  const std::lock_guard only_one(s.one_job);
  Job job;
  job.body = &body;
  job.count = count;
  job.held = holds > 0;
  {
    const std::lock_guard lock(s.mutex);
    s.job = &job;
    ++s.generation;
  }
  s.wake.notify_all();
  std::int64_t items = 0;
  run_items(job, items);
  {
    std::unique_lock lock(s.mutex);
    s.job = nullptr;
    s.items[0] += items;
    s.done.wait(lock, [&] { return s.busy == 0; });
  }
  if (job.failure) std::rethrow_exception(job.failure);
}

std::vector<std::int64_t> ThreadPool::items_by_thread() const {
  const std::lock_guard lock(state_->mutex);
  return state_->items;
}

namespace {

std::atomic<int> wanted_threads{0};

int default_threads() {
  if (const char* const text = std::getenv("CATON_THREADS")) {
    const auto value = parse_integer(text);
    if (!value || *value < 1 || *value > 1024) {
      throw usage_error("CATON_THREADS", "\"" + std::string(text) + "\" is no number of threads", "use 1 to 1024");
    }
    return static_cast<int>(*value);
  }
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace

void set_threads(int threads) { wanted_threads = threads; }

int thread_count() {
  const int wanted = wanted_threads;
  return wanted > 0 ? wanted : default_threads();
}

ThreadPool& thread_pool() {
  static ThreadPool pool(thread_count());
  return pool;
}

double ordered_sum(std::span<const double> values) noexcept {
  constexpr std::size_t block = 4096;
  if (values.size() <= block) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum;
  }
  const std::size_t blocks = (values.size() + block - 1) / block;
  const std::size_t half = (blocks / 2) * block;
  return ordered_sum(values.first(half)) + ordered_sum(values.subspan(half));
}

}  // namespace caton
