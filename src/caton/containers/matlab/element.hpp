// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"
#include "caton/containers/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace caton::matlab {

/// Types of data elements and classes of arrays, as the format numbers them.
inline constexpr std::uint32_t mi_int8 = 1, mi_uint8 = 2, mi_int16 = 3, mi_uint16 = 4, mi_int32 = 5, mi_uint32 = 6,
                               mi_single = 7, mi_double = 9, mi_int64 = 12, mi_uint64 = 13, mi_matrix = 14,
                               mi_compressed = 15, mi_utf8 = 16, mi_utf16 = 17, mi_utf32 = 18;
inline constexpr std::uint32_t mx_cell = 1, mx_struct = 2, mx_object = 3, mx_char = 4, mx_sparse = 5, mx_double = 6,
                               mx_single = 7, mx_uint64 = 15, mx_function = 16, mx_opaque = 17;

/// One tagged piece of a file: its type, where its bytes begin and how many there are, where the next one begins.
struct Element {
  std::uint32_t type = 0;
  std::int64_t at = 0, bytes = 0, next = 0;
  [[nodiscard]] std::int64_t end() const noexcept { return at + bytes; }
};

/// The head of an array: everything before its values.
struct Matrix {
  std::uint32_t array_class = 0;
  bool complex = false, logical = false, empty = false;
  std::vector<std::int64_t> shape;
  std::string name;
  std::int64_t body_at = 0, end = 0;  ///< where what belongs to the class begins, and where the array ends
};

/// A stretch of a file (or of an expanded variable) that holds one array.
struct Place {
  const ByteSource& source;
  ByteOrder order;
  std::string where;
};

/// The element whose tag is at `at`, checked to end before `end`. Refuses impossible sizes (words `size`, `truncated`).
[[nodiscard]] Element element_at(const Place& place, std::int64_t at, std::int64_t end);
[[nodiscard]] Matrix matrix_of(const Place& place, const Element& element);

/// What to read of an array, and how much has been read.
struct Reading {
  bool outline = false;
  std::int64_t values_left = 1'000'000;  ///< values of cells and structs that one reading may make
};
[[nodiscard]] ContainerValue read_matrix(const Place& place, const Element& element, Reading& reading, int depth = 0);
/// The element of a part, reached by field names and element numbers.
[[nodiscard]] Element find_part(const Place& place, Element element, const std::vector<std::string>& path);
/// The name-less head as one line of a list.
[[nodiscard]] VariableAbout about_matrix(const Matrix& matrix, ByteOrder order);

}  // namespace caton::matlab
