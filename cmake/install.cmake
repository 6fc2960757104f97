# What `cmake --install` leaves: the program, the libraries, the reader, headers as they stand in src/, and the package file
# behind find_package(caton [COMPONENTS nn]).
include(CMakePackageConfigHelpers)

install(TARGETS caton EXPORT caton-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET caton_program)
  install(TARGETS caton_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET caton_nn)
  # No exported dependency on libtorch: it is opened at run time.
  install(TARGETS caton_nn LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET caton-reader)
  install(TARGETS caton-reader RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/caton)
  set_target_properties(caton-reader PROPERTIES INSTALL_RPATH "$ORIGIN/../../${CMAKE_INSTALL_LIBDIR}")
endif()
install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/src/caton DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp" PATTERN "cli" EXCLUDE PATTERN "nn" EXCLUDE PATTERN "*.test.hpp" EXCLUDE)
install(EXPORT caton-targets NAMESPACE caton:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/caton)
configure_package_config_file(${CMAKE_CURRENT_SOURCE_DIR}/cmake/caton-config.cmake.in ${CMAKE_BINARY_DIR}/caton-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/caton)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/caton-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${CMAKE_BINARY_DIR}/caton-config.cmake ${CMAKE_BINARY_DIR}/caton-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/caton)
