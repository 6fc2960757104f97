// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/npy/npy_writer.hpp"

#include "caton/base/bytes.hpp"
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <bit>

namespace caton {
namespace {

static_assert(std::endian::native == std::endian::little);

const char* descr_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64: return "<f8";
    case Dtype::f32: return "<f4";
    case Dtype::f16: return "<f2";
    case Dtype::i64: return "<i8";
    case Dtype::i32: return "<i4";
    case Dtype::i16: return "<i2";
    case Dtype::i8: return "|i1";
    case Dtype::u64: return "<u8";
    case Dtype::u32: return "<u4";
    case Dtype::u16: return "<u2";
    case Dtype::u8: return "|u1";
    case Dtype::boolean: return "|b1";
    case Dtype::bf16: break;
  }
  throw usage_error("npy", "numbers of this type are not known to NumPy", "convert them to float32 first");
}

/// The characters of UTF-8 text; broken bytes were replaced before.
std::vector<std::uint32_t> characters_of(const std::string& text) {
  std::vector<std::uint32_t> characters;
  for (const char byte : utf8_repaired(text)) {
    const auto bits = static_cast<unsigned char>(byte);
    if ((bits & 0xC0U) == 0x80U)
      characters.back() = (characters.back() << 6U) | (bits & 0x3FU);
    else
      characters.push_back(bits < 0x80U ? bits : bits < 0xE0U ? bits & 0x1FU : bits < 0xF0U ? bits & 0x0FU : bits & 7U);
  }
  return characters;
}

void append_little(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xFFU);
}

}  // namespace

std::string npy_header(const std::string& descr, const std::vector<std::int64_t>& shape) {
  std::string axes;
  for (const std::int64_t extent : shape) axes += std::to_string(extent) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1) axes.resize(axes.size() - 2);
  std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + axes + "), }";
  constexpr std::size_t before = 10;
  while ((before + text.size() + 1) % 64 != 0) text += ' ';
  text += '\n';
  if (text.size() > 0xFFFF) throw usage_error("npy", "the array has too many axes");
  const std::size_t length = text.size();
  return std::string("\x93NUMPY\x01", 7) + '\0' + static_cast<char>(length & 0xffU) + static_cast<char>(length >> 8U) +
         text;
}

std::string npy_bytes(const Tensor& values) {
  std::string bytes = npy_header(descr_of(values.dtype()), values.shape());
  const auto* const first = static_cast<const char*>(values.data());
  if (values.bytes() != 0) bytes.append(first, values.bytes());
  return bytes;
}

std::string npy_bytes(std::span<const std::string> texts) {
  std::vector<std::vector<std::uint32_t>> all;
  std::size_t width = 1;
  for (const std::string& text : texts) {
    all.push_back(characters_of(text));
    width = std::max(width, all.back().size());
  }
  std::string bytes = npy_header("<U" + std::to_string(width), {static_cast<std::int64_t>(texts.size())});
  for (auto& text : all) {
    text.resize(width, 0);
    for (const std::uint32_t character : text) append_little(bytes, character);
  }
  return bytes;
}

}  // namespace caton
