// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/file.hpp"
#include "caton/base/finding.hpp"
#include "caton/base/registry.hpp"
#include "caton/base/tensor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Named values out of general files (MATLAB, NumPy, pickle, HDF5). Knows no channels and no rates.
namespace caton {

enum class ValueKind { array, text, cell, structure, nothing };

/// One value of a container: an array of numbers, a text, a cell (list) of values, or a struct (array) of named fields.
/// Numbers keep their stored type and appear in row-major order whatever the file's order.
struct ContainerValue {
  ValueKind kind = ValueKind::nothing;
  Tensor array;  ///< kind array; complex numbers carry a last axis of length 2
  bool complex = false;
  std::string dtype;                  ///< as the file says it, NumPy style: "<f8", ">i2", "|b1"
  bool column_major = false;          ///< how it lay in the file
  std::string text;                   ///< kind text: UTF-8
  std::vector<std::int64_t> shape;    ///< of a cell or a struct array
  std::vector<ContainerValue> items;  ///< cell: its values; struct array of n elements: n values of kind structure
  std::vector<std::pair<std::string, ContainerValue>> fields;  ///< one struct: names in the file's order

  /// The field of this name of a 1 x 1 struct; refused (kind `input`) naming `where` and the field when missing.
  [[nodiscard]] const ContainerValue& field(const std::string& name, const std::string& where) const;
  [[nodiscard]] const ContainerValue* find(const std::string& name) const noexcept;
  /// Element `index` of a cell or of a struct array (a single value counts as its own element 0).
  [[nodiscard]] const ContainerValue& item(std::int64_t index, const std::string& where) const;
  [[nodiscard]] std::int64_t count() const noexcept;
};

/// What `caton info` lists of a variable without reading its values where that can be avoided.
struct VariableAbout {
  std::string name;
  ValueKind kind = ValueKind::array;
  std::string dtype;
  std::vector<std::int64_t> shape;
};

/// An opened container: cheap to open, variables are read one at a time.
class Container {
 public:
  virtual ~Container() = default;
  [[nodiscard]] virtual const std::vector<VariableAbout>& variables() const = 0;
  [[nodiscard]] virtual ContainerValue read(const std::string& name) const = 0;
  [[nodiscard]] virtual const Findings& findings() const = 0;
};

/// A kind of container, recognised by its first bytes.
struct ContainerFormat {
  std::string name;  ///< "matlab", "matlab-7.3", "npy", "npz", "pickle"
  std::string about;
  std::vector<std::string> extensions;
  bool (*recognise)(Bytes head, const Path& path) = nullptr;  ///< at most the first 4096 bytes
  std::unique_ptr<Container> (*open)(const Path& path) = nullptr;
};

/// Opens by content; an unknown kind is refused naming the kinds that are read.
[[nodiscard]] std::unique_ptr<Container> open_container(const Path& path);
/// The format that recognises the file, or nothing.
[[nodiscard]] const ContainerFormat* container_format_of(const Path& path);

}  // namespace caton
