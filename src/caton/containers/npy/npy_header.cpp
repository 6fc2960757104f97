// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/npy/npy.hpp"

#include <set>

namespace caton {
namespace {

/// Reads the one kind of Python literal that a header is: a flat dict of a text, a flag and a tuple of whole numbers.
class Literal {
 public:
  Literal(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader read() {
    NpyHeader header;
    std::set<std::string> keys;
    expect('{');
    while (!next_is('}')) {
      const std::string key = quoted();
      expect(':');
      if (!keys.insert(key).second) refuse("the key " + printable(key) + " stands twice");
      if (key == "descr") {
        header.descr = descr();
      } else if (key == "fortran_order") {
        header.fortran_order = flag();
      } else if (key == "shape") {
        header.shape = shape();
      } else {
        refuse("unknown key " + printable(key));
      }
      if (!next_is(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (at_ != text_.size()) refuse("text behind its end");
    if (keys.size() != 3) refuse("descr, fortran_order and shape are needed");
    return header;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw input_error(where_, "the NPY header is not valid: " + problem, "the file is damaged or hostile");
  }
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool next_is(char wanted) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void expect(char wanted) {
    if (!next_is(wanted)) refuse(std::string("'") + wanted + "' is missing at character " + std::to_string(at_));
  }
  std::string quoted() {
    skip_space();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') refuse("a text is missing at character " + std::to_string(at_));
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("a text does not end");
    const std::string_view inner = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return std::string(inner);
  }
  std::string descr() {
    if (next_is('[')) {
      throw input_error(where_, "the dtype is a record of several fields", "save each field as an array of its own");
    }
    return quoted();
  }
  bool word(std::string_view wanted) {
    skip_space();
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  bool flag() {
    if (word("True")) return true;
    if (!word("False")) refuse("fortran_order is neither True nor False");
    return false;
  }
  std::vector<std::int64_t> shape() {
    std::vector<std::int64_t> extents;
    expect('(');
    while (!next_is(')')) {
      skip_space();
      const auto begin = at_;
      while (at_ < text_.size() && (text_[at_] == '-' || (text_[at_] >= '0' && text_[at_] <= '9'))) ++at_;
      const auto extent = parse_integer(text_.substr(begin, at_ - begin));
      if (!extent) refuse("the shape holds no whole number at character " + std::to_string(begin));
      next_is('L');
      extents.push_back(*extent);
      if (!next_is(',')) {
        expect(')');
        break;
      }
    }
    return extents;
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(Bytes bytes, const std::string& where) {
  ByteReader reader(bytes, where);
  if (reader.take_text(6, "mark of an NPY file") != "\x93NUMPY") reader.refuse("is no NPY array");
  const auto major = reader.take<std::uint8_t>("version");
  reader.skip(1, "version");
  if (major < 1 || major > 3)
    reader.refuse("NPY version " + std::to_string(major) + " is not known", "read are 1 to 3");
  const std::uint32_t length =
      major == 1 ? reader.take<std::uint16_t>("header length") : reader.take<std::uint32_t>("header length");
  if (length > limits::header_bytes)
    reader.refuse("a header of " + std::to_string(length) + " bytes is above the limit");
  NpyHeader header = Literal(reader.take_text(length, "header"), where).read();
  header.values_at = static_cast<std::int64_t>(reader.offset());
  return header;
}

}  // namespace caton
