# SPDX-License-Identifier: MIT
#
# What pip puts into the wheel beside the modules written in Python. The programs go
# where the environment keeps its own. The shared libraries that they and the modules
# need go along, but for those of the C library: static ones are seldom made to go
# into a module, and a wheel is to run where neither is installed.

set(commands lfskit_program littlefs_python_program)
set(packaged_libraries "^lib(jansson|edit|bsd|md|n?cursesw?|tinfo|termcap)\\.")

install(TARGETS lfskit_python lfskit_python_command
    LIBRARY DESTINATION littlefs COMPONENT python)
install(TARGETS ${commands} RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)

# Each under the name that it is looked for by, and once: a wheel has no links.
install(CODE "
    file(GET_RUNTIME_DEPENDENCIES
        EXECUTABLES $<TARGET_FILE:lfskit_program> $<TARGET_FILE:littlefs_python_program>
        MODULES $<TARGET_FILE:lfskit_python_command>
        PRE_INCLUDE_REGEXES [[${packaged_libraries}]]
        PRE_EXCLUDE_REGEXES .
        RESOLVED_DEPENDENCIES_VAR found)
    foreach(library IN LISTS found)
        get_filename_component(name \${library} NAME)
        file(REAL_PATH \${library} file)
        file(INSTALL \${file} DESTINATION \${CMAKE_INSTALL_PREFIX}/littlefs/libraries RENAME \${name})
    endforeach()"
    COMPONENT python)

# From the programs of an environment to its packages, as systems arrange them. Not a
# RUNPATH: libraries that those libraries need are to be found as well.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    set(version ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR})
    set(rpath "")
    foreach(packages IN ITEMS lib/python${version}/site-packages lib64/python${version}/site-packages
            lib/python${version}/dist-packages lib/python3/dist-packages)
        list(APPEND rpath $ORIGIN/../${packages}/littlefs/libraries)
    endforeach()
    set_target_properties(${commands} PROPERTIES INSTALL_RPATH "${rpath}")
    set_target_properties(lfskit_python_command PROPERTIES INSTALL_RPATH $ORIGIN/libraries)
    foreach(target IN ITEMS ${commands} lfskit_python_command)
        target_link_options(${target} PRIVATE LINKER:--disable-new-dtags)
    endforeach()
endif()
