# What the server embeds: the description of its API, and the page where web/dist holds one (its build is in web/).
# web/dist/index.html is served at /, everything else there at its own path.
set(server_asset_entries "openapi.json|${CMAKE_SOURCE_DIR}/src/server/openapi.json")
set(server_asset_files ${CMAKE_SOURCE_DIR}/src/server/openapi.json)
file(GLOB_RECURSE web_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/web/dist ${CMAKE_SOURCE_DIR}/web/dist/*)
foreach(file IN LISTS web_files)
  string(APPEND server_asset_entries ",${file}|${CMAKE_SOURCE_DIR}/web/dist/${file}")
  list(APPEND server_asset_files ${CMAKE_SOURCE_DIR}/web/dist/${file})
endforeach()
find_program(GZIP gzip REQUIRED)
set(embedded_assets ${CMAKE_BINARY_DIR}/generated/embedded_assets.cpp)
add_custom_command(OUTPUT ${embedded_assets}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded_assets} -DGZIP=${GZIP} "-DFILES=${server_asset_entries}" -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
  DEPENDS ${server_asset_files} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
target_sources(candled_server PRIVATE ${embedded_assets})
