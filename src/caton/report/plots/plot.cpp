// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/plots/plot.hpp"

#include "caton/base/error.hpp"
#include "caton/report/html.hpp"

namespace caton::report {
namespace {

/// Inks that stand on the page itself turn light on dark screens; what stands on a colour of its own keeps its ink.
constexpr std::string_view drawing_style = R"(
svg { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
@media screen and (prefers-color-scheme: dark) {
  [fill="#ffffff"]:not(.kept) { fill: #111827; } [stroke="#ffffff"]:not(.kept) { stroke: #111827; }
  [fill="#1f2937"]:not(.kept) { fill: #e5e7eb; } [stroke="#1f2937"]:not(.kept) { stroke: #e5e7eb; }
  [fill="#6b7280"]:not(.kept) { fill: #9ca3af; } [stroke="#6b7280"]:not(.kept) { stroke: #9ca3af; }
  [stroke="#e2e8f0"] { stroke: #283548; } [stroke="#94a3b8"] { stroke: #64748b; }
  [fill="#b45309"] { fill: #f0a050; } [stroke="#b45309"] { stroke: #f0a050; }
  [fill="#1d4e89"] { fill: #7cb0ec; } [stroke="#1d4e89"] { stroke: #7cb0ec; }
  [fill="#e2e8f0"] { fill: #283548; } [fill="#94a3b8"] { fill: #64748b; }
  [fill="#000000"] { fill: #f3f4f6; } [stroke="#000000"] { stroke: #f3f4f6; }
}
)";

constexpr std::string_view page_style = R"(
:root { color-scheme: light dark; }
body { margin: 0; background: #fff; color: #1f2937; font: 15px/1.5 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1.25rem 2.5rem; }
svg { max-width: 100%; height: auto; }
figure { margin: 0 0 1rem; }
figcaption { color: #6b7280; max-width: 50rem; }
table { border-collapse: collapse; font-size: .875rem; }
td { padding: .2rem 1.2rem .2rem 0; border-bottom: 1px solid #e2e8f0; vertical-align: top; }
td + td { font-variant-numeric: tabular-nums; }
footer { margin-top: 2rem; color: #6b7280; font-size: .85rem; }
@media screen and (prefers-color-scheme: dark) {
  body { background: #111827; color: #e5e7eb; } figcaption, footer { color: #9ca3af; } td { border-color: #283548; }
}
@media print { main { padding: 0; max-width: none; } figure, tr { break-inside: avoid; } }
)";

std::string described(const PlotPicture& picture) {
  std::string text = picture.caption;
  for (const auto& [what, value] : picture.numbers) text += "\n" + what + ": " + value;
  return text;
}

/// The drawing with namespace, style, paper and description.
std::string dressed(const PlotPicture& picture) {
  constexpr std::string_view begin = "<svg";
  const std::size_t first_line = picture.svg.find('\n');
  if (picture.svg.rfind(begin, 0) != 0 || first_line == std::string::npos)
    throw machine_error("plot", "the picture is no drawing");
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\"";
  out += picture.svg.substr(begin.size(), first_line + 1 - begin.size());
  out += "<desc>" + escaped(described(picture)) + "</desc>\n<style>" + std::string(drawing_style) + "</style>\n";
  out += "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  return out + picture.svg.substr(first_line + 1);
}

}  // namespace

std::string plot_svg(const PlotPicture& picture) { return dressed(picture); }

std::string plot_html(const PlotPicture& picture) {
  Html page;
  page.open("main").open("figure").markup(dressed(picture));
  page.element("figcaption", picture.caption).close();
  page.open("table").open("tbody");
  for (const auto& [what, value] : picture.numbers) page.open("tr").element("td", what).element("td", value).close();
  page.close().close();
  page.open("footer").text("caton is research software: not a medical device.").close().close();
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>" +
         escaped(picture.title) + "</title>\n<style>" + std::string(page_style) + "</style>\n</head>\n<body>\n" +
         page.finished() + "</body>\n</html>\n";
}

}  // namespace caton::report
