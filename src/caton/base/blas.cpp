// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/base/blas.hpp"

#include "caton/base/file.hpp"

#include <dlfcn.h>

#include <cstdlib>

namespace caton {
namespace {

void set_environment() {
  for (const char* const name :
       {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "GOTO_NUM_THREADS"}) {
    setenv(name, "1", 1);
  }
  // Threads that wait must not burn the processor that caton's own pool uses.
  setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
  if (const char* const kernel = std::getenv("CATON_BLAS_KERNEL")) setenv("OPENBLAS_CORETYPE", kernel, 1);
}

template <class Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

/// The file that a symbol of the library stands in, with links followed.
std::string path_of(void* library) {
  Dl_info info{};
  const void* const place = dlsym(library, "sgemm_");
  if (place == nullptr || dladdr(place, &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code failure;
  const Path real = std::filesystem::canonical(info.dli_fname, failure);
  return failure ? std::string(info.dli_fname) : real.string();
}

void ask_openblas(void* library, BlasState& state) {
  state.library = "OpenBLAS";
  if (auto* const set = symbol<void(int)>(library, "openblas_set_num_threads")) set(1);
  if (auto* const get = symbol<int()>(library, "openblas_get_num_threads")) state.threads = get();
  if (auto* const core = symbol<char*()>(library, "openblas_get_corename")) state.kernel = core();
  if (auto* const config = symbol<char*()>(library, "openblas_get_config")) state.version = config();
}

BlasState probed() {
  set_environment();
  BlasState state;
  // Stays open until the program ends: libtorch will use the same copy.
  void* const library = dlopen("libblas.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    state.library = "none";
    return state;
  }
  state.path = path_of(library);
  if (dlsym(library, "openblas_get_config") != nullptr) {
    ask_openblas(library, state);
  } else if (dlsym(library, "mkl_get_version_string") != nullptr ||
             dlsym(library, "MKL_Get_Version_String") != nullptr) {
    state.library = "MKL";
  } else if (auto* const version = symbol<const char*()>(library, "bli_info_get_version_str")) {
    state.library = "BLIS";
    state.version = version();
  } else if (dlsym(library, "ATL_buildinfo") != nullptr || state.path.find("atlas") != std::string::npos) {
    state.library = "ATLAS";
  } else {
    state.library = state.path.find("/blas/") != std::string::npos ? "reference" : "unknown";
  }
  state.findings = blas_findings(state.library, state.path);
  return state;
}

}  // namespace

Json BlasState::json() const {
  return Json::object({{"library", library}, {"version", version}, {"kernel", kernel}, {"threads", threads}});
}

Findings blas_findings(const std::string& library, const std::string& path) {
  if (library != "reference") return {};
  return {{"machine/blas-reference", Severity::warn, path,
           "libblas.so.3 is the reference BLAS, which makes networks some 10 to 50 times slower; install "
           "libopenblas0-pthread, or choose it with update-alternatives --config libblas.so.3-x86_64-linux-gnu"}};
}

const BlasState& prepare_blas() {
  static const BlasState state = probed();
  return state;
}

}  // namespace caton
