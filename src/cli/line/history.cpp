// History: --backfill, --from, --to, --candles, --gap-fill.
#include <CLI/CLI.hpp>

#include "candled/cli/commands.hpp"
#include "candled/cli/line/line.hpp"
#include "candled/flow/clock.hpp"

namespace candled::cli {

void add_history_options(CLI::App& app, HistoryLine& line) {
  CLI::Option* backfill =
      app.add_option("--backfill", line.backfill,
                     "fetch the trades of this much time, such as 30d, and exit; run again to continue")
          ->expected(0, 1);
  CLI::Option* from = app.add_option("--from", line.from, "fetch the trades from this date or time (UTC) on, and exit");
  CLI::Option* to = app.add_option("--to", line.to, "up to this date or time, not included");
  CLI::Option* candles =
      app.add_flag("--candles", line.candles, "instead of trades, the exchange's own candles, as many as it has");
  app.add_flag("--gap-fill", line.gap_fill,
               "fetch what is missing since the last stored trade and in recorded sequence gaps, and exit")
      ->excludes(backfill)
      ->excludes(from)
      ->excludes(to)
      ->excludes(candles);
}

int HistoryLine::run(const config::Config& config) const {
  if (gap_fill) return run_gap_fill(config);
  const BackfillOptions options = period();
  return candles ? run_fetch_candles(config, options) : run_backfill(config, options);
}

BackfillOptions HistoryLine::period() const {
  const Timestamp now = flow::wall_now();
  BackfillOptions options;
  if (backfill && !backfill->empty()) options.back = duration_option("--backfill:", *backfill);
  if (!to.empty()) options.to = time_option("--to:", to);
  if (options.to && *options.to > now + Duration::days(1))
    throw config::ConfigError("--to: " + to + " lies in the future");
  if (!from.empty()) {
    options.from = time_option("--from:", from);
    if (options.from > now) throw config::ConfigError("--from: " + from + " lies in the future");
    if (options.back && options.to)
      throw config::ConfigError("--backfill with both --from and --to: leave one of the three out");
    if (options.back) options.to = options.from + *options.back;
    options.back.reset();
  } else if (options.to) {
    if (!options.back)
      throw config::ConfigError("--to needs a start: --from, or --backfill with a duration such as 30d");
    options.from = *options.to - *options.back;
    options.back.reset();
  } else if (!options.back && !candles) {
    throw config::ConfigError("--backfill needs a duration such as 30d, or --from");
  }
  if (options.to && *options.to <= options.from)
    throw config::ConfigError("--from: " + from + " is not before --to: " + to);
  return options;
}

}  // namespace candled::cli
