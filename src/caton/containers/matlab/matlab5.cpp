// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/matlab/element.hpp"
#include "caton/containers/matlab/matlab.hpp"

#include <algorithm>

namespace caton {
namespace {

using matlab::Element;
using matlab::Place;
using matlab::Reading;

constexpr std::size_t header_bytes = 128, version_at = 124;
constexpr std::size_t variables_limit = 100'000;

/// Where one variable is read from: the file itself, or a compressed element of it.
struct Variable {
  std::shared_ptr<const ByteSource> source;
  Element element;
};

class Matlab5Container : public Container {
 public:
  Matlab5Container(Bytes bytes, std::string where, std::shared_ptr<const ByteSource> file,
                   std::shared_ptr<const void> owner)
      : bytes_(bytes), where_(std::move(where)), owner_(std::move(owner)), file_(std::move(file)) {
    const auto mark = ByteReader(bytes_.subspan(version_at + 2), where_).take_text(2, "byte order");
    order_ = mark == "MI" ? ByteOrder::big : ByteOrder::little;
    list();
  }
  const std::vector<VariableAbout>& variables() const override { return variables_; }
  const Findings& findings() const override { return findings_; }
  ContainerValue read(const std::string& name) const override { return read_at(name, {}, false); }
  ContainerValue outline(const std::string& name) const override { return read_at(name, {}, true); }
  ContainerValue read_part(const std::string& name, const std::vector<std::string>& path) const override {
    return read_at(name, path, false);
  }

 private:
  Place place(const Variable& variable, const std::string& where) const { return {*variable.source, order_, where}; }

  void list() {
    const auto end = static_cast<std::int64_t>(bytes_.size());
    const Place whole{*file_, order_, where_};
    std::int64_t at = header_bytes;
    while (end - at >= 8) {
      Element element = matlab::element_at(whole, at, end);
      at = element.next;
      if (element.type != matlab::mi_matrix && element.type != matlab::mi_compressed) {
        findings_.push_back({"matlab/other-element", Severity::note, where_ + ": byte " + std::to_string(element.at),
                             "an element of type " + std::to_string(element.type) + " is left out"});
        continue;
      }
      Variable variable{file_, element};
      if (element.type == matlab::mi_compressed) variable = expanded(element);
      add(variable);
    }
  }

  Variable expanded(const Element& element) const {
    const std::string where = where_ + ": byte " + std::to_string(element.at);
    const Bytes compressed =
        bytes_.subspan(static_cast<std::size_t>(element.at), static_cast<std::size_t>(element.bytes));
    const auto tag = inflate_first(compressed, 8, Compression::zlib, where);
    const auto bytes = MemorySource(tag, where).take<std::int32_t>(4, order_, "size of a compressed element");
    if (bytes < 0) throw input_error(where, "the size of a compressed element is " + std::to_string(bytes));
    const std::int64_t size = std::int64_t{bytes} + 8;
    auto source = std::make_shared<InflatedSource>(compressed, size, where);
    return {source, matlab::element_at({*source, order_, where}, 0, size)};
  }

  void add(const Variable& variable) {
    const matlab::Matrix matrix = matlab::matrix_of(place(variable, where_), variable.element);
    VariableAbout about = matlab::about_matrix(matrix, order_);
    if (about.name.empty()) return;  // MATLAB's own workspace of objects
    const auto same = [&](const VariableAbout& one) { return one.name == about.name; };
    if (std::any_of(variables_.begin(), variables_.end(), same)) {
      throw input_error(where_, "has a duplicate variable " + printable(about.name), "the file is damaged");
    }
    if (variables_.size() >= variables_limit) throw input_error(where_, "more variables than the limit of 100000");
    if (about.kind == ValueKind::nothing) {
      findings_.push_back({"matlab/object", Severity::note, where_ + ": " + printable(about.name),
                           "is a function or an object of MATLAB and is not read"});
    }
    variables_.push_back(std::move(about));
    elements_.push_back(variable);
  }

  ContainerValue read_at(const std::string& name, const std::vector<std::string>& path, bool outline) const {
    const auto index = &variable_named(variables_, name, where_) - variables_.data();
    const Variable& variable = elements_[static_cast<std::size_t>(index)];
    std::string where = where_ + ": variable " + printable(name);
    for (const auto& step : path) where += "/" + printable(step);
    const Place here = place(variable, where);
    Reading reading{.outline = outline};
    return matlab::read_matrix(here, matlab::find_part(here, variable.element, path), reading);
  }

  Bytes bytes_;
  std::string where_;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const ByteSource> file_;
  ByteOrder order_ = ByteOrder::little;
  std::vector<VariableAbout> variables_;
  std::vector<Variable> elements_;
  Findings findings_;
};

std::unique_ptr<Container> open_matlab(const Path& path) {
  auto file = std::make_shared<const MappedFile>(path);
  if (is_matlab5(file->bytes())) {
    return std::make_unique<Matlab5Container>(file->bytes(), path.string(), std::make_shared<MappedSource>(file), file);
  }
  return matlab4_container(file->bytes(), path.string(), file);
}

const ContainerFormat matlab_format{
    .name = "matlab",
    .about = "MATLAB level 4 and 5 (saved by versions 4 to 7)",
    .extensions = {".mat"},
    .recognise = [](Bytes head, const Path&) { return is_matlab5(head) || is_matlab4(head); },
    .open = open_matlab,
};
CATON_REGISTER(ContainerFormat, matlab_format);

}  // namespace

bool is_matlab5(Bytes head) noexcept {
  if (head.size() < header_bytes) return false;
  const auto text = text_of(head);
  const auto version = text.substr(version_at, 4);
  return version == std::string_view("\x00\x01IM", 4) || version == std::string_view("\x01\x00MI", 4);
}

std::unique_ptr<Container> matlab5_container(Bytes bytes, const std::string& where, std::shared_ptr<const void> owner) {
  if (!is_matlab5(bytes)) throw input_error(where, "is no MATLAB file of level 5 or is truncated in its header");
  return std::make_unique<Matlab5Container>(bytes, where, std::make_shared<MemorySource>(bytes, where),
                                            std::move(owner));
}

}  // namespace caton
