// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/json.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/container.hpp"

#include "golden_test.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

// Every format file against what its reference reader found, and every damaged file against its wanted outcome.

namespace caton {
namespace {

using testing::error_of;
using testing::reference;

bool is_ours(const std::string& file) {
  const auto folder = file.substr(0, file.find('/'));
  return folder == "matlab" || folder == "numpy" || folder == "containers" || folder == "hdf5" || folder == "pickle";
}

std::optional<Json> reference_json(const std::string& relative) {
  const auto path = reference(relative);
  if (!path) return std::nullopt;
  return parse_json(read_text_file(*path, 16 << 20), relative);
}

/// First values in the order in which a list of them goes.
std::vector<std::string> first_values(const ContainerValue& value) {
  const auto numbers = value.array.doubles();
  const std::size_t parts = value.complex ? 2 : 1;
  std::vector<std::int64_t> at(value.shape.size(), 0);
  std::vector<std::string> texts;
  std::int64_t count = 1;
  for (const auto extent : value.shape) count *= extent;
  for (std::int64_t i = 0; i < std::min<std::int64_t>(count, 4); ++i) {
    std::int64_t place = 0;
    for (std::size_t axis = 0; axis < at.size(); ++axis) place = place * value.shape[axis] + at[axis];
    const auto first = static_cast<std::size_t>(place) * parts;
    texts.push_back(number_text(numbers[first]) + (value.complex ? "," + number_text(numbers[first + 1]) : ""));
    for (std::size_t k = 0; k < at.size(); ++k) {
      const std::size_t axis = value.column_major ? k : at.size() - 1 - k;
      if (++at[axis] < value.shape[axis]) break;
      at[axis] = 0;
    }
  }
  return texts;
}

bool near(double found, double wanted) { return std::abs(found - wanted) <= 1e-6 + 1e-6 * std::abs(wanted); }

/// "(1+2j)" as Python writes it.
std::pair<double, double> complex_of(const std::string& text) {
  const auto sign = text.find_last_of("+-");
  return {*parse_number(text.substr(1, sign - 1)), *parse_number(text.substr(sign, text.size() - sign - 2))};
}

void compare_numbers(const ContainerValue& value, const Json& wanted) {
  REQUIRE(value.kind == ValueKind::array);
  CHECK(value.dtype == wanted.at("dtype").text());
  CHECK(Json::list_of(value.shape) == wanted.at("shape"));
  if (const Json* const order = wanted.find("order")) {
    CHECK(order->text() == (value.column_major ? "column-major" : "row-major"));
  }
  const auto first = first_values(value);
  const auto& texts = wanted.at("first").items();
  REQUIRE(first.size() == texts.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (value.complex) {
      const auto [real, imaginary] = complex_of(texts[i].text());
      const auto parts = split(first[i], ',');
      CHECK(near(*parse_number(parts[0]), real));
      CHECK(near(*parse_number(parts[1]), imaginary));
    } else {
      CHECK(near(*parse_number(first[i]), texts[i].number()));
    }
  }
  const auto numbers = value.array.doubles();
  if (const Json* const sum = wanted.find("sum")) {
    CHECK(std::accumulate(numbers.begin(), numbers.end(), 0.0) == doctest::Approx(sum->number()).epsilon(1e-7));
  }
  if (const Json* const last = wanted.find("last"); last != nullptr && !numbers.empty() && !value.column_major) {
    CHECK(near(numbers.back(), last->items().back().number()));
  }
}

void compare_value(const ContainerValue& value, const Json& wanted) {
  if (const Json* const fields = wanted.find("fields")) {
    REQUIRE(value.kind == ValueKind::structure);
    std::vector<std::string> names;
    for (const auto& field : value.fields) names.push_back(field.name);
    CHECK(names == wanted.at("struct").texts());
    for (const auto& [name, field] : fields->members()) {
      INFO("field " << name);
      compare_value(value.field(name, "test"), field);
    }
  } else if (wanted.has("cell")) {
    REQUIRE(value.kind == ValueKind::cell);
    CHECK(Json::list_of(value.shape) == wanted.at("shape"));
    compare_value(value.item(0, "test"), wanted.at("first"));
  } else if (const Json* const text = wanted.find("text")) {
    REQUIRE(value.kind == ValueKind::text);
    CHECK(value.text == (text->size() == 0 ? "" : text->items().front().text()));
  } else if (wanted.has("sparse")) {
    const auto numbers = value.array.doubles();
    CHECK(Json::list_of(value.shape) == wanted.at("shape"));
    CHECK(std::accumulate(numbers.begin(), numbers.end(), 0.0) == wanted.at("sum").number());
    CHECK(static_cast<std::int64_t>(numbers.size()) - std::count(numbers.begin(), numbers.end(), 0.0) ==
          wanted.at("nnz").integer());
  } else {
    compare_numbers(value, wanted);
  }
}

void compare_matlab73(const Container& container, const Json& wanted) {
  const ContainerValue value = container.read("data");
  CHECK(Json::list_of(value.shape) == wanted.at("matlab_shape"));
  CHECK(value.dtype == "<f4");
  const auto first = first_values(value);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(near(*parse_number(first[i]), wanted.at("first").items()[i].number()));
  }
  CHECK(container.read("srate").array.doubles() == std::vector<double>{wanted.at("srate").number()});
  const ContainerValue labels = container.read("labels");
  std::vector<std::string> texts;
  for (const auto& item : labels.items) texts.push_back(item.text);
  CHECK(texts == wanted.at("labels").texts());
  CHECK(container.read_part("labels", {"3"}).text == texts.at(3));
}

void compare_file(const Path& path, const Json& wanted) {
  const auto container = open_container(path);
  const Json* variables = wanted.find("variables");
  if (variables == nullptr) variables = wanted.find("arrays");
  if (wanted.has("matlab_shape")) {
    compare_matlab73(*container, wanted);
  } else if (variables != nullptr) {
    CHECK(container->variables().size() == variables->size());
    for (const auto& [name, variable] : variables->members()) {
      INFO("variable " << name);
      compare_value(container->read(name), variable);
    }
  } else {
    REQUIRE(container->variables().size() == 1);
    compare_value(container->read(container->variables().front().name), wanted);
  }
}

/// All that is odd in a file, read to its end.
Findings read_everything(const Path& path) {
  const auto container = open_container(path);
  Findings findings = container->findings();
  for (const auto& variable : container->variables()) {
    for (auto& finding : findings_of(container->read(variable.name), variable.name)) findings.push_back(finding);
  }
  return findings;
}

bool tells(const Findings& findings, const std::string& word) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return lower_case(finding.what).find(lower_case(word)) != std::string::npos;
  });
}

}  // namespace

TEST_SUITE("containers") {
  TEST_CASE("every format file holds what its reference reader found") {
    const auto expected = reference_json("data/expected-containers.json");
    if (!expected) return;
    int compared = 0;
    for (const auto& [file, wanted] : expected->members()) {
      if (!is_ours(file)) continue;
      const auto path = reference("data/formats/" + file);
      if (!path) continue;
      CAPTURE(file);
      compare_file(*path, wanted);
      ++compared;
    }
    CHECK(compared >= 18);
  }

  TEST_CASE("every damaged file has its wanted outcome") {
    const auto manifest = reference_json("data/faults/manifest-containers.json");
    if (!manifest) return;
    int compared = 0;
    for (const Json& one : manifest->at("cases").items()) {
      const std::string& file = one.at("file").text();
      if (!is_ours(file)) continue;
      const auto path = reference("data/faults/" + file);
      if (!path) continue;
      CAPTURE(file);
      const std::string& word = one.at("word").text();
      if (one.at("outcome").text() == "refuse") {
        const Error error = error_of([&] { static_cast<void>(read_everything(*path)); });
        INFO(error.what());
        CHECK(error.kind() == ErrorKind::input);
        CHECK(lower_case(error.what()).find(lower_case(word)) != std::string::npos);
        CHECK(std::string(error.what()).find(path->filename().string()) != std::string::npos);
      } else {
        CHECK(tells(read_everything(*path), word));
      }
      ++compared;
    }
    CHECK(compared >= 22);
  }

  TEST_CASE("what is no container is refused with the kinds that are read") {
    const Path path = testing::scratch("containers-unknown") / "note.txt";
    write_file(path, std::string_view("only a note"));
    const Error error = error_of([&] { static_cast<void>(open_container(path)); });
    CHECK(std::string(error.what()).find("matlab") != std::string::npos);
    CHECK(container_format_of(path) == nullptr);
  }
}

}  // namespace caton
