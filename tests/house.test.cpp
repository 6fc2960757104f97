// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors

// The rules of the house that no single room can hold: who may include whom, what libcaton needs to load, how long a
// file may be, and that nothing registered is missing from where it must appear.
#include "golden_test.hpp"

#include "caton/base/bytes.hpp"
#include "caton/base/text.hpp"

#include <array>
#include <cstdio>
#include <map>
#include <regex>
#include <set>

using namespace caton;

namespace {

/// Rooms in the order in which they may be included: floor by floor, left to right (docs/architecture.md).
const std::vector<std::vector<std::string>> floors{
    {"base"},
    {"containers", "sensors", "signal"},
    {"recording", "features", "geometry"},
    {"samples", "measure", "prepare"},
    {"decode", "nn"},
    {"models", "datasets"},
    {"evaluate"},
    {"explain", "report"},
    {"study", "stream", "conformance"},
    {"cli"},
};

std::map<std::string, std::pair<int, int>> places() {
  std::map<std::string, std::pair<int, int>> place;
  for (std::size_t floor = 0; floor < floors.size(); ++floor) {
    for (std::size_t i = 0; i < floors[floor].size(); ++i)
      place[floors[floor][i]] = {static_cast<int>(floor), static_cast<int>(i)};
  }
  return place;
}

struct SourceFile {
  Path path;
  std::string room, name;
  std::string text;
};

std::vector<SourceFile> source_files() {
  std::vector<SourceFile> files;
  const Path root = caton::testing::source_dir() / "src" / "caton";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    const Path relative = std::filesystem::relative(entry.path(), root);
    files.push_back(
        {entry.path(), relative.begin()->string(), relative.string(), read_text_file(entry.path(), 1 << 22)});
  }
  return files;
}

bool is_test(const SourceFile& file) {
  return file.name.find(".test.") != std::string::npos || file.name.find(".bench.") != std::string::npos ||
         file.name.find(".fuzz.") != std::string::npos;
}

std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex line(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])", std::regex::multiline);
  std::vector<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), line); it != std::sregex_iterator(); ++it)
    found.push_back((*it)[1]);
  return found;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) text += buffer.data();
  pclose(pipe);
  return text;
}

}  // namespace

TEST_SUITE("house") {
  TEST_CASE("includes go to lower floors, or to the left on the same floor") {
    const auto place = places();
    std::size_t checked = 0;
    for (const auto& file : source_files()) {
      if (is_test(file)) continue;
      REQUIRE_MESSAGE(place.count(file.room) == 1, "a room without a floor: " << file.room);
      for (const auto& include : includes_of(file.text)) {
        if (include.rfind("caton/", 0) != 0) continue;
        const std::string room = split(include, '/').at(1);
        REQUIRE_MESSAGE(place.count(room) == 1, file.name << " includes " << include);
        const bool allowed = room == file.room || place.at(room) < place.at(file.room);
        CHECK_MESSAGE(allowed, file.name << " includes " << include << ", which lies above or to the right");
        ++checked;
      }
    }
    CHECK(checked > 100);
  }

  TEST_CASE("libtorch is known only to nn/ and models/, HDF5 only to the reader") {
    for (const auto& file : source_files()) {
      for (const auto& include : includes_of(file.text)) {
        const bool torch =
            include.rfind("torch/", 0) == 0 || include.rfind("ATen/", 0) == 0 || include.rfind("c10/", 0) == 0;
        if (torch) {
          CHECK_MESSAGE((file.room == "nn" || file.room == "models"), file.name << " includes " << include);
          CHECK_MESSAGE(file.name.find("about.cpp") == std::string::npos, file.name << " must not know libtorch");
        }
        if (include == "hdf5.h")
          CHECK_MESSAGE(file.name.find("reader") != std::string::npos, file.name << " includes " << include);
      }
    }
  }

  TEST_CASE("no foreign types in public headers") {
    for (const auto& file : source_files()) {
      // cli/ is a program, nn/ and models/ are inside libcaton_nn: nobody else includes them.
      if (file.path.extension() != ".hpp" || file.room == "cli" || file.room == "nn" || file.room == "models" ||
          is_test(file))
        continue;
      for (const auto& include : includes_of(file.text)) {
        const bool foreign = include.rfind("nlohmann", 0) == 0 || include.rfind("Eigen", 0) == 0 ||
                             include.rfind("toml++", 0) == 0 || include.rfind("fmt/", 0) == 0 ||
                             include.rfind("hwy/", 0) == 0;
        CHECK_MESSAGE(!foreign, file.name << " includes " << include);
      }
    }
  }

  TEST_CASE("R1 parsers of bytes touch no raw memory") {
    const std::regex banned(R"(\b(reinterpret_cast|memcpy|memmove|strto[a-z]+|ato[if]|sscanf|malloc|alloca)\b)");
    for (const auto& file : source_files()) {
      const bool parser = file.room == "containers" || file.name.rfind("recording/formats/", 0) == 0;
      if (!parser || is_test(file)) continue;
      std::smatch match;
      const bool found = std::regex_search(file.text, match, banned);
      CHECK_MESSAGE(!found, file.name << " uses " << (found ? match.str() : ""));
    }
  }

  TEST_CASE("files begin with the licence and stay short") {
    for (const auto& file : source_files()) {
      CHECK_MESSAGE(file.text.rfind("// SPDX-License-Identifier: Apache-2.0\n", 0) == 0, file.name);
      const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
      CHECK_MESSAGE(lines <= 600, file.name << " has " << lines << " lines");
    }
  }

  TEST_CASE("every room says what lives in it") {
    std::set<std::string> rooms;
    for (const auto& file : source_files()) rooms.insert(file.room);
    for (const auto& room : rooms) {
      CHECK_MESSAGE(std::filesystem::exists(caton::testing::source_dir() / "src" / "caton" / room / "README.md"), room);
    }
  }

  TEST_CASE("libcaton loads without libtorch, BLAS, HDF5 or MPI") {
    const std::string needed = output_of("ldd '" + (caton::testing::build_dir() / "libcaton.so").string() + "'");
    REQUIRE(needed.find("libc.so") != std::string::npos);
    for (const char* const heavy : {"torch", "blas", "hdf5", "mpi", "opencv", "lapack"}) {
      CHECK_MESSAGE(needed.find(heavy) == std::string::npos, "libcaton needs " << heavy);
    }
  }
}
