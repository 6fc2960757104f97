# Every file belongs to a target by its place and its ending; no list is edited to add one.
#   *.test.cpp tests   *.bench.cpp benchmarks   *.fuzz.cpp fuzz targets   *_main.cpp a program of its own
file(GLOB_RECURSE CATON_ALL CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/caton/*.cpp)

# A build of some rooms only (sanitizers, fuzzing): those of the lowest floors, without the program.
if(CATON_ROOMS)
  string(REPLACE ";" "|" rooms "${CATON_ROOMS}")
  list(FILTER CATON_ALL INCLUDE REGEX "/src/caton/(${rooms})/")
endif()

set(CATON_LIBRARY_SOURCES ${CATON_ALL})
list(FILTER CATON_LIBRARY_SOURCES EXCLUDE REGEX "\\.(test|bench|fuzz)\\.cpp$|_main\\.cpp$|/hdf5/reader_[a-z]+\\.cpp$|/src/caton/(cli|nn)/|/src/caton/models/")
set(CATON_ABOUT_SOURCES ${CATON_ALL})
list(FILTER CATON_ABOUT_SOURCES INCLUDE REGEX "/src/caton/models/.*about\\.cpp$")
list(APPEND CATON_LIBRARY_SOURCES ${CATON_ABOUT_SOURCES})

set(CATON_READER_SOURCES ${CATON_ALL})
list(FILTER CATON_READER_SOURCES INCLUDE REGEX "/hdf5/reader_[a-z]+\\.cpp$")

set(CATON_NN_SOURCES ${CATON_ALL})
list(FILTER CATON_NN_SOURCES INCLUDE REGEX "/src/caton/(nn|models)/")
list(FILTER CATON_NN_SOURCES EXCLUDE REGEX "\\.(test|bench|fuzz)\\.cpp$|about\\.cpp$")
set(CATON_NN_PLAIN_SOURCES ${CATON_NN_SOURCES})
list(FILTER CATON_NN_PLAIN_SOURCES INCLUDE REGEX "(kernels?|packed_linear|optimiser|config|inference|interpret|checkpoint|parameter_shapes?|training_state)\\.cpp$")

set(CATON_CLI_SOURCES ${CATON_ALL})
list(FILTER CATON_CLI_SOURCES INCLUDE REGEX "/src/caton/cli/")
list(FILTER CATON_CLI_SOURCES EXCLUDE REGEX "\\.(test|bench|fuzz)\\.cpp$")

set(CATON_TEST_SOURCES ${CATON_ALL})
list(FILTER CATON_TEST_SOURCES INCLUDE REGEX "\\.test\\.cpp$")
file(GLOB CATON_HOUSE_TESTS CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/*.test.cpp)
set(CATON_NN_TEST_SOURCES ${CATON_TEST_SOURCES})
if(CATON_ROOMS)
  # Their tests replay golden cases, which is the work of a room above.
  list(FILTER CATON_TEST_SOURCES EXCLUDE REGEX "/src/caton/sensors/")
else()
  list(APPEND CATON_TEST_SOURCES ${CATON_HOUSE_TESTS})
endif()
list(FILTER CATON_TEST_SOURCES EXCLUDE REGEX "/src/caton/(nn|models)/")
list(FILTER CATON_NN_TEST_SOURCES INCLUDE REGEX "/src/caton/(nn|models)/")
