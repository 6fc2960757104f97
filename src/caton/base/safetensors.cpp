// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/safetensors.hpp"

#include "caton/base/error.hpp"
#include "caton/base/json.hpp"
#include "caton/base/limits.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

namespace caton {
namespace {

std::optional<Dtype> dtype_named(const std::string& name) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::i64, Dtype::i32, Dtype::i16,
                            Dtype::i8, Dtype::u64, Dtype::u32, Dtype::u16, Dtype::u8, Dtype::boolean}) {
    if (name == dtype_name(dtype)) return dtype;
  }
  return std::nullopt;
}

struct Entry {
  std::string name;
  Dtype dtype;
  Tensor::Shape shape;
  std::int64_t begin, end;
};

Entry read_entry(const std::string& name, const Json& about, const std::string& where) {
  const auto refuse = [&](const std::string& problem) {
    throw input_error(where + ": tensor \"" + name + "\"", problem, "the file is damaged or hostile");
  };
  if (!about.is_object() || about.size() != 3 || !about.has("dtype") || !about.has("shape") ||
      !about.has("data_offsets")) {
    refuse("dtype, shape and data_offsets are needed, and nothing else");
  }
  const Json& type = about.at("dtype");
  const auto dtype = type.is_text() ? dtype_named(type.text()) : std::nullopt;
  if (!dtype) refuse("unknown dtype " + type.dump());
  const auto whole = [&](const Json& value) {
    if (!value.is_integer() || value.integer() < 0) refuse("a size of " + value.dump());
    return value.integer();
  };
  const Json& shape = about.at("shape");
  const Json& offsets = about.at("data_offsets");
  if (!shape.is_list() || shape.size() > static_cast<std::size_t>(limits::tensor_rank))
    refuse("its shape is no list of at most 8 sizes");
  if (!offsets.is_list() || offsets.size() != 2) refuse("data_offsets are no pair");
  Entry entry{name, *dtype, {}, whole(offsets.items()[0]), whole(offsets.items()[1])};
  std::int64_t count = 1;
  for (const auto& extent : shape.items()) {
    entry.shape.push_back(whole(extent));
    count = checked_product(count, entry.shape.back(), where, "the shape of tensor \"" + name + "\"");
  }
  const std::int64_t bytes =
      checked_product(count, static_cast<std::int64_t>(dtype_bytes(*dtype)), where, "tensor \"" + name + "\"");
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) refuse("its offsets do not match its shape");
  return entry;
}

}  // namespace

const Tensor& Safetensors::at(const std::string& name, const std::string& where) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw input_error(where, "the tensor \"" + name + "\" is missing");
  return found->second;
}

Safetensors parse_safetensors(Bytes bytes, const std::string& where) {
  ByteReader reader(bytes, where);
  const auto length = reader.take<std::uint64_t>("the header's length");
  if (length > static_cast<std::uint64_t>(limits::safetensors_header_bytes) || length > reader.remaining()) {
    reader.refuse("the header claims " + std::to_string(length) + " bytes",
                  "this is no safetensors file, or it is truncated");
  }
  const auto text = reader.take_text(length, "the header");
  if (text.empty() || text.front() != '{')
    reader.refuse("the header does not begin with {", "this is no safetensors file");
  const Json header = parse_json(text, where);
  const Bytes buffer = reader.rest();

  Safetensors content;
  std::vector<Entry> entries;
  for (const auto& [name, about] : header.members(where)) {
    if (name == "__metadata__") {
      if (!about.is_object()) throw input_error(where, "__metadata__ is no table of texts");
      for (const auto& [key, value] : about.members()) {
        if (!value.is_text()) throw input_error(where, "the metadata \"" + key + "\" is no text");
        content.metadata.emplace(key, value.text());
      }
    } else {
      entries.push_back(read_entry(name, about, where));
    }
  }
  if (entries.size() > static_cast<std::size_t>(limits::safetensors_tensors))
    throw input_error(where, "more than a million tensors");
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::int64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at) {
      throw input_error(where + ": tensor \"" + entry.name + "\"",
                        "begins at byte " + std::to_string(entry.begin) + " of the buffer where " + std::to_string(at) +
                            " is expected: a hole or an overlap",
                        "the file is damaged or hostile");
    }
    at = entry.end;
  }
  if (at != static_cast<std::int64_t>(buffer.size())) {
    throw input_error(
        where,
        "its tensors take " + std::to_string(at) + " bytes, " + std::to_string(buffer.size()) + " follow the header",
        "the file is truncated or has something hidden at its end");
  }
  for (Entry& entry : entries) {
    Tensor tensor(entry.dtype, std::move(entry.shape));
    const auto count = static_cast<std::size_t>(entry.end - entry.begin);
    if (count != 0) std::memcpy(tensor.data(), buffer.data() + entry.begin, count);
    content.tensors.emplace(std::move(entry.name), std::move(tensor));
  }
  return content;
}

Safetensors read_safetensors(const Path& path) {
  const MappedFile file(path);
  return parse_safetensors(file.bytes(), path.string());
}

std::string safetensors_bytes(const Safetensors& content) {
  Json header = Json::object();
  if (!content.metadata.empty()) {
    Json metadata = Json::object();
    for (const auto& [key, value] : content.metadata) metadata[key] = value;
    header["__metadata__"] = std::move(metadata);
  }
  std::int64_t at = 0;
  for (const auto& [name, tensor] : content.tensors) {
    const auto end = at + static_cast<std::int64_t>(tensor.bytes());
    header[name] = Json::object({{"dtype", dtype_name(tensor.dtype())},
                                 {"shape", Json::list_of(tensor.shape())},
                                 {"data_offsets", Json::list_of(std::vector<std::int64_t>{at, end})}});
    at = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(text.size() >> (8 * i));
  bytes.reserve(8 + text.size() + static_cast<std::size_t>(at));
  bytes += text;
  for (const auto& [name, tensor] : content.tensors) {
    bytes += text_of(Bytes(static_cast<const std::byte*>(tensor.data()), tensor.bytes()));
  }
  return bytes;
}

void write_safetensors(const Path& path, const Safetensors& content) { write_file(path, safetensors_bytes(content)); }

}  // namespace caton
