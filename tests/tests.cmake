# One test program per room, so that a change in one room rebuilds and runs one small program.
enable_testing()

add_library(candled_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/catch_main.cpp)
target_link_libraries(candled_test_main PUBLIC Catch2::Catch2)
add_library(candled_allocation_count STATIC ${CMAKE_SOURCE_DIR}/tests/allocation_count.cpp)
target_link_libraries(candled_allocation_count PRIVATE candled_flags)

function(candled_tests name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE ${ARGN} candled_test_main candled_flags fmt::fmt)
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_tests PRIVATE CANDLED_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  precompile(${name}_tests domain_tests <catch2/catch.hpp>)
  add_test(NAME ${name} COMMAND ${name}_tests)
endfunction()

foreach(room domain flow net ingest files candles features model trading store engine server simulator config app)
  if(TARGET candled_${room})
    candled_tests(${room} candled_${room})
  endif()
endforeach()

foreach(room ingest features trading)
  target_link_libraries(${room}_tests PRIVATE candled_allocation_count)
endforeach()

# Benchmarks are programs, not tests: they print ratios and judge nothing. Built with `ninja benchmarks`.
add_custom_target(benchmarks)
function(candled_benchmark name)
  add_executable(${name} EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/${name}.cpp)
  target_link_libraries(${name} PRIVATE ${ARGN} candled_flags fmt::fmt)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  add_dependencies(benchmarks ${name})
endfunction()
candled_benchmark(features_bench candled_features)
candled_benchmark(book_bench candled_ingest)
candled_benchmark(trading_bench candled_trading)
candled_benchmark(training_bench candled_model candled_flow)
candled_benchmark(throughput_bench candled_engine candled_simulator)
candled_benchmark(import_bench candled_store PkgConfig::SQLITE)
candled_benchmark(server_bench candled_server)

# Whole processes over TLS on loopback; candles are checked by Python, which shares no line with the program.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME end_to_end COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/end_to_end/run.py --candled $<TARGET_FILE:candled>)

# The whole page in a browser. Where what it needs is missing it is skipped, and says so; ./test sums up what it says.
if(NODE AND NPM)
  set(browser_command ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/run.mjs --candled $<TARGET_FILE:candled>)
  set(page_command ${NODE} ${CMAKE_SOURCE_DIR}/web/test.mjs)
else()
  set(browser_command ${CMAKE_COMMAND} -E echo "skipped: nodejs and npm are not both installed")
  set(page_command ${browser_command})
endif()
add_test(NAME browser COMMAND ${browser_command})
set_tests_properties(browser PROPERTIES SKIP_RETURN_CODE 77)

# Whole processes wait for each other; under a sanitizer every limit of time is multiplied by one factor.
if(CANDLED_SANITIZE)
  set(slowness 5)
else()
  set(slowness 1)
endif()
math(EXPR patience "1200 * ${slowness}")
set_tests_properties(end_to_end browser PROPERTIES TIMEOUT ${patience} ENVIRONMENT CANDLED_SLOWNESS=${slowness})

# What runs none of our code: the page's types and logic by themselves, how the code is written, and how ./test counts. A sanitizer has
# nothing to see there.
if(NOT CANDLED_SANITIZE)
  add_test(NAME page COMMAND ${page_command})
  add_test(NAME format COMMAND ${CMAKE_SOURCE_DIR}/tests/format.sh)
  add_test(NAME tidy COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy.sh ${CMAKE_BINARY_DIR})
  add_test(NAME summary COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/summary_test.py)
  set_tests_properties(page format tidy PROPERTIES SKIP_RETURN_CODE 77)
  set_tests_properties(tidy PROPERTIES TIMEOUT 3600)
endif()
