#include "candled/store/settings.hpp"

#include <array>
#include <string_view>

#include "candled/domain/section.hpp"

namespace candled::store {
namespace {

constexpr std::array<std::string_view, 2> durabilities = {"power", "process"};  // as Durability

}  // namespace

void describe(Section& section, StorageSettings& settings) {
  const Duration keep_min = Duration::hours(1), keep_max = Duration::days(36'500);
  section.path(
      {.name = "path",
       .help = "The one SQLite file. It is created if missing, and has -wal and -shm files beside it while the daemon "
               "runs. The file of another program, or of a newer candled, is refused and left untouched.",
       .decides = false},
      settings.path);
  section.one_of(
      {.name = "durability",
       .help = "What is stored survives the loss of power (\"power\"), but for the last second: the write-ahead log is "
               "brought to the disk at least once a second, and before a fill or a new model can be seen. Or only the "
               "end of the process (\"process\"): the system writes when it likes, some thirty seconds later. Trades "
               "are fetched again after a loss, fills are not.",
       .decides = false},
      settings.durability, durabilities);
  section.duration_or(
      {.name = "keep_trades",
       .help =
           "How long trades stay, \"1h\" and more, measured back from the newest candle; \"forever\": all of them. "
           "Older "
           "ones are deleted in small slices while the daemon runs; candles, fills and equity stay. Trades that an "
           "open "
           "sequence gap, a revision or a restart needs are kept, and what was deleted is neither fetched again nor "
           "reported as missing. `candled compact` returns the space to the disk.",
       .decides = false},
      "forever", settings.keep_trades, keep_min, keep_max);
  section.duration_or({.name = "keep_features",
                       .help = "The same for feature rows, except that those in the [training] window always stay.",
                       .decides = false},
                      "forever", settings.keep_features, keep_min, keep_max);
}

}  // namespace candled::store
