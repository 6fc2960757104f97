// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/hdf5/reader_types.hpp"
#include "caton/containers/hdf5/reader_walk.hpp"
#include "caton/containers/numbers.hpp"

#include <algorithm>
#include <bit>

namespace caton::hdf5 {
namespace {

constexpr ByteOrder native_order = std::endian::native == std::endian::big ? ByteOrder::big : ByteOrder::little;
constexpr std::int64_t free_expansion_bytes = 1 << 20;

std::int64_t product(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  return count;
}

/// The type under which complex numbers are read: two parts side by side.
Handle pair_type(const NumberType& number) {
  const std::size_t bytes = dtype_bytes(number.dtype);
  Handle type(H5Tcreate(H5T_COMPOUND, 2 * bytes), H5Tclose);
  for (std::size_t part = 0; part < 2; ++part) {
    H5Tinsert(type, number.parts[part].c_str(), part * bytes, memory_type(number.dtype));
  }
  return type;
}

/// Units of a matrix of characters, which lies column by column, as text with one line a row.
std::string text_of_codes(const std::vector<std::uint32_t>& codes, std::int64_t rows) {
  if (rows <= 1) return utf8_of_units(codes);
  const auto columns = static_cast<std::int64_t>(codes.size()) / rows;
  std::string text;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<std::uint32_t> line;
    for (std::int64_t column = 0; column < columns; ++column) {
      line.push_back(codes[static_cast<std::size_t>(column * rows + row)]);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += utf8_of_units(line) + "\n";
  }
  return text;
}

}  // namespace

std::vector<std::int64_t> Walker::shape_of(hid_t dataset, const std::string& what) const {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || H5Sget_simple_extent_type(space) == H5S_NULL) return {0};
  if (rank > limits::tensor_rank) refuse(what, "an array of shape with more axes than the limit of 8");
  std::vector<hsize_t> extents(static_cast<std::size_t>(rank));
  if (rank > 0) H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  for (const hsize_t extent : extents) {
    if (extent > static_cast<hsize_t>(limits::samples_per_channel))
      refuse(what, "an extent of the shape is above the limit");
    shape.push_back(static_cast<std::int64_t>(extent));
    count = checked_product(count, shape.back(), where_ + ": " + what, "shape");
  }
  return shape;
}

std::vector<std::byte> Walker::raw_values(hid_t dataset, hid_t memory, std::int64_t bytes_each,
                                          const std::string& what) const {
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  if (H5Pget_external_count(creation) > 0) refuse(what, "its values lie in an external file, which is never followed");
  if (H5Pget_layout(creation) == H5D_VIRTUAL)
    refuse(what, "its values lie in external files, which are never followed");
  const std::int64_t bytes =
      checked_product(product(shape_of(dataset, what)), bytes_each, where_ + ": " + what, "shape");
  const auto stored = static_cast<std::int64_t>(H5Dget_storage_size(dataset));
  if (bytes > free_expansion_bytes && bytes / limits::expansion > stored) {
    refuse(what, std::to_string(stored) + " stored bytes would expand to " + std::to_string(bytes) +
                     ": a ratio above the limit of 200:1");
  }
  if (bytes > limits::reader_memory_bytes / 4)
    refuse(what, "an array of " + std::to_string(bytes) + " bytes is above the limit");
  std::vector<std::byte> raw(static_cast<std::size_t>(bytes));
  if (!raw.empty() && H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) {
    refuse(what, library_problem("its values cannot be read"));
  }
  return raw;
}

void Walker::read_dataset(hid_t dataset, const std::string& what, int depth, ContainerValue& value) {
  const std::string matlab_class = attribute_text(dataset, "MATLAB_class");
  if (attribute_whole(dataset, "MATLAB_empty").value_or(0) != 0) return read_empty(dataset, matlab_class, what, value);
  if (is_reference(dataset)) return read_references(dataset, what, depth, value);
  const Handle type(H5Dget_type(dataset), H5Tclose);
  if (H5Tget_class(type) == H5T_STRING) return read_strings(dataset, what, value);
  const auto number = number_type(type);
  value.shape = shape_of(dataset, what);
  if (matlab_) std::reverse(value.shape.begin(), value.shape.end());
  if (!number || matlab_class == "function_handle" || matlab_class == "string") {
    findings_.push_back({"hdf5/not-read", Severity::note, where_ + ": " + what, "is of a kind that is not read"});
    return;
  }
  if (matlab_class == "char" && !number->complex) {
    value.kind = ValueKind::text;
    const auto raw = raw_values(dataset, H5T_NATIVE_UINT32, 4, what);
    std::vector<std::uint32_t> codes(raw.size() / 4);
    ByteReader reader(raw, where_, native_order);
    for (auto& code : codes) code = reader.take<std::uint32_t>("character");
    value.text = text_of_codes(codes, value.shape.empty() ? 1 : value.shape.front());
    return;
  }
  value.kind = ValueKind::array;
  value.dtype = dtype_text(number->dtype, number->order, number->complex);
  value.complex = number->complex;
  value.column_major = matlab_;
  if (outline_ && product(value.shape) > outline_values) {
    value.left_out = true;
  } else {
    read_numbers(dataset, what, value);
  }
}

void Walker::read_numbers(hid_t dataset, const std::string& what, ContainerValue& value) const {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const NumberType number = *number_type(type);
  const auto each = static_cast<std::int64_t>(dtype_bytes(number.dtype)) * (number.complex ? 2 : 1);
  // Flags are numbers behind names: their bytes are taken as they are stored.
  const Handle memory(number.complex                   ? static_cast<hid_t>(H5Tcopy(pair_type(number)))
                      : number.dtype == Dtype::boolean ? H5Tcopy(type)
                                                       : H5Tcopy(memory_type(number.dtype)),
                      H5Tclose);
  const auto raw = raw_values(dataset, memory, each, what);
  auto shape = value.shape;
  if (number.complex) shape.push_back(2);
  value.array = Tensor(number.dtype, shape);
  fill_numbers(
      value.array, value.shape,
      {.stored = number.dtype, .order = native_order, .column_major = matlab_, .parts = number.complex ? 2 : 1},
      MemorySource(raw, where_));
}

void Walker::read_strings(hid_t dataset, const std::string& what, ContainerValue& value) const {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const Handle space(H5Dget_space(dataset), H5Sclose);
  value.shape = shape_of(dataset, what);
  const std::int64_t count = product(value.shape);
  std::vector<std::string> texts;
  if (H5Tis_variable_str(type) > 0) {
    if (count > limits::annotations) refuse(what, "more texts than the limit");
    std::vector<char*> raw(static_cast<std::size_t>(count));
    if (count > 0 && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) {
      refuse(what, library_problem("its texts cannot be read"));
    }
    for (const char* const text : raw) texts.push_back(utf8_repaired(text == nullptr ? "" : text));
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw.data());
  } else {
    const auto size = static_cast<std::int64_t>(H5Tget_size(type));
    const auto raw = raw_values(dataset, type, size, what);
    for (std::int64_t i = 0; i < count; ++i) {
      const auto text = text_of(Bytes(raw)).substr(static_cast<std::size_t>(i * size), static_cast<std::size_t>(size));
      texts.push_back(utf8_repaired(text.substr(0, std::min(text.find('\0'), text.size()))));
    }
  }
  if (value.shape.empty()) {
    value.kind = ValueKind::text;
    value.text = texts.empty() ? "" : texts.front();
    return;
  }
  value.kind = ValueKind::cell;
  for (auto& text : texts) {
    ContainerValue item;
    item.kind = ValueKind::text;
    item.text = std::move(text);
    value.items.push_back(std::move(item));
  }
}

void Walker::read_empty(hid_t dataset, const std::string& matlab_class, const std::string& what,
                        ContainerValue& value) const {
  const auto raw = raw_values(dataset, H5T_NATIVE_INT64, 8, what);
  ByteReader reader(raw, where_, native_order);
  while (!reader.at_end() && value.shape.size() < static_cast<std::size_t>(limits::tensor_rank)) {
    value.shape.push_back(reader.take<std::int64_t>("size of an empty value"));
    if (value.shape.back() < 0) refuse(what, "the shape has a negative size");
  }
  const bool none = std::find(value.shape.begin(), value.shape.end(), 0) != value.shape.end();
  if (!none) value.shape = {0, 0};
  if (matlab_class == "char") {
    value.kind = ValueKind::text;
  } else if (matlab_class == "cell") {
    value.kind = ValueKind::cell;
  } else if (matlab_class == "struct") {
    value.kind = ValueKind::structure;
  } else {
    value.kind = ValueKind::array;
    value.dtype = "<f8";
    value.column_major = true;
    value.array = Tensor(Dtype::f64, {0}).reshaped(value.shape);
  }
}

void Walker::read_sparse(hid_t group, const std::string& what, ContainerValue& value) const {
  const std::int64_t rows = attribute_whole(group, "MATLAB_sparse").value_or(-1);
  const auto wholes = [&](const char* name) {
    std::vector<std::int64_t> numbers;
    if (H5Lexists(group, name, H5P_DEFAULT) <= 0) return numbers;
    const Handle dataset = open_link(group, name, what + "/" + name);
    const auto raw = raw_values(dataset, H5T_NATIVE_INT64, 8, what + "/" + name);
    ByteReader reader(raw, where_, native_order);
    while (!reader.at_end()) numbers.push_back(reader.take<std::int64_t>(name));
    return numbers;
  };
  const auto row = wholes("ir");
  const auto first = wholes("jc");
  const auto columns = static_cast<std::int64_t>(first.size()) - 1;
  if (rows < 0 || columns < 0) refuse(what, "a sparse matrix without its columns");
  ContainerValue values;
  if (!row.empty()) {
    const Handle dataset = open_link(group, "data", what + "/data");
    const Handle type(H5Dget_type(dataset), H5Tclose);
    const auto number = number_type(type);
    if (!number) refuse(what, "sparse values that are no numbers");
    values.shape = shape_of(dataset, what);
    values.complex = number->complex;
    read_numbers(dataset, what, values);
  }
  const std::int64_t count = checked_product(rows, columns, where_, "sparse matrix");
  const auto present = static_cast<std::int64_t>(row.size() + first.size()) * 8;
  if (count > free_expansion_bytes && count / limits::expansion > present) {
    refuse(what, "a sparse matrix of " + std::to_string(count) + " values would expand by a ratio above the limit");
  }
  const std::size_t parts = values.complex ? 2 : 1;
  const auto numbers = values.array.doubles();
  value.kind = ValueKind::array;
  value.complex = values.complex;
  value.column_major = true;
  value.dtype = dtype_text(Dtype::f64, ByteOrder::little, value.complex);
  value.shape = {rows, columns};
  value.array = Tensor(Dtype::f64, value.complex ? Tensor::Shape{rows, columns, 2} : Tensor::Shape{rows, columns});
  const auto out = value.array.values<double>();
  for (std::int64_t column = 0; column < columns; ++column) {
    for (std::int64_t k = first[static_cast<std::size_t>(column)]; k < first[static_cast<std::size_t>(column) + 1];
         ++k) {
      if (k < 0 || static_cast<std::size_t>(k) >= row.size() ||
          static_cast<std::size_t>(k + 1) * parts > numbers.size() || row[static_cast<std::size_t>(k)] < 0 ||
          row[static_cast<std::size_t>(k)] >= rows) {
        refuse(what, "a sparse value lies outside the shape");
      }
      for (std::size_t part = 0; part < parts; ++part) {
        out[static_cast<std::size_t>(row[static_cast<std::size_t>(k)] * columns + column) * parts + part] =
            numbers[static_cast<std::size_t>(k) * parts + part];
      }
    }
  }
}

}  // namespace caton::hdf5
