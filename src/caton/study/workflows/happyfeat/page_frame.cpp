// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/workflows/happyfeat/page_frame.hpp"

#include "caton/report/report.hpp"
#include "caton/report/style.hpp"

namespace caton::happyfeat {

void begin_page(report::Html& page, const std::string& where, const std::string& title) {
  page.open("main");
  page.paragraph("caton workbench \xC2\xB7 " + where, "eyebrow");
  page.heading(1, title);
}

std::string finished_page(report::Html& page, const std::string& title) {
  page.open("footer").paragraph(not_a_medical_device()).close();
  page.close();
  return report::document(title + " \xC2\xB7 caton workbench", page.finished());
}

}  // namespace caton::happyfeat
