// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "golden_test.hpp"

#include "caton/base/array.hpp"
#include "caton/base/folder.hpp"
#include "caton/base/held_interrupts.hpp"
#include "caton/base/json.hpp"
#include "caton/base/order_statistics.hpp"
#include "caton/base/progress.hpp"
#include "caton/base/random.hpp"
#include "caton/base/safetensors.hpp"
#include "caton/base/table.hpp"
#include "caton/base/text.hpp"
#include "caton/base/threads.hpp"
#include "caton/base/toml.hpp"

#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>

using namespace caton;
using caton::testing::error_of;

TEST_SUITE("base") {
  TEST_CASE("philox: the known answers of Random123") {
    CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) ==
          std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
          std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  }

  TEST_CASE("random streams: many numbers at once are the same numbers") {
    for (const std::size_t before : {0U, 1U, 3U, 4U}) {
      for (const std::size_t count : {0U, 1U, 5U, 64U, 203U, 4096U}) {
        RandomStream one(9, "fill"), many(9, "fill");
        for (std::size_t i = 0; i < before; ++i) CHECK(one.next_u32() == many.next_u32());
        std::vector<std::uint32_t> numbers(count);
        many.fill(numbers);
        bool same = true;
        for (const auto number : numbers) same = same && number == one.next_u32();
        CHECK(same);
        CHECK(one.next_u32() == many.next_u32());
      }
    }
  }

  TEST_CASE("R25 random streams: keyed by purpose, not by the order of calls") {
    RandomStream first(1, "smote", {3});
    const auto value = first.next_u64();
    static_cast<void>(RandomStream(1, "other").next_u64());
    CHECK(RandomStream(1, "smote", {3}).next_u64() == value);
    CHECK(RandomStream(1, "smote", {4}).next_u64() != value);
    CHECK(RandomStream(2, "smote", {3}).next_u64() != value);
    CHECK(first.derive("x").next_u64() == RandomStream(1, "smote", {3}).derive("x").next_u64());
  }

  TEST_CASE("normal numbers have mean 0 and variance 1") {
    RandomStream stream(7, "test");
    double sum = 0, squares = 0;
    constexpr int n = 100'000;
    for (int i = 0; i < n; ++i) {
      const double x = stream.normal();
      sum += x;
      squares += x * x;
    }
    CHECK(std::abs(sum / n) < 0.02);
    CHECK(std::abs(squares / n - 1) < 0.02);
  }

  TEST_CASE("json: what is written reads back the same") {
    const std::string text = R"({"a":[1,2.5,-3e-300],"b":{"c":null,"d":true,"e":"µ\"\\\n"}})";
    const Json value = parse_json(text, "test");
    CHECK(parse_json(value.dump(), "test") == value);
    CHECK(parse_json(value.dump(2), "test") == value);
    CHECK(value.at("b").at("e").text() == "µ\"\\\n");
  }

  TEST_CASE("R6 json: nesting is limited, duplicate keys are refused") {
    CHECK(error_of([] { static_cast<void>(parse_json(std::string(1000, '['), "x")); }).kind() == ErrorKind::input);
    CHECK(error_of([] { static_cast<void>(parse_json(R"({"a":1,"a":2})", "x")); }).problem().find("twice") !=
          std::string::npos);
  }

  TEST_CASE("toml: round trip, and errors name the line") {
    const std::string text =
        "[study]\nname = \"x\"\nseed = 1\n[[pipeline]]\nname = \"a\"\nsteps = [{ notch = { hz = 50 } }, \"b\"]\n";
    const Json value = parse_toml(text, "r.toml");
    CHECK(parse_toml(to_toml(value), "again") == value);
    CHECK(toml_place(text, "r.toml", "pipeline.0.steps") == "r.toml: line 6");
    const Error error = error_of([] { static_cast<void>(parse_toml("a = 1\nb = = 2\n", "r.toml")); });
    CHECK(error.where().find("line 2") != std::string::npos);
    CHECK(error.kind() == ErrorKind::usage);
  }

  TEST_CASE("R12 safetensors: round trip; holes, overlaps, surplus and absurd headers are refused") {
    Safetensors content;
    content.metadata["format"] = "test";
    content.tensors.emplace("a", Tensor({2, 2}, std::vector<float>{1, 2, 3, 4}));
    content.tensors.emplace("b", Tensor::vector(std::vector<std::int64_t>{5, 6}));
    const std::string bytes = safetensors_bytes(content);
    const Safetensors again = parse_safetensors(bytes_of(bytes), "x");
    CHECK(safetensors_bytes(again) == bytes);
    const auto made = [](const std::string& header, std::size_t buffer) {
      std::string file(8, '\0');
      file[0] = static_cast<char>(header.size());
      file[1] = static_cast<char>(header.size() >> 8);
      return file + header + std::string(buffer, '\0');
    };
    const auto refused = [](const std::string& file) {
      return error_of([&] { static_cast<void>(parse_safetensors(bytes_of(file), "x")); }).kind() == ErrorKind::input;
    };
    CHECK(refused(bytes + "x"));
    CHECK(refused(bytes.substr(0, bytes.size() - 1)));
    CHECK(refused(made(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8)));
    CHECK(refused(made(
        R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        8)));
    CHECK(refused(made(
        R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
        8)));
    CHECK(refused(made(R"({"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}})", 4)));
    CHECK(refused(made(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", 0)));
    CHECK(refused(std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10)));
  }

  TEST_CASE("views: slices and transposes look at the same values") {
    Array<double, 2> a({2, 3});
    std::iota(a.begin(), a.end(), 0.0);
    CHECK(a.view().transposed()(2, 1) == 5);
    CHECK(a.view().slice(1, 1, 2)(1, 0) == 4);
    CHECK_FALSE(a.view().slice(1, 1, 2).contiguous());
    CHECK(a[1][2] == 5);
    CHECK(Array<double, 2>(a.view().transposed())(1, 0) == 1);
  }

  TEST_CASE("R13 pool: a second array of the same size asks the system for nothing") {
    { const Array<float, 1> first({1 << 20}, uninitialised); }
    const auto before = pool_state().system_requests;
    for (int i = 0; i < 10; ++i) const Array<float, 1> again({1 << 20}, uninitialised);
    CHECK(pool_state().system_requests == before);
  }

  TEST_CASE("threads: a request to stop ends a loop before its next item, unless it is held") {
    for (const int threads : {1, 2}) {
      ThreadPool pool(threads);
      std::atomic<int> done{0};
      const auto ask_at_three = [&](std::int64_t item) {
        ++done;
        if (item == 3) set_interrupted(true);
      };
      CHECK(error_of([&] { pool.parallel_for(100'000, ask_at_three); }).kind() == ErrorKind::interrupted);
      CHECK(done >= 4);
      CHECK(done < 100'000);
      // A loop inside one that is held is held with it, on whatever thread it runs.
      done = 0;
      {
        const HeldInterrupts held;
        pool.parallel_for(10, [&](std::int64_t) { pool.parallel_for(10, [&](std::int64_t) { ++done; }); });
      }
      CHECK(done == 100);
      CHECK(error_of([&] { pool.parallel_for(1, [&](std::int64_t) { ++done; }); }).kind() == ErrorKind::interrupted);
      CHECK(done == 100);
      set_interrupted(false);
    }
  }

  TEST_CASE("R24 threads: every item once, on both threads, lowest error first") {
    ThreadPool pool(2);
    std::vector<int> seen(1000, 0);
    std::atomic<int> waiting{0};
    pool.parallel_for(1000, [&](std::int64_t i) {
      // The first two items meet, so that both threads must take part.
      if (i < 2) {
        ++waiting;
        while (waiting < 2) std::this_thread::yield();
      }
      ++seen[static_cast<std::size_t>(i)];
    });
    CHECK(std::count(seen.begin(), seen.end(), 1) == 1000);
    const auto items = pool.items_by_thread();
    CHECK(items[0] > 0);
    CHECK(items[1] > 0);
    const Error error = error_of([&] {
      pool.parallel_for(100, [](std::int64_t i) {
        if (i % 10 == 3) throw check_error("item", std::to_string(i));
      });
    });
    CHECK(error.problem() == "3");
  }

  TEST_CASE("R5 text: control characters never reach a terminal") {
    CHECK(printable("a\x1b[31m\x07 µ") == "a\\x1b[31m\\x07 µ");
    CHECK(printable("\xc2\x9b") == "\\xc2\\x9b");
    CHECK(printable("\xff") == "\\xff");
  }

  TEST_CASE("suggestions name the near ones") {
    CHECK(suggestion("bandpas", {"bandpass", "notch"}) == "did you mean bandpass?");
    CHECK(suggestion("zzzzzz", {"bandpass", "notch"}) == "known: bandpass, notch");
  }

  TEST_CASE("tables: quotes, CRLF, ragged rows") {
    const Table table = parse_table(
        "\xEF\xBB\xBF"
        "a,b\r\n\"x,\"\"1\",2\r\n",
        ',', "t");
    CHECK(table.rows.at(0).at(0) == "x,\"1");
    CHECK(parse_table(table_text(table), ',', "t").rows == table.rows);
    CHECK(error_of([] { static_cast<void>(parse_table("a,b\n1\n", ',', "t.csv")); }).where() == "t.csv: line 2");
  }

  TEST_CASE("R17 files: whole or not at all") {
    const Path folder = caton::testing::scratch("base-files");
    write_file(folder / "a.txt", "one");
    {
      FileWriter writer(folder / "a.txt");
      writer.write(std::string_view("two"));
    }
    CHECK(read_text_file(folder / "a.txt", 100) == "one");
    { const FolderWriter writer(folder / "run"); }
    CHECK(std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator{}) == 1);
    CHECK(error_of([&] { static_cast<void>(safe_join(folder, "../x", "f")); }).kind() == ErrorKind::input);
    CHECK(error_of([&] { static_cast<void>(safe_join(folder, "/etc/passwd", "f")); }).kind() == ErrorKind::input);
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  TEST_CASE("medians: odd, even, none; the robust deviation ignores a wild value") {
    CHECK(median({3, 1, 2}) == 2);
    CHECK(median({4, 1, 3, 2}) == 2.5);
    CHECK(std::isnan(median({})));
    CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
    CHECK(quantile({4, 1, 3, 2}, 0.25) == 1.75);
    CHECK(quantile({4, 1, 3, 2}, 1) == 4);
    CHECK(quantile({7}, 0.98) == 7);
    CHECK(std::isnan(quantile({}, 0.5)));
    CHECK(robust_deviation({1, 2, 3, 4, 1e9}) == doctest::Approx(1.4826));
    CHECK(robust_deviation({5, 5, 5}) == 0);
  }

  TEST_CASE("folders: entries by name, those below on request, links not followed, what is no folder refused") {
    const Path folder = testing::scratch("base-entries");
    std::filesystem::create_directories(folder / "b" / "inner");
    write_file(folder / "c", "1");
    write_file(folder / "a", "2");
    write_file(folder / "b" / "inner" / "d", "3");
    std::filesystem::create_directory_symlink(folder / "b", folder / "link");
    CHECK(entries_of(folder) == std::vector<Path>{folder / "a", folder / "b", folder / "c", folder / "link"});
    CHECK(all_entries_of(folder) == std::vector<Path>{folder / "a", folder / "b", folder / "b" / "inner",
                                                      folder / "b" / "inner" / "d", folder / "c", folder / "link"});
    CHECK_THROWS_AS((void)entries_of(folder / "a"), Error);
    CHECK_THROWS_AS((void)entries_of(folder / "none"), Error);
  }
}
