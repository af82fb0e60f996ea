# cmake -P embed.cmake, with OUTPUT, GZIP and FILES ("path-in-url|file" separated by ","): writes a C++ file with each file compressed.
# Files end as bytes of the program: no asset is read at run time, so none can be missing or exchanged.
set(body "")
set(table "")
set(count 0)
string(REPLACE "," ";" FILES "${FILES}")
foreach(entry IN LISTS FILES)
  string(REPLACE "|" ";" parts "${entry}")
  list(GET parts 0 path)
  list(GET parts 1 file)
  if(NOT EXISTS ${file})
    continue()  # the page could not be built; that has been said
  endif()
  execute_process(COMMAND ${GZIP} -9 -n -c ${file} OUTPUT_FILE ${OUTPUT}.gz RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "cannot compress ${file}")
  endif()
  file(READ ${OUTPUT}.gz hex HEX)
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 16 digest)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND body "constexpr unsigned char bytes_${count}[] = {${bytes}};\n")
  string(APPEND table "    {\"${path}\", \"\\\"${digest}\\\"\", bytes_${count}},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(REMOVE ${OUTPUT}.gz)
file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.
#include <array>

#include \"server/asset.hpp\"

namespace candled::server {
namespace {

${body}
constexpr std::array<Asset, ${count}> assets{{
${table}}};

}  // namespace

std::span<const Asset> embedded_assets() { return assets; }

}  // namespace candled::server
")
