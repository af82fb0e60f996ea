#include "server/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "server/compression.hpp"

namespace candled::server {
namespace {

constexpr std::size_t worth_compressing = 1'024;
// The page has no inline script or style; everything it loads comes from here.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src "
    "'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr const char* data_policy = "default-src 'none'; frame-ancestors 'none'";

// FNV-1a: tells answers apart, and is no secret.
std::string etag_of(std::string_view body) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("W/\"{:016x}\"", hash);
}

// A list of tags, or *; weak and strong ones are the same here.
bool names(std::string_view if_none_match, std::string_view etag) {
  if (if_none_match == "*") return true;
  const std::string_view bare = etag.starts_with("W/") ? etag.substr(2) : etag;
  return if_none_match.find(bare) != std::string_view::npos;
}

const std::string* header(const Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, [](const auto& h) { return std::string_view(h.first); });
  return found == response.headers.end() ? nullptr : &found->second;
}

void add_safety(Response& response) {
  const bool page = response.content_type.starts_with("text/html");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  if (!header(response, "Content-Security-Policy"))
    response.headers.emplace_back("Content-Security-Policy", page ? page_policy : data_policy);
}

}  // namespace

Response delivered(const Request& request, Response response) {
  add_safety(response);
  if (response.event_stream) {  // nothing on the way may keep an event back to send or compress it with later ones
    response.headers.emplace_back("Cache-Control", "no-store, no-transform");
    response.headers.emplace_back("X-Accel-Buffering", "no");
    return response;
  }
  if (response.status != 200 || request.method != Method::get) {
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  }
  response.headers.emplace_back("Cache-Control", "no-cache");  // kept, but asked about each time
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!header(response, "ETag")) response.headers.emplace_back("ETag", etag_of(response.body));
  if (!request.if_none_match.empty() && names(request.if_none_match, *header(response, "ETag"))) {
    response.status = 304;
    response.body.clear();
    response.gzipped = false;
    return response;
  }
  if (!response.gzipped && response.body.size() >= worth_compressing && accepts_gzip(request.accept_encoding)) {
    response.body = gzip(response.body);
    response.gzipped = true;
  }
  if (response.gzipped) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

}  // namespace candled::server
