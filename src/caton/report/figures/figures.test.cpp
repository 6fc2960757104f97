// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/colour.hpp"
#include "caton/report/figures/axis.hpp"
#include "caton/report/figures/scalp_map.hpp"
#include "caton/report/html.hpp"
#include "caton/report/numbers.hpp"
#include "caton/report/svg.hpp"

#include "golden_test.hpp"

#include <cmath>
#include <limits>

namespace caton::report {
namespace {

using testing::error_of;

TEST_SUITE("report") {
  TEST_CASE(
      "text is escaped for elements and attributes, controls and broken UTF-8 replaced, direction marks dropped") {
    CHECK(escaped("<a b=\"c\" d='e'>&amp;") == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
    CHECK(escaped("a\x01"
                  "b\x7F") ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
    CHECK(escaped("\xFF") == "\xEF\xBF\xBD");
    CHECK(escaped("a\xE2\x80\xAE"
                  "b\xE2\x81\xA7"
                  "c") == "abc");
    CHECK(escaped("\xC2\xB5V \xE2\x80\x93") == "\xC2\xB5V \xE2\x80\x93");
  }

  TEST_CASE("elements are closed in order and not forgotten") {
    Html page;
    page.open("div", "a").element("b", "x<").text("y");
    CHECK(error_of([&] { static_cast<void>(page.finished()); }).kind() == ErrorKind::machine);
    page.close();
    CHECK(page.finished() == "<div class=\"a\"><b>x&lt;</b>y</div>\n");
    CHECK(error_of([&] { page.close(); }).kind() == ErrorKind::machine);
  }

  TEST_CASE("coordinates are short, the same everywhere, and always finite") {
    CHECK(coordinate(1.5) == "1.5");
    CHECK(coordinate(-0.001) == "0");
    CHECK(coordinate(3) == "3");
    CHECK(coordinate(100) == "100");
    CHECK(coordinate(2.0 / 3) == "0.67");
    CHECK(error_of([] { static_cast<void>(coordinate(std::nan(""))); }).kind() == ErrorKind::machine);
    CHECK(error_of([] { static_cast<void>(coordinate(std::numeric_limits<double>::infinity())); }).kind() ==
          ErrorKind::machine);
  }

  TEST_CASE("numbers for people") {
    CHECK(percent(0.6123) == "61.2\xC2\xA0%");
    CHECK(percent_range(0.54, 0.681) ==
          "54.0\xE2\x80\x93"
          "68.1\xC2\xA0%");
    CHECK(percent_range(std::nullopt, 0.5).empty());
    CHECK(points(-1.25) ==
          "\xE2\x88\x92"
          "1.2\xC2\xA0points");
    CHECK(p_value(0.0004) ==
          "p\xC2\xA0<\xC2\xA0"
          "0.001");
    CHECK(p_value(0.004) ==
          "p\xC2\xA0=\xC2\xA0"
          "0.004");
    CHECK(p_value(0.5) ==
          "p\xC2\xA0=\xC2\xA0"
          "0.50");
    CHECK(counted(1, "subject") == "1\xC2\xA0subject");
    CHECK(counted(3, "class") ==
          "3\xC2\xA0"
          "classes");
    CHECK(three_digits(0.012345) == "0.0123");
    CHECK(three_digits(1234.5) == "1234");
    CHECK(three_digits(-2.5) ==
          "\xE2\x88\x92"
          "2.5");
    CHECK(length_of_time(3725) == "1\xC2\xA0h 2\xC2\xA0min");
  }

  TEST_CASE("ticks are round, within the range, and written with the digits that they need") {
    CHECK(ticks_between(0, 100, 5) == std::vector<double>{0, 20, 40, 60, 80, 100});
    CHECK(tick_texts(ticks_between(0, 1, 4)) == std::vector<std::string>{"0.00", "0.25", "0.50", "0.75", "1.00"});
    CHECK(tick_texts({-2, 0, 2}) == std::vector<std::string>{"\xE2\x88\x92"
                                                             "2",
                                                             "0", "2"});
    for (const double tick : ticks_between(-3.3, 7.1, 6)) CHECK((tick >= -3.3 && tick <= 7.1));
    CHECK(ticks_between(2, 2, 5) == std::vector<double>{2});
  }

  TEST_CASE("palettes: the sequential one darkens all the way, the diverging one is lightest in its middle") {
    const auto luma = [](Colour c) { return 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue; };
    for (int i = 1; i <= 20; ++i)
      CHECK(luma(colour_of(Palette::sequential, i / 20.0)) < luma(colour_of(Palette::sequential, (i - 1) / 20.0)));
    for (int i = 1; i <= 10; ++i) {
      CHECK(luma(colour_of(Palette::diverging, i / 20.0)) > luma(colour_of(Palette::diverging, (i - 1) / 20.0)));
      CHECK(luma(colour_of(Palette::diverging, 1 - i / 20.0)) >
            luma(colour_of(Palette::diverging, 1 - (i - 1) / 20.0)));
    }
    CHECK(colour_of(Palette::sequential, -5) == colour_of(Palette::sequential, 0));
    CHECK(Colour{9, 44, 94}.ink() == Colour{255, 255, 255});
    CHECK(Colour{247, 250, 246}.ink() == Colour{31, 41, 55});
    CHECK(Colour{255, 0, 16}.hex() == "#ff0010");
  }

  /// Signed area of the closed outlines of a path in tenths of a px.
  double area_of(const std::string& path) {
    double area = 0;
    long long x = 0, y = 0, first_x = 0, first_y = 0;
    const auto step = [&](long long to_x, long long to_y) {
      area += 0.5 * static_cast<double>(x * to_y - to_x * y);
      x = to_x;
      y = to_y;
    };
    for (std::size_t i = 0; i < path.size();) {
      const char command = path[i++];
      if (command == 'z') {
        step(first_x, first_y);
        x = y = 0;
        continue;
      }
      std::size_t used = 0;
      const long long a = std::stoll(path.substr(i), &used);
      i += used;
      const long long b = std::stoll(path.substr(i), &used);
      i += used;
      if (command == 'M') {
        x = first_x = a;
        y = first_y = b;
      } else {
        step(x + a, y + b);
      }
    }
    return std::fabs(area) / 100;
  }

  TEST_CASE("outlines enclose the area where the field reaches the level, holes and borders included") {
    constexpr int size = 81;
    std::vector<std::vector<double>> bump(size, std::vector<double>(size)), ring = bump;
    for (int i = 0; i < size; ++i) {
      for (int k = 0; k < size; ++k) {
        const double radius = std::hypot(i - 40, k - 40) / 40;
        bump[i][k] = 1 - radius;
        ring[i][k] = -std::fabs(radius - 0.6);
      }
    }
    // Half of 100 px is the radius 1: a disc of radius 0.5 has pi 25^2 px^2.
    CHECK(area_of(outlines(bump, 0.5, 100)) == doctest::Approx(3.14159265 * 625).epsilon(0.01));
    const std::string two = outlines(ring, -0.2, 100);
    CHECK(std::count(two.begin(), two.end(), 'z') == 2);
    CHECK(outlines(bump, 2, 100).empty());
    CHECK(area_of(outlines(bump, -10, 100)) == doctest::Approx(100.0 * 100).epsilon(0.001));
  }
}

}  // namespace
}  // namespace caton::report
