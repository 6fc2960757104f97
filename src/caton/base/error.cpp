// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/error.hpp"

#include "caton/base/text.hpp"

#include <utility>

namespace caton {

Error::Error(ErrorKind kind, std::string where, std::string problem, std::string remedy)
    : kind_(kind), where_(std::move(where)), problem_(std::move(problem)), remedy_(std::move(remedy)) {
  line_ = where_.empty() ? problem_ : where_ + ": " + problem_;
  if (!remedy_.empty()) line_ += "; " + remedy_;
  line_ = printable(line_);
}

Error check_error(std::string where, std::string problem, std::string remedy) {
  return {ErrorKind::check, std::move(where), std::move(problem), std::move(remedy)};
}
Error usage_error(std::string where, std::string problem, std::string remedy) {
  return {ErrorKind::usage, std::move(where), std::move(problem), std::move(remedy)};
}
Error input_error(std::string where, std::string problem, std::string remedy) {
  return {ErrorKind::input, std::move(where), std::move(problem), std::move(remedy)};
}
Error machine_error(std::string where, std::string problem, std::string remedy) {
  return {ErrorKind::machine, std::move(where), std::move(problem), std::move(remedy)};
}

}  // namespace caton
