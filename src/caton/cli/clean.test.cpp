// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "program_test.hpp"
#include "small_study.hpp"

#include "caton/base/json.hpp"
#include "caton/recording/formats/edf/edf_writer.hpp"
#include "caton/recording/memory_recording.hpp"

using namespace caton;
using caton::testing::one_clear_line;
using caton::testing::run_program;
using caton::testing::scratch;
using caton::testing::small_study;

namespace {

const std::string session = "sub-01/ses-01/eeg/sub-01_ses-01_task-emotion";

std::size_t entries(const Path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) count += entry.exists() ? 1 : 0;
  return count;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("caton clean: nearer to the true brain signal, as a BIDS derivative with a page") {
    const Path folder = scratch("clean");
    const Path file = small_study() / (session + "_eeg.edf");
    const auto ran = run_program("clean '" + file.string() + "' -o out --json", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const Json numbers = parse_json(ran.out, "clean");
    const Json& truth = numbers.at("truth");
    CHECK(truth.at("cleaned").number() > truth.at("recorded").number());
    CHECK(truth.at("cleaned").number() > 0.9);
    CHECK(numbers.at("rank_after").integer() == 14);
    const auto before = open_recording(file);
    const auto after = open_recording(folder / "out" / (session + "_desc-cleaned_eeg.edf"));
    CHECK(after->channels().size() == before->channels().size());
    CHECK(after->duration_s() == before->duration_s());
    for (const char* const end : {"_eeg.json", "_channels.tsv", "_events.tsv", "_components.tsv"})
      CHECK(std::filesystem::exists(folder / "out" / (session + "_desc-cleaned" + end)));
    CHECK(std::filesystem::exists(folder / "out" / "dataset_description.json"));
    const std::string page = read_text_file(folder / "out" / "report.html", 1 << 24);
    for (const char* const words : {"Against the truth", "Before and after", "Components", "Rank", "What was done"})
      CHECK_MESSAGE(page.find(words) != std::string::npos, words);
    CHECK(page.find("src=\"http") == std::string::npos);
  }

  TEST_CASE("caton clean: what stays unusable is marked in the recording, the table, the page, and left out later") {
    const Path folder = scratch("clean-marked");
    const auto source = open_recording(small_study() / (session + "_eeg.edf"));
    const auto eeg = source->channels_of_type("eeg");
    const std::int64_t samples = source->channels()[static_cast<std::size_t>(eeg.front())].samples;
    const double rate_hz = source->main_rate_hz();
    MemoryContent content{.format = "test", .values = Matrix({static_cast<std::int64_t>(eeg.size()), samples})};
    source->read(eeg, 0, samples, content.values.view());
    for (const std::int64_t channel : eeg)
      content.channels.push_back(
          {.name = source->channels()[static_cast<std::size_t>(channel)].name, .unit = "V", .rate_hz = rate_hz});
    content.segments = {{0, samples, 0}};
    const auto at = [&](double seconds) { return static_cast<std::int64_t>(seconds * rate_hz); };
    for (std::int64_t t = at(20); t < at(22); ++t) content.values(3, t) = 0;
    write_edf(folder / "a.edf", *memory_recording(std::move(content)));
    const auto ran = run_program("clean a.edf -o out --json", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    const Json found = parse_json(ran.out, "clean").at("rejection");
    CHECK(found.at("flat").integer() == 2);
    const Path cleaned = folder / "out/sub-a/eeg/sub-a_task-unknown_desc-cleaned_eeg.edf";
    const auto after = open_recording(cleaned);
    REQUIRE(after->annotations().size() == found.at("spans").size());
    bool marked = false;
    for (const Annotation& annotation : after->annotations())
      marked = marked || (annotation.text == "BAD_flat" && annotation.onset_s == 20 && annotation.duration_s == 2);
    CHECK(marked);
    const std::string table =
        read_text_file(folder / "out/sub-a/eeg/sub-a_task-unknown_desc-cleaned_events.tsv", 1 << 20);
    CHECK(table.find("20.000000\t2.000000\tBAD_flat\t") != std::string::npos);
    CHECK(table.find(" stands still") != std::string::npos);
    CHECK(read_text_file(folder / "out/report.html", 1 << 24).find("Marked as bad") != std::string::npos);
    const auto none = run_program("clean a.edf -o none --no-reject", folder);
    CHECK_MESSAGE(none.code == 0, none.error);
    const auto features = run_program("features '" + cleaned.string() + "' --kind hjorth --window 2 -o x.csv", folder);
    REQUIRE_MESSAGE(features.code == 0, features.error);
    CHECK_MESSAGE(features.error.find("share time with stretches marked BAD_flat") != std::string::npos,
                  features.error);
  }

  TEST_CASE("caton clean: a recording that is clean already keeps its signal") {
    const Path folder = scratch("clean-already");
    const Path file = small_study() / "derivatives/truth" / (session + "_desc-brain_eeg.edf");
    const auto ran = run_program("clean '" + file.string() + "' -o out --json", folder);
    REQUIRE_MESSAGE(ran.code == 0, ran.error);
    CHECK(parse_json(ran.out, "clean").at("correlation_with_recorded").number() > 0.99);
    CHECK(parse_json(ran.out, "clean").at("rejection").at("rejected").integer() == 0);
  }

  TEST_CASE("caton clean: the same files with one thread and with three") {
    const Path folder = scratch("clean-threads");
    const Path file = small_study() / (session + "_eeg.edf");
    for (const std::string threads : {"1", "3"})
      REQUIRE(run_program("-q --threads " + threads + " clean '" + file.string() + "' -o " + threads, folder).code ==
              0);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "1")) {
      if (!entry.is_regular_file()) continue;
      const Path other = folder / "3" / std::filesystem::relative(entry.path(), folder / "1");
      CHECK_MESSAGE(sha256(MappedFile(entry.path()).bytes()) == sha256(MappedFile(other).bytes()), other);
      ++files;
    }
    CHECK(files >= 7);
  }

  TEST_CASE("caton clean: what cannot be done is one clear line, and nothing is left") {
    const Path folder = scratch("clean-refused");
    std::filesystem::create_directory(folder / "taken");
    write_file(folder / "words.txt", "no recording at all\n");
    write_file(folder / "few.csv", "time,Cz\n0,1\n0.01,2\n0.02,1\n");
    const std::string good = "'" + (small_study() / (session + "_eeg.edf")).string() + "'";
    const std::size_t before = entries(folder);
    for (const std::string& arguments : std::vector<std::string>{
             "", "missing.edf -o x", "words.txt -o x", "few.csv -o x", good + " -o taken",
             good + " -o x --high-pass 60", good + " -o x --high-pass -1", good + " -o x --reference no",
             good + " -o x --asr-cutoff 0", good + " -o x --reject 0", good + " -o x --reject 100 --no-reject"}) {
      const auto ran = run_program("clean " + arguments, folder);
      CHECK_MESSAGE((ran.code == 2 || ran.code == 3), arguments);
      CHECK_MESSAGE(one_clear_line(ran.error), ran.error);
    }
    CHECK(entries(folder) == before);
  }
}
