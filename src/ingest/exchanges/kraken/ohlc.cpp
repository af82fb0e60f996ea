#include "ingest/exchanges/kraken/ohlc.hpp"

#include <algorithm>
#include <array>

#include "ingest/exchanges/kraken/error.hpp"
#include "ingest/exchanges/kraken/row.hpp"
#include "ingest/json_token.hpp"

namespace candled::ingest {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr std::array<std::int64_t, 9> interval_minutes{1, 5, 15, 30, 60, 240, 1440, 10080, 21600};
constexpr std::size_t rows_max = 1'000;

// [time, open, high, low, close, vwap, volume, count]; false for a row that cannot be right.
bool take_field(Candle& candle, int column, std::string_view text) {
  const auto price = [text](Price& into) {
    const Result<Price> value = Price::parse(text);
    if (value) into = *value;
    return value && value->is_positive();
  };
  switch (column) {
    case 0: {
      const std::optional<std::int64_t> seconds = whole_number(text);
      if (!seconds || *seconds < first_believable.ns / 1'000'000'000 || *seconds > INT64_MAX / 1'000'000'000)
        return false;
      candle.open_time = Timestamp{} + Duration::seconds(*seconds);
      return true;
    }
    case 1: return price(candle.open);
    case 2: return price(candle.high);
    case 3: return price(candle.low);
    case 4: return price(candle.close);
    case 6: {
      const Result<Volume> volume = Volume::parse(text);
      if (volume) candle.volume = *volume;
      return volume && *volume >= Volume{};
    }
    case 7: {
      const std::optional<std::int64_t> count = whole_number(text);
      if (!count || *count < 0 || *count > UINT32_MAX) return false;
      candle.trades = static_cast<std::uint32_t>(*count);
      return true;
    }
    default: return true;
  }
}

error_code read_row(ondemand::array fields, Candle& candle, bool& good) {
  int column = 0;
  for (auto element : fields) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    good &= take_field(candle, column++, scalar_text(value));
  }
  good &= column >= 8 && candle.high >= std::max(candle.open, candle.close) &&
          candle.low <= std::min(candle.open, candle.close) && (candle.trades > 0 || !candle.volume.is_positive());
  candle.state = candle.trades > 0 ? CandleState::traded : CandleState::quiet;
  candle.buy_volume_known = candle.state == CandleState::quiet;
  return simdjson::SUCCESS;
}

error_code read_rows(ondemand::array rows, CandlesPage& page) {
  for (auto element : rows) {
    ondemand::array fields;
    if (error_code error = element.get_array().get(fields)) return error;
    Candle candle;
    bool good = true;
    if (error_code error = read_row(fields, candle, good)) return error;
    if (good && page.candles.size() < rows_max) {
      page.candles.push_back(candle);
    } else {
      ++page.bad_rows;
    }
  }
  return simdjson::SUCCESS;
}

}  // namespace

std::vector<Duration> kraken_ohlc_intervals() {
  std::vector<Duration> intervals;
  for (const std::int64_t minutes : interval_minutes) intervals.push_back(Duration::minutes(minutes));
  return intervals;
}

std::string kraken_ohlc_target(const std::string& rest_name, Duration interval) {
  return "/OHLC?pair=" + rest_name + "&interval=" + std::to_string(interval / Duration::minutes(1));
}

RestResult<void> parse_kraken_ohlc(std::string_view body, CandlesPage& page) {
  page = {};
  ondemand::parser parser;
  ondemand::document document;
  if (parser.iterate(padded(body)).get(document)) return std::unexpected(kraken_transient("the answer is not JSON"));
  RestResult<ondemand::object> result = kraken_result(document);
  if (!result) return std::unexpected(result.error());
  std::optional<std::int64_t> last_s;
  for (auto element : *result) {
    ondemand::field field;
    if (std::move(element).get(field)) return std::unexpected(kraken_transient("the page of candles breaks off"));
    if (field.key().unsafe_is_equal("last")) {
      last_s = whole_number(scalar_text(field.value()));
      continue;
    }
    ondemand::array rows;
    error_code error = field.value().get_array().get(rows);
    if (error == simdjson::INCORRECT_TYPE) continue;
    if (!error) error = read_rows(rows, page);
    if (error) return std::unexpected(kraken_transient("the page of candles breaks off"));
  }
  std::ranges::sort(page.candles, {}, &Candle::open_time);
  // The newest row is not finished; `last` names the newest that is.
  if (!page.candles.empty()) page.candles.pop_back();
  if (last_s)
    std::erase_if(page.candles, [&](const Candle& candle) { return candle.open_time.ns / 1'000'000'000 > *last_s; });
  return {};
}

}  // namespace candled::ingest
