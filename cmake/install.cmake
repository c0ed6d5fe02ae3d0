# SPDX-License-Identifier: MIT
#
# What `cmake --install` puts where: the library with its headers, a CMake
# package (lfskit::lfskit) and a pkg-config file. The program, its manual pages
# and completion files are installed by cli/, lfs.h and its sources by
# src/compat/. Everything can be moved as a whole afterwards.

include(CMakePackageConfigHelpers)

install(TARGETS lfskit EXPORT lfskit-targets
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/lfskit
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lfskit)
install(EXPORT lfskit-targets NAMESPACE lfskit:: DESTINATION ${package_dir})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/lfskit-config.cmake.in
    ${PROJECT_BINARY_DIR}/lfskit-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/lfskit-config-version.cmake
    COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/lfskit-config.cmake
    ${PROJECT_BINARY_DIR}/lfskit-config-version.cmake DESTINATION ${package_dir})

file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
get_property(lfs_sources GLOBAL PROPERTY LFSKIT_COMPAT_SOURCES)
list(TRANSFORM lfs_sources PREPEND "\${lfs_sourcedir}/")
list(JOIN lfs_sources " " lfs_sources)
configure_file(${PROJECT_SOURCE_DIR}/cmake/lfskit.pc.in ${PROJECT_BINARY_DIR}/lfskit.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/lfskit.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
