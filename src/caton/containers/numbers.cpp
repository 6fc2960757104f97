// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/containers/numbers.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>
#include <vector>

namespace caton {
namespace {

constexpr std::int64_t piece_values = 32768;

/// Calls `body` with a value of the C++ type in which numbers of this kind are kept (half precision: its bits).
template <class Body>
void with_type(Dtype dtype, Body&& body) {
  switch (dtype) {
    case Dtype::f64: return body(double{});
    case Dtype::f32: return body(float{});
    case Dtype::f16:
    case Dtype::bf16:
    case Dtype::u16: return body(std::uint16_t{});
    case Dtype::i64: return body(std::int64_t{});
    case Dtype::i32: return body(std::int32_t{});
    case Dtype::i16: return body(std::int16_t{});
    case Dtype::i8: return body(std::int8_t{});
    case Dtype::u64: return body(std::uint64_t{});
    case Dtype::u32: return body(std::uint32_t{});
    case Dtype::u8:
    case Dtype::boolean: return body(std::uint8_t{});
  }
}

/// Places of a row-major array in the order in which the file holds its values.
class Walk {
 public:
  Walk(const Tensor::Shape& shape, bool column_major) : plain_(!column_major || shape.size() < 2) {
    if (plain_) return;
    std::int64_t step = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      axes_.insert(axes_.begin(), Axis{shape[axis], step, 0});
      step *= shape[axis];
    }
  }
  std::int64_t next() noexcept {
    const std::int64_t place = place_;
    if (plain_) {
      ++place_;
      return place;
    }
    for (Axis& axis : axes_) {
      place_ += axis.step;
      if (++axis.at < axis.extent) return place;
      place_ -= axis.step * axis.extent;
      axis.at = 0;
    }
    return place;
  }

 private:
  struct Axis {
    std::int64_t extent, step, at;
  };
  bool plain_;
  std::vector<Axis> axes_;
  std::int64_t place_ = 0;
};

template <class Stored>
Stored value_at(std::span<const std::byte> raw, std::int64_t index, bool swap) noexcept {
  std::array<std::byte, sizeof(Stored)> bytes;
  const auto from = raw.begin() + index * static_cast<std::int64_t>(sizeof(Stored));
  std::copy(from, from + sizeof(Stored), bytes.begin());
  if (swap) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<Stored>(bytes);
}

struct Fill {
  const StoredNumbers& numbers;
  const ByteSource& source;
  std::int64_t values;  ///< in the file, parts counted
  std::int64_t stride;  ///< between neighbouring values in the target
  std::int64_t first;

  template <class Stored, class Kept>
  void run(std::span<Kept> target, const Tensor::Shape& shape) const {
    const bool swap = (numbers.order == ByteOrder::big) == (std::endian::native == std::endian::little);
    Walk walk(shape, numbers.column_major);
    std::vector<std::byte> raw(static_cast<std::size_t>(std::min(values, piece_values)) * sizeof(Stored));
    for (std::int64_t done = 0; done < values; done += piece_values) {
      const std::int64_t count = std::min(piece_values, values - done);
      const std::span<std::byte> piece(raw.data(), static_cast<std::size_t>(count) * sizeof(Stored));
      source.read(numbers.at + done * static_cast<std::int64_t>(sizeof(Stored)), piece, "values of an array");
      for (std::int64_t i = 0; i < count; i += numbers.parts) {
        const std::int64_t to = walk.next() * stride + first;
        for (std::int64_t part = 0; part < numbers.parts; ++part) {
          target[static_cast<std::size_t>(to + part)] = static_cast<Kept>(value_at<Stored>(piece, i + part, swap));
        }
      }
    }
  }
};

}  // namespace

std::int64_t checked_count(const Tensor::Shape& shape, std::int64_t bytes_per_value, std::int64_t present_bytes,
                           const std::string& where) {
  if (shape.size() > static_cast<std::size_t>(limits::tensor_rank)) {
    throw input_error(where, "an array of shape with " + std::to_string(shape.size()) + " axes is above the limit of " +
                                 std::to_string(limits::tensor_rank));
  }
  std::int64_t count = 1;
  bool overflow = false;
  for (const auto extent : shape) {
    if (extent < 0) throw input_error(where, "the shape of an array has the negative extent " + std::to_string(extent));
    overflow = overflow || __builtin_mul_overflow(count, extent, &count);
  }
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  if (overflow || count > present_bytes / bytes_per_value) {
    throw input_error(
        where,
        "the file is truncated: its array has " +
            (overflow ? std::string("more values than can be counted") : std::to_string(count) + " values") + " of " +
            std::to_string(bytes_per_value) + " bytes, " + std::to_string(present_bytes) + " bytes are there",
        "copy or export the file again");
  }
  return count;
}

void fill_numbers(Tensor& target, const Tensor::Shape& shape, const StoredNumbers& numbers, const ByteSource& source,
                  int part) {
  std::int64_t count = 1;
  for (const auto extent : shape) count *= extent;
  if (count == 0) return;
  const std::int64_t stride = target.size() / count;
  const Fill fill{numbers, source, count * numbers.parts, stride, part};
  with_type(target.dtype(), [&](auto kept) {
    using Kept = decltype(kept);
    const std::span<Kept> values(static_cast<Kept*>(target.data()), static_cast<std::size_t>(target.size()));
    with_type(numbers.stored, [&](auto stored) {
      using Stored = decltype(stored);
      if constexpr (std::is_floating_point_v<Stored> && !std::is_floating_point_v<Kept>) {
        throw input_error("array", "real values are stored in an array of whole numbers", "the file is damaged");
      } else {
        fill.run<Stored, Kept>(values, shape);
      }
    });
  });
}

std::string dtype_text(Dtype dtype, ByteOrder order, bool complex) {
  const std::size_t bytes = dtype_bytes(dtype) * (complex ? 2 : 1);
  char kind = 'f';
  switch (dtype) {
    case Dtype::i64:
    case Dtype::i32:
    case Dtype::i16:
    case Dtype::i8: kind = 'i'; break;
    case Dtype::u64:
    case Dtype::u32:
    case Dtype::u16:
    case Dtype::u8: kind = 'u'; break;
    case Dtype::boolean: kind = 'b'; break;
    default: break;
  }
  if (complex) kind = 'c';
  const char mark = bytes == 1 ? '|' : order == ByteOrder::big ? '>' : '<';
  return std::string{mark, kind} + std::to_string(bytes);
}

void append_utf8(std::string& text, std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 63));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 63));
    add(0x80 | (code & 63));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 63));
    add(0x80 | ((code >> 6) & 63));
    add(0x80 | (code & 63));
  }
}

std::string utf8_of_units(std::span<const std::uint32_t> units) {
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::uint32_t unit = units[i];
    const bool pair =
        unit >= 0xD800 && unit < 0xDC00 && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000;
    append_utf8(text, pair ? 0x10000 + ((unit - 0xD800) << 10) + (units[++i] - 0xDC00) : unit);
  }
  return text;
}

}  // namespace caton
