// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/hdf5/frames.hpp"

#include <hdf5.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

/// What caton-reader does: HDF5 objects become values. The only place that knows the HDF5 library.
namespace caton::hdf5 {

/// A handle of the HDF5 library, closed at the end of its scope.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle(hid_t id, Close close) noexcept : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const noexcept { return id_; }

 private:
  hid_t id_;
  Close close_;
};

/// Walks over an opened file. MATLAB's files keep dimensions reversed, cells and struct arrays as references.
class Walker {
 public:
  /// `matlab`: the file says so in its first bytes.
  Walker(hid_t file, bool matlab, std::string where) : file_(file), matlab_(matlab), where_(std::move(where)) {}

  [[nodiscard]] Answer list();
  [[nodiscard]] Answer read(const std::string& name, const std::vector<std::string>& path, bool outline);

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& problem) const;
  [[nodiscard]] std::vector<std::string> links(hid_t group) const;
  void check_link(hid_t group, const std::string& name, const std::string& what) const;
  void check_group(hid_t group, const std::string& what, int depth);
  [[nodiscard]] Handle open_link(hid_t group, const std::string& name, const std::string& what) const;
  [[nodiscard]] Handle part(Handle object, const std::vector<std::string>& path, std::string what) const;
  [[nodiscard]] Handle referred(hid_t dataset, std::int64_t index, const std::string& what) const;

  [[nodiscard]] ContainerValue value(hid_t object, const std::string& what, int depth);
  void read_group(hid_t group, const std::string& what, int depth, ContainerValue& value);
  void read_sparse(hid_t group, const std::string& what, ContainerValue& value) const;
  [[nodiscard]] bool read_struct_array(hid_t group, const std::vector<std::string>& names, const std::string& what,
                                       int depth, ContainerValue& value);
  void read_dataset(hid_t dataset, const std::string& what, int depth, ContainerValue& value);
  void read_references(hid_t dataset, const std::string& what, int depth, ContainerValue& value);
  void read_numbers(hid_t dataset, const std::string& what, ContainerValue& value) const;
  void read_strings(hid_t dataset, const std::string& what, ContainerValue& value) const;
  void read_empty(hid_t dataset, const std::string& matlab_class, const std::string& what, ContainerValue& value) const;
  [[nodiscard]] std::vector<std::byte> raw_values(hid_t dataset, hid_t memory_type, std::int64_t bytes_each,
                                                  const std::string& what) const;
  [[nodiscard]] std::vector<std::int64_t> shape_of(hid_t dataset, const std::string& what) const;

  hid_t file_;
  bool matlab_;
  std::string where_;
  bool outline_ = false;
  std::int64_t values_left_ = 1'000'000;
  std::set<haddr_t> seen_;      ///< groups that were checked
  std::vector<haddr_t> above_;  ///< objects that hold the present one
  Findings findings_;
};

}  // namespace caton::hdf5
