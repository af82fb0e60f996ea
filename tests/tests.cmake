# One test program per room, so that a change in one room rebuilds and runs one small program.
enable_testing()

add_library(candled_test_main STATIC ${CMAKE_SOURCE_DIR}/tests/catch_main.cpp)
target_link_libraries(candled_test_main PUBLIC Catch2::Catch2)

function(candled_tests name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  target_link_libraries(${name}_tests PRIVATE ${ARGN} candled_test_main candled_flags fmt::fmt)
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_tests PRIVATE CANDLED_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name}_tests)
endfunction()

foreach(room domain flow net ingest files candles features model trading store engine server simulator config app)
  if(TARGET candled_${room})
    candled_tests(${room} candled_${room})
  endif()
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
find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND AND TARGET candled)
  add_test(NAME end_to_end COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/end_to_end/run.py --candled $<TARGET_FILE:candled>)
  set_tests_properties(end_to_end PROPERTIES TIMEOUT 1200)
endif()

# The page: types and logic by themselves, then the whole in a browser. Where what they need is missing they are skipped, and say so.
if(NODE AND NPM AND TARGET candled)
  add_test(NAME page COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/web/test.mjs)
  add_test(NAME browser COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/tests/browser/run.mjs --candled $<TARGET_FILE:candled>)
  set_tests_properties(browser PROPERTIES TIMEOUT 1200)
  set_tests_properties(page browser PROPERTIES SKIP_RETURN_CODE 77)
endif()

# How the code is written.
add_test(NAME format COMMAND ${CMAKE_SOURCE_DIR}/tests/format.sh)
add_test(NAME tidy COMMAND ${CMAKE_SOURCE_DIR}/tests/tidy.sh ${CMAKE_BINARY_DIR})
set_tests_properties(format tidy PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(tidy PROPERTIES TIMEOUT 3600)
