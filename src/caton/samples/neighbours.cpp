// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/samples/neighbours.hpp"

#include "caton/base/error.hpp"
#include "caton/base/threads.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "caton/samples/neighbours.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace caton {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Lanes hold different rows and features are added one after the other without fused multiply-add, so that every
// processor gives the same bits.
void SquaredDistances(const double* tile, std::int64_t features, const double* query, double* squared) {
  constexpr std::int64_t rows = 64;
  const hn::CappedTag<double, 16> d;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  for (std::int64_t row = 0; row < rows; row += 4 * lanes) {
    auto s0 = hn::Zero(d), s1 = hn::Zero(d), s2 = hn::Zero(d), s3 = hn::Zero(d);
    for (std::int64_t f = 0; f < features; ++f) {
      const auto q = hn::Set(d, query[f]);
      const double* const at = tile + f * rows + row;
      const auto d0 = hn::Sub(hn::LoadU(d, at), q), d1 = hn::Sub(hn::LoadU(d, at + lanes), q);
      const auto d2 = hn::Sub(hn::LoadU(d, at + 2 * lanes), q), d3 = hn::Sub(hn::LoadU(d, at + 3 * lanes), q);
      s0 = hn::Add(s0, hn::Mul(d0, d0));
      s1 = hn::Add(s1, hn::Mul(d1, d1));
      s2 = hn::Add(s2, hn::Mul(d2, d2));
      s3 = hn::Add(s3, hn::Mul(d3, d3));
    }
    hn::StoreU(s0, d, squared + row);
    hn::StoreU(s1, d, squared + row + lanes);
    hn::StoreU(s2, d, squared + row + 2 * lanes);
    hn::StoreU(s3, d, squared + row + 3 * lanes);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace caton
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace caton {
namespace {

HWY_EXPORT(SquaredDistances);

constexpr std::int64_t tile_rows = 64;
constexpr std::int64_t queries_at_once = 32;

/// Rows in tiles of 64, feature by feature within a tile; the last tile is filled up with its last row.
Array<double, 3> tiles_of(View<const double, 2> rows) {
  const std::int64_t count = rows.extent(0), features = rows.extent(1);
  const std::int64_t tiles = (count + tile_rows - 1) / tile_rows;
  Array<double, 3> result({tiles, features, tile_rows}, uninitialised);
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    for (std::int64_t place = 0; place < tile_rows; ++place) {
      const std::int64_t row = std::min(tile * tile_rows + place, count - 1);
      for (std::int64_t f = 0; f < features; ++f) result(tile, f, place) = rows(row, f);
    }
  }
  return result;
}

/// Puts a candidate into the sorted list; rows come in ascending order, so an equal distance goes behind.
void insert(View<std::int64_t, 1> row, View<double, 1> squared, std::int64_t candidate, double distance) {
  std::int64_t place = squared.extent(0) - 1;
  for (; place > 0 && (row[place - 1] < 0 || squared[place - 1] > distance); --place) {
    squared[place] = squared[place - 1];
    row[place] = row[place - 1];
  }
  squared[place] = distance;
  row[place] = candidate;
}

void search_block(const Array<double, 3>& tiles, std::int64_t rows, View<const double, 2> query, std::int64_t first,
                  Neighbours& found) {
  const std::int64_t features = tiles.extent(1), k = found.row.extent(1);
  const std::int64_t last = std::min(first + queries_at_once, query.extent(0));
  std::array<double, tile_rows> squared{};
  std::vector<double> packed(static_cast<std::size_t>((last - first) * features));
  for (std::int64_t q = first; q < last; ++q) {
    for (std::int64_t f = 0; f < features; ++f)
      packed[static_cast<std::size_t>((q - first) * features + f)] = query(q, f);
  }
  for (std::int64_t tile = 0; tile < tiles.extent(0); ++tile) {
    const std::int64_t count = std::min(tile_rows, rows - tile * tile_rows);
    for (std::int64_t q = first; q < last; ++q) {
      HWY_DYNAMIC_DISPATCH(SquaredDistances)
      (tiles.data() + tile * features * tile_rows, features, packed.data() + (q - first) * features, squared.data());
      const auto row = found.row[q];
      const auto distance = found.squared_distance[q];
      for (std::int64_t place = 0; place < count; ++place) {
        const double value = squared[static_cast<std::size_t>(place)];
        if (value < distance[k - 1] || row[k - 1] < 0) insert(row, distance, tile * tile_rows + place, value);
      }
    }
  }
}

}  // namespace

Neighbours nearest_rows(View<const double, 2> among, View<const double, 2> query, std::int64_t k) {
  if (k < 1 || k > among.extent(0)) {
    throw usage_error("nearest neighbours", std::to_string(k) + " neighbours among " + std::to_string(among.extent(0)) +
                                                " samples cannot be found");
  }
  if (among.extent(1) != query.extent(1)) {
    throw usage_error("nearest neighbours", std::to_string(query.extent(1)) + " features were given, training had " +
                                                std::to_string(among.extent(1)));
  }
  Neighbours found{Array<std::int64_t, 2>({query.extent(0), k}, -1),
                   Array<double, 2>({query.extent(0), k}, std::numeric_limits<double>::infinity())};
  const Array<double, 3> tiles = tiles_of(among);
  const std::int64_t blocks = (query.extent(0) + queries_at_once - 1) / queries_at_once;
  thread_pool().parallel_for(
      blocks, [&](std::int64_t block) { search_block(tiles, among.extent(0), query, block * queries_at_once, found); });
  return found;
}

Array<double, 2> as_double(View<const float, 2> rows) {
  Array<double, 2> result({rows.extent(0), rows.extent(1)}, uninitialised);
  for (std::int64_t i = 0; i < rows.extent(0); ++i) {
    for (std::int64_t f = 0; f < rows.extent(1); ++f) result(i, f) = rows(i, f);
  }
  return result;
}

}  // namespace caton

#endif
