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

#   lfskit_pytest_extension(NAME)
#
# The test's Python loads the extension module of the build. Under the address
# sanitizer its runtime has to be in the interpreter first, which itself leaks.

function(lfskit_pytest_extension name)
    if(CMAKE_C_FLAGS MATCHES "-fsanitize=[a-z,]*address")
        execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libasan.so
            OUTPUT_VARIABLE asan_runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT "LD_PRELOAD=${asan_runtime}"
            "ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1")
    endif()
endfunction()
