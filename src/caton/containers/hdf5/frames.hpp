// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/error.hpp"
#include "caton/containers/container.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// How caton-reader tells what it read: plain values, lengths first, little endian. Both sides are of one build.
namespace caton::hdf5 {

/// The answer to one question: an error, a list of variables, or a value.
struct Answer {
  struct Refusal {
    ErrorKind kind = ErrorKind::input;
    std::string where, problem, remedy;
  };
  std::optional<Refusal> refusal;
  std::vector<VariableAbout> variables;
  Findings findings;
  ContainerValue value;
};

/// Takes bytes as they are written.
using Sink = std::function<void(Bytes)>;
void write_answer(const Answer& answer, const Sink& sink);

/// Fills all of a span or throws.
using Fill = std::function<void(std::span<std::byte>)>;
/// Reads an answer of at most `most_bytes`; refuses (kind `input`, naming `where`) what is not well formed.
[[nodiscard]] Answer read_answer(const Fill& fill, std::int64_t most_bytes, const std::string& where);

}  // namespace caton::hdf5
