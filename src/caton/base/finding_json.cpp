// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/finding_json.hpp"

#include "caton/base/error.hpp"
#include "caton/base/text.hpp"

namespace caton {
namespace {

Severity severity_of(const std::string& name, const std::string& where) {
  for (const Severity severity : {Severity::note, Severity::warn, Severity::stop}) {
    if (name == severity_name(severity)) return severity;
  }
  throw input_error(where, "\"" + printable(name) + "\" is no severity", "known: note, warn, stop");
}

}  // namespace

Json findings_json(const Findings& findings) {
  Json list = Json::list();
  for (const Finding& finding : findings)
    list.push(Json::object({{"code", finding.code},
                            {"severity", severity_name(finding.severity)},
                            {"where", finding.where},
                            {"what", finding.what}}));
  return list;
}

Findings findings_of(const Json& list, const std::string& where) {
  Findings findings;
  for (const Json& one : list.items(where))
    findings.push_back({one.at("code", where).text(where), severity_of(one.at("severity", where).text(where), where),
                        one.at("where", where).text(where), one.at("what", where).text(where)});
  return findings;
}

}  // namespace caton
