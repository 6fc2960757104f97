// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace caton::pickle {

enum class NodeKind { none, flag, whole, real, text, bytes, dict, list, tuple, name, dtype, array };

/// One value of a pickle, inert: it refers to others by their index and to texts where they lie in the file.
struct Node {
  NodeKind kind = NodeKind::none;
  std::int64_t whole = 0;  ///< whole numbers and flags
  double real = 0;
  Bytes raw;                           ///< texts and bytes, as they lie in the file
  bool is_latin1_text = false;         ///< bytes that were written as UTF-8 text of their Latin-1 characters
  std::string name;                    ///< "numpy.ndarray"
  std::vector<std::uint32_t> members;  ///< lists, tuples; dicts: key, value, key, value …; arrays: their state
};

/// What a pickle builds, as a graph.
struct Graph {
  std::vector<Node> nodes;
  std::uint32_t top = 0;
};

/// Runs the opcodes that only build data. Refuses unknown ones, wrong order (word `pickle`), and every name that is
/// not NumPy's array reconstruction.
[[nodiscard]] Graph run(Bytes bytes, const std::string& where);

}  // namespace caton::pickle
