// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/recording/formats/wfdb/annotations.hpp"

#include "caton/base/error.hpp"
#include "caton/base/limits.hpp"
#include "caton/base/text.hpp"
#include "caton/recording/side_files.hpp"

#include <map>
#include <utility>

namespace caton::wfdb {
namespace {

enum Code { note = 22, skip = 59, number = 60, subtype = 61, channel = 62, text = 63 };

/// Symbols of the codes 0 to 41, "." where none is defined.
constexpr std::string_view symbols = " NLRaVFJASEj/Q~.|.sT*D\"=pB^t+u?![]en@xf()r";

class AnnotationReader {
 public:
  AnnotationReader(Bytes file, double rate_hz, std::string where)
      : reader_(file, std::move(where)), rate_hz_(rate_hz) {}

  std::vector<Annotation> read(Findings& findings) {
    while (reader_.remaining() >= 2) {
      const auto word = reader_.take<std::uint16_t>("an annotation");
      if (word == 0) {
        add();
        return std::move(annotations_);
      }
      if (!take(word >> 10, word & 0x3ff)) break;
    }
    add();
    findings.push_back({"wfdb/annotations-truncated", Severity::warn, reader_.where(),
                        "the annotation file is truncated: it has no end"});
    return std::move(annotations_);
  }

 private:
  bool take(int code, std::int64_t value) {
    switch (code) {
      case skip: {
        if (reader_.remaining() < 4) return false;
        const auto high = reader_.take<std::uint16_t>("a long interval"), low = reader_.take<std::uint16_t>("it");
        waiting_ += static_cast<std::int32_t>(static_cast<std::uint32_t>(high) << 16 | low);
        return true;
      }
      case number:
      case subtype:
      case channel: return true;
      case text: {
        const auto size = static_cast<std::size_t>(value + value % 2);
        if (reader_.remaining() < size) return false;
        note_ = utf8_text(reader_.take_text(size, "a note").substr(0, static_cast<std::size_t>(value)));
        return true;
      }
      default:
        add();
        sample_ += waiting_ + value;
        waiting_ = 0;
        // Code 0 is no annotation: it only moves time on.
        code_ = code == 0 ? -1 : code;
        return true;
    }
  }

  /// The annotation read last, now that its note is known.
  void add() {
    const int code = std::exchange(code_, -1);
    const std::string said = std::exchange(note_, {});
    if (code < 0) return;
    if (code == note && said.substr(0, 3) == "## ") {
      if (said.find("annotation type definitions") != std::string::npos) defining_ = true;
      if (said.find("end of definitions") != std::string::npos) defining_ = false;
      const std::string resolution = "## time resolution: ";
      if (said.rfind(resolution, 0) == 0) rate_hz_ = parse_number(said.substr(resolution.size())).value_or(rate_hz_);
      return;
    }
    if (defining_) {
      const auto words = split(said, ' ');
      if (const auto defined = parse_integer(words[0]); defined && words.size() > 1) own_[*defined] = words[1];
      return;
    }
    if (static_cast<std::int64_t>(annotations_.size()) >= limits::annotations)
      throw input_error(reader_.where(), "more than " + std::to_string(limits::annotations) + " annotations");
    const std::string behind(trim(said.substr(0, said.find('\0'))));
    std::string symbol = own_.count(code) != 0 ? own_[code] : std::to_string(code);
    if (own_.count(code) == 0 && static_cast<std::size_t>(code) < symbols.size())
      symbol = symbols.substr(static_cast<std::size_t>(code), 1);
    annotations_.push_back(
        {static_cast<double>(sample_) / rate_hz_, 0, behind.empty() ? symbol : symbol + " " + behind});
  }

  ByteReader reader_;
  double rate_hz_;
  std::int64_t sample_ = 0, waiting_ = 0;
  int code_ = -1;
  std::string note_;
  bool defining_ = false;
  std::map<std::int64_t, std::string> own_;
  std::vector<Annotation> annotations_;
};

}  // namespace

std::vector<Annotation> read_annotations(Bytes file, double rate_hz, const std::string& where, Findings& findings) {
  return AnnotationReader(file, rate_hz, where).read(findings);
}

}  // namespace caton::wfdb
