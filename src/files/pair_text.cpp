#include "files/pair_text.hpp"

#include <algorithm>
#include <span>

namespace candled::files {
namespace {

// The longer ones first, so that "BTCUSDT" is not taken for BTCU in "SDT".
constexpr std::string_view kraken_quotes[] = {"USDT", "USDC", "USD", "EUR", "GBP", "CAD", "JPY", "CHF",
                                              "AUD",  "AED",  "XBT", "BTC", "ETH", "DAI", "DOT"};
constexpr std::string_view coinbase_quotes[] = {"USDT", "USDC", "USD", "EUR", "GBP", "BTC", "ETH", "DAI", "INR", "SGD"};
constexpr std::string_view binance_quotes[] = {
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "USDS", "USD1", "BIDR", "IDRT", "BKRW", "BVND", "EURI", "DOGE",
    "USD",   "EUR",  "GBP",  "TRY",  "BRL",  "AUD",  "RUB",  "UAH",  "NGN",  "ZAR",  "PLN",  "RON",  "ARS",  "JPY",
    "MXN",   "CZK",  "COP",  "BTC",  "ETH",  "BNB",  "XRP",  "TRX",  "DOT",  "SOL",  "DAI",  "VAI",  "PAX"};
// Where the exchange is not known: what is usual anywhere, and no endings of common words.
constexpr std::string_view any_quotes[] = {"FDUSD", "PYUSD", "RLUSD", "USDT", "USDC", "USDS", "USDG", "USDQ", "USDR",
                                           "BUSD",  "TUSD",  "EURT",  "EURC", "EURQ", "EURR", "USD",  "EUR",  "GBP",
                                           "JPY",   "CAD",   "AUD",   "CHF",  "AED",  "TRY",  "BRL",  "PLN",  "RUB",
                                           "UAH",   "ZAR",   "NGN",   "MXN",  "ARS",  "INR",  "IDR",  "KRW",  "SGD",
                                           "BTC",   "XBT",   "ETH",   "BNB",  "DAI",  "DOT",  "SOL",  "TRX",  "XRP"};

// Kraken's old names of assets; those that begin with Z are money of states.
constexpr std::string_view old_assets[] = {"XXBT", "XETH", "XETC", "XLTC", "XMLN", "XREP", "XXDG",
                                           "XXLM", "XXMR", "XXRP", "XZEC", "XICN", "XNMC", "ZUSD",
                                           "ZEUR", "ZGBP", "ZCAD", "ZJPY", "ZAUD", "ZKRW"};

bool is_old(std::string_view asset) { return std::ranges::find(old_assets, asset) != std::end(old_assets); }

bool is_alnum(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return upper;
}

// An asset has a letter in it: a number is none.
bool is_asset(std::string_view text) {
  constexpr std::size_t asset_max = 15;
  return !text.empty() && text.size() <= asset_max &&
         std::ranges::all_of(text, [](char c) { return is_alnum(c) || c == '.'; }) &&
         std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::span<const std::string_view> quotes_of(std::string_view exchange) {
  if (exchange == "kraken") return kraken_quotes;
  if (exchange == "coinbase") return coinbase_quotes;
  return exchange == "binance" ? std::span<const std::string_view>(binance_quotes) : any_quotes;
}

// "BTC-USD", "BTC/USD:USD" of ccxt's futures, "BTC_USDT".
std::optional<Pair> separated(std::string_view text) {
  text = text.substr(0, text.find(':'));
  const std::size_t at = text.find_first_of("-/_ ");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view base = text.substr(0, at), quote = text.substr(at + 1);
  const Pair pair{asset_of(base), asset_of(quote)};
  if (!is_asset(base) || !is_quote(pair.quote)) return std::nullopt;
  return pair;
}

std::optional<Pair> in_old_names(std::string_view text) {
  for (const std::string_view quote : old_assets) {
    if (!text.ends_with(quote)) continue;
    const std::string_view base = text.substr(0, text.size() - quote.size());
    if (is_old(base) || base == "USDT") return Pair{asset_of(base), asset_of(quote)};
  }
  return std::nullopt;
}

// What ends in such a coin of dollars is more often a coin with that letter at its end, in dollars: "GRTUSD", "LPTUSD", "USDTUSD".
bool is_likely(std::string_view base, std::string_view quote) {
  if (quote.size() < 4 || !quote.ends_with("USD")) return !base.empty();
  return base.size() >= 3 && !(quote == "TUSD" && base == "USD");
}

std::optional<Pair> joined(std::string_view text, std::string_view exchange) {
  if (text.size() > 20) return std::nullopt;
  if (std::optional<Pair> old = in_old_names(text)) return old;
  for (const std::string_view quote : quotes_of(exchange)) {
    if (!text.ends_with(quote)) continue;
    const std::string_view base = text.substr(0, text.size() - quote.size());
    if (is_likely(base, quote) && is_asset(base)) return Pair{asset_of(base), asset_of(quote)};
  }
  return std::nullopt;
}

}  // namespace

std::string asset_of(std::string_view text) {
  std::string asset = upper_case(text);
  if (is_old(asset)) asset.erase(0, 1);
  if (asset == "XBT") return "BTC";
  if (asset == "XDG") return "DOGE";
  return asset;
}

bool is_quote(std::string_view asset) {
  for (const std::span<const std::string_view> quotes :
       {std::span<const std::string_view>(kraken_quotes), std::span<const std::string_view>(coinbase_quotes),
        std::span<const std::string_view>(binance_quotes), std::span<const std::string_view>(any_quotes)}) {
    if (std::ranges::find(quotes, asset) != quotes.end()) return true;
  }
  return false;
}

std::optional<Pair> pair_of(std::string_view text, std::string_view exchange) {
  const std::string upper = upper_case(text);
  if (std::optional<Pair> pair = separated(upper)) return pair;
  return joined(upper, exchange);
}

}  // namespace candled::files
