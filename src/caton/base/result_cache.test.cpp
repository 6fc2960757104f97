// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/result_cache.hpp"

#include "caton/base/finding_json.hpp"
#include "golden_test.hpp"

#include "caton/base/folder.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace caton;
using caton::testing::scratch;

namespace {

Safetensors of_size(std::int64_t values, double first) {
  std::vector<double> numbers(static_cast<std::size_t>(values), first);
  Safetensors content;
  content.metadata["about"] = "numbers";
  content.tensors.emplace("x", Tensor::vector(numbers));
  return content;
}

double first_of(const std::optional<Safetensors>& kept) { return kept ? kept->at("x", "test").doubles().front() : -1; }

/// As if an entry had been asked for some minutes ago.
void age(const Path& file, int minutes) {
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(minutes));
}

}  // namespace

TEST_SUITE("base") {
  TEST_CASE("cache: what was kept comes back, under its own key alone") {
    const Path folder = scratch("cache") / "deep" / "er";
    const ResultCache cache(folder, 1 << 20);
    CHECK_FALSE(cache.find("a").has_value());
    cache.keep("a", of_size(10, 0.1));
    cache.keep("b", of_size(10, 0.2));
    CHECK(first_of(cache.find("a")) == 0.1);
    CHECK(first_of(cache.find("b")) == 0.2);
    CHECK(cache.find("a")->metadata.at("about") == "numbers");
    cache.keep("a", of_size(10, 0.3));
    CHECK(first_of(cache.find("a")) == 0.3);
    // An entry under another's name is none.
    const auto entries = entries_of(folder);
    REQUIRE(entries.size() == 2);
    std::filesystem::copy_file(entries[0], entries[1], std::filesystem::copy_options::overwrite_existing);
    CHECK((cache.find("a").has_value()) != (cache.find("b").has_value()));
    std::filesystem::remove_all(folder);
    CHECK_FALSE(cache.find("a").has_value());
    cache.keep("a", of_size(10, 0.4));
    CHECK(first_of(cache.find("a")) == 0.4);
  }

  TEST_CASE("cache: an entry of which one byte is not as written is none, and is made good by keeping it again") {
    const Path folder = scratch("cache-damaged");
    const ResultCache cache(folder, 1 << 20);
    cache.keep("a", of_size(40, 1.5));
    const Path file = entries_of(folder).front();
    const std::string good = read_text_file(file, 1 << 20);
    for (std::size_t at = 0; at < good.size(); at += 7) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      write_file(file, bad);
      CHECK_MESSAGE(!cache.find("a").has_value(), at);
    }
    for (const std::size_t length : {std::size_t{0}, std::size_t{10}, std::size_t{64}, good.size() - 1}) {
      write_file(file, good.substr(0, length));
      CHECK_FALSE(cache.find("a").has_value());
    }
    cache.keep("a", of_size(40, 1.5));
    CHECK(first_of(cache.find("a")) == 1.5);
    write_file(file, good);
    CHECK(first_of(cache.find("a")) == 1.5);
  }

  TEST_CASE("cache: beyond its size what was not asked for the longest goes; what is larger than all is not kept") {
    const Path folder = scratch("cache-bounded");
    const ResultCache cache(folder, 3500);
    const std::vector<std::string> keys{"a", "b", "c"};
    for (std::size_t i = 0; i < keys.size(); ++i) {
      cache.keep(keys[i], of_size(100, static_cast<double>(i)));
      for (const Path& file : entries_of(folder)) age(file, static_cast<int>(10 * (keys.size() - i)));
    }
    CHECK(entries_of(folder).size() == 3);
    CHECK(first_of(cache.find("a")) == 0);  // asked for: now the newest
    cache.keep("d", of_size(100, 3));
    CHECK(cache.find("a").has_value());
    CHECK(cache.find("d").has_value());
    CHECK(entries_of(folder).size() == 3);
    cache.keep("e", of_size(1000, 4));
    CHECK_FALSE(cache.find("e").has_value());
    CHECK(entries_of(folder).size() == 3);
  }

  TEST_CASE("cache: where it cannot be written nothing is kept and nothing fails; the switch and the build's mark") {
    const Path folder = scratch("cache-impossible");
    write_file(folder / "file", "no folder");
    const ResultCache cache(folder / "file" / "below", 1 << 20);
    cache.keep("a", of_size(10, 0.1));
    CHECK_FALSE(cache.find("a").has_value());
    const bool was = caching();
    for (const bool on : {true, false, was}) {
      set_caching(on);
      CHECK(caching() == on);
    }
    CHECK(build_digest().size() > 30);
    CHECK(build_digest() == build_digest());
  }

  TEST_CASE("findings as JSON and back") {
    const Findings findings{{"a/b", Severity::warn, "here", "it is \"odd\""}, {"c", Severity::stop, "", "x"}};
    CHECK(findings_of(findings_json(findings), "test") == findings);
    Json wrong = findings_json(findings);
    wrong = parse_json(R"([{"code": "a", "severity": "loud", "where": "", "what": ""}])", "test");
    CHECK(testing::error_of([&] { (void)findings_of(wrong, "test"); }).problem().find("severity") != std::string::npos);
  }
}
