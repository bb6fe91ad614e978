# Uses xact as users do: FetchContent, add_subdirectory, an installed package, and a version that must be refused.

# consumer_test(<name> <source> <target> <program to run, or ""> <cmake arguments> ...)
function(consumer_test name source target program)
  set(binary ${CMAKE_CURRENT_BINARY_DIR}/consumer/${name})
  if(program)
    set(program --test-command ${program})
  endif()
  add_test(NAME consumer/${name}
    COMMAND ${CMAKE_CTEST_COMMAND} --build-and-test ${source} ${binary} --build-generator ${CMAKE_GENERATOR}
      --build-target ${target} --build-options -DCMAKE_BUILD_TYPE=Release
      -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} ${ARGN} ${program})
endfunction()

set(consumer ${CMAKE_CURRENT_SOURCE_DIR}/consumer)
set(installed ${CMAKE_CURRENT_BINARY_DIR}/consumer/installed)
if(xsimd_SOURCE_DIR)
  set(xsimd -DFETCHCONTENT_SOURCE_DIR_XSIMD=${xsimd_SOURCE_DIR})
else() # an installed one
  set(xsimd -Dxsimd_DIR=${xsimd_DIR})
endif()

consumer_test(fetch ${consumer} consumer consumer -DUSE=fetch -DXACT_SOURCE_DIR=${PROJECT_SOURCE_DIR} ${xsimd})
consumer_test(subdirectory ${consumer} consumer consumer
  -DUSE=subdirectory -DXACT_SOURCE_DIR=${PROJECT_SOURCE_DIR} ${xsimd})

consumer_test(refused-xsimd ${consumer} consumer "" -DUSE=subdirectory -DXACT_SOURCE_DIR=${PROJECT_SOURCE_DIR}
  -DOLD_XSIMD=${CMAKE_CURRENT_SOURCE_DIR}/compile/old)
set_tests_properties(consumer/refused-xsimd PROPERTIES PASS_REGULAR_EXPRESSION "xact needs xsimd 13.2 or newer, and")

consumer_test(install ${PROJECT_SOURCE_DIR} install "" -DXACT_BUILD_TESTS=OFF -DXACT_BUILD_BENCHMARKS=OFF
  -DXACT_BUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX=${installed} ${xsimd})
consumer_test(package ${consumer} consumer consumer
  -DUSE=package -DVERSION=${PROJECT_VERSION} -DCMAKE_PREFIX_PATH=${installed})
consumer_test(refused-version ${consumer} consumer "" -DUSE=package -DVERSION=99 -DCMAKE_PREFIX_PATH=${installed})
set_tests_properties(consumer/install PROPERTIES FIXTURES_SETUP xact-installed)
set_tests_properties(consumer/package consumer/refused-version PROPERTIES FIXTURES_REQUIRED xact-installed)
set_tests_properties(consumer/refused-version PROPERTIES
  PASS_REGULAR_EXPRESSION "compatible[ \n]+with[ \n]+requested[ \n]+version[ \n]+\"99\"")
if(xsimd_SOURCE_DIR) # xsimd was installed beside xact: an installed one is preferred to the release
  consumer_test(installed-xsimd ${consumer} consumer consumer -DUSE=subdirectory -DXACT_SOURCE_DIR=${PROJECT_SOURCE_DIR}
    -DCMAKE_PREFIX_PATH=${installed} -DFETCHCONTENT_FULLY_DISCONNECTED=ON)
  set_tests_properties(consumer/installed-xsimd PROPERTIES FIXTURES_REQUIRED xact-installed)
endif()

# xact::dispatch, as this build has made it, installed; and what XACT_ISA does.
if(XACT_BUILD_DISPATCH AND NOT CMAKE_CROSSCOMPILING)
  set(dispatch_installed ${CMAKE_CURRENT_BINARY_DIR}/consumer/dispatch-installed)
  set(program ${CMAKE_CURRENT_BINARY_DIR}/consumer/dispatch/consumer)
  add_test(NAME consumer/dispatch-install COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix ${dispatch_installed})
  consumer_test(dispatch ${consumer} consumer consumer
    -DUSE=package -DCOMPONENTS=dispatch -DVERSION=${PROJECT_VERSION} -DCMAKE_PREFIX_PATH=${dispatch_installed})
  add_test(NAME consumer/dispatch-lowered COMMAND ${program})
  add_test(NAME consumer/dispatch-unknown COMMAND ${program})
  set_tests_properties(consumer/dispatch-install PROPERTIES FIXTURES_SETUP dispatch-installed)
  set_tests_properties(consumer/dispatch PROPERTIES FIXTURES_REQUIRED dispatch-installed FIXTURES_SETUP dispatch-consumer)
  list(GET XACT_DISPATCH_ISAS 0 baseline)
  set_tests_properties(consumer/dispatch-lowered PROPERTIES FIXTURES_REQUIRED dispatch-consumer
    ENVIRONMENT XACT_ISA=${baseline} PASS_REGULAR_EXPRESSION "^${baseline}: 1.954")
  set_tests_properties(consumer/dispatch-unknown PROPERTIES FIXTURES_REQUIRED dispatch-consumer
    ENVIRONMENT XACT_ISA=mmx PASS_REGULAR_EXPRESSION "xact: XACT_ISA is 'mmx', which .* lacks; there are:.* ${baseline};")
endif()
