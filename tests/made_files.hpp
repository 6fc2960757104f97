// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

// Small writers of the files that tests need in every variant: MATLAB level 5 and pickles as Python 2 wrote them.
// They share no code with the readers.

#include "caton/base/bytes.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caton::testing {

/// The bytes of a number in an order.
template <class T>
std::string number_bytes(T value, ByteOrder order = ByteOrder::little) {
  auto raw = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if ((order == ByteOrder::big) == (std::endian::native == std::endian::little)) std::reverse(raw.begin(), raw.end());
  return {raw.begin(), raw.end()};
}

/// Writes MATLAB level 5. Arrays are texts of bytes that are put into one another.
class MatlabWriter {
 public:
  explicit MatlabWriter(bool compressed = false, ByteOrder order = ByteOrder::little)
      : compressed_(compressed), order_(order) {}

  /// Values down the columns, of any number type.
  template <class T>
  std::string numbers(const std::vector<std::int32_t>& shape, const std::vector<T>& values,
                      const std::string& name = {}) const {
    std::string raw;
    raw.reserve(values.size() * sizeof(T));
    for (const T value : values) raw += number_bytes(value, order_);
    return matrix(array_class<T>(), shape, name, element(stored_type<T>(), raw));
  }
  /// float64 stored as a narrower type, as MATLAB does to save room.
  template <class Stored>
  std::string narrow_numbers(const std::vector<std::int32_t>& shape, const std::vector<Stored>& values,
                             const std::string& name = {}) const {
    std::string raw;
    for (const Stored value : values) raw += number_bytes(value, order_);
    return matrix(6, shape, name, element(stored_type<Stored>(), raw));
  }
  std::string text(const std::string& ascii, const std::string& name = {}) const {
    std::string raw;
    for (const char c : ascii) raw += number_bytes(static_cast<std::uint16_t>(c), order_);
    return matrix(4, {1, static_cast<std::int32_t>(ascii.size())}, name, element(4, raw));
  }
  std::string cell(const std::vector<std::int32_t>& shape, const std::vector<std::string>& items,
                   const std::string& name = {}) const {
    std::string body;
    for (const auto& item : items) body += item;
    return matrix(1, shape, name, body);
  }
  /// One struct or an array of them: for each the values of all fields.
  std::string structs(const std::vector<std::int32_t>& shape, const std::vector<std::string>& fields,
                      const std::vector<std::vector<std::string>>& values, const std::string& name = {}) const {
    constexpr std::size_t length = 32;
    std::string names;
    for (const auto& field : fields) names += field + std::string(length - field.size(), '\0');
    std::string body = small_element(5, number_bytes(static_cast<std::int32_t>(length), order_)) + element(1, names);
    for (const auto& one : values) {
      for (const auto& value : one) body += value;
    }
    return matrix(2, shape, name, body);
  }
  /// A whole file of named arrays.
  std::string file(const std::vector<std::string>& arrays) const {
    std::string bytes = header();
    for (const auto& array : arrays) bytes += variable(array);
    return bytes;
  }
  /// The parts of a file that is too large to be held: its beginning, and one named array after the other.
  std::string header() const {
    std::string bytes = "MATLAB 5.0 MAT-file, made by a test";
    bytes.resize(124, ' ');
    bytes += number_bytes(std::uint16_t{0x0100}, order_);
    bytes += order_ == ByteOrder::little ? "IM" : "MI";
    return bytes;
  }
  std::string variable(const std::string& array) const { return compressed_ ? compressed(array) : array; }

 private:
  template <class T>
  static constexpr std::uint32_t stored_type() {
    if constexpr (std::is_same_v<T, double>) return 9;
    if constexpr (std::is_same_v<T, float>) return 7;
    if constexpr (std::is_same_v<T, std::int8_t>) return 1;
    if constexpr (std::is_same_v<T, std::uint8_t>) return 2;
    if constexpr (std::is_same_v<T, std::int16_t>) return 3;
    if constexpr (std::is_same_v<T, std::int32_t>) return 5;
    return 4;
  }
  template <class T>
  static constexpr std::uint32_t array_class() {
    if constexpr (std::is_same_v<T, double>) return 6;
    if constexpr (std::is_same_v<T, float>) return 7;
    if constexpr (std::is_same_v<T, std::int8_t>) return 8;
    if constexpr (std::is_same_v<T, std::uint8_t>) return 9;
    if constexpr (std::is_same_v<T, std::int16_t>) return 10;
    if constexpr (std::is_same_v<T, std::int32_t>) return 12;
    return 11;
  }
  std::string element(std::uint32_t type, const std::string& raw) const {
    std::string bytes = number_bytes(type, order_) + number_bytes(static_cast<std::uint32_t>(raw.size()), order_) + raw;
    bytes.resize((bytes.size() + 7) / 8 * 8, '\0');
    return bytes;
  }
  std::string small_element(std::uint32_t type, const std::string& raw) const {
    std::string bytes = number_bytes(static_cast<std::uint32_t>(raw.size() << 16) | type, order_) + raw;
    bytes.resize(8, '\0');
    return bytes;
  }
  std::string matrix(std::uint32_t array_class, const std::vector<std::int32_t>& shape, const std::string& name,
                     const std::string& body) const {
    std::string extents;
    for (const auto extent : shape) extents += number_bytes(extent, order_);
    const std::string flags = number_bytes(array_class, order_) + number_bytes(std::uint32_t{0}, order_);
    return element(14, element(6, flags) + element(5, extents) + element(1, name) + body);
  }
  std::string compressed(const std::string& array) const {
    uLongf size = compressBound(array.size());
    std::string packed(size, '\0');
    compress2(static_cast<Bytef*>(static_cast<void*>(packed.data())), &size,
              static_cast<const Bytef*>(static_cast<const void*>(array.data())), array.size(), 1);
    packed.resize(size);
    return number_bytes(std::uint32_t{15}, order_) + number_bytes(static_cast<std::uint32_t>(size), order_) + packed;
  }

  bool compressed_;
  ByteOrder order_;
};

/// How a pickle keeps its arrays.
struct PickleStyle {
  bool python2 = true;  ///< byte strings; otherwise Latin-1 text as Python 3 writes it under protocol 2
  bool fortran = false;
  ByteOrder order = ByteOrder::little;
  bool single = false;  ///< float32
};

/// Writes a dict of arrays as a protocol-2 pickle. `values` are in row-major order.
class PickleWriter {
 public:
  explicit PickleWriter(PickleStyle style = {}) : style_(style) {}

  void add(const std::string& key, const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
    body_ += text(key);
    body_ += "cnumpy.core.multiarray\n_reconstruct\n";
    body_ += "cnumpy\nndarray\n";
    body_ += std::string("K\x00\x85", 3) + bytes("b") + "\x87R(K\x01(";
    for (const auto extent : shape) body_ += "J" + number_bytes(static_cast<std::int32_t>(extent));
    body_ += "tcnumpy\ndtype\n" + text(style_.single ? "f4" : "f8") + std::string("K\x00K\x01\x87R(K\x03", 9);
    body_ += text(style_.order == ByteOrder::big ? ">" : "<");
    body_ += std::string("NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb", 17);
    body_ += style_.fortran ? "\x88" : "\x89";
    body_ += bytes(raw_values(shape, values)) + "tb";
  }
  std::string file() const { return std::string("\x80\x02}(", 4) + body_ + "u."; }

 private:
  std::string text(const std::string& ascii) const {
    if (style_.python2) return "U" + std::string(1, static_cast<char>(ascii.size())) + ascii;
    return "X" + number_bytes(static_cast<std::uint32_t>(ascii.size())) + ascii;
  }
  std::string bytes(const std::string& raw) const {
    if (style_.python2) return "T" + number_bytes(static_cast<std::uint32_t>(raw.size())) + raw;
    std::string utf8;
    for (const char c : raw) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x80) {
        utf8 += c;
      } else {
        utf8 += static_cast<char>(0xC0 | (byte >> 6));
        utf8 += static_cast<char>(0x80 | (byte & 63));
      }
    }
    return "c_codecs\nencode\nX" + number_bytes(static_cast<std::uint32_t>(utf8.size())) + utf8 +
           std::string("X\x06\x00\x00\x00latin1\x86R", 13);
  }
  std::string raw_values(const std::vector<std::int64_t>& shape, const std::vector<double>& values) const {
    std::vector<std::size_t> steps(shape.size(), 1);
    for (std::size_t axis = shape.size(); axis-- > 1;) {
      steps[axis - 1] = steps[axis] * static_cast<std::size_t>(shape[axis]);
    }
    std::vector<std::int64_t> at(shape.size(), 0);
    std::string raw;
    raw.reserve(values.size() * (style_.single ? 4 : 8));
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::size_t place = 0;
      for (std::size_t axis = 0; axis < shape.size(); ++axis) place += static_cast<std::size_t>(at[axis]) * steps[axis];
      const double value = values[place];
      raw += style_.single ? number_bytes(static_cast<float>(value), style_.order) : number_bytes(value, style_.order);
      for (std::size_t k = 0; k < shape.size(); ++k) {
        const std::size_t axis = style_.fortran ? k : shape.size() - 1 - k;
        if (++at[axis] < shape[axis]) break;
        at[axis] = 0;
      }
    }
    return raw;
  }

  PickleStyle style_;
  std::string body_;
};

}  // namespace caton::testing
