# The headers, the library xact::dispatch if it is built, and what find_package and pkg-config read.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(xact_package ${CMAKE_INSTALL_DATADIR}/cmake/xact)
install(TARGETS xact EXPORT xact-targets FILE_SET HEADERS FILE_SET detail)
install(EXPORT xact-targets NAMESPACE xact:: DESTINATION ${xact_package})

# The library's folder may be one ISA's, and so is its part of the package.
set(xact_library_package ${CMAKE_INSTALL_LIBDIR}/cmake/xact-dispatch)
file(RELATIVE_PATH xact_dispatch_targets /${xact_package} /${xact_library_package}/xact-dispatch-targets.cmake)
if(XACT_BUILD_DISPATCH)
  set_target_properties(xact_dispatch PROPERTIES EXCLUDE_FROM_ALL OFF)
  install(TARGETS xact_dispatch EXPORT xact-dispatch-targets)
  install(EXPORT xact-dispatch-targets NAMESPACE xact:: DESTINATION ${xact_library_package})
endif()

# Who asks for the component dispatch alone needs no xsimd.
file(CONFIGURE OUTPUT xact-config.cmake @ONLY CONTENT [[
set(xact_dispatch_FOUND NO)
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/@xact_dispatch_targets@")
  include("${CMAKE_CURRENT_LIST_DIR}/@xact_dispatch_targets@")
  set(xact_dispatch_FOUND YES)
endif()
foreach(component IN LISTS xact_FIND_COMPONENTS)
  if(NOT xact_${component}_FOUND AND xact_FIND_REQUIRED_${component})
    set(xact_FOUND NO)
    set(xact_NOT_FOUND_MESSAGE "xact: there is no component '${component}' here; 'dispatch' is installed where XACT_BUILD_DISPATCH was on")
    return()
  endif()
endforeach()
if(NOT xact_FIND_COMPONENTS STREQUAL "dispatch")
  include(CMakeFindDependencyMacro)
  if(NOT TARGET xsimd)
    find_package(xsimd 14 CONFIG QUIET)
  endif()
  if(NOT TARGET xsimd)
    find_dependency(xsimd 13.2 CONFIG)
  endif()
  include("${CMAKE_CURRENT_LIST_DIR}/xact-targets.cmake")
  target_link_libraries(xact::xact INTERFACE xsimd)
  include("${CMAKE_CURRENT_LIST_DIR}/isas.cmake")
endif()
]])
write_basic_package_version_file(xact-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/xact-config.cmake ${PROJECT_BINARY_DIR}/xact-config-version.cmake
  ${CMAKE_CURRENT_LIST_DIR}/isas.cmake DESTINATION ${xact_package})

# pkg-config: folders relative to the file's own, so that an installed tree may be moved.
set(xact_pc ${CMAKE_INSTALL_DATADIR}/pkgconfig)
set(xact_dispatch_pc ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH xact_prefix /${xact_pc} /)
file(CONFIGURE OUTPUT xact.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@xact_prefix@

Name: xact
Description: @PROJECT_DESCRIPTION@
Version: @PROJECT_VERSION@
Requires: xsimd >= 13.2
Cflags: -I${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
]])
install(FILES ${PROJECT_BINARY_DIR}/xact.pc DESTINATION ${xact_pc})
if(XACT_BUILD_DISPATCH)
  file(RELATIVE_PATH xact_prefix /${xact_dispatch_pc} /)
  file(CONFIGURE OUTPUT xact-dispatch.pc @ONLY CONTENT [[
prefix=${pcfiledir}/@xact_prefix@

Name: xact-dispatch
Description: @PROJECT_DESCRIPTION@, compiled for every CPU
Version: @PROJECT_VERSION@
Cflags: -I${prefix}/@CMAKE_INSTALL_INCLUDEDIR@
Libs: -L${prefix}/@CMAKE_INSTALL_LIBDIR@ -lxact-dispatch
Libs.private: -lstdc++
]])
  install(FILES ${PROJECT_BINARY_DIR}/xact-dispatch.pc DESTINATION ${xact_dispatch_pc})
endif()
if(xsimd_POPULATED)
  message(STATUS "xact: xsimd is not installed here; 'cmake --install' puts the fetched one beside xact")
endif()
