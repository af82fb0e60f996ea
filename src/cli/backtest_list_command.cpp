// backtest list and backtest compare: what is stored, and two of them side by side.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "candled/cli/commands.hpp"
#include "candled/domain/json_text.hpp"
#include "candled/domain/json_writer.hpp"
#include "candled/model/metrics.hpp"
#include "candled/report/report.hpp"
#include "candled/store/backtests.hpp"

namespace candled::cli {
namespace {

constexpr std::uint64_t seed = 1;
constexpr std::size_t steps_min = 10;

int failed(const std::string& why) {
  fmt::print(stderr, "candled: backtest: {}\n", why);
  return 1;
}

constexpr int digits = 10;

std::string notes_of(const store::BacktestRecord& r) {
  std::string notes;
  if (r.in_sample) notes += " IN SAMPLE";
  if (r.candles_only) notes += " candles only";
  if (r.gap_share > 0) notes += fmt::format(" gaps {:.3g} %", r.gap_share * 100);
  return notes;
}

void write_head(JsonWriter& json, const store::BacktestRecord& r) {
  json.member("backtest", r.name)
      .member("created", r.created)
      .member("market", r.market)
      .member("interval", to_text(r.interval));
  json.member("from", r.from).member("to", r.to).member("model", r.model).member("in_sample", r.in_sample);
  json.member("candles_only", r.candles_only).key("gap_share").rounded(r.gap_share, digits);
}

void write_strategy(JsonWriter& json, const store::BacktestStrategyRecord& s) {
  json.begin_object()
      .member("strategy", s.strategy)
      .member("kind", s.kind)
      .key("total_return")
      .rounded(s.total_return, digits);
  json.key("total_return_low").rounded(s.return_low, digits).key("total_return_high").rounded(s.return_high, digits);
  json.key("sharpe")
      .rounded(s.sharpe, digits)
      .key("maximum_drawdown")
      .rounded(s.maximum_drawdown, digits)
      .member("trades", s.trades);
  json.key("fees").rounded(s.fees, digits).end_object();
}

// How much more the second made of its money than the first, over the time that both have, and how sure that is.
struct Difference {
  double growth = trading::not_known;  // 0.1: 10 % more
  trading::Interval95 interval;        // 95 % block bootstrap of the paired steps
  std::size_t steps = 0;
};

Difference difference_of(const std::vector<EquityPoint>& a, const std::vector<EquityPoint>& b) {
  std::vector<double> steps;
  std::optional<double> before;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].time != b[j].time) {
      ++(a[i].time < b[j].time ? i : j);
      continue;
    }
    if (a[i].equity.units() <= 0 || b[j].equity.units() <= 0) break;
    const double ratio = std::log(b[j].equity.to_double() / a[i].equity.to_double());
    if (before) steps.push_back(ratio - *before);
    before = ratio;
    ++i, ++j;
  }
  Difference difference;
  difference.steps = steps.size();
  if (steps.empty()) return difference;
  double sum = 0;
  for (const double step : steps) sum += step;
  difference.growth = std::expm1(sum);
  if (steps.size() < steps_min) return difference;
  const auto count = static_cast<double>(steps.size());
  const model::Interval mean = model::mean_interval(steps, static_cast<std::size_t>(std::ceil(std::cbrt(count))), seed);
  difference.interval = {std::expm1(mean.low * count), std::expm1(mean.high * count)};
  return difference;
}

struct Pair {
  store::BacktestStrategyRecord a, b;
  Difference difference;
};

void print_pair(const Pair& p) {
  fmt::print("\n{}{}\n", p.a.strategy, p.a.kind == p.b.kind ? "" : fmt::format(" ({} / {})", p.a.kind, p.b.kind));
  const auto row = [](const char* name, const std::string& a, const std::string& b) {
    fmt::print("  {:<20}{:>16}{:>16}\n", name, a, b);
  };
  row("total return", report::change_text(p.a.total_return), report::change_text(p.b.total_return));
  row("  95 % from", report::change_text(p.a.return_low), report::change_text(p.b.return_low));
  row("  95 % to", report::change_text(p.a.return_high), report::change_text(p.b.return_high));
  row("Sharpe", report::number_text(p.a.sharpe, 2), report::number_text(p.b.sharpe, 2));
  row("Sortino", report::number_text(p.a.sortino, 2), report::number_text(p.b.sortino, 2));
  row("maximum drawdown", report::change_text(-p.a.maximum_drawdown), report::change_text(-p.b.maximum_drawdown));
  row("trades closed", report::count_text(p.a.trades), report::count_text(p.b.trades));
  row("win rate", report::share_text(p.a.win_rate), report::share_text(p.b.win_rate));
  row("exposure", report::share_text(p.a.exposure), report::share_text(p.b.exposure));
  row("fees paid", report::number_text(p.a.fees, 2), report::number_text(p.b.fees, 2));
  if (p.difference.steps == 0) return fmt::print("  no common time: no difference can be told\n");
  fmt::print("  over the time of both the second ended {} against the first (95 %: {} to {}; {} steps){}\n",
             report::change_text(p.difference.growth), report::change_text(p.difference.interval.low),
             report::change_text(p.difference.interval.high),
             report::count_text(static_cast<std::int64_t>(p.difference.steps)),
             p.difference.interval.low > 0 || p.difference.interval.high < 0
                 ? ""
                 : ": no difference that chance would not make");
}

void write_pair(JsonWriter& json, const Pair& p) {
  json.begin_object().member("strategy", p.a.strategy);
  write_strategy(json.key("a"), p.a);
  write_strategy(json.key("b"), p.b);
  json.key("growth_of_b_over_a")
      .rounded(p.difference.growth, digits)
      .key("low")
      .rounded(p.difference.interval.low, digits);
  json.key("high").rounded(p.difference.interval.high, digits).member("steps", p.difference.steps).end_object();
}

std::string list_json(const std::vector<store::BacktestRecord>& all) {
  return json_object([&](JsonWriter& json) {
    json.key("backtests").begin_array();
    for (const store::BacktestRecord& r : all) {
      json.begin_object();
      write_head(json, r);
      json.key("strategies").begin_array();
      for (const store::BacktestStrategyRecord& s : r.strategies) write_strategy(json, s);
      json.end_array().end_object();
    }
    json.end_array();
  });
}

std::string comparison_json(const store::BacktestRecord& a, const store::BacktestRecord& b,
                            const std::vector<Pair>& pairs) {
  return json_object([&](JsonWriter& json) {
    for (const auto& [name, record] : {std::pair("a", &a), std::pair("b", &b)}) {
      json.key(name).begin_object();
      write_head(json, *record);
      json.end_object();
    }
    json.key("strategies").begin_array();
    for (const Pair& pair : pairs) write_pair(json, pair);
    json.end_array();
  });
}

std::string head_text(const store::BacktestRecord& r) {
  return fmt::format("{}  {}  {} to {}  model {}{}", r.name, r.market, report::minute_text(r.from),
                     report::minute_text(r.to), r.model.empty() ? "none" : r.model, notes_of(r));
}

}  // namespace

int run_backtest_list(const config::Config& config, const BacktestListOptions& options) {
  const std::vector<store::BacktestRecord> all = store::list_backtests(config.storage.path, options.limit);
  if (options.as_json) {
    fmt::print("{}\n", list_json(all));
    return 0;
  }
  if (all.empty()) fmt::print("no backtest is stored in {}\n", config.storage.path.string());
  for (const store::BacktestRecord& r : all) {
    fmt::print("{}\n", head_text(r));
    for (const store::BacktestStrategyRecord& s : r.strategies) {
      fmt::print("    {:<32} {:>12} (95 %: {} to {})  Sharpe {}  drawdown {}  {} trades\n", s.strategy,
                 report::change_text(s.total_return), report::change_text(s.return_low),
                 report::change_text(s.return_high), report::number_text(s.sharpe, 2),
                 report::change_text(-s.maximum_drawdown), report::count_text(s.trades));
    }
  }
  return 0;
}

int run_backtest_compare(const config::Config& config, const std::string& name_a, const std::string& name_b,
                         bool as_json) {
  const std::filesystem::path& path = config.storage.path;
  const std::optional<store::BacktestRecord> a = store::find_backtest(path, name_a),
                                             b = store::find_backtest(path, name_b);
  for (const auto& [found, name] : {std::pair(&a, &name_a), std::pair(&b, &name_b)}) {
    if (!*found)
      return failed(fmt::format("there is no backtest {} in {}; candled backtest list shows those there are",
                                json_text(name->substr(0, 100)), path.string()));
  }
  std::vector<Pair> pairs;
  for (const store::BacktestStrategyRecord& s : a->strategies) {
    const auto other = std::ranges::find(b->strategies, s.strategy, &store::BacktestStrategyRecord::strategy);
    if (other == b->strategies.end()) continue;
    pairs.push_back({s, *other,
                     difference_of(store::backtest_equity(path, name_a, s.strategy),
                                   store::backtest_equity(path, name_b, s.strategy))});
  }
  if (pairs.empty()) return failed(fmt::format("{} and {} have no strategy of the same name", name_a, name_b));
  if (as_json) {
    fmt::print("{}\n", comparison_json(*a, *b, pairs));
    return 0;
  }
  fmt::print("first   {}\nsecond  {}\n", head_text(*a), head_text(*b));
  for (const Pair& pair : pairs) print_pair(pair);
  return 0;
}

}  // namespace candled::cli
