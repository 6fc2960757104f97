// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include "caton/nn/setup.hpp"

#include "caton/base/pool.hpp"
#include "caton/nn/torch.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <cstddef>
#include <new>
#include <utility>

namespace caton::nn {
namespace {

/// Tensors' memory from caton's pool, which keeps its pages: fresh memory costs more than most of the arithmetic. The
/// block that owns the memory lies in front of the values, because parts of libtorch give memory back by its address
/// alone.
class PoolAllocator final : public at::Allocator {
 public:
  at::DataPtr allocate(std::size_t bytes) const override {
    if (bytes == 0) return {nullptr, nullptr, &give_back, at::Device(at::kCPU)};
    Memory block(bytes + front);
    auto* const values = static_cast<std::byte*>(block.data()) + front;
    new (block.data()) Memory(std::move(block));
    return {values, values, &give_back, at::Device(at::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

 private:
  static constexpr std::size_t front = 64;  ///< keeps the values aligned
  static_assert(sizeof(Memory) <= front);

  static void give_back(void* values) {
    if (values == nullptr) return;
    auto* const stored = reinterpret_cast<Memory*>(static_cast<std::byte*>(values) - front);
    // The block leaves the memory it owns before that memory goes.
    const Memory block(std::move(*stored));
    stored->~Memory();
  }
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
