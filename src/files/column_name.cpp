#include "files/column_name.hpp"

#include <algorithm>
#include <span>

namespace candled::files {
namespace {

constexpr std::string_view coins[] = {"asset",        "base",        "baseasset",  "base_asset",
                                      "basecurrency", "base_coin",   "base_token", "base_currency",
                                      "basesymbol",   "base_symbol", "crypto",     "token"};
// Part of a name that says: an amount, a time, an order, a remark.
constexpr std::string_view plain_parts[] = {
    "volume", "qty",   "quantity", "amount",   "price", "size",   "value",  "count", "trades", "time",
    "date",   "fee",   "rate",     "cap",      "maker", "taker",  "order",  "cost",  "side",   "notional",
    "flag",   "cond",  "misc",     "note",     "tick_", "remark", "status", "turn",  "liq",    "comm",
    "ignore", "match", "direct",   "leverage", "vwap",  "open",   "close",  "high",  "low"};
constexpr std::string_view plain_names[] = {"type", "tick", "day", "hour", "weekday", "info", "row", "index", "unix"};
constexpr std::string_view market_parts[] = {"symbol",   "asset",    "coin",       "token",    "product",  "instrument",
                                             "market",   "pair",     "ticker",     "contract", "exchange", "venue",
                                             "currency", "security", "underlying", "name",     "crypto"};
constexpr std::string_view market_names[] = {"base", "quote", "s",    "sym",  "inst",   "instid", "inst_id",
                                             "code", "isin",  "figi", "feed", "source", "src",    "platform"};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}
bool has_one_of(std::string_view name, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

}  // namespace

ColumnKind kind_of_column(std::string_view name) {
  if (is_one_of(name, coins)) return ColumnKind::coin;
  if (is_one_of(name, plain_names) || has_one_of(name, plain_parts)) return ColumnKind::plain;
  if (is_one_of(name, market_names) || has_one_of(name, market_parts)) return ColumnKind::market;
  return ColumnKind::other;
}

}  // namespace candled::files
