// Which markets files are of: pairs in every spelling of the three exchanges, and what folders and archives hold.
#include <random>

#include "candled/files/market_survey.hpp"
#include "files/import_scene.hpp"
#include "files/pair_text.hpp"

namespace candled::tests {
namespace {

std::string symbol_of(std::string_view text, std::string_view exchange) {
  const std::optional<files::Pair> pair = files::pair_of(text, exchange);
  return pair ? pair->symbol() : "";
}

Result<files::Survey> survey(const std::vector<std::filesystem::path>& paths, const std::string& exchange = "") {
  return files::survey_markets({paths, exchange, Duration::minutes(1)}, [] { return false; });
}

std::vector<std::string> texts_of(const files::Survey& found) {
  std::vector<std::string> texts;
  for (const files::FoundMarket& market : found.markets)
    texts.push_back(market.exchange + ":" + market.symbol + " " + std::to_string(market.members.size()));
  return texts;
}

}  // namespace

TEST_CASE("pairs: as exchanges spell them") {
  struct Spelled {
    std::string exchange, text, symbol;
  };
  for (const Spelled& spelled : std::vector<Spelled>{
           {"kraken", "XBTUSD", "BTC/USD"},
           {"kraken", "XXBTZUSD", "BTC/USD"},
           {"kraken", "XETHXXBT", "ETH/BTC"},
           {"kraken", "XXDGXXBT", "DOGE/BTC"},
           {"kraken", "XDGEUR", "DOGE/EUR"},
           {"kraken", "USDTZUSD", "USDT/USD"},
           {"kraken", "XTZUSD", "XTZ/USD"},
           {"kraken", "XTZXBT", "XTZ/BTC"},
           {"kraken", "GRTUSD", "GRT/USD"},
           {"kraken", "BATUSD", "BAT/USD"},
           {"kraken", "TUSD", "T/USD"},
           {"kraken", "TUSDUSD", "TUSD/USD"},
           {"kraken", "1INCHEUR", "1INCH/EUR"},
           {"kraken", "EURUSD", "EUR/USD"},
           {"kraken", "ETHUSDT", "ETH/USDT"},
           {"kraken", "USDCUSDT", "USDC/USDT"},
           {"kraken", "KSMDOT", "KSM/DOT"},
           {"kraken", "XBT/USD", "BTC/USD"},
           {"kraken", "SOLGBP", "SOL/GBP"},
           {"kraken", "PYUSDEUR", "PYUSD/EUR"},
           {"kraken", "ZEURZUSD", "EUR/USD"},
           {"binance", "BTCUSDT", "BTC/USDT"},
           {"binance", "ethbtc", "ETH/BTC"},
           {"binance", "BTCTUSD", "BTC/TUSD"},
           {"binance", "BATUSD", "BAT/USD"},
           {"binance", "SOLFDUSD", "SOL/FDUSD"},
           {"binance", "1000SATSUSDT", "1000SATS/USDT"},
           {"binance", "BNBTRY", "BNB/TRY"},
           {"binance", "USDCUSDT", "USDC/USDT"},
           {"binance", "TUSDT", "T/USDT"},
           {"coinbase", "BTC-USD", "BTC/USD"},
           {"coinbase", "ethusd", "ETH/USD"},
           {"coinbase", "SOL-EUR", "SOL/EUR"},
           {"", "BTC/USDT:USDT", "BTC/USDT"},
           {"", "btc_usdt", "BTC/USDT"},
           {"", "XBTUSD", "BTC/USD"},
           {"", "GRTUSD", "GRT/USD"},
           {"", "USD", ""},
           {"", "BTC", ""},
           {"", "12345USD", ""},
           {"", "", ""},
           {"", "buy", ""},
           {"", "limit", ""},
           {"", "-USD", ""},
           {"", "BTC-", ""},
       }) {
    INFO(spelled.exchange << " " << spelled.text);
    CHECK(symbol_of(spelled.text, spelled.exchange) == spelled.symbol);
  }
}

TEST_CASE("pairs: a thousand of each exchange are read back from their own spelling") {
  std::mt19937 dice(7);
  const std::vector<std::string> bases{"BTC", "ETH", "SOL", "DOGE", "1INCH", "GRT",
                                       "XTZ", "ADA", "T",   "SHIB", "USDC",  "LINK"};
  const std::vector<std::string> kraken_quotes{"USD", "EUR", "GBP", "USDT", "BTC", "ETH"};
  const std::vector<std::string> binance_quotes{"USDT", "USDC", "BTC", "ETH", "EUR", "TRY", "FDUSD"};
  const auto kraken_asset = [](const std::string& asset) {
    return asset == "BTC" ? std::string("XBT") : asset == "DOGE" ? std::string("XDG") : asset;
  };
  const auto any_case = [&dice](std::string text) {
    if (dice() % 2 == 0)
      std::ranges::transform(text, text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  };
  for (int n = 0; n < 1'000; ++n) {
    const std::string& base = bases[dice() % bases.size()];
    const std::string& kraken = kraken_quotes[dice() % kraken_quotes.size()];
    const std::string& binance = binance_quotes[dice() % binance_quotes.size()];
    INFO(base << " " << kraken << " " << binance);
    if (base != kraken) {
      CHECK(symbol_of(any_case(kraken_asset(base) + kraken_asset(kraken)), "kraken") == base + "/" + kraken);
      CHECK(symbol_of(any_case(base + "-" + kraken), "coinbase") == base + "/" + kraken);
    }
    if (base != binance && !(binance == "FDUSD" && base.size() < 3))
      CHECK(symbol_of(any_case(base + binance), "binance") == base + "/" + binance);
  }
}

TEST_CASE("survey: the members of archives and folders by market, and what has no pair") {
  ImportScene scene;
  for (const char* name :
       {"XBTUSD.csv", "ETHUSD.csv", "GRTUSD.csv", "TUSD.csv", "notes.csv", "ETHUSD_60.csv", "licence.md"})
    scene.file(std::string("all/") + name, "1700000000,100,1\n");
  scene.run(
      "cd all && python3 -c \"import zipfile\nz = zipfile.ZipFile('../Trading.zip', 'w')\n"
      "[z.write(n, 'master/' + n) for n in ('XBTUSD.csv', 'ETHUSD.csv', 'notes.csv', 'licence.md')]\nz.close()\"");
  const Result<files::Survey> folder = survey({scene.folder / "all"});
  REQUIRE(folder);
  CHECK(texts_of(*folder) ==
        std::vector<std::string>{"kraken:BTC/USD 1", "kraken:ETH/USD 1", "kraken:GRT/USD 1", "kraken:T/USD 1"});
  CHECK(folder->unnamed == std::vector<std::string>{"all/notes.csv"});
  CHECK(folder->of_other_intervals == 1);
  CHECK(folder->without_rows == 1);
  CHECK(folder->reasons == std::vector<std::string>{"kraken: all/XBTUSD.csv spells its pair as Kraken does"});
  const Result<files::Survey> zip = survey({scene.folder / "Trading.zip"});
  REQUIRE(zip);
  CHECK(texts_of(*zip) == std::vector<std::string>{"kraken:BTC/USD 1", "kraken:ETH/USD 1"});
  CHECK(zip->unnamed == std::vector<std::string>{"Trading.zip/master/notes.csv"});

  // What was found is what is read.
  scene.settings.rejected_percent_max = 0;
  for (const files::FoundMarket& market : zip->markets) {
    scene.settings.market.symbol = market.symbol;
    scene.settings.only = market.members;
    const Imported imported = scene.import({scene.folder / "Trading.zip"});
    CHECK(imported.error == "");
    CHECK(imported.summary.files == 1);
    CHECK(imported.trades.size() == 1);
  }
}

TEST_CASE("survey: the exchange by names, or asked for") {
  ImportScene scene;
  const auto klines = scene.file("a/BTCUSDT-1m-2025-01.csv", "x");
  const auto both = scene.file("b/Kraken_BTC-USD_minute.csv", "x").parent_path();
  scene.file("b/Binance_BTCUSDT_1m.csv", "x");
  const auto open = scene.file("c/ETHUSD.csv", "x");
  CHECK(texts_of(*survey({klines})) == std::vector<std::string>{"binance:BTC/USDT 1"});
  CHECK(texts_of(*survey({both})) == std::vector<std::string>{"binance:BTC/USDT 1", "kraken:BTC/USD 1"});
  const Result<files::Survey> asked = survey({open});
  REQUIRE(!asked);
  CHECK(asked.error().message.find("ETHUSD.csv: its name does not tell which exchange it is of: say --exchange") == 0);
  CHECK(texts_of(*survey({open}, "coinbase")) == std::vector<std::string>{"coinbase:ETH/USD 1"});
  // What does not tell its exchange is believed to be of that of its neighbours only where they agree and would not name it otherwise.
  scene.file("e/BTCUSDT-1m-2025-01.csv", "x");
  scene.file("e/EURUSD.csv", "x");
  const Result<files::Survey> mixed = survey({scene.folder / "e"});
  REQUIRE(!mixed);
  CHECK(mixed.error().message.find("e/EURUSD.csv: its name does not tell which exchange it is of: say --exchange") ==
        0);
  scene.file("e/XBTUSD.csv", "x");
  CHECK(!survey({scene.folder / "e"}));
  CHECK(!survey({"-"}));
  // A damaged archive does not hide the others.
  scene.file("d/ETHUSD.zip", "PK\x03\x04 and nothing more");
  scene.file("d/XBTUSD.csv", "x");
  const Result<files::Survey> damaged = survey({scene.folder / "d"});
  REQUIRE(damaged);
  CHECK(texts_of(*damaged) == std::vector<std::string>{"kraken:BTC/USD 1"});
  CHECK(damaged->unreadable.size() == 1);
}

}  // namespace candled::tests
