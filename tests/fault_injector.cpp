// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// Loaded before a program (LD_PRELOAD): makes its n-th allocation, write, flush, opening or start of a thread fail
// once, counted from main on. CATON_FAULT is "<kind>:<n>"; n = 0 fails nothing. CATON_FAULT_LOG names a file that gets
// "hit" when the fault happened, and the number of calls of that kind at the end.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

enum class Kind { none, allocation, write, flush, opening, thread };

Kind chosen = Kind::none;
long wanted = 0;
std::atomic<long> seen{0};
std::atomic<bool> armed{false};
char log_file[4096];

void log_line(const char* text) {
  const long descriptor = syscall(SYS_openat, AT_FDCWD, log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return;
  syscall(SYS_write, descriptor, text, std::strlen(text));
  syscall(SYS_close, descriptor);
}

/// Whether this call is the one that fails.
bool fails(Kind kind) {
  if (kind != chosen || !armed.load(std::memory_order_relaxed)) return false;
  if (++seen != wanted) return false;
  log_line("hit\n");
  return true;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

void read_wish() {
  const char* const wish = std::getenv("CATON_FAULT");
  const char* const log = std::getenv("CATON_FAULT_LOG");
  if (wish == nullptr || log == nullptr || std::strlen(log) >= sizeof log_file) return;
  std::strcpy(log_file, log);
  const char* const colon = std::strchr(wish, ':');
  if (colon == nullptr) return;
  const auto is = [&](const char* kind) {
    return std::strncmp(wish, kind, std::strlen(kind)) == 0 && wish[std::strlen(kind)] == ':';
  };
  chosen = is("allocation") ? Kind::allocation
           : is("write")    ? Kind::write
           : is("flush")    ? Kind::flush
           : is("opening")  ? Kind::opening
           : is("thread")   ? Kind::thread
                            : Kind::none;
  wanted = std::atol(colon + 1);
}

int armed_main(int argc, char** argv, char** environment) {
  read_wish();
  armed = true;
  const int code = real_main(argc, argv, environment);
  armed = false;
  char line[32];
  std::snprintf(line, sizeof line, "%ld\n", seen.load());
  if (chosen != Kind::none) log_line(line);
  return code;
}

}  // namespace

extern "C" {

int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*loader)(), void* stack) {
  real_main = main;
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  return next<Start>("__libc_start_main")(armed_main, argc, argv, init, fini, loader, stack);
}

void* malloc(std::size_t size) {
  if (fails(Kind::allocation)) {
    errno = ENOMEM;
    return nullptr;
  }
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  if (fails(Kind::allocation)) {
    errno = ENOMEM;
    return nullptr;
  }
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  if (fails(Kind::allocation)) {
    errno = ENOMEM;
    return nullptr;
  }
  return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  if (fails(Kind::allocation)) {
    errno = ENOMEM;
    return nullptr;
  }
  return __libc_memalign(alignment, size);
}

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  if (descriptor > STDERR_FILENO && fails(Kind::write)) {
    errno = ENOSPC;
    return -1;
  }
  return real(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t count, off_t place) {
  static const auto real = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite");
  if (fails(Kind::write)) {
    errno = ENOSPC;
    return -1;
  }
  return real(descriptor, bytes, count, place);
}

int fsync(int descriptor) {
  static const auto real = next<int (*)(int)>("fsync");
  if (fails(Kind::flush)) {
    errno = EIO;
    return -1;
  }
  return real(descriptor);
}

int open(const char* path, int flags, ...) {
  static const auto real = next<int (*)(const char*, int, ...)>("open");
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  if (fails(Kind::opening)) {
    errno = EMFILE;
    return -1;
  }
  return real(path, flags, mode);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*), void* argument) {
  static const auto real = next<int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)>("pthread_create");
  if (fails(Kind::thread)) return EAGAIN;
  return real(thread, attributes, body, argument);
}

}  // extern "C"
