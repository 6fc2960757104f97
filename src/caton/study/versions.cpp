// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/study/versions.hpp"

#include "caton/base/blas.hpp"
#include "caton/base/lanes.hpp"

#include <openssl/crypto.h>
#include <sys/utsname.h>

namespace caton {

std::string program_version() { return std::string("caton ") + CATON_VERSION; }

Json versions_json() {
  utsname system{};
  uname(&system);
  Json versions = Json::object({{"caton", program_version()},
                                {"compiler", std::string("GCC ") + __VERSION__},
                                {"system", std::string(system.sysname) + " " + system.machine},
                                {"openssl", OpenSSL_version(OPENSSL_VERSION)}});
  versions["target"] = processor_name(processor());
  versions["blas"] = prepare_blas().json();
  return versions;
}

}  // namespace caton
