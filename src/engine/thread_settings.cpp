#include "candled/engine/thread_settings.hpp"

#include <array>
#include <string_view>

#include "candled/domain/section.hpp"

namespace candled::engine {
namespace {

constexpr std::array<std::string_view, 3> layouts = {"stages", "market", "inline"};  // as ThreadLayout

}  // namespace

void describe(Section& section, ThreadSettings& settings) {
  section.one_of(
      {.name = "layout",
       .help =
           "\"stages\": one thread for each station. \"market\": ingest, the four market stations together, the "
           "journal. "
           "\"inline\": the stations and the journal on one thread. The rows are the same with each; only speed and "
           "latency differ.",
       .decides = false},
      settings.layout, layouts);
  section.whole(
      {.name = "queue_capacity",
       .help = "Events that fit between two threads, 4 to 1048576, 64 bytes each. Small: a slow disk slows the "
               "socket sooner. Nothing is dropped.",
       .decides = false},
      settings.queue_capacity, 4, 1 << 20);
}

}  // namespace candled::engine
