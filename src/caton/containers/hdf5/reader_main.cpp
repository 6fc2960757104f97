// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// caton-reader MODE FILE [NAME [PART…]]: reads one HDF5 file under limits and writes one answer to its output.
// MODE is list, read or outline. Before a byte of the file is looked at, memory and time are limited and writing,
// connecting and starting programs are forbidden.

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/containers/hdf5/frames.hpp"
#include "caton/containers/hdf5/reader_types.hpp"
#include "caton/containers/hdf5/reader_walk.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <new>
#ifdef CATON_HAVE_SECCOMP
#include <seccomp.h>
#endif

namespace caton::hdf5 {
namespace {

/// Sanitizers reserve terabytes of addresses and ask the system for more than a reader needs.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool sanitized = false;
#endif

void limit_resources() {
  const auto set = [](__rlimit_resource which, rlim_t value) {
    const rlimit both{value, value};
    setrlimit(which, &both);
  };
  set(RLIMIT_CPU, static_cast<rlim_t>(limits::reader_cpu_s));
  set(RLIMIT_CORE, 0);
  set(RLIMIT_FSIZE, 0);
  if (!sanitized) set(RLIMIT_AS, static_cast<rlim_t>(limits::reader_memory_bytes));
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/// Forbids (EPERM) every call of the system but those that read an open file, ask for memory and write the answer.
void close_doors() {
#ifdef CATON_HAVE_SECCOMP
  if (sanitized) return;
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return;
  for (const int call :
       {SCMP_SYS(read),         SCMP_SYS(pread64),     SCMP_SYS(readv),         SCMP_SYS(write),
        SCMP_SYS(writev),       SCMP_SYS(lseek),       SCMP_SYS(fstat),         SCMP_SYS(newfstatat),
        SCMP_SYS(close),        SCMP_SYS(fcntl),       SCMP_SYS(flock),         SCMP_SYS(mmap),
        SCMP_SYS(munmap),       SCMP_SYS(mremap),      SCMP_SYS(mprotect),      SCMP_SYS(madvise),
        SCMP_SYS(brk),          SCMP_SYS(futex),       SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
        SCMP_SYS(getrandom),    SCMP_SYS(getpid),      SCMP_SYS(gettid),        SCMP_SYS(tgkill),
        SCMP_SYS(sched_yield),  SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),        SCMP_SYS(exit_group)}) {
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  }
  seccomp_load(filter);
  seccomp_release(filter);
#endif
}

bool says_matlab(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(10, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return head == "MATLAB 7.3";
}

Answer answer_to(const std::vector<std::string>& words) {
  const std::string& path = words[1];
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
  const bool matlab = says_matlab(path);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose);
  if (file < 0) throw input_error(path, library_problem("cannot be opened as HDF5"), "copy or export the file again");
  close_doors();
  Walker walker(file, matlab, path);
  if (words[0] == "list") return walker.list();
  return walker.read(words[2], {words.begin() + 3, words.end()}, words[0] == "outline");
}

Answer refusal_of(const Error& error) {
  Answer answer;
  answer.refusal = Answer::Refusal{error.kind(), error.where(), error.problem(), error.remedy()};
  return answer;
}

int run(const std::vector<std::string>& words) {
  const Sink sink = [](Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) _exit(1);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  };
  try {
    write_answer(answer_to(words), sink);
  } catch (const Error& error) {
    write_answer(refusal_of(error), sink);
  } catch (const std::bad_alloc&) {
    write_answer(refusal_of(input_error(words[1], "reading it needs more memory than the limit of 4 GB")), sink);
  }
  return 0;
}

}  // namespace
}  // namespace caton::hdf5

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool list = words.size() == 2 && words[0] == "list";
  if (!list && (words.size() < 3 || (words[0] != "read" && words[0] != "outline"))) return 2;
  caton::hdf5::limit_resources();
  const int code = caton::hdf5::run(words);
  // Without the library's own clean-up, which would call what is forbidden by now.
  _exit(code);
}
