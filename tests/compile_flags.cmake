# The umbrella header under flags and macros that users have: without exceptions and RTTI it compiles without a warning; where
# -ffast-math breaks the promises it stops the build with a sentence.

# header_test(<name> <flags> ...)
function(header_test name)
  add_test(NAME header/${name} COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_warnings} -Werror ${ARGN}
    -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    -include xact/xact.hpp -x c++ /dev/null COMMAND_EXPAND_LISTS)
endfunction()

header_test(no-exceptions -fno-exceptions -fno-rtti)
header_test(no-exceptions-avx2 -fno-exceptions -fno-rtti ${xact_flags_avx2})

set(refused -ffast-math -Ofast -ffinite-math-only "-ffast-math -fno-finite-math-only" -funsafe-math-optimizations
  -fno-signed-zeros)
foreach(flags IN LISTS refused)
  string(REPLACE " " "" name "refused${flags}")
  separate_arguments(flags UNIX_COMMAND "${flags}")
  header_test(${name} ${flags})
  set_tests_properties(header/${name} PROPERTIES PASS_REGULAR_EXPRESSION
    "error[: ]+\"?xact: -ffast-math|float_control.*xact: a part of -ffast-math")
endforeach()

# What the first three lines of the compiler's say of what has no xact. sentence_test(<name> <sentence> <flags> ...)
function(sentence_test name sentence)
  add_test(NAME sentence/${name} COMMAND sh -c "$@ 2>&1 | head -n 3" sh ${CMAKE_CXX_COMPILER} -fsyntax-only -fno-diagnostics-color
    -std=c++20 ${ARGN} -I${PROJECT_SOURCE_DIR}/include
    "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    -include xact/xact.hpp -x c++ /dev/null COMMAND_EXPAND_LISTS)
  set_tests_properties(sentence/${name} PROPERTIES PASS_REGULAR_EXPRESSION "${sentence}")
endfunction()

sentence_test(c++17 "xact needs C\\+\\+20" -std=c++17)
sentence_test(no-xsimd "xact needs xsimd 13.2 or newer" -I${CMAKE_CURRENT_SOURCE_DIR}/compile/old)
if("avx2" IN_LIST xact_isas)
  sentence_test(x87 "xact: float and double must be rounded after each operation" -m32 -mno-sse)
endif()
# And of the mistakes of callers.
if(XACT_PYTHON)
  add_test(NAME mistakes COMMAND ${XACT_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/mistakes.py ${CMAKE_CXX_COMPILER} -std=c++20
    -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    COMMAND_EXPAND_LISTS)
endif()

# All warnings of the headers' code, instantiated.
add_test(NAME header/instantiated COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_warnings} -Werror -DISA=any
  -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
  ${CMAKE_CURRENT_SOURCE_DIR}/mixed_flags/calls.cpp COMMAND_EXPAND_LISTS)

# Names that other libraries define as macros.
add_test(NAME header/macros COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${PROJECT_SOURCE_DIR}/include
  "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
  ${CMAKE_CURRENT_SOURCE_DIR}/compile/macros.cpp COMMAND_EXPAND_LISTS)

# Kernels of a user's in each form, for every element type: the example, which is run elsewhere, on plain scalar.
if("scalar" IN_LIST xact_isas)
  add_test(NAME header/own-kernels COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only ${xact_flags_scalar} ${xact_warnings} -Werror
    -I${PROJECT_SOURCE_DIR}/include "-isystem$<JOIN:$<TARGET_PROPERTY:xsimd,INTERFACE_INCLUDE_DIRECTORIES>,;-isystem>"
    ${PROJECT_SOURCE_DIR}/examples/own_activation.cpp COMMAND_EXPAND_LISTS)
endif()
