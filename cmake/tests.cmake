enable_testing()
set(CATON_TEST_DEFINITIONS CATON_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}" CATON_BUILD_DIR="${CMAKE_BINARY_DIR}")

add_executable(caton_tests ${CMAKE_CURRENT_SOURCE_DIR}/tests/tests_main.cpp ${CATON_TEST_SOURCES})
target_include_directories(caton_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
target_include_directories(caton_tests SYSTEM PRIVATE ${DOCTEST_INCLUDE} ${EIGEN3_INCLUDE_DIRS})
target_link_libraries(caton_tests PRIVATE caton ZLIB::ZLIB)
target_compile_definitions(caton_tests PRIVATE ${CATON_TEST_DEFINITIONS})
# One test a room, so that a failure names where it is.
foreach(room base containers sensors signal recording features samples measure prepare decode datasets evaluate explain report study stream conformance cli house)
  add_test(NAME ${room} COMMAND caton_tests --test-suite=${room} --no-intro)
endforeach()

if(TARGET caton_nn)
  add_executable(caton_nn_tests ${CMAKE_CURRENT_SOURCE_DIR}/tests/tests_main.cpp ${CATON_NN_TEST_SOURCES})
  target_include_directories(caton_nn_tests PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
  target_include_directories(caton_nn_tests SYSTEM PRIVATE ${DOCTEST_INCLUDE} ${TORCH_INCLUDE} ${TORCH_INCLUDE}/torch/csrc/api/include)
  target_link_libraries(caton_nn_tests PRIVATE caton caton_nn ${TORCH_LIBRARY} ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
  target_compile_definitions(caton_nn_tests PRIVATE ${CATON_TEST_DEFINITIONS})
  add_test(NAME networks COMMAND caton_nn_tests --no-intro)
endif()

if(TARGET caton_program)
  add_test(NAME install COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/install.sh ${CMAKE_BINARY_DIR})
endif()

# Makes the HDF5 files that tests read; libcaton and its tests do not know HDF5.
if(HDF5_LIBRARY AND TARGET caton-reader)
  add_executable(caton-write-hdf5 ${CMAKE_CURRENT_SOURCE_DIR}/tests/write_hdf5_main.cpp)
  target_include_directories(caton-write-hdf5 SYSTEM PRIVATE ${HDF5_INCLUDE})
  target_link_libraries(caton-write-hdf5 PRIVATE ${HDF5_LIBRARY})
endif()
