# What the server embeds: the description of its API, and the page (cmake/page.cmake). index.html is served at /, everything else at
# its own path.
include(cmake/page.cmake)
set(server_asset_entries "openapi.json|${CMAKE_SOURCE_DIR}/src/server/openapi.json")
set(server_asset_files ${CMAKE_SOURCE_DIR}/src/server/openapi.json)
foreach(file IN LISTS page_file_names)
  string(APPEND server_asset_entries ",${file}|${page_folder}/${file}")
  list(APPEND server_asset_files ${page_folder}/${file})
endforeach()
find_program(GZIP gzip REQUIRED)
set(embedded_assets ${CMAKE_BINARY_DIR}/generated/embedded_assets.cpp)
add_custom_command(OUTPUT ${embedded_assets}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded_assets} -DGZIP=${GZIP} "-DFILES=${server_asset_entries}" -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${server_asset_files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
target_sources(candled_server PRIVATE ${embedded_assets})
