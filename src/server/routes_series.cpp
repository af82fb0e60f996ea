// Candles, indicators and equity over time, in the steps that were asked for.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "candled/flow/clock.hpp"
#include "server/json.hpp"
#include "server/routes.hpp"

namespace candled::server {
namespace {

constexpr std::int64_t limit_usual = 500;
constexpr std::int64_t points_max = 2'000;
constexpr Duration step_max = Duration::days(30);
// What `points` chooses from.
constexpr std::array chart_steps{
    Duration::minutes(1), Duration::minutes(5), Duration::minutes(15), Duration::minutes(30), Duration::minutes(60),
    Duration::hours(4),   Duration::hours(12),  Duration::days(1),     Duration::days(7),     step_max};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    names.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

// The shortest step of the chart with which the span has no more than so many.
Duration step_for(Duration span, std::int64_t points, Duration interval) {
  for (const Duration step : chart_steps) {
    if (step.ns % interval.ns == 0 && span / step <= points) return step;
  }
  return step_max;
}

}  // namespace

std::expected<store::SeriesFilter, Response> Routes::series_filter(const Call& call, const Market& market) {
  const Target& target = call.target;
  const auto wrong = [](std::string message) { return std::unexpected(error_response(400, message)); };
  store::SeriesFilter filter{.market = market.name(), .step = market.interval, .limit = limit_usual};
  const Result<std::optional<std::int64_t>> limit = limit_of(target, store::view_limit_max);
  const Result<std::optional<std::int64_t>> points = limit_of(target, points_max, "points");
  const Result<std::optional<Timestamp>> from = time_of(target, "from"), to = time_of(target, "to");
  const Result<std::optional<Duration>> step = duration_of(target, "interval");
  if (!limit) return wrong(limit.error().message);
  if (!points) return wrong(points.error().message);
  if (!from) return wrong(from.error().message);
  if (!to) return wrong(to.error().message);
  if (!step) return wrong(step.error().message);
  filter.limit = limit->value_or(limit_usual);
  filter.from = *from;
  filter.to = *to;
  if (const std::string* cursor = target.parameter("cursor")) filter.cursor = *cursor;
  if (*step) {
    if ((*step)->ns % market.interval.ns != 0 || **step > step_max) {
      return wrong(fmt::format("interval '{}' is not a multiple of {}'s candles of {}, up to {}", to_text(**step),
                               market.name(), to_text(market.interval), to_text(step_max)));
    }
    if (*points) return wrong("interval and points say two things about one: leave one of them out");
    filter.step = **step;
  } else if (*points) {
    if (!filter.from) return wrong("points needs a from: how long is the span?");
    filter.step = step_for(filter.to.value_or(flow::wall_now()) - *filter.from, **points, market.interval);
  }
  return filter;
}

Response Routes::candles(const Call& call) {
  const Target& target = call.target;
  const bool stored_ones = !target.parameter("interval") && !target.parameter("points");
  if (stored_ones) return rows(call, "candles", store::View::candles);
  const std::expected<Market, Response> market = one_market(target);
  if (!market) return market.error();
  const std::expected<store::SeriesFilter, Response> filter = series_filter(call, *market);
  if (!filter) return filter.error();
  const Result<store::ViewRows> rows = journal_.candles(*filter);
  return rows ? rows_response("candles", *rows) : journal_error(rows.error());
}

Response Routes::equity(const Call& call) {
  const Target& target = call.target;
  const bool stored_ones = !target.parameter("interval") && !target.parameter("points");
  if (stored_ones) return rows(call, "equity", store::View::equity);
  const std::string* strategy = target.parameter("strategy");
  if (!strategy) return error_response(400, "interval and points are for one account: name one with strategy=");
  const std::expected<Market, Response> market = one_market(target);
  if (!market) return market.error();
  const std::expected<store::SeriesFilter, Response> filter = series_filter(call, *market);
  if (!filter) return filter.error();
  const Result<store::ViewRows> rows = journal_.equity(*filter, *strategy);
  return rows ? rows_response("equity", *rows) : journal_error(rows.error());
}

Response Routes::indicators(const Call& call) {
  const std::expected<Market, Response> market = one_market(call.target);
  if (!market) return market.error();
  const Result<std::vector<std::string>> names = journal_.indicator_names(market->name());
  if (!names) return journal_error(names.error());
  return {200, json_body([&](JsonWriter& json) {
            json.member("market", market->name()).key("indicators").begin_array();
            for (const std::string& name : *names) {
              const auto info = std::ranges::find(settings_.indicators, name, &IndicatorInfo::name);
              json.begin_object().member("name", name);
              if (info != settings_.indicators.end()) {
                json.member("unit", info->unit)
                    .member("formula", info->formula)
                    .member("warm_up_candles", info->warm_up_candles);
              } else {
                json.member("unit", nullptr).member("formula", nullptr).member("warm_up_candles", nullptr);
              }
              json.end_object();
            }
            json.end_array();
          })};
}

Response Routes::indicator_values(const Call& call) {
  const std::expected<Market, Response> market = one_market(call.target);
  if (!market) return market.error();
  const std::vector<std::string> names = split(call.argument);
  const Result<std::vector<std::string>> known = journal_.indicator_names(market->name());
  if (!known) return journal_error(known.error());
  for (const std::string& name : names) {
    if (std::ranges::find(*known, name) != known->end()) continue;
    return error_response(404, fmt::format("unknown indicator '{}'; /api/v1/indicators lists all", name));
  }
  if (names.empty()) return error_response(404, "name one or several indicators, with commas between them");
  const std::expected<store::SeriesFilter, Response> filter = series_filter(call, *market);
  if (!filter) return filter.error();
  const Result<store::IndicatorSeries> series = journal_.indicators(*filter, names);
  if (!series) return journal_error(series.error());
  return {
      200, json_body([&](JsonWriter& json) {
        json.member("market", market->name()).member("interval", to_text(filter->step)).key("indicators").begin_array();
        for (std::size_t row = 0; row < series->open_times.size(); ++row) {
          json.begin_object().member("open_time", series->open_times[row]);
          for (std::size_t i = 0; i < names.size(); ++i) json.member(names[i], series->values[row * names.size() + i]);
          json.end_object();
        }
        json.end_array().member_or_null("next", series->next);
      })};
}

}  // namespace candled::server
