// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"
#include "caton/base/tensor.hpp"

#include <hdf5.h>

#include <optional>
#include <string>
#include <vector>

/// Small questions to the HDF5 library: types, attributes, what went wrong.
namespace caton::hdf5 {

[[nodiscard]] bool has_attribute(hid_t object, const char* name);
/// The text of an attribute, "" when there is none or it is none.
[[nodiscard]] std::string attribute_text(hid_t object, const char* name);
/// A whole-number attribute, nothing when there is none.
[[nodiscard]] std::optional<std::int64_t> attribute_whole(hid_t object, const char* name);
/// MATLAB's list of field names: an attribute of variable-length texts; empty when there is none.
[[nodiscard]] std::vector<std::string> attribute_names(hid_t object, const char* name);
/// Whether a dataset holds references to objects.
[[nodiscard]] bool is_reference(hid_t dataset);
/// The last and deepest message of the library's error stack, or `otherwise`.
[[nodiscard]] std::string library_problem(const std::string& otherwise);

/// How numbers of a file type are read into memory.
struct NumberType {
  Dtype dtype = Dtype::f64;
  bool complex = false;
  ByteOrder order = ByteOrder::little;
  std::vector<std::string> parts;  ///< names of the real and imaginary member
};
/// Nothing for what is no number.
[[nodiscard]] std::optional<NumberType> number_type(hid_t type);
/// The library's own name for a number in memory.
[[nodiscard]] hid_t memory_type(Dtype dtype);

}  // namespace caton::hdf5
