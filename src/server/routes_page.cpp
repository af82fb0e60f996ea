// The page, its files, and the description of the API: all of them part of the program.
#include "server/asset.hpp"
#include "server/compression.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr const char* plain_page = R"html(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>candled</title></head>
<body>
<h1>candled</h1>
<p>This build holds no page. What it would show is here:</p>
<ul>
<li><a href="/health">health</a>, <a href="/metrics">metrics</a>, <a href="/api/v1/status">status</a></li>
<li><a href="/api/v1/markets">markets</a>, <a href="/api/v1/candles">candles</a>, <a href="/api/v1/predictions">predictions</a>,
<a href="/api/v1/strategies">strategies</a>, <a href="/api/v1/models">models</a></li>
<li><a href="/openapi.json">the description of the whole API</a></li>
</ul>
</body>
</html>
)html";

}  // namespace

Response Routes::asset(const Request& request, std::string_view path) {
  const Asset& asset = *find_asset(path);
  Response response{200, "", std::string(content_type_of(path))};
  response.headers.emplace_back("ETag", std::string(asset.etag));
  response.gzipped = accepts_gzip(request.accept_encoding);
  response.body = response.gzipped ? std::string(asset.gzip.begin(), asset.gzip.end()) : gunzip(asset.gzip);
  return response;
}

Response Routes::page(const Call& call) {
  if (find_asset("index.html")) return asset(call.request, "index.html");
  return {200, plain_page, "text/html; charset=utf-8"};
}

}  // namespace candled::server
