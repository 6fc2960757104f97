// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/pickle/machine.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace caton::pickle {
namespace {

constexpr std::size_t node_limit = 4'000'000, name_limit = 256;

/// The only names a pickle may use. Source: numpy.ndarray.__reduce__ of versions 1 and 2.
constexpr std::array<std::string_view, 5> allowed_names{"numpy.core.multiarray._reconstruct",
                                                        "numpy._core.multiarray._reconstruct", "numpy.ndarray",
                                                        "numpy.dtype", "_codecs.encode"};

class Machine {
 public:
  Machine(Bytes bytes, const std::string& where) : reader_(bytes, where) {}

  Graph run() {
    while (step()) {
    }
    graph_.top = pop();
    return std::move(graph_);
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    reader_.refuse("not a pickle that caton reads: " + problem, "save the arrays as NPY, NPZ or MATLAB file");
  }

  std::uint32_t add(Node node) {
    if (graph_.nodes.size() >= node_limit) refuse("more values than the limit of 4 million");
    graph_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(graph_.nodes.size() - 1);
  }
  void push(Node node) { stack_.push_back(add(std::move(node))); }
  void push_kind(NodeKind kind, std::int64_t whole = 0) {
    Node node;
    node.kind = kind;
    node.whole = whole;
    push(std::move(node));
  }
  void push_raw(NodeKind kind, std::size_t count) {
    Node node;
    node.kind = kind;
    node.raw = reader_.take_bytes(count, "a text of the pickle");
    push(std::move(node));
  }
  std::uint32_t pop() {
    if (stack_.size() <= floor()) refuse("a value is missing on its stack");
    const std::uint32_t index = stack_.back();
    stack_.pop_back();
    return index;
  }
  std::uint32_t top() const {
    if (stack_.size() <= floor()) refuse("a value is missing on its stack");
    return stack_.back();
  }
  std::size_t floor() const noexcept { return marks_.empty() ? 0 : marks_.back(); }
  std::vector<std::uint32_t> pop_to_mark() {
    if (marks_.empty()) refuse("a mark is missing on its stack");
    std::vector<std::uint32_t> values(stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back()), stack_.end());
    stack_.resize(marks_.back());
    marks_.pop_back();
    return values;
  }
  void push_tuple(std::vector<std::uint32_t> members) {
    Node node;
    node.kind = NodeKind::tuple;
    node.members = std::move(members);
    push(std::move(node));
  }
  void push_last(std::size_t count) {
    if (stack_.size() < floor() + count) refuse("a value is missing on its stack");
    std::vector<std::uint32_t> members(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    push_tuple(std::move(members));
  }
  void extend(NodeKind kind, const std::vector<std::uint32_t>& values) {
    Node& target = graph_.nodes[top()];
    if (target.kind != kind || (kind == NodeKind::dict && values.size() % 2 != 0))
      refuse("values are put into what is no " + std::string(kind == NodeKind::dict ? "dict" : "list"));
    target.members.insert(target.members.end(), values.begin(), values.end());
  }

  std::size_t take_length8() {
    const auto length = reader_.take<std::uint64_t>("length");
    if (length > reader_.remaining()) refuse("the file is truncated");
    return static_cast<std::size_t>(length);
  }
  void put(std::uint32_t place) { memo_[place] = top(); }
  void get(std::uint32_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) refuse("a value is used before it was made");
    stack_.push_back(found->second);
  }

  std::string take_line() {
    const auto rest = text_of(reader_.rest());
    const auto end = rest.substr(0, name_limit).find('\n');
    if (end == std::string_view::npos) refuse("a name does not end");
    std::string line(reader_.take_text(end, "name"));
    reader_.skip(1, "name");
    return line;
  }
  void push_name(const std::string& module, const std::string& name) {
    const std::string full = module + "." + name;
    if (std::find(allowed_names.begin(), allowed_names.end(), full) == allowed_names.end()) {
      reader_.refuse(
          "the pickle names " + printable(full) + ", which is never run or imported",
          "only arrays of NumPy are read; do not open this file elsewhere if you do not know where it comes from");
    }
    Node node;
    node.kind = NodeKind::name;
    node.name = full;
    push(std::move(node));
  }
  void stack_name() {
    const Node name = graph_.nodes[pop()];
    const Node module = graph_.nodes[pop()];
    if (name.kind != NodeKind::text || module.kind != NodeKind::text || name.raw.size() > name_limit ||
        module.raw.size() > name_limit) {
      refuse("a name is no text");
    }
    push_name(std::string(text_of(module.raw)), std::string(text_of(name.raw)));
  }

  void long1() {
    const auto count = reader_.take<std::uint8_t>("whole number");
    const Bytes raw = reader_.take_bytes(count, "whole number");
    if (count > 8) refuse("a whole number of more than 64 bits");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) value |= std::to_integer<std::uint64_t>(raw[i]) << (8 * i);
    if (count != 0 && count < 8 && (std::to_integer<int>(raw.back()) & 0x80) != 0)
      value |= ~std::uint64_t{0} << (8 * count);
    push_kind(NodeKind::whole, std::bit_cast<std::int64_t>(value));
  }

  /// What calling one of the allowed names would give, as data.
  void reduce() {
    const std::vector<std::uint32_t> args = graph_.nodes[pop()].members;
    const Node callee = graph_.nodes[pop()];
    if (callee.kind != NodeKind::name) refuse("something is called that is no name");
    Node made;
    if (callee.name == "_codecs.encode") {
      made = encoded(args);
    } else if (callee.name == "numpy.dtype") {
      if (args.empty() || graph_.nodes[args.front()].kind != NodeKind::text) refuse("a dtype without a name");
      made.kind = NodeKind::dtype;
      made.name = std::string(text_of(graph_.nodes[args.front()].raw));
    } else if (callee.name == "numpy.ndarray") {
      refuse("an array is made by calling its class");
    } else {
      made.kind = NodeKind::array;
    }
    push(std::move(made));
  }
  Node encoded(const std::vector<std::uint32_t>& args) const {
    if (args.size() != 2) refuse("text is encoded in an unknown way");
    const Node& text = graph_.nodes[args[0]];
    const Node& code = graph_.nodes[args[1]];
    const std::string name = code.kind == NodeKind::text ? lower_case(text_of(code.raw)) : "";
    if (text.kind != NodeKind::text || (name != "latin1" && name != "latin-1"))
      refuse("text is encoded in an unknown way");
    Node made;
    made.kind = NodeKind::bytes;
    made.raw = text.raw;
    made.is_latin1_text = true;
    return made;
  }
  void build() {
    const std::uint32_t state = pop();
    const std::vector<std::uint32_t> members = graph_.nodes[state].members;
    Node& target = graph_.nodes[top()];
    if (graph_.nodes[state].kind != NodeKind::tuple ||
        (target.kind != NodeKind::array && target.kind != NodeKind::dtype)) {
      refuse("a state is given to what is no array");
    }
    target.members = members;
  }

  bool step() {
    const auto code = static_cast<unsigned char>(reader_.take<std::uint8_t>("opcode of the pickle"));
    switch (code) {
      case 0x80: return protocol();
      case 0x95: reader_.skip(8, "frame"); return true;
      case '.': return false;
      case '}': push_kind(NodeKind::dict); return true;
      case ']': push_kind(NodeKind::list); return true;
      case ')': push_kind(NodeKind::tuple); return true;
      case '(': marks_.push_back(stack_.size()); return check_marks();
      case '0': static_cast<void>(pop()); return true;
      case '1': static_cast<void>(pop_to_mark()); return true;
      case '2': stack_.push_back(top()); return check_marks();
      case 'N': push_kind(NodeKind::none); return true;
      case 0x88: push_kind(NodeKind::flag, 1); return true;
      case 0x89: push_kind(NodeKind::flag, 0); return true;
      case 'J': push_kind(NodeKind::whole, reader_.take<std::int32_t>("whole number")); return true;
      case 'K': push_kind(NodeKind::whole, reader_.take<std::uint8_t>("whole number")); return true;
      case 'M': push_kind(NodeKind::whole, reader_.take<std::uint16_t>("whole number")); return true;
      case 0x8a: long1(); return true;
      case 'G': return real();
      case 'U': push_raw(NodeKind::text, reader_.take<std::uint8_t>("length")); return true;
      case 'T': push_raw(NodeKind::text, reader_.take<std::uint32_t>("length")); return true;
      case 'X': push_raw(NodeKind::text, reader_.take<std::uint32_t>("length")); return true;
      case 0x8c: push_raw(NodeKind::text, reader_.take<std::uint8_t>("length")); return true;
      case 0x8d: push_raw(NodeKind::text, take_length8()); return true;
      case 'C': push_raw(NodeKind::bytes, reader_.take<std::uint8_t>("length")); return true;
      case 'B': push_raw(NodeKind::bytes, reader_.take<std::uint32_t>("length")); return true;
      case 0x8e: push_raw(NodeKind::bytes, take_length8()); return true;
      case 'q': put(reader_.take<std::uint8_t>("memo")); return true;
      case 'r': put(reader_.take<std::uint32_t>("memo")); return true;
      case 0x94: put(static_cast<std::uint32_t>(memo_.size())); return true;
      case 'h': get(reader_.take<std::uint8_t>("memo")); return check_marks();
      case 'j': get(reader_.take<std::uint32_t>("memo")); return check_marks();
      default: return build_step(code);
    }
  }
  bool build_step(unsigned char code) {
    switch (code) {
      case 'c': return global();
      case 0x93: stack_name(); return true;
      case 't': push_tuple(pop_to_mark()); return true;
      case 0x85: push_last(1); return true;
      case 0x86: push_last(2); return true;
      case 0x87: push_last(3); return true;
      case 's': return set_item();
      case 'u': extend_marked(NodeKind::dict); return true;
      case 'a': {
        const std::uint32_t value = pop();
        extend(NodeKind::list, {value});
        return true;
      }
      case 'e': extend_marked(NodeKind::list); return true;
      case 'R': reduce(); return true;
      case 'b': build(); return true;
      default: refuse("opcode " + std::to_string(code) + " is not known");
    }
  }
  void extend_marked(NodeKind kind) {
    const auto values = pop_to_mark();
    extend(kind, values);
  }
  bool global() {
    const std::string module = take_line();
    push_name(module, take_line());
    return true;
  }
  bool set_item() {
    const std::uint32_t value = pop();
    const std::uint32_t key = pop();
    extend(NodeKind::dict, {key, value});
    return true;
  }
  bool protocol() {
    const auto version = reader_.take<std::uint8_t>("protocol");
    if (version < 2 || version > 5) refuse("protocol " + std::to_string(version));
    return true;
  }
  bool real() {
    Node node;
    node.kind = NodeKind::real;
    reader_.set_order(ByteOrder::big);
    node.real = reader_.take<double>("real number");
    reader_.set_order(ByteOrder::little);
    push(std::move(node));
    return true;
  }
  bool check_marks() const {
    if (marks_.size() > node_limit || stack_.size() > node_limit) refuse("its stack is above the limit of 4 million");
    return true;
  }

  ByteReader reader_;
  Graph graph_;
  std::vector<std::uint32_t> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::uint32_t, std::uint32_t> memo_;
};

}  // namespace

Graph run(Bytes bytes, const std::string& where) {
  if (bytes.size() > static_cast<std::size_t>(limits::pickle_bytes)) {
    throw input_error(where, "a pickle of " + std::to_string(bytes.size()) + " bytes is above the limit");
  }
  return Machine(bytes, where).run();
}

}  // namespace caton::pickle
