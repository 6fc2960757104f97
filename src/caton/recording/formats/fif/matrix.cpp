// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/fif/matrix.hpp"

#include "caton/base/error.hpp"

#include <algorithm>
#include <map>

namespace caton::fif {
namespace {

constexpr std::uint32_t coding_mask = 0xFFFF0000, dense_matrix = 0x40000000;
constexpr std::int64_t largest_rank = 8;

}  // namespace

StoredType stored_type(std::uint32_t type, const std::string& where) {
  static const std::map<std::uint32_t, StoredType> types{
      {1, StoredType::uint8},   {2, StoredType::int16},  {3, StoredType::int32},  {4, StoredType::float32},
      {5, StoredType::float64}, {7, StoredType::uint16}, {8, StoredType::uint32}, {11, StoredType::int64},
      {9, StoredType::uint64},  {16, StoredType::int16}};
  const auto found = types.find(type & ~coding_mask);
  if (found != types.end()) return found->second;
  throw input_error(where, "numbers of the FIF type " + std::to_string(type & ~coding_mask) + " are not read");
}

MatrixAbout matrix_about(const Directory& directory, const Tag& tag) {
  if ((tag.type & coding_mask) != dense_matrix)
    throw input_error(directory.where(),
                      "a matrix is stored in a way that is not read (type " + std::to_string(tag.type) + ")");
  MatrixAbout about;
  about.type = stored_type(tag.type, directory.where());
  about.byte = tag.byte;
  ByteReader reader = directory.reader(tag);
  if (tag.size < 8) reader.refuse("the file is truncated: a matrix without extents");
  reader.seek(static_cast<std::size_t>(tag.size) - 4, "the number of extents");
  const std::int64_t rank = reader.take<std::int32_t>("the number of extents");
  if (rank < 1 || rank > largest_rank || tag.size < 4 * (rank + 1))
    reader.refuse("a matrix of rank " + std::to_string(rank));
  reader.seek(static_cast<std::size_t>(tag.size - 4 * (rank + 1)), "extents");
  std::int64_t values = 1;
  for (std::int64_t i = 0; i < rank; ++i) {
    const std::int64_t extent = reader.take<std::int32_t>("an extent");
    values = checked_product(values, extent, directory.where(), "a matrix");
    about.extents.push_back(extent);
  }
  std::reverse(about.extents.begin(), about.extents.end());
  const std::int64_t bytes = checked_product(values, stored_width(about.type), directory.where(), "a matrix");
  if (bytes > tag.size - 4 * (rank + 1))
    throw input_error(directory.where(), "is truncated: a matrix of " + std::to_string(bytes) + " bytes in a tag of " +
                                             std::to_string(tag.size));
  return about;
}

}  // namespace caton::fif
