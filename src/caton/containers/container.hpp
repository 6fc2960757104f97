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

struct ContainerField;

/// One value of a container: an array of numbers, a text, a cell (list) of values, or a struct (array) of named fields.
/// Numbers keep their stored type and appear in row-major order whatever the file's order.
struct ContainerValue {
  ValueKind kind = ValueKind::nothing;
  std::vector<std::int64_t> shape;  ///< of whatever it is; a complex array's without the last axis of `array`
  Tensor array;                     ///< kind array; complex numbers carry a last axis of length 2
  bool complex = false;
  bool left_out = false;      ///< kind array, of an outline: `array` is empty, `shape` and `dtype` are right
  std::string dtype;          ///< as the file says it, NumPy style: "<f8", ">i2", "|b1"
  bool column_major = false;  ///< MATLAB's way: lists of its values go down the columns (`array` is row-major)
  std::string text;           ///< kind text: UTF-8; rows of a character matrix end in LF
  std::vector<ContainerValue>
      items;  ///< cell (MATLAB: down the columns); struct array: one value of kind structure each
  std::vector<ContainerField> fields;  ///< one struct: names in the file's order

  /// The field of this name of a 1 x 1 struct; refused (kind `input`) naming `where` and the field when missing.
  [[nodiscard]] const ContainerValue& field(const std::string& name, const std::string& where) const;
  [[nodiscard]] const ContainerValue* find(const std::string& name) const noexcept;
  /// Element `index` of a cell or of a struct array (a single value counts as its own element 0).
  [[nodiscard]] const ContainerValue& item(std::int64_t index, const std::string& where) const;
  [[nodiscard]] std::int64_t count() const noexcept;
};

/// A named member of a struct.
struct ContainerField {
  std::string name;
  ContainerValue value;
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
  /// A variable with all that is in it; an unknown name is refused with near ones.
  [[nodiscard]] virtual ContainerValue read(const std::string& name) const = 0;
  /// What is odd in the file as a whole; odd numbers are found by `findings_of`.
  [[nodiscard]] virtual const Findings& findings() const = 0;
  /// The variable with texts and small arrays, but of arrays above `outline_values` only shape and type: what a nested
  /// variable is made of, without its bulk.
  [[nodiscard]] virtual ContainerValue outline(const std::string& name) const;
  /// One part of a nested variable, reached by field names and (from 0) element numbers of cells and struct arrays:
  /// `read_part("DREAMER", {"Data", "3", "EEG", "stimuli", "0"})`. Reads no more than this where the file allows it.
  [[nodiscard]] virtual ContainerValue read_part(const std::string& name, const std::vector<std::string>& path) const;
};

/// Arrays of more values than this are left out of an outline.
inline constexpr std::int64_t outline_values = 4096;

/// Findings about the numbers of a value and of all within it: values that are not finite.
[[nodiscard]] Findings findings_of(const ContainerValue& value, const std::string& where);
/// A value as one line of a list.
[[nodiscard]] VariableAbout about_value(const std::string& name, const ContainerValue& value);

/// A kind of container, recognised by its first bytes.
struct ContainerFormat {
  std::string name;  ///< "matlab", "matlab-7.3", "npy", "npz", "pickle"
  std::string about;
  std::vector<std::string> extensions;
  bool (*recognise)(Bytes head, const Path& path) = nullptr;  ///< of at most the first 4096 bytes
  std::unique_ptr<Container> (*open)(const Path& path) = nullptr;
};

/// The variable of this name; refused with near names when there is none.
const VariableAbout& variable_named(const std::vector<VariableAbout>& variables, const std::string& name,
                                    const std::string& where);

/// Opens by content; an unknown kind is refused naming the kinds that are read.
[[nodiscard]] std::unique_ptr<Container> open_container(const Path& path);
/// The format that recognises the file, or nothing.
[[nodiscard]] const ContainerFormat* container_format_of(const Path& path);

}  // namespace caton
