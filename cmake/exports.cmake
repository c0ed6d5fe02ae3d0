# SPDX-License-Identifier: MIT
#
# A shared library shows the functions that the public headers declare and
# nothing else: the parts' own functions are also called lfk_*. The list is
# read from the headers, so that there is no second one to keep.

function(lfskit_limit_exports target)
    file(GLOB headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/lfskit/*.h)
    set(names "")
    foreach(header IN LISTS headers)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
        file(READ ${header} text)
        string(REGEX MATCHALL "lfk_[a-z0-9_]+\\(" found "${text}")
        list(APPEND names ${found})
    endforeach()
    list(TRANSFORM names REPLACE "\\($" "")
    list(REMOVE_DUPLICATES names)
    list(JOIN names ";\n        " names)
    set(map ${PROJECT_BINARY_DIR}/lfskit.map)
    file(WRITE ${map} "{\n    global:\n        ${names};\n    local:\n        *;\n};\n")
    target_link_options(${target} PRIVATE LINKER:--version-script=${map})
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${map})
endfunction()
