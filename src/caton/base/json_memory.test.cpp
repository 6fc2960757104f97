// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/json.hpp"
#include "golden_test.hpp"
#include "memory_requests.hpp"

#include <new>
#include <string>

namespace caton {

namespace {

/// Texts too long to stand inside a string, lists and objects within each other.
Json recipe_value() {
  const std::string text(100, 'a');
  const Json inner = Json::object({{"steps", Json(Json::List{text, 1, Json(Json::List{text, true}), 2.5})},
                                   {"a name that is longer than sixteen letters", text}});
  return Json::object({{"prepare", Json(Json::List{inner, inner})}, {"decoder", inner}, {"seed", 7}});
}

/// Whether `body` ends for want of memory when its `place`-th request gets none.
template <class Body>
bool ends_at(int place, const Body& body) {
  const testing::MemoryRequests watch(place);
  try {
    body();
  } catch (const std::bad_alloc&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_SUITE("base") {
  TEST_CASE("a value whose copy meets the end of memory stays whole, at whichever request that is") {
    if (!testing::sees_memory_requests()) {
      MESSAGE("skipped: a sanitizer watches the memory");
      return;
    }
    const Json value = recipe_value(), before = Json(Json::List{std::string(50, 'b'), 3});
    const std::string text = value.dump(), before_text = before.dump();
    int copies = 0, assignments = 0;
    for (int place = 1; ends_at(place, [&] { const Json copy(value); }); ++place) {
      ++copies;
      CHECK(value.dump() == text);
    }
    for (int place = 1;; ++place) {
      Json target = before;
      const bool ended = ends_at(place, [&] { target = value; });
      CHECK(value.dump() == text);
      CHECK(target.dump() == (ended ? before_text : text));
      if (!ended) break;
      ++assignments;
    }
    CHECK(copies > 20);
    CHECK(assignments >= copies);
  }
}

}  // namespace caton
