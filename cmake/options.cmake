# What a builder may choose, and the flags that all targets share.
option(CATON_DEVELOPER "build tests and benchmarks, treat warnings as errors" ON)
option(CATON_NETWORKS "build libcaton_nn (needs libtorch)" ON)
set(CATON_SANITIZE "" CACHE STRING "sanitizers: address,undefined or thread")
set(CATON_ROOMS "" CACHE STRING "build these rooms only, without the program (empty: all)")
option(CATON_FUZZ "build the fuzz targets (needs clang)" OFF)

# Before any target: run-time paths of installed files are made from these folders.
include(GNUInstallDirs)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")

# The same bits everywhere: no fused multiply-add behind our back.
add_compile_options(-ffp-contract=off)
if(CATON_DEVELOPER)
  add_compile_options(-Wall -Wextra -Wno-missing-field-initializers -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
endif()
if(CATON_SANITIZE)
  # GCC 12 takes sanitized variants for uninitialised ones.
  add_compile_options(-fsanitize=${CATON_SANITIZE} -fno-omit-frame-pointer -g1 -O1 -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${CATON_SANITIZE})
endif()
if(CATON_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -g)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
