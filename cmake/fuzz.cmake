# One program per *.fuzz.cpp, each linked with all sources of the rooms under test, so that every line is instrumented.
# tests/fuzz.sh builds and runs them.
set(CATON_FUZZ_SOURCES ${CATON_ALL})
list(FILTER CATON_FUZZ_SOURCES INCLUDE REGEX "\\.fuzz\\.cpp$")

foreach(source ${CATON_FUZZ_SOURCES})
  get_filename_component(name ${source} NAME)
  string(REPLACE ".fuzz.cpp" "" name ${name})
  add_executable(fuzz-${name} ${source})
  target_include_directories(fuzz-${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
  target_compile_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz-${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(fuzz-${name} PRIVATE caton)
endforeach()
