// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#pragma once

#include "caton/base/array.hpp"
#include "caton/base/operation.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace caton {

/// An operation on a signal that still comes in: causal, with state. Any division into blocks gives the same bits.
/// Blocks of up to 256 samples are processed without asking for memory.
class SignalStream {
 public:
  SignalStream() = default;
  SignalStream(const SignalStream&) = delete;
  SignalStream& operator=(const SignalStream&) = delete;
  virtual ~SignalStream() = default;

  /// Takes the next samples (channels x n) and writes what comes out into the first columns of `y`, which has room for
  /// `most_output(n)`. Gives how many samples came out.
  virtual std::int64_t process(Signal x, View<double, 2> y) = 0;
  [[nodiscard]] virtual std::int64_t most_output(std::int64_t samples) const { return samples; }
  /// Forgets all samples (after a gap).
  virtual void reset() = 0;
  /// Of what comes out.
  [[nodiscard]] virtual std::int64_t channels() const = 0;
  [[nodiscard]] virtual double rate_hz() const = 0;
  /// How late the output is.
  [[nodiscard]] virtual double delay_s() const { return 0; }
  /// What differs from the operation on the whole signal beside the delay; empty: nothing away from the ends.
  [[nodiscard]] virtual std::string difference() const { return {}; }
};

/// The causal form of an operation, registered where the operation stands and under its name.
struct StreamForm {
  std::string name;
  std::unique_ptr<SignalStream> (*make)(const Arguments& args, std::int64_t channels, double rate_hz) = nullptr;
};

/// The causal form of an operation for signals of so many channels. Refuses (kind `usage`) operations that have none,
/// and arguments as the operation does.
[[nodiscard]] std::unique_ptr<SignalStream> make_stream(const Operation& operation, const Json& args,
                                                        std::int64_t channels, double rate_hz);

}  // namespace caton
