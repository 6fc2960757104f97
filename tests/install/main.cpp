// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the caton authors
#include <caton/base/operation.hpp>
#include <caton/base/threads.hpp>

#include <cstdio>

int main() {
  const auto& operations = caton::Registry<caton::Operation>::instance();
  std::printf("%zu operations\n", operations.entries().size());
  return operations.find("lfilter") != nullptr && caton::thread_count() >= 1 ? 0 : 1;
}
