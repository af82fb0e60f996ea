#include "server/asset.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "candled/server/embedded_file.hpp"
#include "server/compression.hpp"

namespace candled::server {

const Asset* find_asset(std::string_view path) {
  const std::span<const Asset> all = embedded_assets();
  const auto found = std::ranges::find(all, path, &Asset::path);
  return found == all.end() ? nullptr : &*found;
}

std::string embedded_file(std::string_view path) {
  const Asset* asset = find_asset(path);
  return asset == nullptr ? std::string() : gunzip(asset->gzip);
}

std::string_view content_type_of(std::string_view path) {
  constexpr std::array types{
      std::pair{std::string_view(".html"), std::string_view("text/html; charset=utf-8")},
      std::pair{std::string_view(".js"), std::string_view("text/javascript; charset=utf-8")},
      std::pair{std::string_view(".css"), std::string_view("text/css; charset=utf-8")},
      std::pair{std::string_view(".json"), std::string_view("application/json")},
      std::pair{std::string_view(".webmanifest"), std::string_view("application/manifest+json")},
      std::pair{std::string_view(".svg"), std::string_view("image/svg+xml")},
      std::pair{std::string_view(".png"), std::string_view("image/png")},
      std::pair{std::string_view(".ico"), std::string_view("image/x-icon")},
      std::pair{std::string_view(".woff2"), std::string_view("font/woff2")},
      std::pair{std::string_view(".txt"), std::string_view("text/plain; charset=utf-8")},
  };
  for (const auto& [ending, type] : types) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace candled::server
