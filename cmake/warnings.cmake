# SPDX-License-Identifier: MIT
#
# How every C file of the project is compiled: C11 without extensions, and the
# warnings we keep at zero.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)

add_library(lfskit_warnings INTERFACE)
target_compile_options(lfskit_warnings INTERFACE
    $<$<C_COMPILER_ID:GNU,Clang,AppleClang>:-Wall -Wextra -Wpedantic -Wconversion -Wshadow
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-align -Wwrite-strings>
    $<$<AND:$<BOOL:${LFSKIT_WERROR}>,$<C_COMPILER_ID:GNU,Clang,AppleClang>>:-Werror>)
