// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/hdf5/frames.hpp"

#include "caton/base/limits.hpp"

#include <array>
#include <bit>

namespace caton::hdf5 {
namespace {

constexpr std::uint32_t mark = 0x31544143;  // "CAT1"
constexpr std::int64_t item_bytes = 16;     // no part of a value takes fewer bytes

class Writer {
 public:
  explicit Writer(const Sink& sink) : sink_(sink) {}

  void whole(std::int64_t value) { sink_(Bytes(std::bit_cast<std::array<std::byte, 8>>(value))); }
  void text(const std::string& text) {
    whole(static_cast<std::int64_t>(text.size()));
    sink_(bytes_of(text));
  }
  void shape(const std::vector<std::int64_t>& shape) {
    whole(static_cast<std::int64_t>(shape.size()));
    for (const auto extent : shape) whole(extent);
  }
  void value(const ContainerValue& value) {
    whole(static_cast<std::int64_t>(value.kind));
    whole((value.complex ? 1 : 0) | (value.column_major ? 2 : 0) | (value.left_out ? 4 : 0));
    shape(value.shape);
    text(value.dtype);
    text(value.text);
    whole(static_cast<std::int64_t>(value.array.dtype()));
    shape(value.array.shape());
    if (value.array.bytes() != 0) {
      sink_(Bytes(static_cast<const std::byte*>(value.array.data()), value.array.bytes()));
    }
    whole(static_cast<std::int64_t>(value.items.size()));
    for (const auto& item : value.items) this->value(item);
    whole(static_cast<std::int64_t>(value.fields.size()));
    for (const auto& [name, field] : value.fields) {
      text(name);
      this->value(field);
    }
  }

 private:
  const Sink& sink_;
};

class Reader {
 public:
  Reader(const Fill& fill, std::int64_t most_bytes, const std::string& where)
      : fill_(fill), left_(most_bytes), where_(where) {}

  void bytes(std::span<std::byte> out) {
    spend(static_cast<std::int64_t>(out.size()));
    fill_(out);
  }
  std::int64_t whole() {
    std::array<std::byte, 8> raw{};
    bytes(raw);
    return std::bit_cast<std::int64_t>(raw);
  }
  std::int64_t whole(std::int64_t most) {
    const std::int64_t value = whole();
    if (value < 0 || value > most) refuse();
    return value;
  }
  std::string text() {
    std::vector<std::byte> raw(static_cast<std::size_t>(whole(left_)));
    bytes(raw);
    return std::string(text_of(raw));
  }
  std::vector<std::int64_t> shape() {
    std::vector<std::int64_t> extents(static_cast<std::size_t>(whole(limits::tensor_rank + 1)));
    for (auto& extent : extents) extent = whole(INT64_MAX);
    return extents;
  }
  ContainerValue value(int depth = 0) {
    if (depth > limits::nesting) refuse();
    ContainerValue value;
    value.kind = static_cast<ValueKind>(whole(static_cast<std::int64_t>(ValueKind::nothing)));
    const std::int64_t flags = whole(7);
    value.complex = (flags & 1) != 0;
    value.column_major = (flags & 2) != 0;
    value.left_out = (flags & 4) != 0;
    value.shape = shape();
    value.dtype = text();
    value.text = text();
    value.array = array();
    value.items.resize(static_cast<std::size_t>(count()));
    for (auto& item : value.items) item = this->value(depth + 1);
    for (std::int64_t left = count(); left > 0; --left) {
      std::string name = text();
      value.fields.push_back({std::move(name), this->value(depth + 1)});
    }
    return value;
  }
  std::int64_t count() {
    const std::int64_t items = whole(left_ / item_bytes);
    items_left_ -= items;
    if (items_left_ < 0) refuse();
    return items;
  }
  [[noreturn]] void refuse() const {
    throw input_error(where_, "the program that reads HDF5 gave no valid answer", "the file is damaged or hostile");
  }

 private:
  void spend(std::int64_t count) {
    if (count > left_) refuse();
    left_ -= count;
  }
  Tensor array() {
    const auto dtype = static_cast<Dtype>(whole(static_cast<std::int64_t>(Dtype::boolean)));
    const auto extents = shape();
    std::int64_t size = static_cast<std::int64_t>(dtype_bytes(dtype));
    bool none = false;
    for (const auto extent : extents) none = none || extent == 0;
    for (const auto extent : extents) {
      if (!none && (__builtin_mul_overflow(size, extent, &size) || size > left_)) refuse();
    }
    if (none) {
      for (const auto extent : extents) {
        if (extent > limits::samples_per_channel) refuse();
      }
    }
    Tensor tensor(dtype, none ? Tensor::Shape{0} : extents);
    if (!none) bytes({static_cast<std::byte*>(tensor.data()), tensor.bytes()});
    return none ? tensor.reshaped(extents) : tensor;
  }

  const Fill& fill_;
  std::int64_t left_;
  std::int64_t items_left_ = 1'000'000;
  const std::string& where_;
};

void write_findings(Writer& writer, const Findings& findings) {
  writer.whole(static_cast<std::int64_t>(findings.size()));
  for (const auto& finding : findings) {
    writer.text(finding.code);
    writer.whole(static_cast<std::int64_t>(finding.severity));
    writer.text(finding.where);
    writer.text(finding.what);
  }
}

Findings read_findings(Reader& reader) {
  Findings findings(static_cast<std::size_t>(reader.count()));
  for (auto& finding : findings) {
    finding.code = reader.text();
    finding.severity = static_cast<Severity>(reader.whole(static_cast<std::int64_t>(Severity::stop)));
    finding.where = reader.text();
    finding.what = reader.text();
  }
  return findings;
}

}  // namespace

void write_answer(const Answer& answer, const Sink& sink) {
  Writer writer(sink);
  writer.whole(mark);
  writer.whole(answer.refusal ? static_cast<std::int64_t>(answer.refusal->kind) : 0);
  if (answer.refusal) {
    writer.text(answer.refusal->where);
    writer.text(answer.refusal->problem);
    writer.text(answer.refusal->remedy);
    return;
  }
  writer.whole(static_cast<std::int64_t>(answer.variables.size()));
  for (const auto& variable : answer.variables) {
    writer.text(variable.name);
    writer.whole(static_cast<std::int64_t>(variable.kind));
    writer.text(variable.dtype);
    writer.shape(variable.shape);
  }
  write_findings(writer, answer.findings);
  writer.value(answer.value);
}

Answer read_answer(const Fill& fill, std::int64_t most_bytes, const std::string& where) {
  Reader reader(fill, most_bytes, where);
  Answer answer;
  if (reader.whole() != mark) reader.refuse();
  if (const std::int64_t kind = reader.whole(4); kind != 0) {
    answer.refusal = Answer::Refusal{static_cast<ErrorKind>(kind), reader.text(), reader.text(), reader.text()};
    return answer;
  }
  answer.variables.resize(static_cast<std::size_t>(reader.count()));
  for (auto& variable : answer.variables) {
    variable.name = reader.text();
    variable.kind = static_cast<ValueKind>(reader.whole(static_cast<std::int64_t>(ValueKind::nothing)));
    variable.dtype = reader.text();
    variable.shape = reader.shape();
  }
  answer.findings = read_findings(reader);
  answer.value = reader.value();
  return answer;
}

}  // namespace caton::hdf5
