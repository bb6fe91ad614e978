# xact::dispatch: the activations compiled once per ISA, and what picks the best one. Nothing of it is built for who does
# not link it. include/xact/detail/dispatch/ has the sources that are included by those written here.

include(${CMAKE_CURRENT_LIST_DIR}/isas.cmake)
set(XACT_DISPATCH_ACTIVATIONS "" CACHE STRING "The activations of xact::dispatch; empty: all. Calls of others are refused")
list(GET XACT_DISPATCH_ISAS 0 xact_baseline)

file(STRINGS ${PROJECT_SOURCE_DIR}/include/xact/activations.hpp xact_listed REGEX "detail::entry\\([a-z]")
list(TRANSFORM xact_listed REPLACE "^.*entry\\(([a-z0-9_]+),.*$" "\\1")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/xact/activations.hpp)
set(xact_dispatched ${xact_listed})
if(XACT_DISPATCH_ACTIVATIONS)
  set(xact_dispatched ${XACT_DISPATCH_ACTIVATIONS})
endif()
foreach(name IN LISTS xact_dispatched)
  if(NOT name IN_LIST xact_listed)
    message(FATAL_ERROR "XACT_DISPATCH_ACTIVATIONS has '${name}'; there are: ${xact_listed}")
  endif()
endforeach()

# xact_dispatch_source(<isa> <name> <line> ...): a source of the library, compiled for that ISA.
function(xact_dispatch_source isa name)
  set(file ${PROJECT_BINARY_DIR}/dispatch/${isa}/${name}.cpp)
  list(JOIN ARGN "\n" content)
  file(CONFIGURE OUTPUT ${file} CONTENT "${content}\n" @ONLY)
  target_sources(xact_dispatch PRIVATE ${file})
  set_source_files_properties(${file} TARGET_DIRECTORY xact_dispatch PROPERTIES COMPILE_OPTIONS "${xact_isa_flags_${isa}}")
endfunction()

add_library(xact_dispatch EXCLUDE_FROM_ALL)
add_library(xact::dispatch ALIAS xact_dispatch)
set(folder "#include <xact/detail/dispatch")
foreach(isa IN LISTS XACT_DISPATCH_ISAS)
  set(listed)
  set(built)
  set(slice)
  set(turn 0)
  foreach(name IN LISTS xact_listed)
    if(name IN_LIST xact_dispatched)
      list(APPEND listed &${name}_${isa})
      list(APPEND built ${name}_${isa})
      list(APPEND slice "XACT_SLICE(${name}, ${isa})")
    else()
      list(APPEND listed nullptr)
    endif()
    # Two neighbours of the list a file: every file parses the headers, and few files would keep few CPUs busy.
    math(EXPR turn "1 - ${turn}")
    if(slice AND turn EQUAL 0)
      xact_dispatch_source(${isa} ${name} "${folder}/slice.cpp>" ${slice})
      set(slice)
    endif()
  endforeach()
  if(slice)
    xact_dispatch_source(${isa} last "${folder}/slice.cpp>" ${slice})
  endif()
  xact_dispatch_source(${isa} softmax "${folder}/softmax.cpp>")
  xact_dispatch_source(${isa} measures "${folder}/measures.cpp>" "${folder}/prelu.cpp>")
  xact_dispatch_source(${isa} quantized "${folder}/quantized.cpp>")
  list(JOIN listed ", " listed)
  list(JOIN built ", " built)
  xact_dispatch_source(${isa} table "#define XACT_ISA \"${isa}\"" "#define XACT_TABLE table_of_${isa}"
    "#define XACT_BUILT ${built}" "#define XACT_LISTED ${listed}" "${folder}/isa.cpp>")
endforeach()
list(JOIN XACT_DISPATCH_ISAS ") each(" each)
xact_dispatch_source(${xact_baseline} chooser "#define XACT_DISPATCH_ISAS(each) each(${each})" "${folder}/chooser.cpp>")
xact_dispatch_source(${xact_baseline} c "${folder}/c.cpp>")

target_compile_features(xact_dispatch PUBLIC cxx_std_20)
target_include_directories(xact_dispatch PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
  $<INSTALL_INTERFACE:include>)
target_link_libraries(xact_dispatch PRIVATE $<BUILD_INTERFACE:xsimd>)
# Kernels are optimized in Debug builds too. Without exceptions, as entry points are noexcept: less code.
target_compile_options(xact_dispatch PRIVATE ${xact_isa_flags} -fno-exceptions -fno-lto)
set_target_properties(xact_dispatch PROPERTIES OUTPUT_NAME xact-dispatch EXPORT_NAME dispatch
  VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
  INTERPROCEDURAL_OPTIMIZATION OFF UNITY_BUILD OFF)
