message(STATUS "caton ${PROJECT_VERSION}: networks ${CATON_NETWORKS}, HDF5 ${HDF5_LIBRARY}, sanitizers '${CATON_SANITIZE}'")
