// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/hdf5/reader_walk.hpp"

#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/containers/hdf5/reader_types.hpp"
#include "caton/containers/numbers.hpp"

#include <algorithm>

namespace caton::hdf5 {
namespace {

constexpr std::size_t objects_limit = 1'000'000;

haddr_t address_of(hid_t object) {
  H5O_info_t about;
  return H5Oget_info(object, &about) < 0 ? HADDR_UNDEF : about.addr;
}

herr_t keep_name(hid_t /*group*/, const char* name, const H5L_info_t* /*about*/, void* names) {
  auto* const kept = static_cast<std::vector<std::string>*>(names);
  kept->emplace_back(name);
  return kept->size() > objects_limit ? -1 : 0;
}

bool is_hidden(const std::string& name) { return name.starts_with("#"); }

}  // namespace

void Walker::refuse(const std::string& what, const std::string& problem) const {
  throw input_error(where_, (what.empty() ? "" : what + ": ") + problem, "export the file again");
}

std::vector<std::string> Walker::links(hid_t group) const {
  std::vector<std::string> names;
  hsize_t place = 0;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &place, keep_name, &names) < 0) {
    refuse({}, library_problem("a group cannot be listed or is above the limit"));
  }
  return names;
}

void Walker::check_link(hid_t group, const std::string& name, const std::string& what) const {
  H5L_info_t about;
  if (H5Lget_info(group, name.c_str(), &about, H5P_DEFAULT) < 0) refuse(what, "the link is missing");
  if (about.type == H5L_TYPE_EXTERNAL) refuse(what, "is an external link to another file, which is never followed");
  if (about.type != H5L_TYPE_SOFT && about.type != H5L_TYPE_HARD) refuse(what, "is a link of an unknown kind");
  if (about.type == H5L_TYPE_SOFT && H5Oexists_by_name(group, name.c_str(), H5P_DEFAULT) <= 0) {
    refuse(what, "is a link to nothing");
  }
}

Handle Walker::open_link(hid_t group, const std::string& name, const std::string& what) const {
  check_link(group, name, what);
  Handle object(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose);
  if (object < 0) refuse(what, library_problem("cannot be opened"));
  return object;
}

void Walker::check_group(hid_t group, const std::string& what, int depth) {
  if (depth > limits::nesting) refuse(what, "groups are nested beyond the limit of 64");
  if (seen_.size() > objects_limit) refuse(what, "more objects than the limit of one million");
  above_.push_back(address_of(group));
  seen_.insert(above_.back());
  for (const auto& name : links(group)) {
    const std::string inner = what + "/" + printable(name);
    const Handle object = open_link(group, name, inner);
    if (H5Iget_type(object) != H5I_GROUP) continue;
    const haddr_t address = address_of(object);
    if (std::find(above_.begin(), above_.end(), address) != above_.end()) {
      findings_.push_back({"hdf5/cycle", Severity::warn, where_ + ": " + inner,
                           "the group contains itself (a cycle of links); it is walked once"});
    } else if (seen_.count(address) == 0) {
      check_group(object, inner, depth + 1);
    }
  }
  above_.pop_back();
}

Answer Walker::list() {
  const Handle root(H5Gopen2(file_, "/", H5P_DEFAULT), H5Gclose);
  if (root < 0) refuse({}, library_problem("the root group cannot be opened"));
  check_group(root, {}, 0);
  Answer answer;
  outline_ = true;
  above_ = {address_of(root)};
  for (const auto& name : links(root)) {
    if (is_hidden(name)) continue;
    answer.variables.push_back(about_value(name, value(open_link(root, name, printable(name)), printable(name), 0)));
  }
  answer.findings = findings_;
  return answer;
}

Handle Walker::referred(hid_t dataset, std::int64_t index, const std::string& what) const {
  const auto raw = raw_values(dataset, H5T_STD_REF_OBJ, sizeof(hobj_ref_t), what);
  const auto count = static_cast<std::int64_t>(raw.size() / sizeof(hobj_ref_t));
  if (index < 0 || index >= count) {
    refuse(what, "element " + std::to_string(index) + " is missing, there are " + std::to_string(count));
  }
  ByteReader at(raw, where_);
  at.seek(static_cast<std::size_t>(index) * sizeof(hobj_ref_t), "reference");
  const hobj_ref_t target = at.take<hobj_ref_t>("reference");
  Handle object(H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, &target), H5Oclose);
  if (object < 0) refuse(what, "refers to nothing");
  return object;
}

Handle Walker::part(Handle object, const std::vector<std::string>& path, std::string what) const {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto index = parse_integer(path[i]);
    const bool group = H5Iget_type(object) == H5I_GROUP;
    if (group && index && i + 1 < path.size()) {  // one struct of an array, or a single struct as its own element 0
      what += "/" + printable(path[i + 1]);
      Handle field = open_link(object, path[++i], what);
      const bool spread =
          H5Iget_type(field) == H5I_DATASET && attribute_text(field, "MATLAB_class").empty() && is_reference(field);
      if (!spread && *index != 0) refuse(what, "element " + std::to_string(*index) + " is missing");
      Handle next = spread ? referred(field, *index, what) : std::move(field);
      return part(std::move(next), {path.begin() + static_cast<std::ptrdiff_t>(i) + 1, path.end()}, what);
    }
    if (group && index && *index == 0) continue;
    what += "/" + printable(path[i]);
    const bool cell = !group && index && is_reference(object);
    if (!group && !cell) refuse(what, "the field " + printable(path[i]) + " is missing");
    if (group && H5Lexists(object, path[i].c_str(), H5P_DEFAULT) <= 0) {
      refuse(what, "the field " + printable(path[i]) + " is missing");
    }
    Handle next = cell ? referred(object, *index, what) : open_link(object, path[i], what);
    return part(std::move(next), {path.begin() + static_cast<std::ptrdiff_t>(i) + 1, path.end()}, what);
  }
  return object;
}

Answer Walker::read(const std::string& name, const std::vector<std::string>& path, bool outline) {
  outline_ = outline;
  const Handle root(H5Gopen2(file_, "/", H5P_DEFAULT), H5Gclose);
  if (root < 0) refuse({}, library_problem("the root group cannot be opened"));
  Answer answer;
  answer.value = value(part(open_link(root, name, printable(name)), path, printable(name)), printable(name), 0);
  return answer;
}

ContainerValue Walker::value(hid_t object, const std::string& what, int depth) {
  if (depth > limits::nesting) refuse(what, "values are nested beyond the limit of 64");
  if (--values_left_ < 0) refuse(what, "nested values are above the limit of one million");
  ContainerValue value;
  const haddr_t address = address_of(object);
  if (std::find(above_.begin(), above_.end(), address) != above_.end()) return value;
  above_.push_back(address);
  if (H5Iget_type(object) == H5I_GROUP) {
    read_group(object, what, depth, value);
  } else if (H5Iget_type(object) == H5I_DATASET) {
    read_dataset(object, what, depth, value);
  }
  above_.pop_back();
  return value;
}

void Walker::read_group(hid_t group, const std::string& what, int depth, ContainerValue& value) {
  if (has_attribute(group, "MATLAB_sparse")) return read_sparse(group, what, value);
  value.kind = ValueKind::structure;
  value.shape = {1, 1};
  auto names = attribute_names(group, "MATLAB_fields");
  if (names.empty()) names = links(group);
  if (matlab_ && read_struct_array(group, names, what, depth, value)) return;
  for (const auto& name : names) {
    if (is_hidden(name) && depth == 0) continue;
    const std::string inner = what + "/" + printable(name);
    value.fields.push_back({name, this->value(open_link(group, name, inner), inner, depth + 1)});
  }
}

bool Walker::read_struct_array(hid_t group, const std::vector<std::string>& names, const std::string& what, int depth,
                               ContainerValue& value) {
  std::vector<ContainerValue> columns;
  for (const auto& name : names) {
    const std::string inner = what + "/" + printable(name);
    const Handle field = open_link(group, name, inner);
    if (H5Iget_type(field) != H5I_DATASET || !attribute_text(field, "MATLAB_class").empty() || !is_reference(field)) {
      return false;
    }
    columns.emplace_back();
    read_references(field, inner, depth, columns.back());
    if (columns.back().items.size() != columns.front().items.size())
      refuse(inner, "fields of a struct array differ in shape");
  }
  if (columns.empty()) return false;
  value.shape = columns.front().shape;
  value.items.resize(columns.front().items.size());
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    value.items[i].kind = ValueKind::structure;
    value.items[i].shape = {1, 1};
    for (std::size_t column = 0; column < columns.size(); ++column) {
      value.items[i].fields.push_back({names[column], std::move(columns[column].items[i])});
    }
  }
  return true;
}

void Walker::read_references(hid_t dataset, const std::string& what, int depth, ContainerValue& value) {
  value.kind = ValueKind::cell;
  value.shape = shape_of(dataset, what);
  if (matlab_) std::reverse(value.shape.begin(), value.shape.end());
  const auto raw = raw_values(dataset, H5T_STD_REF_OBJ, sizeof(hobj_ref_t), what);
  ByteReader reader(raw, where_);
  std::size_t index = 0;
  while (!reader.at_end()) {
    const hobj_ref_t target = reader.take<hobj_ref_t>("reference");
    const std::string inner = what + "/" + std::to_string(index++);
    if (target == 0) {
      value.items.emplace_back();
      continue;
    }
    const Handle object(H5Rdereference2(dataset, H5P_DEFAULT, H5R_OBJECT, &target), H5Oclose);
    if (object < 0) refuse(inner, "refers to nothing (a dangling link)");
    value.items.push_back(this->value(object, inner, depth + 1));
  }
}

}  // namespace caton::hdf5
