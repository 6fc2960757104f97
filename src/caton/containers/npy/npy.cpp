// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/npy/npy.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/numbers.hpp"
#include "caton/containers/zip/zip.hpp"

#include <algorithm>
#include <optional>

namespace caton {
namespace {

constexpr std::int64_t header_guess_bytes = 64 << 10;

/// What one value of an array is.
struct Element {
  std::optional<Dtype> number;  ///< none: a text
  ByteOrder order = ByteOrder::little;
  bool complex = false;
  bool unicode = false;
  std::int64_t bytes = 0;
};

std::optional<Dtype> number_type(char kind, std::int64_t bytes) {
  const std::string name = kind + std::to_string(bytes);
  if (name == "f8") return Dtype::f64;
  if (name == "f4") return Dtype::f32;
  if (name == "f2") return Dtype::f16;
  if (name == "i8") return Dtype::i64;
  if (name == "i4") return Dtype::i32;
  if (name == "i2") return Dtype::i16;
  if (name == "i1") return Dtype::i8;
  if (name == "u8") return Dtype::u64;
  if (name == "u4") return Dtype::u32;
  if (name == "u2") return Dtype::u16;
  if (name == "u1") return Dtype::u8;
  if (name == "b1") return Dtype::boolean;
  return std::nullopt;
}

Element element_of(const std::string& descr, const std::string& where) {
  const auto refuse = [&](const std::string& why) {
    throw input_error(where, "the dtype " + printable(descr) + " " + why, "save the array as numbers");
  };
  if (descr.size() >= 2 && descr[1] == 'O') refuse("(object) would run a pickle: refused");
  const auto bytes = descr.size() >= 3 ? parse_integer(descr.substr(2)) : std::nullopt;
  if (!bytes || *bytes < 0 || *bytes > (1 << 20) || std::string_view("<>|=").find(descr[0]) == std::string_view::npos) {
    refuse("is not known");
  }
  Element element;
  element.order = descr[0] == '>' ? ByteOrder::big : ByteOrder::little;
  element.bytes = *bytes;
  if (descr[1] == 'U' || descr[1] == 'S') {
    element.unicode = descr[1] == 'U';
    if (element.unicode) element.bytes *= 4;
    return element;
  }
  element.complex = descr[1] == 'c';
  element.number = element.complex ? number_type('f', *bytes / 2) : number_type(descr[1], *bytes);
  if (!element.number || (element.complex && *bytes < 8)) refuse("is not read");
  return element;
}

std::string text_at(Bytes raw, const Element& element) {
  if (!element.unicode) {
    const auto text = text_of(raw);
    return utf8_repaired(text.substr(0, std::min(text.find('\0'), text.size())));
  }
  ByteReader reader(raw, {}, element.order);
  std::string text;
  while (reader.remaining() >= 4) {
    const auto code = reader.take<std::uint32_t>("character");
    if (code == 0) break;
    append_utf8(text, code);
  }
  return text;
}

ContainerValue text_array(Bytes values, std::int64_t count, const Element& element) {
  ContainerValue cell;
  cell.kind = ValueKind::cell;
  for (std::int64_t i = 0; i < count; ++i) {
    ContainerValue item;
    item.kind = ValueKind::text;
    const auto size = static_cast<std::size_t>(element.bytes);
    if (size != 0) item.text = text_at(values.subspan(static_cast<std::size_t>(i) * size, size), element);
    cell.items.push_back(std::move(item));
  }
  return cell;
}

class NpyContainer : public Container {
 public:
  NpyContainer(Bytes bytes, std::string where, const std::string& name, std::shared_ptr<const void> owner)
      : bytes_(bytes), where_(std::move(where)), owner_(std::move(owner)) {
    const NpyHeader header = parse_npy_header(bytes_, where_);
    const auto present = static_cast<std::int64_t>(bytes_.size()) - header.values_at;
    variables_.push_back(npy_about(header, name, where_));
    checked_count(header.shape, std::max<std::int64_t>(1, element_of(header.descr, where_).bytes), present, where_);
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  ContainerValue read(const std::string& name) const override {
    variable_named(variables_, name, where_);
    return parse_npy(bytes_, where_);
  }
  const Findings& findings() const override { return findings_; }

 private:
  Bytes bytes_;
  std::string where_;
  std::shared_ptr<const void> owner_;
  std::vector<VariableAbout> variables_;
  Findings findings_;
};

class NpzContainer : public Container {
 public:
  NpzContainer(Bytes bytes, std::string where, std::shared_ptr<const void> owner)
      : where_(std::move(where)), owner_(std::move(owner)), archive_(bytes, where_) {
    for (const ZipMember& member : archive_.members()) add(member);
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  ContainerValue read(const std::string& name) const override {
    const auto index = &variable_named(variables_, name, where_) - variables_.data();
    const ZipMember& member = archive_.members()[members_[static_cast<std::size_t>(index)]];
    std::vector<std::byte> storage;
    return parse_npy(archive_.read(member, storage), where_ + ": member " + printable(member.name));
  }
  const Findings& findings() const override { return findings_; }

 private:
  void add(const ZipMember& member) {
    const std::string where = where_ + ": member " + printable(member.name);
    if (!member.name.ends_with(".npy")) {
      findings_.push_back({"npz/other-member", Severity::note, where, "is no NPY array and is left out"});
      return;
    }
    const auto head = archive_.read_first(member, header_guess_bytes);
    const std::string name = member.name.substr(0, member.name.size() - 4);
    variables_.push_back(npy_about(parse_npy_header(head, where), name, where));
    members_.push_back(static_cast<std::size_t>(&member - archive_.members().data()));
    // A small member is checked at once, so that a wrong checksum is told before its values are asked for.
    if (member.bytes <= header_guess_bytes) {
      std::vector<std::byte> storage;
      static_cast<void>(archive_.read(member, storage));
    }
  }

  std::string where_;
  std::shared_ptr<const void> owner_;
  ZipArchive archive_;
  std::vector<VariableAbout> variables_;
  std::vector<std::size_t> members_;
  Findings findings_;
};

std::unique_ptr<Container> open_npy(const Path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  return npy_container(file->bytes(), path.string(), path.stem().string(), file);
}
std::unique_ptr<Container> open_npz(const Path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  return npz_container(file->bytes(), path.string(), file);
}

const ContainerFormat npy_format{
    .name = "npy",
    .about = "NumPy array, versions 1 to 3",
    .extensions = {".npy"},
    .recognise = [](Bytes head, const Path&) { return text_of(head).starts_with("\x93NUMPY"); },
    .open = open_npy,
};
CATON_REGISTER(ContainerFormat, npy_format);

const ContainerFormat npz_format{
    .name = "npz",
    .about = "NumPy arrays in a zip archive, stored or deflated",
    .extensions = {".npz"},
    .recognise =
        [](Bytes head, const Path&) {
          const auto text = text_of(head);
          return text.starts_with(std::string_view("PK\x03\x04", 4)) ||
                 text.starts_with(std::string_view("PK\x05\x06", 4));
        },
    .open = open_npz,
};
CATON_REGISTER(ContainerFormat, npz_format);

}  // namespace

VariableAbout npy_about(const NpyHeader& header, const std::string& name, const std::string& where) {
  const Element element = element_of(header.descr, where);
  for (const auto extent : header.shape) {
    if (extent < 0) throw input_error(where, "the shape has the negative extent " + std::to_string(extent));
  }
  return {name, element.number ? ValueKind::array : ValueKind::cell, header.descr, header.shape};
}

ContainerValue parse_npy(Bytes bytes, const std::string& where) {
  const NpyHeader header = parse_npy_header(bytes, where);
  return npy_values(header, bytes.subspan(static_cast<std::size_t>(header.values_at)), where);
}

ContainerValue npy_values(const NpyHeader& header, Bytes values, const std::string& where) {
  const Element element = element_of(header.descr, where);
  const std::int64_t count = checked_count(header.shape, std::max<std::int64_t>(1, element.bytes),
                                           static_cast<std::int64_t>(values.size()), where);
  ContainerValue value;
  if (!element.number) {
    if (header.fortran_order && header.shape.size() > 1)
      throw input_error(where, "the dtype of texts in Fortran order is not read");
    value = text_array(values, count, element);
  } else {
    value.kind = ValueKind::array;
    Tensor::Shape shape = header.shape;
    if (element.complex) shape.push_back(2);
    value.array = Tensor(*element.number, shape);
    value.complex = element.complex;
    const StoredNumbers numbers{.stored = *element.number,
                                .order = element.order,
                                .column_major = header.fortran_order,
                                .parts = element.complex ? 2 : 1};
    fill_numbers(value.array, header.shape, numbers, MemorySource(values, where));
  }
  value.shape = header.shape;
  value.dtype = header.descr;
  return value;
}

std::unique_ptr<Container> npy_container(Bytes bytes, const std::string& where, const std::string& name,
                                         std::shared_ptr<const void> owner) {
  return std::make_unique<NpyContainer>(bytes, where, name, std::move(owner));
}
std::unique_ptr<Container> npz_container(Bytes bytes, const std::string& where, std::shared_ptr<const void> owner) {
  return std::make_unique<NpzContainer>(bytes, where, std::move(owner));
}

}  // namespace caton
