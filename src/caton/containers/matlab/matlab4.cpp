// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/matlab/matlab.hpp"
#include "caton/containers/numbers.hpp"

#include <cmath>
#include <optional>

namespace caton {
namespace {

constexpr std::size_t header_bytes = 20;
constexpr std::uint32_t name_limit = 4096;

/// One variable: 20 bytes of numbers, a name, values down the columns.
struct Head {
  ByteOrder order = ByteOrder::little;
  Dtype stored = Dtype::f64;
  int kind = 0;  ///< 0 numbers, 1 text, 2 sparse
  bool complex = false;
  std::int64_t rows = 0, columns = 0;
  std::uint32_t name_bytes = 0;
};

std::optional<Head> head_of(Bytes bytes, ByteOrder order) {
  constexpr Dtype types[] = {Dtype::f64, Dtype::f32, Dtype::i32, Dtype::i16, Dtype::u16, Dtype::u8};
  if (bytes.size() < header_bytes) return std::nullopt;
  ByteReader reader(bytes, {}, order);
  const auto kind = reader.take<std::uint32_t>("type");
  const auto rows = reader.take<std::int32_t>("rows");
  const auto columns = reader.take<std::int32_t>("columns");
  const auto complex = reader.take<std::uint32_t>("imaginary flag");
  const auto name = reader.take<std::uint32_t>("length of the name");
  const auto machine = kind / 1000;
  const auto type = kind / 10 % 10;
  if (kind > 4052 || machine != (order == ByteOrder::big ? 1U : 0U) || kind / 100 % 10 != 0 || type > 5 ||
      kind % 10 > 2 || rows < 0 || columns < 0 || complex > 1 || name < 1 || name > name_limit) {
    return std::nullopt;
  }
  return Head{order, types[type], static_cast<int>(kind % 10), complex == 1, rows, columns, name};
}

std::optional<Head> head_of(Bytes bytes) {
  if (const auto head = head_of(bytes, ByteOrder::little)) return head;
  return head_of(bytes, ByteOrder::big);
}

struct Variable {
  Head head;
  Bytes values;
};

class Matlab4Container : public Container {
 public:
  Matlab4Container(Bytes bytes, std::string where, std::shared_ptr<const void> owner)
      : where_(std::move(where)), owner_(std::move(owner)) {
    ByteReader reader(bytes, where_);
    while (!reader.at_end()) add(reader);
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  const Findings& findings() const override { return findings_; }
  ContainerValue read(const std::string& name) const override {
    const auto index = static_cast<std::size_t>(&variable_named(variables_, name, where_) - variables_.data());
    const Variable& variable = parts_[index];
    const std::string where = where_ + ": variable " + printable(name);
    ContainerValue value = dense(variable, where);
    if (variable.head.kind == 1) return text(value, where);
    if (variable.head.kind == 2) return sparse(value, where);
    return value;
  }

 private:
  void add(ByteReader& reader) {
    const auto head = head_of(reader.rest());
    if (!head) reader.refuse("no variable of MATLAB level 4 begins here", "the file is truncated or damaged");
    reader.skip(header_bytes, "variable");
    const auto name = reader.take_text(head->name_bytes, "name of a variable");
    const std::int64_t count = head->rows * head->columns;  // of two 31-bit numbers
    const auto value_bytes = static_cast<std::int64_t>(dtype_bytes(head->stored)) * (head->complex ? 2 : 1);
    const std::int64_t bytes = checked_product(count, value_bytes, where_, "a variable");
    Variable variable{*head, reader.take_bytes(static_cast<std::size_t>(bytes), "values of a variable")};
    VariableAbout about;
    about.name = utf8_repaired(name.substr(0, std::min(name.find('\0'), name.size())));
    about.kind = head->kind == 1 ? ValueKind::text : ValueKind::array;
    about.shape = {head->rows, head->columns};
    if (head->kind == 0) about.dtype = dtype_text(head->stored, head->order, head->complex);
    if (head->kind == 2) {
      about.dtype = dtype_text(head->stored, head->order, head->columns == 4);
      about.shape = sparse_shape(dense(variable, where_), where_);
    }
    variables_.push_back(std::move(about));
    parts_.push_back(variable);
  }

  static ContainerValue dense(const Variable& variable, const std::string& where) {
    const Head& head = variable.head;
    ContainerValue value;
    value.kind = ValueKind::array;
    value.shape = {head.rows, head.columns};
    value.complex = head.complex;
    value.column_major = true;
    value.dtype = dtype_text(head.stored, head.order, head.complex);
    auto shape = value.shape;
    if (head.complex) shape.push_back(2);
    value.array = Tensor(head.stored, shape);
    const MemorySource source(variable.values, where);
    StoredNumbers numbers{.stored = head.stored, .order = head.order, .column_major = true};
    fill_numbers(value.array, value.shape, numbers, source);
    numbers.at = static_cast<std::int64_t>(variable.values.size()) / 2;
    if (head.complex) fill_numbers(value.array, value.shape, numbers, source, 1);
    return value;
  }

  static ContainerValue text(const ContainerValue& codes, const std::string& where) {
    ContainerValue value;
    value.kind = ValueKind::text;
    value.shape = codes.shape;
    const auto numbers = codes.array.doubles();
    const auto columns = static_cast<std::size_t>(codes.shape[1]);
    for (std::size_t i = 0; i < numbers.size() && !codes.complex; ++i) {
      if (!(numbers[i] >= 0 && numbers[i] <= 0x10FFFF)) throw input_error(where, "a character has no valid code");
      append_utf8(value.text, static_cast<std::uint32_t>(numbers[i]));
      if (codes.shape[0] > 1 && (i + 1) % columns == 0) value.text += '\n';
    }
    return value;
  }

  /// The last row of the triplets holds the size.
  static std::vector<std::int64_t> sparse_shape(const ContainerValue& triplets, const std::string& where) {
    const std::int64_t rows = triplets.shape[0], columns = triplets.shape[1];
    if (rows < 1 || columns < 3 || columns > 4 || triplets.complex)
      throw input_error(where, "a sparse matrix has a wrong shape");
    const auto numbers = triplets.array.doubles();
    std::vector<std::int64_t> shape;
    for (std::int64_t axis = 0; axis < 2; ++axis) {
      const double extent = numbers[static_cast<std::size_t>((rows - 1) * columns + axis)];
      if (!(extent >= 0 && extent < 2147483648.0)) throw input_error(where, "a sparse matrix has a wrong size");
      shape.push_back(static_cast<std::int64_t>(extent));
    }
    return shape;
  }

  static ContainerValue sparse(const ContainerValue& triplets, const std::string& where) {
    ContainerValue value;
    value.kind = ValueKind::array;
    value.shape = sparse_shape(triplets, where);
    value.column_major = true;
    value.complex = triplets.shape[1] == 4;
    value.dtype = value.complex ? "<c16" : triplets.dtype;
    const std::int64_t count = checked_product(value.shape[0], value.shape[1], where, "a sparse matrix");
    const auto numbers = triplets.array.doubles();
    const auto present = static_cast<std::int64_t>(numbers.size()) * 8;
    if (count > (1 << 20) && count / limits::expansion > present) {
      throw input_error(
          where, "a sparse matrix of " + std::to_string(count) + " values would expand by a ratio above the limit");
    }
    auto shape = value.shape;
    if (value.complex) shape.push_back(2);
    value.array = Tensor(Dtype::f64, shape);
    const auto out = value.array.values<double>();
    const auto width = static_cast<std::size_t>(triplets.shape[1]);
    for (std::int64_t i = 0; i + 1 < triplets.shape[0]; ++i) {
      const auto at = static_cast<std::size_t>(i) * width;
      const double row = numbers[at] - 1, column = numbers[at + 1] - 1;
      if (!(row >= 0 && row < static_cast<double>(value.shape[0]) && column >= 0 &&
            column < static_cast<double>(value.shape[1]))) {
        throw input_error(where, "a sparse value lies outside the shape");
      }
      const auto to =
          static_cast<std::size_t>(static_cast<std::int64_t>(row) * value.shape[1] + static_cast<std::int64_t>(column));
      for (std::size_t part = 0; part + 2 < width; ++part) out[to * (width - 2) + part] = numbers[at + 2 + part];
    }
    return value;
  }

  std::string where_;
  std::shared_ptr<const void> owner_;
  std::vector<VariableAbout> variables_;
  std::vector<Variable> parts_;
  Findings findings_;
};

}  // namespace

bool is_matlab4(Bytes head) noexcept {
  const auto found = head_of(head);
  if (!found || head.size() < header_bytes + found->name_bytes) return false;
  const auto name = text_of(head.subspan(header_bytes, found->name_bytes));
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return name.size() >= 2 && name.back() == '\0' && std::all_of(name.begin(), name.end() - 1, plain);
}

std::unique_ptr<Container> matlab4_container(Bytes bytes, const std::string& where, std::shared_ptr<const void> owner) {
  return std::make_unique<Matlab4Container>(bytes, where, std::move(owner));
}

}  // namespace caton
