# SPDX-License-Identifier: MIT
#
# A file of Python tests, run by pytest inside ctest.
#
#   lfskit_pytest(NAME FILE)
#
# The tests find the program in the environment variable LFSKIT, and a Python
# that has littlefs-python in LFSKIT_REFERENCE_PYTHON, if there is one. Those
# that lack something skip themselves; when all of a file do, so does ctest.

function(lfskit_pytest name file)
    add_test(NAME ${name}
        COMMAND ${PROJECT_SOURCE_DIR}/tools/run-pytest ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    set_tests_properties(${name} PROPERTIES
        ENVIRONMENT "LFSKIT=${PROJECT_BINARY_DIR}/cli/lfskit;LFSKIT_TESTS=${PROJECT_BINARY_DIR}/tests"
        SKIP_RETURN_CODE 77
        SKIP_REGULAR_EXPRESSION "\n[= ]*[0-9]+ skipped in")
endfunction()
