// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/report/style.hpp"

#include "caton/report/html.hpp"

namespace caton::report {

std::string_view style_sheet() noexcept {
  return R"(:root { color-scheme: light; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: #1f2937; font: 16px/1.55 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.35rem; margin: 3rem 0 .8rem; padding-top: .9rem; border-top: 1px solid #e2e8f0; }
h3 { font-size: 1.08rem; margin: 1.9rem 0 .4rem; }
h4 { font-size: .95rem; margin: 1.5rem 0 .3rem; color: #374151; }
.pipeline > h3 { background: #f1f5f9; border-radius: 6px; padding: .45rem .8rem; margin-top: 2.2rem; }
.beside { display: flex; flex-wrap: wrap; gap: 0 2.2rem; align-items: flex-start; }
.beside > div { flex: 1 1 20rem; min-width: 0; }
.beside > figure { flex: none; max-width: 100%; }
.beside > figure figcaption { max-width: 26rem; }
p { margin: .5rem 0 .8rem; max-width: 46rem; }
ul { margin: .4rem 0 .9rem; padding-left: 1.2rem; max-width: 46rem; }
li { margin: .25rem 0; }
.eyebrow { color: #6b7280; font-size: .85rem; margin: 0 0 .2rem; }
.lead { color: #4b5563; margin-bottom: 1.2rem; }
.verdict { border-left: 5px solid #1d4e89; background: #f1f5f9; padding: .9rem 1.1rem; margin: 1.1rem 0; border-radius: 0 6px 6px 0; }
.verdict p { margin: 0; font-size: 1.1rem; line-height: 1.5; max-width: none; }
.verdict .tag { display: block; font-size: .76rem; font-weight: 600; letter-spacing: .05em; text-transform: uppercase; margin-bottom: .3rem; }
.verdict.good { border-color: #15803d; background: #f0f9f2; } .verdict.good .tag { color: #166534; }
.verdict.warn { border-color: #b45309; background: #fdf6ec; } .verdict.warn .tag { color: #92400e; }
.verdict.bad { border-color: #b91c1c; background: #fdf1f1; } .verdict.bad .tag { color: #991b1b; }
.verdict.plain .tag { color: #1d4e89; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .9rem; margin: 1.2rem 0 0; }
a { color: #1d4e89; text-decoration: none; border-bottom: 1px solid #c7d5e5; }
.leak { border: 1px solid #f0d9b8; background: #fffaf2; border-radius: 6px; padding: .7rem 1rem .5rem; margin: .9rem 0; }
.leak h3 { margin: 0 0 .3rem; }
.leak p { margin: .35rem 0; max-width: none; }
.leak ul { max-width: none; }
code, .code { font-family: "SFMono-Regular", Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .86em; color: #4b5563; }
.scroll { overflow-x: auto; margin: .9rem 0; -webkit-overflow-scrolling: touch; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; min-width: 20rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
td { min-width: 3rem; }
th, td { padding: .38rem .8rem .38rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e5e9f0; }
th { color: #6b7280; font-weight: 600; font-size: .8rem; border-bottom: 1px solid #94a3b8; vertical-align: bottom; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
.below { color: #6b7280; font-size: .8rem; white-space: nowrap; }
td.long { min-width: 13rem; }
td.name { white-space: nowrap; }
td:first-child, th:first-child { padding-left: .6rem; }
tr.good td:first-child { box-shadow: inset 3px 0 #15803d; }
tr.warn td:first-child { box-shadow: inset 3px 0 #d97706; }
tr.bad td:first-child { box-shadow: inset 3px 0 #b91c1c; }
figure { margin: 1.1rem 0 1.6rem; }
.drawings { display: flex; flex-wrap: wrap; gap: .9rem 1.5rem; align-items: flex-start; }
svg { max-width: 100%; height: auto; flex: none; font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; }
figcaption { font-size: .85rem; line-height: 1.45; color: #4b5563; margin-top: .5rem; max-width: 46rem; }
.numbers { color: #8a93a1; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; margin: .6rem 0 1rem; font-size: .93rem; }
dt { color: #6b7280; } dd { margin: 0; }
pre { background: #f8fafc; border: 1px solid #e5e9f0; border-radius: 6px; padding: .8rem 1rem; font-size: .78rem; line-height: 1.45; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid #94a3b8; font-size: .9rem; font-weight: 600; }
.note { font-size: .9rem; color: #4b5563; }
@media (max-width: 34rem) {
  main { padding: 1.2rem 1rem 2rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
  .verdict p { font-size: 1.02rem; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .45rem; }
  .drawings { gap: .9rem .8rem; }
  svg[width="195"] { width: calc(50% - .45rem); }
}
@page { size: A4; margin: 15mm 14mm 16mm; }
@media print {
  body { font-size: 10.3pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  a { border: 0; color: inherit; }
  h2 { margin-top: 1.6rem; }
  h2, h3, h4, caption { break-after: avoid; }
  figure, .leak, .verdict, .beside, tr { break-inside: avoid; }
  thead { display: table-header-group; }
  p, li { orphans: 3; widows: 3; }
  .scroll { overflow: visible; } table { width: 100%; font-size: 8.6pt; }
  td.number, th, th.number { white-space: normal; }
  .drawings { zoom: .8; }
  .beside > figure figcaption { max-width: 20rem; }
  .below { font-size: 7.2pt; }
  td.name { white-space: normal; } td.long { min-width: 0; }
  pre { font-size: 7.2pt; columns: 2; }
  section > p, section > ul { max-width: none; }
}
)";
}

std::string document(std::string_view title, std::string_view body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<title>" +
         escaped(title) + "</title>\n<style>\n" + std::string(style_sheet()) + "</style>\n</head>\n<body>\n" +
         std::string(body) + "</body>\n</html>\n";
}

}  // namespace caton::report
