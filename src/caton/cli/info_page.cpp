// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/cli/info_page.hpp"

#include "caton/base/text.hpp"
#include "caton/recording/units.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace caton::cli {
namespace {

constexpr std::size_t shown_channels = 24, shown_kinds = 10, shown_variables = 24;
const std::string micro = "\xC2\xB5V", dot = " \xC2\xB7 ", dots = "\xE2\x80\xA6";

/// Three significant digits, no exponent where a person would write none.
std::string three_digits(double value) {
  const double size = std::fabs(value);
  if (size != 0 && (size >= 1e6 || size < 1e-3)) {
    const int exponent = static_cast<int>(std::floor(std::log10(size)));
    return fixed_text(value / std::pow(10, exponent), 2) + "e" + std::to_string(exponent);
  }
  return fixed_text(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 || size == 0 ? 2 : 3);
}

std::string duration_text(double seconds) {
  if (seconds < 120) return three_digits(seconds) + " s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  const auto two = [](std::int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (hours > 0) return std::to_string(hours) + " h " + two(minutes) + " min";
  return std::to_string(minutes) + " min " + two(rest) + " s";
}

std::string plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

class Page {
 public:
  Page(const InfoPage& page, const Terminal& terminal)
      : page_(page), recording_(*page.recording), terminal_(terminal) {}

  std::string text() {
    heading();
    if (!recording_.channels().empty()) channels();
    if (!page_.variables.is_null()) variables();
    annotations();
    findings();
    next_steps();
    return text_;
  }

 private:
  void line(const std::string& content, Colour colour = Colour::plain) {
    text_ += coloured(terminal_, colour, content) + "\n";
  }
  void section(const std::string& title, const std::string& rest = {}) {
    text_ += "\n" + coloured(terminal_, Colour::strong, title) + (rest.empty() ? "" : "  " + rest) + "\n";
  }
  void paragraph(const std::string& mark, Colour colour, const std::string& content) {
    text_ += coloured(terminal_, colour, mark) + wrapped(content, terminal_.width - 4, 4) + "\n";
  }

  void heading() {
    line(fitted(printable(page_.file), std::min(terminal_.width, text_width(printable(page_.file)))), Colour::strong);
    std::vector<std::string> parts{recording_.variant().empty() ? recording_.format() : recording_.variant()};
    const auto& channels = recording_.channels();
    if (!channels.empty()) parts.push_back(plural(channels.size(), "channel"));
    std::vector<double> rates;
    for (const Channel& channel : channels)
      if (std::find(rates.begin(), rates.end(), channel.rate_hz) == rates.end()) rates.push_back(channel.rate_hz);
    if (rates.size() == 1 && rates[0] == 0) parts.emplace_back("rate not known");
    if (rates.size() == 1 && rates[0] > 0) parts.push_back(number_text(rates[0]) + " Hz");
    if (rates.size() > 1) parts.push_back("rates of " + plural(rates.size(), "kind"));
    if (recording_.duration_s() > 0) parts.push_back(duration_text(recording_.duration_s()));
    if (!recording_.start().empty()) {
      std::string start = recording_.start();
      start[10] = ' ';
      parts.push_back("recorded " + start);
    }
    line(wrapped(join(parts, dot), terminal_.width, 2));
    if (recording_.segments().size() > 1) {
      const Segment& last = recording_.segments().back();
      const double rate = recording_.main_rate_hz();
      line(plural(recording_.segments().size(), "piece") + " with gaps between them, within " +
           duration_text(last.onset_s + (rate > 0 ? static_cast<double>(last.count) / rate : 0)));
    }
  }

  std::size_t name_width() const {
    std::size_t width = 7;
    for (const Channel& channel : recording_.channels()) width = std::max(width, text_width(printable(channel.name)));
    return std::min<std::size_t>(width, terminal_.width < 70 ? 12 : 20);
  }

  /// Amplitudes of volts are told in microvolts, others in the channel's own unit.
  static std::string amplitude(const Channel& channel, double value) {
    if (unit_of(channel.unit).voltage) return three_digits(value * 1e6);
    return three_digits(value / channel.si_factor);
  }

  void channels() {
    const auto& all = recording_.channels();
    const std::size_t names = name_width();
    const bool wide = terminal_.width >= 70;
    section("Channels", wide ? "" : "amplitudes in " + micro + " where the unit is known");
    line("  " + fitted("name", names) + "  " + fitted("type", 6) + fitted("rate", 10, true) +
             fitted("median", 11, true) + fitted("spread", 11, true) + (wide ? "  " + std::string("unit") : ""),
         Colour::faint);
    const std::size_t shown = page_.all || all.size() <= shown_channels + 4 ? all.size() : shown_channels;
    for (std::size_t i = 0; i < shown; ++i) channel_line(i, names, wide);
    if (shown < all.size())
      line("  " + dots + " and " + std::to_string(all.size() - shown) + " more (caton info --all)", Colour::faint);
    if (!page_.facts->everything) line("  amplitudes from pieces spread over the recording", Colour::faint);
  }

  void channel_line(std::size_t i, std::size_t names, bool wide) {
    const Channel& channel = recording_.channels()[i];
    const ChannelFacts& facts = page_.facts->channels[i];
    const bool volts = unit_of(channel.unit).voltage;
    const bool known = facts.looked_at > facts.not_numbers;
    const std::string rate = channel.rate_hz > 0 ? three_rate(channel.rate_hz) + " Hz" : "?";
    std::string unit = volts ? micro : printable(channel.unit);
    if (unit == "unknown") unit = "unit unknown";
    if (volts && channel.unit != "uV") unit += " (filed as " + channel.unit + ")";
    line("  " + fitted(printable(channel.name), names) + "  " + fitted(channel.type, 6) + fitted(rate, 10, true) +
         fitted(known ? amplitude(channel, facts.median) : "-", 11, true) +
         fitted(known ? amplitude(channel, facts.spread) : "-", 11, true) + (wide ? "  " + unit : ""));
  }

  static std::string three_rate(double rate) {
    const std::string text = number_text(rate);
    return text.size() <= 7 ? text : fixed_text(rate, 2);
  }

  void variables() {
    const auto& all = page_.variables.items();
    section("Variables");
    const std::size_t shown = page_.all ? all.size() : std::min(all.size(), shown_variables);
    for (std::size_t i = 0; i < shown; ++i) {
      const Json& variable = all[i];
      std::vector<std::string> shape;
      for (const Json& extent : variable.at("shape").items()) shape.push_back(std::to_string(extent.integer()));
      std::string about = fitted(printable(variable.at("name").text()), 20) + "  " +
                          fitted(variable.at("dtype").text(), 7) + " " +
                          (shape.empty() ? "scalar" : join(shape, " x "));
      std::vector<std::string> first;
      for (const Json& value : variable.at("first").items())
        first.push_back(value.is_number() ? three_digits(value.number())
                        : value.is_text() ? value.text()
                                          : "not a number");
      if (!first.empty()) about += "   " + join(first, ", ") + (first.size() == 4 ? ", " + dots : "");
      if (const Json* const fields = variable.find("fields")) about += "   " + plural(fields->size(), "field");
      line("  " + fitted(about, std::min(terminal_.width - 2, text_width(about))));
    }
    if (shown < all.size())
      line("  " + dots + " and " + std::to_string(all.size() - shown) + " more (caton info --all)", Colour::faint);
  }

  void annotations() {
    const auto& all = recording_.annotations();
    if (all.empty()) return;
    struct Kind {
      std::size_t count = 0;
      double first_s = 0, total_s = 0;
    };
    std::map<std::string, Kind> kinds;
    for (const Annotation& annotation : all) {
      Kind& kind = kinds[annotation.text];
      if (kind.count++ == 0) kind.first_s = annotation.onset_s;
      kind.total_s += annotation.duration_s;
    }
    std::vector<std::pair<std::string, Kind>> list(kinds.begin(), kinds.end());
    std::stable_sort(list.begin(), list.end(),
                     [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
    section("Annotations", std::to_string(all.size()) + " of " + plural(list.size(), "kind"));
    const std::size_t shown = page_.all ? list.size() : std::min(list.size(), shown_kinds);
    const std::size_t width = std::min<std::size_t>(36, terminal_.width - 34);
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& [name, kind] = list[i];
      std::string rest =
          fitted(std::to_string(kind.count) + "x", 7, true) + "  first at " + duration_text(kind.first_s);
      if (kind.total_s > 0 && terminal_.width >= 70)
        rest += ", " + duration_text(kind.total_s / static_cast<double>(kind.count)) + " long";
      line("  " + fitted(printable(name), width) + rest);
    }
    if (shown < list.size())
      line("  " + dots + " and " + plural(list.size() - shown, "more kind") + " (caton info --all)", Colour::faint);
  }

  void findings() {
    Findings all = recording_.findings();
    for (const Findings* const more : {&page_.facts->findings, page_.more_findings})
      all.insert(all.end(), more->begin(), more->end());
    std::stable_sort(all.begin(), all.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    section("Findings", all.empty() ? coloured(terminal_, Colour::good, "none: nothing odd was seen") : "");
    std::map<std::string, std::size_t> counts;
    for (const Finding& finding : all) ++counts[finding.code];
    std::map<std::string, bool> told;
    for (const Finding& finding : all) {
      if (told[finding.code] && !page_.all) continue;
      told[finding.code] = true;
      const Colour colour = finding.severity == Severity::stop   ? Colour::stop
                            : finding.severity == Severity::warn ? Colour::warn
                                                                 : Colour::faint;
      const char* const mark = finding.severity == Severity::note ? "  - " : "  ! ";
      std::string place =
          finding.where.rfind(page_.file, 0) == 0 ? finding.where.substr(page_.file.size()) : finding.where;
      if (place.rfind(", ", 0) == 0) place = place.substr(2);
      const std::size_t more = page_.all ? 0 : counts[finding.code] - 1;
      paragraph(mark, colour,
                (place.empty() ? "" : printable(place) + ": ") + printable(finding.what) +
                    (more > 0 ? " (and " + std::to_string(more) + " more like this)" : "") + "  [" + finding.code +
                    "]");
    }
  }

  /// A command, and what it is for where the line has room.
  void step(const std::string& command, const std::string& purpose) {
    const std::string whole = "  " + command + "   " + purpose;
    if (text_width(whole) <= terminal_.width)
      text_ += "  " + command + coloured(terminal_, Colour::faint, "   " + purpose) + "\n";
    else
      line("  " + command);
  }

  void next_steps() {
    section("Next");
    std::string file = printable(page_.file);
    if (file.find_first_of(" '()&;$") != std::string::npos) file = "\"" + file + "\"";
    const bool unrated = !recording_.channels().empty() && recording_.main_rate_hz() == 0;
    if (unrated) {
      step("caton info --rate HZ --unit uV " + file, "say what the file does not");
    } else if (!recording_.channels().empty()) {
      step("caton convert " + file + " -o samples.npy", "the samples, for other programs");
    }
    step("caton info --json " + file, "this page, for other programs");
    if (recording_.channels().empty() && !page_.variables.is_null())
      step("caton datasets", "studies whose files are read as a whole");
    step("caton run STUDY.toml", "decode a study and say how far to believe it");
  }

  const InfoPage& page_;
  const Recording& recording_;
  const Terminal& terminal_;
  std::string text_;
};

}  // namespace

std::string info_page(const InfoPage& page, const Terminal& terminal) { return Page(page, terminal).text(); }

}  // namespace caton::cli
