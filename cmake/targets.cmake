# libcaton: everything but networks. Needs no libtorch, OpenBLAS, HDF5 or MPI to load (a test lists what it needs).
add_library(caton SHARED ${CATON_LIBRARY_SOURCES})
add_library(caton::caton ALIAS caton)
target_include_directories(caton PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/src> $<INSTALL_INTERFACE:include>)
target_include_directories(caton SYSTEM PRIVATE ${TOMLPLUSPLUS_INCLUDE} ${HIGHWAY_INCLUDE} ${EIGEN3_INCLUDE_DIRS})
target_compile_features(caton PUBLIC cxx_std_20)
target_link_libraries(caton PRIVATE nlohmann_json::nlohmann_json fmt::fmt OpenSSL::Crypto ZLIB::ZLIB ${SVM_LIBRARY} ${CMAKE_DL_LIBS}
  PUBLIC Threads::Threads)
target_compile_definitions(caton PRIVATE EIGEN_DONT_PARALLELIZE CATON_VERSION="${PROJECT_VERSION}")
# Short loops over registers unrolled; a square root that need not report errors is one instruction (same values).
set_source_files_properties(src/caton/geometry/lane_eigen.cpp src/caton/geometry/lane_whitening.cpp src/caton/features/connectivity/model_ddtf.cpp
  src/caton/features/connectivity/model_spectrum.cpp src/caton/features/connectivity/lane_inverse.cpp
  src/caton/features/connectivity/lane_panel.cpp src/caton/features/connectivity/hermitian_inverse.cpp
  src/caton/features/connectivity/short_correlations.cpp src/caton/features/connectivity/sums_of_products.cpp
  src/caton/features/connectivity/normal_equations.cpp src/caton/features/connectivity/time_major.cpp
  src/caton/features/connectivity/phase_measures.cpp src/caton/features/connectivity/pair_sums.cpp
  src/caton/features/connectivity/tapered_spectra.cpp
  src/caton/features/connectivity/free_run.cpp src/caton/features/connectivity/overlapping_windows.cpp PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno")
set_target_properties(caton PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

# The program.
if(CATON_CLI_SOURCES)
add_executable(caton_program ${CATON_CLI_SOURCES})
set_target_properties(caton_program PROPERTIES OUTPUT_NAME caton INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
target_include_directories(caton_program SYSTEM PRIVATE ${CLI11_INCLUDE})
target_link_libraries(caton_program PRIVATE caton)
target_compile_definitions(caton_program PRIVATE CATON_VERSION="${PROJECT_VERSION}")
# Every command takes its options by CLI11, the longest header of the project.
target_precompile_headers(caton_program PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src/caton/cli/command.hpp)
endif()

# libcaton_nn: networks on libtorch, opened when one is first needed.
if(CATON_NETWORKS AND CATON_NN_SOURCES)
  add_library(caton_nn SHARED ${CATON_NN_SOURCES})
  add_library(caton::nn ALIAS caton_nn)
  target_include_directories(caton_nn SYSTEM PRIVATE ${TORCH_INCLUDE} ${TORCH_INCLUDE}/torch/csrc/api/include)
  target_link_libraries(caton_nn PUBLIC caton PRIVATE ${TORCH_LIBRARY} ${TORCH_CPU_LIBRARY} ${C10_LIBRARY} ${HIGHWAY_LIBRARY} ${CMAKE_DL_LIBS})
  # Only units that use libtorch take its precompiled header; the loops do without.
  target_precompile_headers(caton_nn PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src/caton/nn/torch.hpp)
  set_source_files_properties(${CATON_NN_PLAIN_SOURCES} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  set_target_properties(caton_nn PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
endif()

# caton-reader: the child process in which HDF5 is read.
if(CATON_READER_SOURCES AND HDF5_LIBRARY)
  add_executable(caton-reader ${CATON_READER_SOURCES})
  target_include_directories(caton-reader SYSTEM PRIVATE ${HDF5_INCLUDE})
  target_link_libraries(caton-reader PRIVATE caton ${HDF5_LIBRARY})
  if(SECCOMP_LIBRARY)
    target_compile_definitions(caton-reader PRIVATE CATON_HAVE_SECCOMP)
    target_link_libraries(caton-reader PRIVATE ${SECCOMP_LIBRARY})
  endif()
endif()
