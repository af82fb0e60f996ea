// Every format from a small file: what it is taken for, and what comes out.
#include "files/import_scene.hpp"

namespace candled::tests {
namespace {

using Texts = std::vector<std::string>;

struct Case {
  std::string name, text, format;
  Texts trades, candles;
};

void check(const Case& wanted) {
  INFO(wanted.name << ": " << wanted.format);
  ImportScene scene;
  const Imported imported = scene.import_text(wanted.text, wanted.name);
  CHECK(imported.error == "");
  REQUIRE(imported.summary.formats.size() == 1);
  CHECK(imported.summary.formats[0].format == wanted.format);
  CHECK(imported.rejected.empty());
  CHECK(texts_of(imported.trades) == wanted.trades);
  CHECK(texts_of(imported.candles) == wanted.candles);
}

}  // namespace

TEST_CASE("import: trades of every format") {
  // 1700000000 is 2023-11-14T22:13:20Z.
  const Texts two = {"7 2023-11-14T22:13:20.500000000Z 100.5 0.25 buy", "8 2023-11-14T22:13:21Z 100.6 0.00001 sell"};
  for (const Case& wanted : std::vector<Case>{
           {"a.csv", "1700000000.5,100.5,0.25,b,m,,7\n1700000001,100.6,1e-05,s,l,,8\n", "Kraken trades", two, {}},
           {"a.csv",
            "timestamp,price,volume,type,order_type,misc,trade_id\r\n1700000001,100.6,0.00001,sell,limit,,"
            "8\r\n1700000000.5,100.5,0.25,buy,market,,7\r\n",
            "Kraken trades",
            two,
            {}},
           {"a.csv",
            "price,volume,time,timestamp,type,order_type,trade_id\n100.5,0.25,2023-11-14 "
            "22:13:20,1700000000.5,buy,limit,7\n"
            "100.6,1e-05,2023-11-14 22:13:21,1700000001.0,sell,market,8\n",
            "Kraken trades from REST",
            two,
            {}},
           {"BTCUSDT-trades-2023-11-14.csv",
            "7,100.5,0.25,25.125,1700000000500,False,True\n8,100.6,0.00001,0.001006,1700000001000,True,True\n",
            "Binance trades",
            two,
            {}},
           {"a.csv",
            "7,100.5,0.25,25.125,1700000000500000,False,True\n8,100.6,0.00001,0.001006,1700000001000000,True,True",
            "Binance trades",
            two,
            {}},
           {"a.csv",
            "id,price,qty,quote_qty,time,is_buyer_maker\n7,100.5,0.25,25.125,1700000000500,false\n8,100.6,0.00001,0."
            "001,1700000001000,true\n",
            "Binance trades",
            two,
            {}},
           {"a.csv",
            "7,100.5,0.25,20,22,1700000000500,False,True\n8,100.6,0.00001,23,23,1700000001000,True,True\n",
            "Binance aggTrades",
            two,
            {}},
           {"a.csv",
            "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
            "7,100.5,0.25,20,22,1700000000500,false\n8,100.6,0.00001,23,23,1700000001000,true\n",
            "Binance aggTrades",
            two,
            {}},
           {"a.csv",
            "\xEF\xBB\xBF"
            "7,100.5,0.25,25.1,1700000000500,False,True\n\n8,100.6,0.00001,0.001,1700000001000,True,True\n",
            "Binance trades",
            two,
            {}},
           {"a.csv",
            "market,trade_id,time,price,quantity,side,source,late,received,order_type\n"
            "kraken:BTC/USD,7,2023-11-14T22:13:20.5Z,100.5,0.25,buy,stream,1,2023-11-14T22:13:21Z,limit\n"
            "kraken:BTC/USD,8,2023-11-14T22:13:21Z,100.6,0.00001,sell,rest,0,2023-11-14T22:13:22Z,\n",
            "trades that candled exported",
            two,
            {}},
       }) {
    check(wanted);
  }
}

TEST_CASE("import: files whose format tells another exchange's ids are told apart") {
  const std::string binance =
      "7,100.5,0.25,25.125,1700000000500,False,True\n8,100.6,0.00001,0.1,1700000001000,True,True\n";
  const std::string aggregates = "7,100.5,0.25,20,22,1700000000500,False,True\n";
  const std::string kraken = "1700000000.5,100.5,0.25,b,m,,7\n";
  const std::string named = "id,price,quantity,timestamp\n7,100.5,0.25,1700000000500\n";
  struct Tried {
    std::string exchange, name, text, foreign;
  };
  for (const Tried& tried : std::vector<Tried>{
           {"kraken", "a.csv", binance, "binance"},
           {"coinbase", "a.csv", binance, "binance"},
           {"binance", "a.csv", binance, ""},
           {"kraken", "BTCUSD-aggTrades-2024-12.csv", aggregates, "binance"},
           {"kraken", "BTCUSD-trades-2024-12-31.csv", named, "binance"},
           {"kraken", "a.csv", named, ""},
           {"binance", "a.csv", kraken, "kraken"},
           {"kraken", "a.csv", kraken, ""},
           {"kraken", "a.csv", "1700000000.5,100.5,0.25\n", ""},
           {"binance", "a.csv", "1700000000.5,100.5,0.25\n", ""},
       }) {
    INFO(tried.exchange << " " << tried.name << " " << tried.text);
    ImportScene scene;
    scene.settings.market.exchange = tried.exchange;
    const Imported imported = scene.import_text(tried.text, tried.name);
    CHECK(imported.error == "");
    CHECK((imported.summary.foreign_ids ? imported.summary.foreign_ids->exchange : "") == tried.foreign);
  }
}

TEST_CASE("import: candles of every format") {
  const std::string kline_1 = "1699999980000,100,102,99,101,5,1700000039999,500,12,2,200,0\n";
  const std::string kline_2 = "1700000040000,101,101,101,101,0,1700000099999,0,0,0,0,0\n";
  const std::string micro_2 = "1700000040000000,101,101,101,101,0,1700000099999999,0,0,0,0,0\n";
  const std::string micro_1 = "1699999980000000,100,102,99,101,5,1700000039999999,500,12,2,200,0\n";
  const Texts klines = {"22:13:00 100 102 99 101 v5 t12 b2 traded", "22:14:00 101 101 101 101 v0 t0 b0 quiet"};
  for (const Case& wanted : std::vector<Case>{
           {"BTCUSDT-1m-2023-11-14.csv", kline_1 + kline_2, "Binance klines", {}, klines},
           {"a.csv", micro_1 + micro_2, "Binance klines", {}, klines},
           {"a.csv",
            "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_"
            "volume,ignore\n" +
                kline_2 + kline_1,
            "Binance klines",
            {},
            klines},
           {"XBTUSD_1.csv",
            "1699999980,100,102,99,101,5,12\n1700000100,101,103,101,103,1,2\n",
            "Kraken OHLCVT",
            {},
            {"22:13:00 100 102 99 101 v5 t12 traded", "22:14:00 101 101 101 101 v0 t0 b0 quiet",
             "22:15:00 101 103 101 103 v1 t2 traded"}},
           {"a.csv",
            "time,open,high,low,close,volume,trades\n1699999980,100,102,99,101,5,12\n1700000040,101,103,101,103,1,2\n",
            "Kraken OHLCVT",
            {},
            {"22:13:00 100 102 99 101 v5 t12 traded", "22:14:00 101 103 101 103 v1 t2 traded"}},
           {"a.csv",  // names that nobody knows are passed by, and the columns tell
            "start,first,top,bottom,last,amount,n\n1699999980,100,102,99,101,5,12\n1700000040,101,103,101,103,1,2\n",
            "Kraken OHLCVT",
            {},
            {"22:13:00 100 102 99 101 v5 t12 traded", "22:14:00 101 103 101 103 v1 t2 traded"}},
           {"a.csv",
            "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume USD,Volume BTC\n"
            "1700000040,2023-11-14 22:14:00,BTC/USD,101,103,101,103,103,1\n1699999980,2023-11-14 "
            "22:13:00,BTC/USD,100,102,99,101,500,5\n",
            "CryptoDataDownload candles",
            {},
            {"22:13:00 100 102 99 101 v5 traded", "22:14:00 101 103 101 103 v1 traded"}},
           {"a.csv",
            "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n"
            "1700000040000,2023-11-14 22:14:00,BTCUSD,101,103,101,103,1,103,7\n1699999980,2023-11-14 "
            "22:13:00,BTCUSD,100,102,99,101,5,500,8\n",
            "CryptoDataDownload candles",
            {},
            {"22:13:00 100 102 99 101 v5 t8 traded", "22:14:00 101 103 101 103 v1 t7 traded"}},
           {"20231114_btcusd_minute_trade.csv",
            "79980000,100,102,99,101,5.11533198000000006\n80040000,101,103,101,103,1",
            "LEAN minute bars",
            {},
            {"22:13:00 100 102 99 101 v5.11533198 traded", "22:14:00 101 103 101 103 v1 traded"}},
           {"20231114_btcusd_second_trade.csv",
            "79980000,100,102,99,101,5\n79985000,101,104,101,103,1\n80040000,103,103,103,103,2",
            "LEAN second bars",
            {},
            {"22:13:00 100 104 99 103 v6 traded", "22:14:00 103 103 103 103 v2 traded"}},
           {"a.csv",
            "market,interval,open_time,open,high,low,close,volume,buy_volume,trades,state,revision,buy_trades,up_ticks,"
            "down_ticks,largest,turnover,longest_pause_s\n"
            "kraken:BTC/USD,1m,2023-11-14T22:13:00Z,100,102,99,101,5,2,12,traded,3,7,1,2,0.5,505.25,12.5\n"
            "kraken:BTC/USD,1m,2023-11-14T22:14:00Z,,,,,0,,,gap,0,,,,,,\n"
            "kraken:BTC/USD,1m,2023-11-14T22:19:00Z,101,101,101,101,1,,,traded,0,,,,,,\n",
            "candles that candled exported",
            {},
            {"22:13:00 100 102 99 101 v5 t12 b2 traded", "22:14:00 v0 gap", "22:19:00 101 101 101 101 v1 traded"}},
       }) {
    check(wanted);
  }
}

TEST_CASE("import: a column `side` is the taker's, whatever `type` beside it says") {
  struct Named {
    std::string header, row;
    OrderType order_type = OrderType::unknown;
  };
  for (const Named& named : std::vector<Named>{
           {"time,price,volume,side,type,misc,trade_id", "1700000000.5,100,2,s,l,,7", OrderType::limit},
           {"time,price,volume,type,side,misc,trade_id", "1700000000.5,100,2,m,s,,7", OrderType::market},
           {"time,id,type,side,price,qty", "1700000000.5,7,,sell,100,2"},
           {"time,id,side,type,price,qty", "1700000000.5,7,sell,buy,100,2"},
           {"time,id,type,side,price,qty", "1700000000.5,7,limit,sell,100,2", OrderType::limit},
           {"time,id,order_type,type,side,price,qty", "1700000000.5,7,market,limit,sell,100,2", OrderType::market},
           {"timestamp,id,type,side,price,amount,cost", "1700000000500,7,,sell,100,2,200"},
           {"id,timestamp,datetime,symbol,order,type,side,takerOrMaker,price,amount,cost",
            "7,1700000000500,2023-11-14T22:13:20.500Z,BTC/USD,,market,sell,taker,100,2,200", OrderType::market},
           {"time,id,type,price,qty", "1700000000.5,7,sell,100,2"},  // alone it is the side
       }) {
    INFO(named.header);
    ImportScene scene;
    const Imported imported = scene.import_text(named.header + "\n" + named.row + "\n");
    CHECK(imported.error == "");
    CHECK(texts_of(imported.trades) == Texts{"7 2023-11-14T22:13:20.500000000Z 100 2 sell"});
    if (!imported.trades.empty()) CHECK(imported.trades[0].order_type == named.order_type);
  }
  ImportScene scene;
  const Imported unknown = scene.import_text("time,id,type,side,price,qty\n1700000000.5,7,buy,,100,2\n");
  REQUIRE(unknown.trades.size() == 1);
  CHECK(unknown.trades[0].side == Side::unknown);
}

TEST_CASE("import: our own export brings back what no other file tells") {
  ImportScene scene;
  const Imported candles = scene.import_text(
      "market,interval,open_time,open,high,low,close,volume,buy_volume,trades,state,revision,buy_trades,up_ticks,down_"
      "ticks,largest,turnover,longest_pause_s\n"
      "kraken:BTC/USD,1m,2023-11-14T22:13:00Z,100,102,99,101,5,2,12,traded,3,7,1,2,0.5,505.25,12.5\n");
  REQUIRE(candles.candles.size() == 1);
  const Candle& c = candles.candles[0];
  CHECK(c.revision == 3);
  CHECK(c.tape ==
        Tape{true, 7, 1, 2, *Quantity::parse("0.5"), *Money::parse("505.25"), Duration::milliseconds(12'500)});
  const Imported trades = scene.import_text(
      "market,trade_id,time,price,quantity,side,source,late,received,order_type\n"
      "kraken:BTC/USD,-5,2023-11-14T22:13:20.123456789Z,100.5,0.25,,stream,1,2023-11-14T22:13:21Z,limit\n");
  REQUIRE(trades.trades.size() == 1);
  const Trade& t = trades.trades[0];
  CHECK(t.id == -5);
  CHECK(t.time.ns % 1'000'000'000 == 123'456'789);
  CHECK(t.source == TradeSource::stream);
  CHECK(t.late);
  CHECK(t.side == Side::unknown);
  CHECK(t.order_type == OrderType::limit);
  CHECK(to_iso8601(t.received) == "2023-11-14T22:13:21Z");
}

TEST_CASE("import: trades of our own export come in time order, and what was stored is not judged again") {
  ImportScene scene;
  const auto row = [](const std::string& id, const std::string& time) {
    return "kraken:BTC/USD," + id + "," + time + ",100,1,buy,import,0,2024-01-01T00:00:00Z,\n";
  };
  const Imported imported = scene.import_text(
      "market,trade_id,time,price,quantity,side,source,late,received,order_type\n" +
      row("-7300000000000000000", "2023-11-14T10:00:00Z") + row("-7200000000000000000", "2023-11-14T14:00:00Z") +
      row("5", "2023-11-14T12:00:00Z") + row("6", "2023-11-14T12:00:01Z") + row("8", "2023-11-14T15:00:00Z") +
      row("9", "2023-11-14T14:59:00Z"));  // a minute before the id in front of it, as it was stored
  CHECK(imported.error == "");
  CHECK(imported.rejected.empty());
  std::vector<std::int64_t> ids;
  for (const Trade& trade : imported.trades) ids.push_back(trade.id);
  CHECK(ids == std::vector<std::int64_t>{-7300000000000000000, 5, 6, -7200000000000000000, 8, 9});
  REQUIRE(imported.summary.numbered_runs.size() == 2);
  CHECK(to_iso8601(imported.summary.numbered_runs[0].from) == "2023-11-14T12:00:00Z");
  CHECK(to_iso8601(imported.summary.numbered_runs[0].to) == "2023-11-14T12:00:01Z");
  CHECK(to_iso8601(imported.summary.numbered_runs[1].from) == "2023-11-14T14:59:00Z");
  CHECK(to_iso8601(imported.summary.numbered_runs[1].to) == "2023-11-14T15:00:00Z");
}

TEST_CASE("import: files of no known format, or of another kind, are one line that names them") {
  struct Bad {
    std::string name, text, says;
  };
  for (const Bad& bad : std::vector<Bad>{
           {"a.csv", "hello\nworld\n", "expected trades or candles"},
           {"a.csv", "1,2\n3,4\n", "expected trades or candles"},
           {"a.csv", "name,price\nx,1\n", "expected trades or candles"},
           {"a.csv", "", "is empty"},
           {"a.csv", std::string(300'000, 'x'), "is no text of lines"},
           {"a.csv", "1699999980,100,102,99,101,5,12\n", "give --interval"},
           {"XBTUSD_5.csv", "1699999800,100,102,99,101,5,12\n1700000100,100,102,99,101,5,12\n",
            "longer ones cannot be split"},
           {"a.csv", "79980000,100,102,99,101,5\n", "no day"},
           {"a.csv", "unix,date,symbol,open,high,low,close,Volume ETH,Volume USD\n1700000040,x,ETH/USD,1,1,1,1,1,1\n",
            "Volume BTC"},
           {"a.csv",
            "unix,date,symbol,open,high,low,close,Volume BTC,Volume "
            "EUR\n1700000040,x,BTC/EUR,1,1,1,1,1,1\n1700000100,x,BTC/EUR,1,1,1,1,1,1\n",
            "no row of BTC/USD; there are rows of BTC/EUR"},
       }) {
    INFO(bad.says);
    ImportScene scene;
    const Imported imported = scene.import_text(bad.text, bad.name);
    CHECK(imported.error.find(bad.says) != std::string::npos);
    CHECK(imported.error.find(bad.name) != std::string::npos);
    CHECK(imported.error.find('\n') == std::string::npos);
  }
  ImportScene scene;
  CHECK(scene.import({scene.folder / "nothing.csv"}).error.find("no such file") != std::string::npos);
  const auto with = scene.file("with.csv", "1700000000.5,100.5,0.25,b,m,,7\n");
  const auto without = scene.file("without.csv", "1700000000,100.5,0.25\n");
  CHECK(scene.import({with, without}).error.find("numbered in another way") != std::string::npos);
  scene.settings.candle_interval = Duration::minutes(1);
  CHECK(scene.import_text("1699999980,100,102,99,101,5,12\n").candles.size() == 1);
}

}  // namespace candled::tests
