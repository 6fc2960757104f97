// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/blas.hpp"
#include "caton/base/error.hpp"
#include "caton/base/file.hpp"
#include "caton/decode/decoder.hpp"

#include <dlfcn.h>

#include <mutex>

namespace caton {
namespace {

/// The folder of the shared object that holds this function.
Path own_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&open_networks), &info) == 0 || info.dli_fname == nullptr) return {};
  return Path(info.dli_fname).parent_path();
}

}  // namespace

void open_networks() {
  static std::once_flag once;
  std::call_once(once, [] {
    const Path library = own_folder() / "libcaton_nn.so";
    static_cast<void>(prepare_blas());  // libtorch reads its settings while it loads
    // Networks register themselves while the library loads; it stays open until the program ends.
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return;
    const char* const why = dlerror();
    throw machine_error(
        "networks", std::string("libcaton_nn cannot be opened (") + (why != nullptr ? why : "no reason given") + ")",
        "install libtorch (Debian: libtorch1.13) and build caton with it");
  });
}

}  // namespace caton
