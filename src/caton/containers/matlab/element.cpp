// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/matlab/element.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/containers/numbers.hpp"

namespace caton::matlab {
namespace {

constexpr const char* remedy = "copy or export the file again";
constexpr std::int64_t name_bytes = 4096;

[[noreturn]] void refuse(const Place& place, std::int64_t at, const std::string& problem) {
  throw input_error(place.where + ": byte " + std::to_string(at), problem, remedy);
}

std::vector<std::int64_t> take_shape(const Place& place, const Element& element) {
  const std::int64_t rank = element.bytes / 4;
  if (element.type != mi_int32 && element.type != mi_uint32) refuse(place, element.at, "dimensions of a wrong type");
  if (rank < 1 || rank > limits::tensor_rank) {
    refuse(place, element.at,
           "an array of shape with " + std::to_string(rank) + " dimensions is not possible or above the limit");
  }
  std::vector<std::int64_t> shape;
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    shape.push_back(place.source.take<std::int32_t>(element.at + 4 * axis, place.order, "dimensions"));
    if (shape.back() < 0) refuse(place, element.at, "the shape has a negative size");
  }
  return shape;
}

/// The name that stands at `at`; what follows it is the matrix's body.
void take_name(const Place& place, std::int64_t at, Matrix& matrix) {
  const Element name = element_at(place, at, matrix.end);
  if (name.bytes > name_bytes)
    refuse(place, name.at, "a name of " + std::to_string(name.bytes) + " bytes is above the limit");
  const auto raw = place.source.take_bytes(name.at, name.bytes, "name of an array");
  matrix.name = std::string(text_of(raw));
  matrix.body_at = name.next;
}

}  // namespace

Element element_at(const Place& place, std::int64_t at, std::int64_t end) {
  if (end - at < 8) refuse(place, at, "the file is truncated: an element is missing");
  const auto first = place.source.take<std::uint32_t>(at, place.order, "tag of an element");
  Element element;
  if ((first >> 16) != 0) {
    element = {first & 0xFFFF, at + 4, static_cast<std::int64_t>(first >> 16), at + 8};
    if (element.bytes > 4) refuse(place, at, "the size of a small element is " + std::to_string(element.bytes));
    return element;
  }
  const auto bytes = place.source.take<std::int32_t>(at + 4, place.order, "size of an element");
  if (bytes < 0) refuse(place, at + 4, "the size of an element is " + std::to_string(bytes));
  element = {first, at + 8, bytes, at + 8 + bytes};
  if (element.end() > end) {
    refuse(place, at,
           "the file is truncated: an element of " + std::to_string(bytes) + " bytes is promised, " +
               std::to_string(end - element.at) + " are left");
  }
  if (first != mi_compressed) element.next = std::min(end, at + 8 + (std::int64_t{bytes} + 7) / 8 * 8);
  return element;
}

Matrix matrix_of(const Place& place, const Element& element) {
  if (element.type != mi_matrix)
    refuse(place, element.at, "an array is expected, found type " + std::to_string(element.type));
  Matrix matrix;
  matrix.end = element.end();
  if (element.bytes == 0) {
    matrix.empty = true;
    matrix.array_class = mx_double;
    matrix.shape = {0, 0};
    matrix.body_at = element.at;
    return matrix;
  }
  const Element flags = element_at(place, element.at, matrix.end);
  if (flags.bytes < 4) refuse(place, flags.at, "the size of the array flags is " + std::to_string(flags.bytes));
  const auto bits = place.source.take<std::uint32_t>(flags.at, place.order, "array flags");
  matrix.array_class = bits & 0xFF;
  matrix.complex = (bits & 0x800) != 0;
  matrix.logical = (bits & 0x200) != 0;
  if (matrix.array_class == mx_opaque) {  // has a name, but no dimensions
    matrix.shape = {1, 1};
    take_name(place, flags.next, matrix);
    return matrix;
  }
  const Element shape = element_at(place, flags.next, matrix.end);
  matrix.shape = take_shape(place, shape);
  take_name(place, shape.next, matrix);
  return matrix;
}

}  // namespace caton::matlab
