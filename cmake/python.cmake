# SPDX-License-Identifier: MIT
#
# The Python package is built for the python3 of the path, which also runs the
# tests; for the Python that pip runs in when pip builds it. Without its headers
# there is none, unless it is pip that asks.

if(SKBUILD)
    find_package(Python REQUIRED COMPONENTS Interpreter Development.Module)
else()
    find_program(Python_EXECUTABLE python3)
    find_package(Python COMPONENTS Interpreter Development.Module)
endif()
if(Python_Development.Module_FOUND)
    add_subdirectory(python)
else()
    message(STATUS "lfskit: no Python headers (python3-dev): the Python package is not built")
endif()
