// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/container.hpp"
#include "caton/containers/npy/npy.hpp"
#include "caton/containers/npy/npy_writer.hpp"
#include "caton/containers/zip/zip.hpp"
#include "caton/containers/zip/zip_writer.hpp"

#include "golden_test.hpp"

#include <doctest/doctest.h>

namespace caton {

using testing::error_of;
using testing::scratch;

TEST_SUITE("containers") {
  TEST_CASE("npy: what is written is read back, numbers of every kind and texts") {
    const auto back = [](const std::string& bytes) { return parse_npy(bytes_of(bytes), "test"); };
    for (const Tensor::Shape& shape :
         {Tensor::Shape{}, Tensor::Shape{3}, Tensor::Shape{2, 0}, Tensor::Shape{2, 1, 3}}) {
      for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::i64, Dtype::i16, Dtype::u8}) {
        Tensor tensor(dtype, shape);
        const std::string bytes = npy_bytes(tensor);
        CHECK((bytes.size() - tensor.bytes()) % 64 == 0);
        const auto value = back(bytes);
        CHECK(value.shape == shape);
        CHECK(value.array.dtype() == dtype);
      }
    }
    CHECK(back(npy_bytes(Tensor({2}, std::vector<double>{-0.5, 1e300}))).array.doubles() ==
          std::vector<double>{-0.5, 1e300});
    const std::vector<std::string> texts{"Fz", "", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC \xF0\x9F\xA7\xA0"};
    const auto names = back(npy_bytes(texts));
    REQUIRE(names.items.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(names.items[i].text == texts[i]);
    CHECK(std::string(error_of([] { (void)npy_bytes(Tensor(Dtype::bf16, {2})); }).what()).find("NumPy") !=
          std::string::npos);
  }

  TEST_CASE("zip: members come back whole, small and large, and the same members give the same bytes") {
    const Path folder = scratch("zip-writer");
    std::string even(300000, 'a'), wild;
    for (std::uint32_t state = 1; wild.size() < 200000; state = state * 1664525 + 1013904223)
      wild += static_cast<char>(state >> 24U);
    const auto write = [&](const Path& path) {
      ZipWriter archive(path);
      archive.add("even", even);
      archive.add("folder/wild", wild);
      archive.add("empty", "");
      archive.add("stored", even, false);
      archive.commit();
    };
    write(folder / "a.zip");
    write(folder / "b.zip");
    const MappedFile a(folder / "a.zip"), b(folder / "b.zip");
    CHECK(sha256(a.bytes()) == sha256(b.bytes()));
    const ZipArchive archive(a.bytes(), "a.zip");
    REQUIRE(archive.members().size() == 4);
    const std::vector<std::string> wanted{even, wild, "", even};
    for (std::size_t i = 0; i < 4; ++i) {
      std::vector<std::byte> storage;
      const Bytes bytes = archive.read(archive.members()[i], storage);
      CHECK(sha256(bytes) == sha256(wanted[i]));
    }
    CHECK(archive.members()[0].compressed_bytes < 2000);
    CHECK(archive.members()[3].compressed_bytes == 300000);
  }

  TEST_CASE("zip: a name twice is refused, and an archive without commit is not there") {
    const Path path = scratch("zip-refused") / "x.zip";
    {
      ZipWriter archive(path);
      archive.add("a", "1");
      CHECK(std::string(error_of([&] { archive.add("a", "2"); }).what()).find("duplicate") != std::string::npos);
    }
    CHECK(!std::filesystem::exists(path));
  }

  TEST_CASE("npz: an archive of arrays opens as a container") {
    const Path path = scratch("npz-writer") / "x.npz";
    {
      ZipWriter archive(path);
      archive.add("values.npy", npy_bytes(Tensor({2, 2}, std::vector<float>{1, 2, 3, 4})));
      archive.commit();
    }
    const auto container = open_container(path);
    REQUIRE(container->variables().size() == 1);
    CHECK(container->read("values").array.doubles() == std::vector<double>{1, 2, 3, 4});
  }
}

}  // namespace caton
