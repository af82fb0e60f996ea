# The headers that nearly every file includes, parsed once a build: a third of the time of a sanitizer build. Other builds do without, so
# that they see a file that includes too little.
#
#   precompile(TARGET LIKE [HEADER...])   TARGET uses what LIKE has precompiled; TARGET itself: it precompiles them, with these besides
set(precompiled_headers <fmt/format.h> <algorithm> <array> <atomic> <charconv> <chrono> <compare> <coroutine> <cstdint> <deque> <expected>
  <filesystem> <functional> <list> <map> <memory> <mutex> <optional> <random> <set> <span> <string> <string_view> <thread>
  <unordered_map> <utility> <variant> <vector>)
function(precompile target like)
  if(NOT CANDLED_SANITIZE)
    return()
  endif()
  if(target STREQUAL like)
    target_precompile_headers(${target} PRIVATE ${precompiled_headers} ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${like})
  endif()
endfunction()
