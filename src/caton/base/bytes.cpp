// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/bytes.hpp"

#include "caton/base/error.hpp"

namespace caton {

Bytes ByteReader::take_bytes(std::size_t count, std::string_view what) {
  if (count > remaining()) {
    refuse("the file is truncated: " + std::string(what) + " needs " + std::to_string(count) + " bytes, " +
               std::to_string(remaining()) + " are left",
           "copy or export the file again");
  }
  const Bytes taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

ByteReader ByteReader::sub(std::size_t count, std::string_view what) {
  const std::size_t begin = offset();
  ByteReader part(take_bytes(count, what), where_, order_);
  part.base_ = begin;
  return part;
}

void ByteReader::seek(std::size_t place, std::string_view what) {
  if (place > bytes_.size()) {
    refuse(std::string(what) + " lies at byte " + std::to_string(place) + ", past the end of " +
               std::to_string(bytes_.size()) + " bytes",
           "the file is truncated or damaged; copy or export it again");
  }
  at_ = place;
}

void ByteReader::refuse(const std::string& problem, const std::string& remedy) const {
  throw input_error(where_ + ": byte " + std::to_string(offset()), problem, remedy);
}

std::int64_t checked_product(std::int64_t a, std::int64_t b, const std::string& where, std::string_view what) {
  std::int64_t result = 0;
  if (a < 0 || b < 0 || __builtin_mul_overflow(a, b, &result)) {
    throw input_error(where, std::string(what) + " of " + std::to_string(a) + " x " + std::to_string(b) + " overflows",
                      "the file is damaged");
  }
  return result;
}

std::int64_t checked_sum(std::int64_t a, std::int64_t b, const std::string& where, std::string_view what) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) {
    throw input_error(where, std::string(what) + " of " + std::to_string(a) + " + " + std::to_string(b) + " overflows",
                      "the file is damaged");
  }
  return result;
}

}  // namespace caton
