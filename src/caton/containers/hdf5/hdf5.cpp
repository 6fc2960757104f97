// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/hdf5/hdf5.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/hdf5/frames.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <utility>

extern char** environ;

namespace caton {
namespace {

constexpr std::string_view mark("\x89HDF\r\n\x1a\n", 8);

/// A started caton-reader and the pipe it writes to.
class Child {
 public:
  Child(const Path& program, const std::vector<std::string>& arguments) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0) throw machine_error(program.string(), "cannot be started: no pipe");
    read_end_ = ends[0];
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    const int problem = posix_spawn(&pid_, program.c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (problem != 0) {
      close(read_end_);
      throw machine_error(program.string(), "cannot be started (" + std::generic_category().message(problem) + ")",
                          "install caton again or set CATON_READER");
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      static_cast<void>(end());
    }
    close(read_end_);
  }

  /// Fills all of `out`; false when the child stopped writing before.
  bool read(std::span<std::byte> out) const {
    while (!out.empty()) {
      const ssize_t came = ::read(read_end_, out.data(), out.size());
      if (came < 0 && errno == EINTR) continue;
      if (came <= 0) return false;
      out = out.subspan(static_cast<std::size_t>(came));
    }
    return true;
  }
  /// Waits for its end: "" when it was a good one, else what happened.
  std::string end() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    if (WIFSIGNALED(status)) {
      const int signal = WTERMSIG(status);
      if (signal == SIGXCPU || signal == SIGKILL)
        return "took longer than the limit of " + std::to_string(limits::reader_cpu_s) + " s";
      return "crashed (signal " + std::to_string(signal) + ")";
    }
    return WEXITSTATUS(status) == 0 ? "" : "failed (exit code " + std::to_string(WEXITSTATUS(status)) + ")";
  }

 private:
  pid_t pid_ = -1;
  int read_end_ = -1;
};

/// Asks the child one question about the file.
hdf5::Answer ask(const Path& path, const std::vector<std::string>& question) {
  Child child(find_reader(), question);
  const hdf5::Fill fill = [&](std::span<std::byte> out) {
    if (child.read(out)) return;
    const std::string how = child.end();
    throw input_error(path.string(), "the program that reads HDF5 " + (how.empty() ? "stopped early" : how),
                      "the file is damaged, hostile or too large; export it again, or as MATLAB level 5");
  };
  hdf5::Answer answer = hdf5::read_answer(fill, limits::reader_memory_bytes, path.string());
  if (answer.refusal) {
    const auto& refusal = *answer.refusal;
    throw Error(refusal.kind, printable(refusal.where), printable(refusal.problem), printable(refusal.remedy));
  }
  return answer;
}

class Hdf5Container : public Container {
 public:
  explicit Hdf5Container(Path path) : path_(std::move(path)) {
    hdf5::Answer answer = ask(path_, {"list", path_.string()});
    variables_ = std::move(answer.variables);
    findings_ = std::move(answer.findings);
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  const Findings& findings() const override { return findings_; }
  ContainerValue read(const std::string& name) const override { return read_with("read", name, {}); }
  ContainerValue outline(const std::string& name) const override { return read_with("outline", name, {}); }
  ContainerValue read_part(const std::string& name, const std::vector<std::string>& path) const override {
    return read_with("read", name, path);
  }

 private:
  ContainerValue read_with(const std::string& how, const std::string& name,
                           const std::vector<std::string>& path) const {
    variable_named(variables_, name, path_.string());
    std::vector<std::string> question{how, path_.string(), name};
    question.insert(question.end(), path.begin(), path.end());
    return std::move(ask(path_, question).value);
  }

  Path path_;
  std::vector<VariableAbout> variables_;
  Findings findings_;
};

/// The superblock lies at 0, 512, 1024, 2048 …: behind MATLAB's own header at 512.
bool is_hdf5(Bytes head) {
  const auto text = text_of(head);
  for (std::size_t at = 0; at + mark.size() <= text.size(); at = at == 0 ? 512 : at * 2) {
    if (text.substr(at, mark.size()) == mark) return true;
  }
  return false;
}

const ContainerFormat hdf5_format{
    .name = "matlab-7.3",
    .about = "MATLAB 7.3 and plain HDF5, read in a child process",
    .extensions = {".mat", ".h5", ".hdf5"},
    .recognise = [](Bytes head, const Path&) { return is_hdf5(head); },
    .open = open_hdf5,
};
CATON_REGISTER(ContainerFormat, hdf5_format);

/// A place in this library, to find out where the library was loaded from.
constexpr char here = 0;

}  // namespace

Path find_reader() {
  if (const char* const given = std::getenv("CATON_READER"); given != nullptr && *given != '\0') return given;
  std::vector<Path> folders;
  Dl_info library{};
  if (dladdr(&here, &library) != 0 && library.dli_fname != nullptr) {
    folders.push_back(std::filesystem::absolute(library.dli_fname).parent_path());
  }
  std::error_code problem;
  const Path program = std::filesystem::read_symlink("/proc/self/exe", problem);
  if (!problem) folders.push_back(program.parent_path());
  for (const Path& folder : folders) {
    // Beside (a build folder), or installed: PREFIX/lib/caton, PREFIX/lib/<architecture>, PREFIX/bin.
    for (const char* const way : {".", "../libexec/caton", "../../libexec/caton", "../bin", "../../bin"}) {
      const Path candidate = (folder / way / "caton-reader").lexically_normal();
      if (access(candidate.c_str(), X_OK) == 0) return candidate;
    }
  }
  throw machine_error("caton-reader", "is missing: it reads HDF5 and MATLAB 7.3",
                      "install caton with HDF5, or set CATON_READER to where it is");
}

std::unique_ptr<Container> open_hdf5(const Path& path) { return std::make_unique<Hdf5Container>(path); }

}  // namespace caton
