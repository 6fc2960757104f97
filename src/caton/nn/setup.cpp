// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/setup.hpp"

#include "caton/base/pool.hpp"
#include "caton/nn/torch.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace caton::nn {
namespace {

/// Tensors' memory from caton's pool, which keeps its pages: fresh memory costs more than most of the arithmetic.
class PoolAllocator final : public at::Allocator {
 public:
  at::DataPtr allocate(std::size_t bytes) const override {
    if (bytes == 0) return {nullptr, nullptr, &give_back, at::Device(at::kCPU)};
    auto* const block = new Memory(bytes);
    return {block->data(), block, &give_back, at::Device(at::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }

 private:
  static void give_back(void* block) { delete static_cast<Memory*>(block); }
};

template <class Result, class... Arguments>
bool call_symbol(const char* name, Result& result, Arguments... arguments) {
  using Call = Result (*)(Arguments...);
  const auto call = reinterpret_cast<Call>(dlsym(RTLD_DEFAULT, name));
  if (call == nullptr) return false;
  result = call(arguments...);
  return true;
}

LibraryState set_up() {
  static PoolAllocator allocator;
  c10::SetCPUAllocator(&allocator, 1);
  at::set_num_threads(1);
  if (auto* const set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
  LibraryState state;
  char* configuration = nullptr;
  char* kernel = nullptr;
  if (call_symbol("openblas_get_config", configuration) && call_symbol("openblas_get_corename", kernel)) {
    state.blas = std::string(configuration) + " kernel " + kernel;
  } else {
    state.blas = "reference";
    state.slow_blas = true;
  }
  return state;
}

const LibraryState state_of_this_process = set_up();

}  // namespace

const LibraryState& library_state() { return state_of_this_process; }

}  // namespace caton::nn
