// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/pickle/pickle.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/npy/npy.hpp"
#include "caton/containers/numbers.hpp"
#include "caton/containers/pickle/machine.hpp"

#include <algorithm>
#include <optional>

namespace caton {
namespace {

using pickle::Graph;
using pickle::Node;
using pickle::NodeKind;

constexpr std::int64_t value_limit = 1'000'000;

/// What the state of an array says: (version, shape, dtype, Fortran order, bytes).
struct ArrayState {
  std::vector<std::int64_t> shape;
  std::string descr;
  bool column_major = false;
  const Node* raw = nullptr;
};

/// The bytes of Latin-1 characters that were written as UTF-8.
std::vector<std::byte> latin1_bytes(Bytes text, const std::string& where) {
  std::vector<std::byte> bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = std::to_integer<unsigned>(text[i]);
    if (first < 0x80) {
      bytes.push_back(text[i]);
      continue;
    }
    const auto second = i + 1 < text.size() ? std::to_integer<unsigned>(text[i + 1]) : 0U;
    if ((first != 0xC2 && first != 0xC3) || (second & 0xC0) != 0x80) {
      throw input_error(where, "the bytes of a pickled array are no Latin-1 text", "the file is damaged");
    }
    bytes.push_back(static_cast<std::byte>(((first & 3) << 6) | (second & 63)));
    ++i;
  }
  return bytes;
}

std::int64_t latin1_count(Bytes text) {
  return std::count_if(text.begin(), text.end(),
                       [](std::byte one) { return (std::to_integer<int>(one) & 0xC0) != 0x80; });
}

class PickleContainer : public Container {
 public:
  PickleContainer(Bytes bytes, std::string where, std::shared_ptr<const void> owner)
      : where_(std::move(where)), owner_(std::move(owner)), graph_(pickle::run(bytes, where_)) {
    sizes_.assign(graph_.nodes.size(), 0);
    static_cast<void>(expanded_size(graph_.top, 0));
    const Node& top = graph_.nodes[graph_.top];
    if (top.kind != NodeKind::dict) {
      add("value", graph_.top);
      return;
    }
    for (std::size_t i = 0; i + 1 < top.members.size(); i += 2) {
      add(key_text(graph_.nodes[top.members[i]]), top.members[i + 1]);
    }
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  const Findings& findings() const override { return findings_; }
  ContainerValue read(const std::string& name) const override {
    const auto index = &variable_named(variables_, name, where_) - variables_.data();
    return value_of(tops_[static_cast<std::size_t>(index)], where_ + ": " + printable(name), false);
  }
  ContainerValue outline(const std::string& name) const override {
    const auto index = &variable_named(variables_, name, where_) - variables_.data();
    return value_of(tops_[static_cast<std::size_t>(index)], where_ + ": " + printable(name), true);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw input_error(where_, "not a pickle that caton reads: " + problem,
                      "save the arrays as NPY, NPZ or MATLAB file");
  }

  void add(const std::string& name, std::uint32_t index) {
    const auto same = [&](const VariableAbout& one) { return one.name == name; };
    if (std::any_of(variables_.begin(), variables_.end(), same)) refuse("duplicate key " + printable(name));
    variables_.push_back(about_value(name, shallow(index)));
    tops_.push_back(index);
  }

  /// How many values this one is when shared parts are written out; refuses too many, too deep and circular ones.
  std::int64_t expanded_size(std::uint32_t index, int depth) {
    if (depth > limits::nesting) refuse("values are nested beyond the limit of 64 or contain themselves");
    if (sizes_[index] != 0) return sizes_[index];
    const Node& node = graph_.nodes[index];
    std::int64_t size = 1;
    if (node.kind == NodeKind::dict || node.kind == NodeKind::list || node.kind == NodeKind::tuple) {
      for (const auto member : node.members) {
        size += expanded_size(member, depth + 1);
        if (size > value_limit) refuse("written out it has more values than the limit of one million");
      }
    }
    sizes_[index] = size;
    return size;
  }

  std::string key_text(const Node& node) const {
    if (node.kind == NodeKind::text) return utf8_repaired(text_of(node.raw));
    if (node.kind == NodeKind::bytes) return utf8_of_bytes(node);
    if (node.kind == NodeKind::whole) return std::to_string(node.whole);
    refuse("a key of a dict is neither text nor number");
  }
  std::string utf8_of_bytes(const Node& node) const {
    return node.is_latin1_text ? utf8_repaired(text_of(node.raw)) : utf8_from_latin1(text_of(node.raw));
  }
  const Node& member(const Node& node, std::size_t index) const { return graph_.nodes[node.members[index]]; }

  ArrayState state_of(const Node& node) const {
    if (node.members.size() != 5) refuse("an array without its state");
    const Node& shape = member(node, 1);
    const Node& dtype = member(node, 2);
    const Node& order = member(node, 3);
    ArrayState state;
    state.raw = &member(node, 4);
    if (shape.kind != NodeKind::tuple || dtype.kind != NodeKind::dtype ||
        (order.kind != NodeKind::flag && order.kind != NodeKind::whole) ||
        (state.raw->kind != NodeKind::text && state.raw->kind != NodeKind::bytes)) {
      refuse("an array with an unknown state (object arrays are not read)");
    }
    for (std::size_t i = 0; i < shape.members.size(); ++i) {
      if (member(shape, i).kind != NodeKind::whole) refuse("the shape of an array is no whole number");
      state.shape.push_back(member(shape, i).whole);
    }
    state.column_major = order.whole != 0;
    state.descr = descr_of(dtype);
    return state;
  }
  std::string descr_of(const Node& dtype) const {
    if (dtype.name.empty() || dtype.name.size() > 8) refuse("a dtype without a name");
    std::string order = dtype.name.size() > 2 && dtype.name.back() != '1' ? "<" : "|";
    if (dtype.name.size() == 2 && dtype.name.back() != '1') order = "<";
    if (dtype.members.size() > 1) {
      const Node& mark = member(dtype, 1);
      if (mark.kind != NodeKind::text || mark.raw.size() != 1) refuse("a dtype without byte order");
      order = std::string(text_of(mark.raw));
    }
    if (order == "=") order = "<";
    return order + dtype.name;
  }

  /// Kind, type and shape, without values.
  ContainerValue shallow(std::uint32_t index) const {
    const Node& node = graph_.nodes[index];
    ContainerValue value;
    switch (node.kind) {
      case NodeKind::array: {
        const ArrayState state = state_of(node);
        const NpyHeader header{state.descr, state.column_major, state.shape, 0};
        const VariableAbout about = npy_about(header, {}, where_);
        if (about.kind != ValueKind::array) refuse("an array of dtype " + printable(state.descr));
        value.kind = ValueKind::array;
        value.dtype = about.dtype;
        value.shape = about.shape;
        value.left_out = true;
        break;
      }
      case NodeKind::flag:
      case NodeKind::whole:
      case NodeKind::real:
        value.kind = ValueKind::array;
        value.dtype = node.kind == NodeKind::real ? "<f8" : node.kind == NodeKind::whole ? "<i8" : "|b1";
        break;
      case NodeKind::text:
      case NodeKind::bytes: value.kind = ValueKind::text; break;
      case NodeKind::dict: value.kind = ValueKind::structure; break;
      case NodeKind::list:
      case NodeKind::tuple:
        value.kind = ValueKind::cell;
        value.shape = {static_cast<std::int64_t>(node.members.size())};
        break;
      default: break;
    }
    return value;
  }

  ContainerValue value_of(std::uint32_t index, const std::string& where, bool outline) const {
    const Node& node = graph_.nodes[index];
    ContainerValue value = shallow(index);
    if (value.kind == ValueKind::array) {
      if (node.kind == NodeKind::array) return array_of(node, value, where, outline);
      if (node.kind == NodeKind::real) value.array = Tensor::scalar(node.real);
      if (node.kind == NodeKind::whole) value.array = Tensor(Tensor::Shape{}, std::vector<std::int64_t>{node.whole});
      if (node.kind == NodeKind::flag) {
        value.array = Tensor(Dtype::boolean, {});
        fill_numbers(value.array, {}, {.stored = Dtype::u8}, MemorySource(flag_bytes(node), where));
      }
    } else if (value.kind == ValueKind::text) {
      value.text = node.kind == NodeKind::text ? utf8_repaired(text_of(node.raw)) : utf8_of_bytes(node);
    } else if (value.kind == ValueKind::cell) {
      for (const auto one : node.members) value.items.push_back(value_of(one, where, outline));
    } else if (value.kind == ValueKind::structure) {
      for (std::size_t i = 0; i + 1 < node.members.size(); i += 2) {
        const std::string key = key_text(member(node, i));
        value.fields.push_back({key, value_of(node.members[i + 1], where + "/" + printable(key), outline)});
      }
    }
    return value;
  }
  static Bytes flag_bytes(const Node& node) {
    return bytes_of(node.whole != 0 ? std::string_view("\x01", 1) : std::string_view("\x00", 1));
  }

  ContainerValue array_of(const Node& node, ContainerValue value, const std::string& where, bool outline) const {
    const ArrayState state = state_of(node);
    // Text of Python 3 holds each byte as one Latin-1 character; a byte string of Python 2 holds the bytes themselves.
    const bool utf8 = state.raw->is_latin1_text;
    const std::int64_t present = utf8 ? latin1_count(state.raw->raw) : static_cast<std::int64_t>(state.raw->raw.size());
    const auto bytes_each = parse_integer(std::string_view(value.dtype).substr(2)).value_or(1);
    const std::int64_t count = checked_count(state.shape, std::max<std::int64_t>(1, bytes_each), present, where);
    if (outline && count > outline_values) return value;
    const std::vector<std::byte> decoded = utf8 ? latin1_bytes(state.raw->raw, where) : std::vector<std::byte>{};
    const Bytes raw = utf8 ? Bytes(decoded) : state.raw->raw;
    return npy_values({state.descr, state.column_major, state.shape, 0}, raw, where);
  }

  std::string where_;
  std::shared_ptr<const void> owner_;
  Graph graph_;
  std::vector<std::int64_t> sizes_;
  std::vector<VariableAbout> variables_;
  std::vector<std::uint32_t> tops_;
  Findings findings_;
};

const ContainerFormat pickle_format{
    .name = "pickle",
    .about = "Python pickle of NumPy arrays, read as data and never run",
    .extensions = {".dat", ".pkl", ".pickle"},
    .recognise =
        [](Bytes head, const Path&) {
          return head.size() >= 2 && head[0] == std::byte{0x80} && head[1] >= std::byte{2} && head[1] <= std::byte{5};
        },
    .open =
        [](const Path& path) {
          auto file = std::make_shared<const MappedFile>(path);
          return pickle_container(file->bytes(), path.string(), file);
        },
};
CATON_REGISTER(ContainerFormat, pickle_format);

}  // namespace

std::unique_ptr<Container> pickle_container(Bytes bytes, const std::string& where, std::shared_ptr<const void> owner) {
  return std::make_unique<PickleContainer>(bytes, where, std::move(owner));
}

}  // namespace caton
