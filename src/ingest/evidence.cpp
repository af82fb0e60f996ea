#include "ingest/evidence.hpp"

#include <string>

namespace candled::ingest {
namespace {

constexpr std::size_t kept_bytes_max = 200;
constexpr Duration line_every = Duration::seconds(30);

// Anything that could spoil a terminal or a line becomes a dot.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kept_bytes_max));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '.';
  }
  return out;
}

}  // namespace

void Evidence::bad(std::string_view host, std::string_view problem, std::string_view text, std::size_t bad,
                   Duration now) {
  statistics_.bad_frames.add(static_cast<std::int64_t>(bad));
  untold_ += bad;
  if (told_at_.ns != 0 && now - told_at_ < line_every) return;
  told_at_ = now;
  log_.warning("bad input skipped", {{"host", std::string(host)},
                                     {"problem", printable(problem)},
                                     {"count", std::to_string(untold_)},
                                     {"bytes", std::to_string(text.size())},
                                     {"text", printable(text)}});
  untold_ = 0;
}

}  // namespace candled::ingest
