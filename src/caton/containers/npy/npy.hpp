// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/containers/container.hpp"

#include <memory>
#include <string>

namespace caton {

/// What the header of an NPY file says. Source: numpy.lib.format, versions 1.0 to 3.0.
struct NpyHeader {
  std::string descr;  ///< "<f8"
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::int64_t values_at = 0;  ///< where the values begin
};

/// Reads the header; refuses a header that is no literal (word `header`) or unknown. `bytes` may end behind it.
[[nodiscard]] NpyHeader parse_npy_header(Bytes bytes, const std::string& where);
/// What the header promises, without values; refuses types that are no numbers or texts (words `dtype`, `object`).
[[nodiscard]] VariableAbout npy_about(const NpyHeader& header, const std::string& name, const std::string& where);
/// The array whose values lie in `values` as the header says; `values_at` does not matter here.
[[nodiscard]] ContainerValue npy_values(const NpyHeader& header, Bytes values, const std::string& where);
/// One array; a text array becomes a cell of texts.
[[nodiscard]] ContainerValue parse_npy(Bytes bytes, const std::string& where);

/// A bare array as a container of one variable, named `name`. `owner` keeps the bytes alive.
[[nodiscard]] std::unique_ptr<Container> npy_container(Bytes bytes, const std::string& where, const std::string& name,
                                                       std::shared_ptr<const void> owner = {});
/// A zip archive of NPY members, named without their ending.
[[nodiscard]] std::unique_ptr<Container> npz_container(Bytes bytes, const std::string& where,
                                                       std::shared_ptr<const void> owner = {});

}  // namespace caton
