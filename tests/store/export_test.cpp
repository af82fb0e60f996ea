// Exporter: exact text of every kind, spans, and looks that are many.
#include <catch2/catch.hpp>

#include "candled/store/exporter.hpp"
#include "store/csv_text.hpp"
#include "store/small_journal.hpp"

namespace candled::tests {
namespace {

std::string exported(const SmallJournal& journal, store::ExportRequest request) {
  store::Exporter exporter(journal.path());
  std::string text;
  const Result<std::int64_t> rows = exporter.run(request, [&](std::string_view lines) {
    text += lines;
    return true;
  });
  return rows ? text : "error: " + rows.error().message;
}

store::ExportRequest of(store::ExportKind kind) { return {kind, "kraken:BTC/USD", {}, {}, "hash", {"a"}}; }

std::string csv_of(auto write) {
  store::CsvText csv;
  csv.begin_row();
  write(csv);
  return csv.lines();
}

}  // namespace

TEST_CASE("csv: numbers, times and texts are exact") {
  auto decimal = [](std::int64_t units, int decimals) {
    return csv_of([&](store::CsvText& csv) { csv.decimal(units, decimals); });
  };
  for (const std::int64_t units :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{10}, std::int64_t{12'345'678'901}, INT64_MAX,
        INT64_MIN, std::int64_t{100'000'000'000}, std::int64_t{-5'000'000'000}}) {
    for (const int decimals : {0, 8, 10}) CHECK(decimal(units, decimals) == decimal_text(units, decimals));
  }
  auto time = [](std::int64_t ns) { return csv_of([&](store::CsvText& csv) { csv.time({ns}); }); };
  CHECK(time(0) == "1970-01-01T00:00:00Z");
  CHECK(time(1'700'000'000'123'456'789) == "2023-11-14T22:13:20.123456789Z");
  CHECK(time(1'700'000'000'120'000'000) == "2023-11-14T22:13:20.12Z");
  CHECK(time(-1) == "1969-12-31T23:59:59.999999999Z");
  for (const char* text : {"2023-11-14T22:13:20.000000001Z", "2199-12-31T23:59:59Z"})
    CHECK(time(parse_rfc3339(text)->ns) == text);
  CHECK(csv_of([](store::CsvText& csv) { csv.text("a,\"b\""), csv.empty(), csv.real(0.1), csv.real(std::nan("")); }) ==
        "\"a,\"\"b\"\"\",,0.10000000000000001,");
}

TEST_CASE("export: every kind, exact") {
  SmallJournal journal("candled_export_test");
  journal.fill_up();
  const std::string trades = exported(journal, of(store::ExportKind::trades));
  CHECK(
      trades ==
      "market,trade_id,time,price,quantity,side,source,late,received,order_type\n"
      "kraken:BTC/"
      "USD,1,2025-02-19T21:20:01.123456789Z,62807.1000000001,0.00000001,sell,stream,0,2025-02-19T21:20:01.123456789Z,\n"
      "kraken:BTC/"
      "USD,2,2025-02-19T21:20:02.123456789Z,62807.1000000001,0.00000001,sell,stream,0,2025-02-19T21:20:02.123456789Z,\n"
      "kraken:BTC/"
      "USD,3,2025-02-19T21:20:03.123456789Z,62807.1000000001,0.00000001,sell,stream,0,2025-02-19T21:20:03.123456789Z,"
      "\n");
  CHECK(exported(journal, of(store::ExportKind::candles)) ==
        "market,interval,open_time,open,high,low,close,volume,buy_volume,trades,state,revision,buy_trades,up_ticks,"
        "down_ticks,largest,turnover,"
        "longest_pause_s\n"
        "kraken:BTC/USD,1m,2025-02-19T21:20:00Z,100,100,100,100,2.5,0,7,traded,0,,,,,,\n"
        "kraken:BTC/USD,1m,2025-02-19T21:21:00Z,101,101,101,101,2.5,0,7,quiet,0,,,,,,\n"
        "kraken:BTC/USD,1m,2025-02-19T21:22:00Z,,,,,2.5,0,7,gap,0,,,,,,\n");
  CHECK(exported(journal, of(store::ExportKind::predictions)) ==
        "market,open_time,horizon,probability_up,signal,model,outcome,stale\n"
        "kraken:BTC/USD,2025-02-19T21:20:00Z,1m,0.625,buy,20251124_190000,1,0\n"
        "kraken:BTC/USD,2025-02-19T21:21:00Z,1m,0.625,buy,20251124_190000,,0\n");
  CHECK(exported(journal, of(store::ExportKind::fills)) ==
        "strategy,market,number,time,side,quantity,price,fee,reason\n"
        "calm,kraken:BTC/USD,1,2025-02-19T21:20:01Z,sell,0.1,100,0.04,signal\n"
        "calm,kraken:BTC/USD,2,2025-02-19T21:20:02Z,sell,0.1,100,0.04,signal\n"
        "wild,kraken:BTC/USD,1,2025-02-19T21:20:01Z,sell,0.1,100,0.04,signal\n");
  const std::string equity = exported(journal, of(store::ExportKind::equity));
  CHECK(equity.starts_with(
      "strategy,market,time,cash,position,price,equity\ncalm,kraken:BTC/USD,2025-02-19T21:21:00Z,-10.5,1,100,90\n"));
  CHECK(std::count(equity.begin(), equity.end(), '\n') == 7);
}

TEST_CASE("export: features are 17 digits, what is unknown is empty, rows of another list are left out") {
  SmallJournal journal("candled_export_test");
  journal.fill_up();
  const std::vector<std::pair<Timestamp, std::vector<double>>> rows = {
      {SmallJournal::start, {0.1}}, {SmallJournal::start + Duration::minutes(1), {std::nan("")}}};
  REQUIRE(journal.writer->replace_features(MarketId{0}, rows).has_value());
  CHECK(exported(journal, of(store::ExportKind::features)) ==
        "open_time,a\n2025-02-19T21:20:00Z,0.10000000000000001\n2025-02-19T21:21:00Z,\n");
  store::ExportRequest other = of(store::ExportKind::features);
  other.feature_hash = "other";
  CHECK(exported(journal, other) == "open_time,a\n");
}

TEST_CASE("export: a span, a sink that has enough, a market that is not there") {
  SmallJournal journal("candled_export_test");
  journal.fill_up();
  store::ExportRequest request = of(store::ExportKind::candles);
  request.from = SmallJournal::start + Duration::minutes(1);
  request.to = SmallJournal::start + Duration::minutes(2);
  const std::string text = exported(journal, request);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find("T21:21:00Z") != std::string::npos);
  store::Exporter exporter(journal.path());
  int calls = 0;
  CHECK(*exporter.run(of(store::ExportKind::trades), [&](std::string_view) { return ++calls > 5; }) == 0);
  CHECK(calls == 1);
  request.market = "kraken:XRP/USD";
  CHECK(exported(journal, request).find("holds nothing of kraken:XRP/USD") != std::string::npos);
  CHECK_THROWS_AS(store::Exporter(journal.folder / "nothing.sqlite"), store::StoreError);
}

TEST_CASE("export: more rows than one look holds, each once") {
  SmallJournal journal("candled_export_test");
  std::vector<Event> events;
  for (std::int64_t id = -30'000; id < 30'000; ++id) events.push_back(journal.trade(MarketId{0}, id));
  journal.commit(std::move(events));
  const std::string text = exported(journal, of(store::ExportKind::trades));
  CHECK(std::count(text.begin(), text.end(), '\n') == 60'001);
  CHECK(text.find("kraken:BTC/USD,-30000,") < text.find("kraken:BTC/USD,29999,"));
}

}  // namespace candled::tests
