# SPDX-License-Identifier: MIT
#
# A part of the library is an OBJECT library that sees its own folder, the
# headers it shows others, and those of the parts named after USES: an include
# that breaks the layering does not compile.
#
#   lfskit_part(NAME [PUBLIC header...] [USES part...] SOURCES file...)
#
# PUBLIC headers are files of include/lfskit/ that this part implements. They
# are linked one by one into a folder of the part's own in the build tree, so
# that another part sees only those of the parts it uses. Every part uses util.

function(lfskit_part name)
    cmake_parse_arguments(PART "" "" "PUBLIC;USES;SOURCES" ${ARGN})
    set(target lfskit_${name})
    set(shown "")
    if(IS_DIRECTORY ${PROJECT_SOURCE_DIR}/src/${name}/include)
        list(APPEND shown ${PROJECT_SOURCE_DIR}/src/${name}/include)
    endif()
    foreach(header IN LISTS PART_PUBLIC)
        set(staged ${PROJECT_BINARY_DIR}/public/${name})
        file(MAKE_DIRECTORY ${staged}/lfskit)
        file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/lfskit/${header}
            ${staged}/lfskit/${header} COPY_ON_ERROR SYMBOLIC)
        list(APPEND shown ${staged})
    endforeach()
    list(REMOVE_DUPLICATES shown)

    list(TRANSFORM PART_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/${name}/)
    add_library(${target} OBJECT ${PART_SOURCES})
    # What tests/layout asks for.
    set_target_properties(${target} PROPERTIES LFSKIT_SHOWN "${shown}"
        LFSKIT_PUBLIC "${PART_PUBLIC}" LFSKIT_USES "${PART_USES}"
        POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/${name} ${shown})
    target_link_libraries(${target} PRIVATE lfskit_warnings)
    foreach(used IN LISTS PART_USES ITEMS util)
        if(NOT used STREQUAL name)
            get_target_property(headers lfskit_${used} LFSKIT_SHOWN)
            target_include_directories(${target} PRIVATE ${headers})
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY LFSKIT_PARTS ${name})
    set_property(GLOBAL APPEND PROPERTY LFSKIT_OBJECTS $<TARGET_OBJECTS:${target}>)
endfunction()
