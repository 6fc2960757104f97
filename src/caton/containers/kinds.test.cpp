// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/hdf5/frames.hpp"
#include "caton/containers/hdf5/hdf5.hpp"
#include "caton/containers/matlab/matlab.hpp"
#include "caton/containers/npy/npy.hpp"
#include "caton/containers/pickle/pickle.hpp"
#include "caton/containers/source.hpp"

#include "golden_test.hpp"
#include "made_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

// What only one kind has: number types, byte orders, nesting, and what a hostile file of this kind tries.

namespace caton {
namespace {

using testing::error_of;
using testing::MatlabWriter;

bool says(const Error& error, const std::string& word) {
  INFO(error.what());
  return std::string(error.what()).find(word) != std::string::npos;
}

Error refusal_of(const std::string& bytes) {
  return error_of([&] {
    const auto container = pickle_container(bytes_of(bytes), "made.dat");
    for (const auto& variable : container->variables()) static_cast<void>(container->read(variable.name));
  });
}

std::string npy_file(const std::string& header, const std::string& values) {
  std::string padded = header;
  padded.resize((header.size() + 10 + 64) / 64 * 64 - 10 - 1, ' ');
  padded += '\n';
  return std::string("\x93NUMPY\x01\x00", 8) + testing::number_bytes(static_cast<std::uint16_t>(padded.size())) +
         padded + values;
}

template <class T>
void check_matlab_type(const char* dtype, ByteOrder order, bool compressed) {
  CAPTURE(dtype);
  const MatlabWriter writer(compressed, order);
  const std::vector<T> columns{static_cast<T>(1), static_cast<T>(2), static_cast<T>(3),
                               static_cast<T>(4), static_cast<T>(5), static_cast<T>(6)};
  const std::string file = writer.file({writer.numbers({2, 3}, columns, "x")});
  const auto container = matlab5_container(bytes_of(file), "made.mat");
  const ContainerValue value = container->read("x");
  CHECK(value.dtype == dtype);
  CHECK(value.array.dtype() == dtype_of<T>);
  CHECK(value.array.doubles() == std::vector<double>{1, 3, 5, 2, 4, 6});
}

/// Values nested in cells, `depth` deep.
std::string nested_cells(const MatlabWriter& writer, int depth) {
  std::string inner = writer.numbers({1, 1}, std::vector<double>{7});
  for (int i = 1; i < depth; ++i) inner = writer.cell({1, 1}, {inner});
  return writer.cell({1, 1}, {inner}, "deep");
}

}  // namespace

TEST_SUITE("containers") {
  TEST_CASE("MATLAB: every number type, both byte orders, plain and compressed") {
    for (const bool compressed : {false, true}) {
      for (const ByteOrder order : {ByteOrder::little, ByteOrder::big}) {
        const std::string mark = order == ByteOrder::big ? ">" : "<";
        check_matlab_type<double>((mark + "f8").c_str(), order, compressed);
        check_matlab_type<float>((mark + "f4").c_str(), order, compressed);
        check_matlab_type<std::int8_t>("|i1", order, compressed);
        check_matlab_type<std::uint8_t>("|u1", order, compressed);
        check_matlab_type<std::int16_t>((mark + "i2").c_str(), order, compressed);
        check_matlab_type<std::uint16_t>((mark + "u2").c_str(), order, compressed);
        check_matlab_type<std::int32_t>((mark + "i4").c_str(), order, compressed);
      }
    }
  }

  TEST_CASE("MATLAB: parts of a nested variable, outline, and what is not there") {
    for (const bool compressed : {false, true}) {
      const MatlabWriter writer(compressed);
      std::vector<double> many(3 * 20000);
      std::iota(many.begin(), many.end(), 0.0);
      const auto person = [&](double age) {
        return std::vector<std::string>{writer.numbers({1, 1}, std::vector<double>{age}),
                                        writer.cell({2, 1}, {writer.numbers({3, 20000}, many), writer.text("note")})};
      };
      const std::string file =
          writer.file({writer.structs({1, 2}, {"age", "parts"}, {person(30), person(40)}, "people")});
      const auto container = matlab5_container(bytes_of(file), "made.mat");
      const ContainerValue outline = container->outline("people");
      REQUIRE(outline.count() == 2);
      CHECK(outline.item(1, "").field("age", "").array.doubles() == std::vector<double>{40});
      const ContainerValue& left_out = outline.item(1, "").field("parts", "").item(0, "");
      CHECK(left_out.left_out);
      CHECK(left_out.array.size() == 0);
      CHECK(left_out.shape == std::vector<std::int64_t>{3, 20000});
      CHECK(container->read_part("people", {"1", "parts", "1"}).text == "note");
      const ContainerValue part = container->read_part("people", {"1", "parts", "0"});
      CHECK(part.array.values<double>()[0] == 0);
      CHECK(part.array.values<double>()[1] == 3);  // row-major: the next column
      CHECK(part.array.values<double>()[20000] == 1);
      CHECK(part.array.values<double>()[59999] == 59999);
      const auto refused = [&](const std::vector<std::string>& path) {
        return error_of([&] { static_cast<void>(container->read_part("people", path)); });
      };
      CHECK(says(refused({"0", "ages"}), "age"));
      CHECK(says(refused({"2", "age"}), "there are 2"));
      CHECK(says(refused({"0", "parts", "2"}), "there are 2"));
      CHECK(says(refused({"age"}), "age"));
      CHECK(says(error_of([&] { static_cast<void>(container->read("peple")); }), "people"));
    }
  }

  TEST_CASE("MATLAB: nesting beyond the limit, duplicate names and cut files are refused") {
    const MatlabWriter writer;
    const std::string good = writer.file({nested_cells(writer, 60)});
    CHECK(matlab5_container(bytes_of(good), "made.mat")->read("deep").kind == ValueKind::cell);
    const std::string deep = writer.file({nested_cells(writer, limits::nesting + 2)});
    CHECK(says(error_of([&] { static_cast<void>(matlab5_container(bytes_of(deep), "made.mat")->read("deep")); }),
               "limit"));
    const std::string one = writer.numbers({1, 1}, std::vector<double>{1}, "x");
    const std::string twice = writer.file({one, one});
    CHECK(says(error_of([&] { static_cast<void>(matlab5_container(bytes_of(twice), "made.mat")); }), "duplicate"));
    for (const bool compressed : {false, true}) {
      const MatlabWriter any(compressed);
      const std::string whole = any.file({any.structs(
          {1, 1}, {"a", "b"}, {{any.numbers({2, 2}, std::vector<double>{1, 2, 3, 4}), any.text("xy")}}, "s")});
      for (std::size_t size = 128 + 8; size < whole.size(); size += 3) {
        const std::string cut = whole.substr(0, size);
        const Error error =
            error_of([&] { static_cast<void>(matlab5_container(bytes_of(cut), "made.mat")->read("s")); });
        CHECK(error.kind() == ErrorKind::input);
      }
    }
  }

  TEST_CASE("MATLAB: a compressed variable with a changed byte never passes for whole") {
    const MatlabWriter writer(true);
    std::vector<double> values(5000);
    std::iota(values.begin(), values.end(), 0.25);
    const std::string whole = writer.file({writer.numbers({50, 100}, values, "x")});
    const auto wanted = matlab5_container(bytes_of(whole), "made.mat")->read("x").array.doubles();
    for (std::size_t at = 128 + 40; at < whole.size(); at += whole.size() / 40) {
      CAPTURE(at);
      std::string bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      const auto read = [&] { static_cast<void>(matlab5_container(bytes_of(bad), "made.mat")->read("x")); };
      CHECK(error_of(read).kind() == ErrorKind::input);
    }
    CHECK(wanted[1] == 50.25);
  }

  TEST_CASE("an expanded stream gives the same bytes in any order of reading") {
    std::string plain;
    for (int i = 0; i < 3'000'000; ++i) plain += testing::number_bytes(i * 2654435761U);
    uLongf size = compressBound(plain.size());
    std::string packed(size, '\0');
    REQUIRE(compress2(static_cast<Bytef*>(static_cast<void*>(packed.data())), &size,
                      static_cast<const Bytef*>(static_cast<const void*>(plain.data())), plain.size(), 1) == Z_OK);
    packed.resize(size);
    const auto total = static_cast<std::int64_t>(plain.size());
    const InflatedSource source(bytes_of(packed), total, "made");
    const std::vector<std::int64_t> places{total - 700, 0, 9'000'000, 8'999'990, 4, 262'140, total - 700, 11'999'000};
    for (const std::int64_t place : places) {
      const auto bytes = source.take_bytes(place, 700, "test");
      CHECK(text_of(bytes) == std::string_view(plain).substr(static_cast<std::size_t>(place), 700));
    }
    CHECK(says(error_of([&] { static_cast<void>(source.take_bytes(total - 3, 4, "test")); }), "truncated"));
    const InflatedSource longer(bytes_of(packed), total + 100, "made");
    CHECK(error_of([&] { static_cast<void>(longer.take_bytes(total - 3, 50, "test")); }).kind() == ErrorKind::input);
  }

  TEST_CASE("NPY: headers that are not what NumPy writes are refused") {
    const auto refused = [](const std::string& header, const std::string& values = std::string(8, '\0')) {
      return error_of([&] { static_cast<void>(parse_npy(bytes_of(npy_file(header, values)), "made.npy")); });
    };
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': False}"), "header"));
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}"), "header"));
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (1+0,)}"), "header"));
    CHECK(says(refused("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}"), "header"));
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} or 1"), "header"));
    CHECK(says(refused("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}"), "dtype"));
    CHECK(says(refused("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}"), "dtype"));
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}"), "limit"));
    CHECK(says(refused("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}"), "truncated"));
    const std::string good = npy_file("{'descr': '>f8', 'fortran_order': True, 'shape': (1, 1), }",
                                      testing::number_bytes(2.5, ByteOrder::big));
    CHECK(parse_npy(bytes_of(good), "made.npy").array.doubles() == std::vector<double>{2.5});
  }

  TEST_CASE("pickle: values of every kind, without running anything") {
    const std::string dict = std::string("\x80\x02}(") + "X" + testing::number_bytes(1U) + "n" + "J" +
                             testing::number_bytes(-70000) + "X" + testing::number_bytes(1U) + "r" + "G" +
                             testing::number_bytes(1.5, ByteOrder::big) + "X" + testing::number_bytes(1U) + "l" +
                             "](K\x01\x88Ne" + "X" + testing::number_bytes(1U) + "t" + "X" + testing::number_bytes(3U) +
                             "\xc3\xa4x" + "u.";
    const auto container = pickle_container(bytes_of(dict), "made.dat");
    CHECK(container->read("n").array.integers() == std::vector<std::int64_t>{-70000});
    CHECK(container->read("r").array.doubles() == std::vector<double>{1.5});
    CHECK(container->read("t").text == "\xc3\xa4x");
    const ContainerValue list = container->read("l");
    REQUIRE(list.items.size() == 3);
    CHECK(list.items[0].array.integers() == std::vector<std::int64_t>{1});
    CHECK(list.items[1].dtype == "|b1");
    CHECK(list.items[2].kind == ValueKind::nothing);
  }

  TEST_CASE("pickle: every name outside the list is refused and told, whatever way it is written") {
    for (const char* const name : {"os\nsystem", "builtins\neval", "numpy\nload", "numpy.core.multiarray\nscalar",
                                   "subprocess\nPopen", "_codecs\ndecode", "numpy.ndarray\n__reduce__"}) {
      const Error error = refusal_of(std::string("\x80\x02") + "c" + name + "\n.");
      CHECK(says(error, "pickle"));
      CHECK(says(error, std::string(name).substr(0, std::string(name).find('\n'))));
    }
    CHECK(says(refusal_of(std::string("\x80\x04\x8c\x02os\x8c\x06system\x93.")), "os.system"));
    for (const char* const bytes :
         {"\x80\x02i.", "\x80\x02o.", "\x80\x02P1\n.", "\x80\x02Q.", "\x80\x02\x81.", "\x80\x02\x82\x01."}) {
      CHECK(says(refusal_of(bytes), "pickle"));
    }
    CHECK(says(refusal_of("\x80\x02]q\x01h\x01"
                          "a."),
               "limit"));  // a list that contains itself
    CHECK(says(refusal_of("\x80\x02K\x01R."), "pickle"));
    CHECK(says(refusal_of("\x80\x02h\x05."), "pickle"));
  }

  TEST_CASE("HDF5: one value of every kind") {
    const Path file = testing::scratch("hdf5-kinds") / "kinds.mat";
    if (!testing::run_tool("caton-write-hdf5", "kinds " + file.string())) return;
    const auto container = open_container(file);
    CHECK(container->read("text").text == "hello");
    CHECK(container->read("empty").shape == std::vector<std::int64_t>{0, 3});
    CHECK(container->read("logical").dtype == "|u1");
    const ContainerValue big = container->read("big_endian");
    CHECK(big.dtype == ">i2");
    CHECK(big.shape == std::vector<std::int64_t>{2, 3});
    CHECK(big.array.doubles() == std::vector<double>{1, 3, 5, -2, -4, -6});
    const ContainerValue complex = container->read("complex");
    CHECK(complex.dtype == "<c16");
    CHECK(complex.shape == std::vector<std::int64_t>{1, 2});
    CHECK(complex.array.doubles() == std::vector<double>{1, 2, 3, -4});
    CHECK(container->read("sparse").array.doubles() == std::vector<double>{0, 2.5, 0, 1, 0, 0});
    CHECK(says(error_of([&] { static_cast<void>(container->read("huge")); }), "ratio"));
  }

  TEST_CASE("R9 HDF5: a child that crashes, hangs up or is missing is one clear error") {
    const auto path = testing::reference("data/formats/matlab/v73.mat");
    if (!path) return;
    const Path folder = testing::scratch("hdf5-child");
    const auto with_reader = [&](const std::string& script) {
      const Path program = folder / "reader";
      if (!script.empty()) {
        write_file(program, "#!/bin/sh\n" + script + "\n");
        std::filesystem::permissions(program, std::filesystem::perms::owner_all);
      }
      setenv("CATON_READER", (script.empty() ? folder / "nowhere" : program).c_str(), 1);
      const Error error = error_of([&] { static_cast<void>(open_container(*path)); });
      unsetenv("CATON_READER");
      return error;
    };
    const Error crash = with_reader("kill -SEGV $$");
    CHECK(crash.kind() == ErrorKind::input);
    CHECK(says(crash, "crashed"));
    CHECK(says(with_reader("kill -XCPU $$"), "limit"));
    CHECK(with_reader("exit 0").kind() == ErrorKind::input);
    CHECK(with_reader("echo this is no answer at all, only a text").kind() == ErrorKind::input);
    CHECK(with_reader("").kind() == ErrorKind::machine);
  }

  TEST_CASE("R3 HDF5: what is written to the pipe is read back, and never more than allowed") {
    hdf5::Answer answer;
    answer.variables = {{"x", ValueKind::array, "<f8", {2, 3}}};
    answer.findings = {{"hdf5/cycle", Severity::warn, "here", "what"}};
    answer.value.kind = ValueKind::structure;
    ContainerValue inner;
    inner.kind = ValueKind::array;
    inner.shape = {2, 2};
    inner.array = Tensor(Tensor::Shape{2, 2}, std::vector<double>{1, 2, 3, 4});
    answer.value.fields.push_back({"a", inner});
    std::string bytes;
    hdf5::write_answer(answer, [&](Bytes part) { bytes += text_of(part); });
    const auto read = [&](std::int64_t most) {
      ByteReader reader(bytes_of(bytes), "pipe");
      return hdf5::read_answer(
          [&](std::span<std::byte> out) {
            const Bytes from = reader.take_bytes(out.size(), "answer");
            std::copy(from.begin(), from.end(), out.begin());
          },
          most, "pipe");
    };
    const auto back = read(static_cast<std::int64_t>(bytes.size()));
    CHECK(back.variables.front().shape == std::vector<std::int64_t>{2, 3});
    CHECK(back.findings == answer.findings);
    CHECK(back.value.field("a", "").array.doubles() == std::vector<double>{1, 2, 3, 4});
    CHECK(error_of([&] { static_cast<void>(read(static_cast<std::int64_t>(bytes.size()) - 1)); }).kind() ==
          ErrorKind::input);
  }

  TEST_CASE("findings: values that are not finite are counted where they are") {
    ContainerValue list;
    list.kind = ValueKind::cell;
    ContainerValue numbers;
    numbers.kind = ValueKind::array;
    numbers.array = Tensor::vector(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN(), 2});
    list.items = {numbers, numbers};
    const Findings findings = findings_of(list, "x");
    REQUIRE(findings.size() == 2);
    CHECK(findings[1].where == "x/1");
    CHECK(findings[1].what.find("1 of 3") != std::string::npos);
  }
}

}  // namespace caton
