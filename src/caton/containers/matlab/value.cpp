// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/matlab/element.hpp"
#include "caton/containers/numbers.hpp"

#include <algorithm>
#include <optional>

namespace caton::matlab {
namespace {

constexpr const char* damaged = "the file is damaged; copy or export it again";
constexpr std::int64_t field_name_bytes = 1024;

[[noreturn]] void refuse(const Place& place, std::int64_t at, const std::string& problem) {
  throw input_error(place.where + ": byte " + std::to_string(at), problem, damaged);
}

std::optional<Dtype> stored_type(std::uint32_t type) noexcept {
  switch (type) {
    case mi_int8: return Dtype::i8;
    case mi_uint8:
    case mi_utf8: return Dtype::u8;
    case mi_int16: return Dtype::i16;
    case mi_uint16:
    case mi_utf16: return Dtype::u16;
    case mi_int32: return Dtype::i32;
    case mi_uint32:
    case mi_utf32: return Dtype::u32;
    case mi_single: return Dtype::f32;
    case mi_double: return Dtype::f64;
    case mi_int64: return Dtype::i64;
    case mi_uint64: return Dtype::u64;
    default: return std::nullopt;
  }
}

std::optional<Dtype> class_type(std::uint32_t array_class) noexcept {
  constexpr Dtype types[] = {Dtype::f64, Dtype::f32, Dtype::i8,  Dtype::u8,  Dtype::i16,
                             Dtype::u16, Dtype::i32, Dtype::u32, Dtype::i64, Dtype::u64};
  if (array_class == mx_sparse) return Dtype::f64;
  if (array_class < mx_double || array_class > mx_uint64) return std::nullopt;
  return types[array_class - mx_double];
}

ValueKind kind_of(std::uint32_t array_class) noexcept {
  if (array_class == mx_cell) return ValueKind::cell;
  if (array_class == mx_struct || array_class == mx_object) return ValueKind::structure;
  if (array_class == mx_char) return ValueKind::text;
  return class_type(array_class) ? ValueKind::array : ValueKind::nothing;
}

std::int64_t product(const std::vector<std::int64_t>& shape, const std::string& where) {
  std::int64_t count = 1;
  for (const auto extent : shape) count = checked_product(count, extent, where, "shape");
  return count;
}

/// Numbers of an element, whatever type they are stored as.
template <class T>
std::vector<T> take_numbers(const Place& place, const Element& element) {
  const auto stored = stored_type(element.type);
  if (!stored) refuse(place, element.at, "values of type " + std::to_string(element.type) + " are not known");
  const std::int64_t count = element.bytes / static_cast<std::int64_t>(dtype_bytes(*stored));
  Tensor numbers(dtype_of<T>, {count});
  fill_numbers(numbers, {count}, {.stored = *stored, .order = place.order, .at = element.at}, place.source);
  const auto values = numbers.values<T>();
  return {values.begin(), values.end()};
}

void fill_part(const Place& place, const Matrix& matrix, const Element& element, ContainerValue& value, int part) {
  const auto stored = stored_type(element.type);
  if (!stored) refuse(place, element.at, "values of type " + std::to_string(element.type) + " are not known");
  checked_count(matrix.shape, static_cast<std::int64_t>(dtype_bytes(*stored)), element.bytes, place.where);
  fill_numbers(value.array, matrix.shape,
               {.stored = *stored, .order = place.order, .column_major = true, .at = element.at}, place.source, part);
}

void read_dense(const Place& place, const Matrix& matrix, ContainerValue& value) {
  if (matrix.empty) {
    value.array = Tensor(Dtype::f64, matrix.shape);
    return;
  }
  const Element real = element_at(place, matrix.body_at, matrix.end);
  const auto stored = stored_type(real.type);
  if (!stored) refuse(place, real.at, "values of type " + std::to_string(real.type) + " are not known");
  checked_count(matrix.shape, static_cast<std::int64_t>(dtype_bytes(*stored)), real.bytes, place.where);
  auto shape = matrix.shape;
  if (matrix.complex) shape.push_back(2);
  value.array = Tensor(*class_type(matrix.array_class), shape);
  fill_part(place, matrix, real, value, 0);
  if (matrix.complex) fill_part(place, matrix, element_at(place, real.next, matrix.end), value, 1);
}

/// A sparse matrix becomes a dense one; large empty ones are refused.
void read_sparse(const Place& place, const Matrix& matrix, ContainerValue& value) {
  const Element row_element = element_at(place, matrix.body_at, matrix.end);
  const Element column_element = element_at(place, row_element.next, matrix.end);
  const auto rows = take_numbers<std::int64_t>(place, row_element);
  const auto columns = take_numbers<std::int64_t>(place, column_element);
  std::vector<std::vector<double>> parts;
  Element element = column_element;
  for (int part = 0; part < (matrix.complex ? 2 : 1); ++part) {
    element = element_at(place, element.next, matrix.end);
    parts.push_back(take_numbers<double>(place, element));
  }
  const std::int64_t count = product(matrix.shape, place.where);
  if (matrix.shape.size() != 2) refuse(place, matrix.body_at, "the shape of a sparse matrix must have two dimensions");
  if (count > (1 << 20) && count / limits::expansion > matrix.end - matrix.body_at) {
    refuse(place, matrix.body_at,
           "a sparse matrix of " + std::to_string(count) + " values would expand by a ratio above the limit");
  }
  auto shape = matrix.shape;
  if (matrix.complex) shape.push_back(2);
  value.array = Tensor(Dtype::f64, shape);
  const auto out = value.array.values<double>();
  const auto stride = static_cast<std::int64_t>(parts.size());
  for (std::int64_t column = 0; column < matrix.shape[1]; ++column) {
    if (static_cast<std::size_t>(column) + 1 >= columns.size())
      refuse(place, matrix.body_at, "sparse columns are truncated");
    for (std::int64_t k = columns[static_cast<std::size_t>(column)]; k < columns[static_cast<std::size_t>(column) + 1];
         ++k) {
      if (k < 0 || static_cast<std::size_t>(k) >= std::min(rows.size(), parts.front().size())) {
        refuse(place, matrix.body_at, "a sparse column has a wrong size");
      }
      const std::int64_t row = rows[static_cast<std::size_t>(k)];
      if (row < 0 || row >= matrix.shape[0]) refuse(place, matrix.body_at, "a sparse row lies outside the shape");
      for (std::size_t part = 0; part < parts.size(); ++part) {
        if (static_cast<std::size_t>(k) >= parts[part].size())
          refuse(place, matrix.body_at, "sparse values are truncated");
        out[static_cast<std::size_t>((row * matrix.shape[1] + column) * stride) + part] =
            parts[part][static_cast<std::size_t>(k)];
      }
    }
  }
}

std::string rows_text(const std::vector<std::uint32_t>& units, std::int64_t rows, std::int64_t columns) {
  if (rows == 1) return utf8_of_units(units);
  std::string text;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<std::uint32_t> line;
    for (std::int64_t column = 0; column < columns; ++column) {
      line.push_back(units[static_cast<std::size_t>(column * rows + row)]);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += utf8_of_units(line) + "\n";
  }
  return text;
}

void read_text(const Place& place, const Matrix& matrix, ContainerValue& value) {
  if (matrix.empty) return;
  const Element element = element_at(place, matrix.body_at, matrix.end);
  const std::int64_t rows = matrix.shape.front();
  const std::int64_t count = product(matrix.shape, place.where);
  if (element.type == mi_utf8 && rows == 1) {
    value.text = utf8_repaired(text_of(place.source.take_bytes(element.at, element.bytes, "text")));
    return;
  }
  auto units = take_numbers<std::uint32_t>(place, element);
  if (count > static_cast<std::int64_t>(units.size()) && element.type != mi_utf8) {
    refuse(place, element.at, "the file is truncated: a text of " + std::to_string(count) + " characters is promised");
  }
  // A matrix of UTF-8 characters has fewer characters than bytes where one is not ASCII; rows cannot be told then.
  const bool whole = static_cast<std::int64_t>(units.size()) == count && rows > 0;
  value.text = whole ? rows_text(units, rows, count / rows) : utf8_of_units(units);
}

void spend(const Place& place, const Matrix& matrix, Reading& reading, std::int64_t count) {
  // Every part needs a tag of 8 bytes, so that no shape can promise more than there is.
  if (count > (matrix.end - matrix.body_at) / 8) {
    refuse(place, matrix.body_at, "the file is truncated: " + std::to_string(count) + " parts are promised");
  }
  reading.values_left -= count;
  if (reading.values_left < 0) refuse(place, matrix.body_at, "nested values are above the limit of one million");
}

void read_cell(const Place& place, const Matrix& matrix, Reading& reading, int depth, ContainerValue& value) {
  const std::int64_t count = product(matrix.shape, place.where);
  spend(place, matrix, reading, count);
  std::int64_t at = matrix.body_at;
  for (std::int64_t i = 0; i < count; ++i) {
    const Element element = element_at(place, at, matrix.end);
    value.items.push_back(read_matrix(place, element, reading, depth + 1));
    at = element.next;
  }
}

/// Names of the fields, and where their values begin.
struct Fields {
  std::vector<std::string> names;
  std::int64_t at = 0;
};

Fields take_fields(const Place& place, const Matrix& matrix) {
  std::int64_t at = matrix.body_at;
  if (matrix.array_class == mx_object) at = element_at(place, at, matrix.end).next;  // the name of the class
  const Element length_element = element_at(place, at, matrix.end);
  const auto lengths = take_numbers<std::int64_t>(place, length_element);
  if (lengths.empty() || lengths.front() < 1 || lengths.front() > field_name_bytes) {
    refuse(place, at, "the size of field names is not possible");
  }
  const Element names = element_at(place, length_element.next, matrix.end);
  const std::int64_t length = lengths.front();
  Fields fields;
  fields.at = names.next;
  const auto raw = place.source.take_bytes(names.at, names.bytes, "field names");
  for (std::int64_t from = 0; from + length <= names.bytes; from += length) {
    const auto text = text_of(Bytes(raw)).substr(static_cast<std::size_t>(from), static_cast<std::size_t>(length));
    fields.names.push_back(utf8_repaired(text.substr(0, std::min(text.find('\0'), text.size()))));
  }
  return fields;
}

void read_struct(const Place& place, const Matrix& matrix, Reading& reading, int depth, ContainerValue& value) {
  const Fields fields = take_fields(place, matrix);
  const std::int64_t count = product(matrix.shape, place.where);
  spend(place, matrix, reading,
        fields.names.empty()
            ? 0
            : checked_product(count, static_cast<std::int64_t>(fields.names.size()), place.where, "fields"));
  spend(place, matrix, reading, fields.names.empty() ? std::min<std::int64_t>(count, 1) : 0);
  std::int64_t at = fields.at;
  for (std::int64_t i = 0; i < (fields.names.empty() ? std::min<std::int64_t>(count, 1) : count); ++i) {
    ContainerValue one;
    one.kind = ValueKind::structure;
    one.shape = {1, 1};
    for (const auto& name : fields.names) {
      const Element element = element_at(place, at, matrix.end);
      one.fields.push_back({name, read_matrix(place, element, reading, depth + 1)});
      at = element.next;
    }
    if (count == 1) {
      value.fields = std::move(one.fields);
    } else {
      value.items.push_back(std::move(one));
    }
  }
}

}  // namespace

VariableAbout about_matrix(const Matrix& matrix, ByteOrder order) {
  VariableAbout about;
  about.name = utf8_repaired(matrix.name);
  about.kind = kind_of(matrix.array_class);
  about.shape = matrix.shape;
  if (about.kind == ValueKind::array) about.dtype = dtype_text(*class_type(matrix.array_class), order, matrix.complex);
  return about;
}

ContainerValue read_matrix(const Place& place, const Element& element, Reading& reading, int depth) {
  if (depth > limits::nesting) refuse(place, element.at, "values are nested beyond the limit of 64");
  const Matrix matrix = matrix_of(place, element);
  const VariableAbout about = about_matrix(matrix, place.order);
  ContainerValue value;
  value.kind = about.kind;
  value.shape = matrix.shape;
  value.dtype = about.dtype;
  value.column_major = about.kind == ValueKind::array;
  value.complex = value.column_major && matrix.complex;
  switch (about.kind) {
    case ValueKind::cell: read_cell(place, matrix, reading, depth, value); break;
    case ValueKind::structure: read_struct(place, matrix, reading, depth, value); break;
    case ValueKind::text: read_text(place, matrix, value); break;
    case ValueKind::array:
      if (reading.outline && product(matrix.shape, place.where) > outline_values) {
        value.left_out = true;
      } else if (matrix.array_class == mx_sparse) {
        read_sparse(place, matrix, value);
      } else {
        read_dense(place, matrix, value);
      }
      break;
    case ValueKind::nothing: break;
  }
  return value;
}

Element find_part(const Place& place, Element element, const std::vector<std::string>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const Matrix matrix = matrix_of(place, element);
    const std::int64_t count = product(matrix.shape, place.where);
    const ValueKind kind = kind_of(matrix.array_class);
    const auto index = parse_integer(path[i]);
    if (index && (*index < 0 || *index >= count)) {
      throw input_error(place.where, "element " + path[i] + " is missing, there are " + std::to_string(count));
    }
    std::int64_t at = matrix.body_at;
    std::int64_t skip = index.value_or(0);
    if (kind == ValueKind::structure) {
      if (index && i + 1 == path.size() && count == 1) return element;
      if (index && ++i == path.size()) throw usage_error(place.where, "one struct of an array is read by its fields");
      const Fields fields = take_fields(place, matrix);
      const auto field = std::find(fields.names.begin(), fields.names.end(), path[i]);
      if (field == fields.names.end() || (!index && count != 1)) {
        throw input_error(place.where, "the field " + printable(path[i]) + " is missing",
                          suggestion(path[i], fields.names));
      }
      at = fields.at;
      skip = skip * static_cast<std::int64_t>(fields.names.size()) + (field - fields.names.begin());
    } else if (kind != ValueKind::cell || !index) {
      throw input_error(place.where, "the field " + printable(path[i]) + " is missing: what is there is no struct");
    }
    for (; skip > 0; --skip) at = element_at(place, at, matrix.end).next;
    element = element_at(place, at, matrix.end);
  }
  return element;
}

}  // namespace caton::matlab
