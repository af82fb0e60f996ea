// Packed files: zip, gz, zst and tar, honest and hostile. And the recorded files, where they are at hand.
#include <cstdlib>

#include "files/import_scene.hpp"
#include "files/name_hint.hpp"

namespace candled::tests {
namespace {

const char* const rows = "1700000000.5,100.5,0.25,b,m,,7\n1700000001,100.6,0.1,s,l,,8\n";

bool has(const char* program) {
  return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
}

// Python packs what the other tools may not be there for.
void zip_with_python(ImportScene& scene, const std::string& script) {
  scene.run("python3 -c \"import zipfile, gzip, tarfile\n" + script + "\"");
}

std::filesystem::path shared_data() {
  const char* given = std::getenv("CANDLED_DATA");
  return given != nullptr ? std::filesystem::path(given) : std::filesystem::path(CANDLED_SOURCE_DIR) / "../shared/data";
}

bool data_is_there() {
  if (std::filesystem::exists(shared_data() / "candles")) return true;
  WARN("skipped: no recorded data in " << shared_data());
  return false;
}

}  // namespace

TEST_CASE("import: packed files are read member by member") {
  ImportScene scene;
  scene.file("a.csv", rows);
  scene.file("b.csv", "1700000002,100.7,0.1,s,l,,9\n");
  zip_with_python(
      scene,
      "z = zipfile.ZipFile('both.zip', 'w', zipfile.ZIP_DEFLATED)\nz.write('a.csv')\nz.write('b.csv', 'folder/b.csv')\n"
      "z.writestr('README.md', 'no rows')\nz.close()\n"
      "open('a.csv.gz', 'wb').write(gzip.compress(open('a.csv', 'rb').read()))\n"
      "t = tarfile.open('both.tar.gz', 'w:gz')\nt.add('a.csv')\nt.add('b.csv')\nt.close()");
  CHECK(scene.import({scene.folder / "both.zip"}).trades.size() == 3);
  CHECK(scene.import({scene.folder / "both.zip"}).summary.passed_over == 1);
  CHECK(scene.import({scene.folder / "a.csv.gz"}).trades.size() == 2);
  CHECK(scene.import({scene.folder / "both.tar.gz"}).trades.size() == 3);
  if (has("zstd")) {
    scene.run("zstd -q a.csv");
    CHECK(scene.import({scene.folder / "a.csv.zst"}).trades.size() == 2);
  } else {
    WARN("no zstd to pack with: .zst skipped");
  }
}

TEST_CASE("import: what is beside the rows in a folder or an archive does not stop it") {
  ImportScene scene;
  const auto row = scene.file("data/a.csv", rows);
  scene.file("data/empty.csv", "");
  scene.file("data/x.sqlite.rejects.csv", "file,line,why,text\n\"a.csv\",1,\"not a time\",\"x\"\n");
  const Imported folder = scene.import({scene.folder / "data"});
  CHECK(folder.error == "");
  CHECK(folder.trades.size() == 2);
  CHECK(folder.summary.passed_over == 2);
  zip_with_python(
      scene,
      "z = zipfile.ZipFile('all.zip', 'w')\nz.write('data/a.csv')\nz.writestr('README.txt', 'how to read\\n')\n"
      "z.writestr('empty.csv', '')\nz.close()");
  const Imported zipped = scene.import({scene.folder / "all.zip"});
  CHECK(zipped.error == "");
  CHECK(zipped.trades.size() == 2);
  CHECK(zipped.summary.passed_over == 2);
  CHECK(scene.import({scene.file("alone.csv", "")}).error.find("alone.csv: is empty") != std::string::npos);
}

TEST_CASE("import: names tell the pair and the length of the candles") {
  struct Named {
    std::string path, pair, interval;
  };
  for (const Named& named : std::vector<Named>{
           {"XBTUSD.csv", "BTCUSD", ""},
           {"XXBTZUSD.csv", "BTCUSD", ""},
           {"ETHUSD_60.csv", "ETHUSD", "1h"},
           {"ETHUSD_2024.csv", "ETHUSD", ""},
           {"master_q4/1INCHEUR_1.csv", "1INCHEUR", "1m"},
           {"BTCUSDT-1m-2025-01.csv", "BTCUSDT", "1m"},
           {"BTCUSDT-1mo-2025-01.zip", "BTCUSDT", "30d"},
           {"BTCUSDT-trades-2025-01.csv.gz", "BTCUSDT", ""},
           {"Binance_BTCUSDT_1h.csv", "BTCUSDT", "1h"},
           {"Kraken_ETH-USD_minute.csv", "ETHUSD", "1m"},
           {"coinbase/minute/ethusd/20161007_trade.zip", "ETHUSD", "1m"},
           {"20161007_btcusd_minute_trade.csv", "BTCUSD", ""},
           {"ETHUSD/trades.csv", "ETHUSD", ""},
           {"Kraken_Trading_History.zip", "", ""},
           {"trades.csv", "", ""},
           {"kraken_btc.csv", "", ""},
           {"data_usd.csv", "", ""},
           {"part1.csv", "", ""},
           {"2025-01.csv", "", ""},
           {"", "", ""},
       }) {
    INFO(named.path);
    const files::NameHint hint = files::hint_of(named.path, "BTC/USD");
    CHECK(hint.pair == named.pair);
    CHECK((hint.interval ? to_text(*hint.interval) : "") == named.interval);
  }
  CHECK(files::hint_of("btcxyz.csv", "BTC/XYZ").pair == "BTCXYZ");  // the market's own, whatever its quote is
}

TEST_CASE("import: of an archive or a folder of many markets only the market's own files are taken") {
  const std::vector<std::string> bases{"XBT", "ETH", "SOL", "1INCH", "DOGE"};
  const std::vector<std::string> quotes{"USD", "EUR", "USDT", "ETH"};
  for (unsigned seed = 0; seed < 40; ++seed) {
    ImportScene scene;
    unsigned state = seed * 2'654'435'761u + 1;
    const auto draw = [&state](std::size_t count) {
      state = state * 1'664'525u + 1'013'904'223u;
      return (state >> 16) % count;
    };
    std::int64_t wanted = 0, others = 0;
    std::string script = "z = zipfile.ZipFile('all.zip', 'w')\n";
    for (const std::string& base : bases) {
      for (const std::string& quote : quotes) {
        if (base == quote || draw(3) == 0) continue;
        const std::string folder = draw(2) == 0 ? "" : "master/", name = folder + base + quote + ".csv";
        const bool is_ours = base + quote == "XBTUSD";
        const std::string price = is_ours ? "90000" : "3000";
        scene.file("all/" + name, "1700000000," + price + ",1\n1700000001," + price + ",2\n");
        script += "z.write('all/" + name + "', '" + name + "')\n";
        ++(is_ours ? wanted : others);
      }
    }
    zip_with_python(scene, script + "z.close()");
    scene.settings.rejected_percent_max = 100;
    for (const char* given : {"all.zip", "all"}) {
      INFO(seed << " " << given);
      if (wanted + others == 0) continue;
      const Imported imported = scene.import({scene.folder / given});
      if (wanted == 0) {
        CHECK(imported.error.find("no file of BTC/USD") != std::string::npos);
        CHECK(imported.error.find('\n') == std::string::npos);
        continue;
      }
      CHECK(imported.error == "");
      CHECK(imported.summary.files == wanted);
      CHECK(imported.summary.of_other_markets == others);
      CHECK(imported.summary.passed_over == others);
      for (const Trade& trade : imported.trades) CHECK(trade.price == *Price::parse("90000"));
    }
  }
}

TEST_CASE("import: of candles of several lengths those that fit are taken") {
  ImportScene scene;
  const std::string minutes = "1699999980,100,102,99,101,5,12\n1700000040,100,102,99,101,5,12\n";
  scene.file("all/XBTUSD_1.csv", minutes);
  scene.file("all/XBTUSD_60.csv", "1699999200,1,2,1,2,5,6\n1700002800,1,2,1,2,5,6\n");
  scene.file("all/ETHUSD_1.csv", minutes);
  zip_with_python(scene,
                  "z = zipfile.ZipFile('all.zip', 'w')\nfor n in ('XBTUSD_60', 'ETHUSD_1', 'XBTUSD_1'):\n"
                  "  z.write('all/' + n + '.csv', n + '.csv')\nz.close()\n"
                  "z = zipfile.ZipFile('no.zip', 'w')\nz.write('all/XBTUSD_60.csv', 'XBTUSD_60.csv')\nz.close()\n"
                  "z = zipfile.ZipFile('ETHUSD.zip', 'w')\nz.write('all/ETHUSD_1.csv', 'ETHUSD_1.csv')\nz.close()");
  for (const char* given : {"all.zip", "all", "all/"}) {
    const Imported imported = scene.import({scene.folder / given});
    CHECK(imported.error == "");
    CHECK(imported.candles.size() == 2);
    CHECK(imported.summary.of_other_markets == 2);
  }
  CHECK(scene.import({scene.folder / "no.zip"})
            .error.find("no file of BTC/USD with candles of at most 1m; by their names "
                        "there are BTCUSD 1h") != std::string::npos);
  // What is named by the user himself is meant.
  CHECK(scene.import({scene.folder / "ETHUSD.zip"}).candles.size() == 2);
  CHECK(scene.import({scene.folder / "all/ETHUSD_1.csv"}).candles.size() == 2);
}

TEST_CASE("import: hostile archives are one line") {
  ImportScene scene;
  scene.file("a.csv", rows);
  zip_with_python(
      scene,
      "z = zipfile.ZipFile('good.zip', 'w', zipfile.ZIP_DEFLATED)\nz.writestr('a.csv', '%d,100,1,b,m,,7\\n' % "
      "1700000000 * 20000)\nz.close()\n"
      "d = open('good.zip', 'rb').read()\nopen('short.zip', 'wb').write(d[:len(d) // 2])\n"
      "open('short.csv.gz', 'wb').write(gzip.compress(open('a.csv', 'rb').read() * 1000)[:-40])\n"
      "z = zipfile.ZipFile('nested.zip', 'w')\nz.write('good.zip')\nz.close()\n"
      "z = zipfile.ZipFile('empty.zip', 'w')\nz.close()\n"
      "d = bytearray(d)\nd[6] |= 1\ni = d.rfind(b'PK\\x01\\x02')\nd[i + 8] |= 1\nopen('locked.zip', 'wb').write(d)\n"
      "g = gzip.open('bomb.csv.gz', 'wb')\n[g.write(b'1700000000.5,100.5,0.25,b,m,,7\\n' * 100000) for i in "
      "range(40)]\ng.close()");
  for (const auto& [name, says] :
       std::vector<std::pair<std::string, std::string>>{{"short.zip", "short.zip: "},
                                                        {"short.csv.gz", "cannot be read to its end"},
                                                        {"nested.zip", "nested.zip:good.zip: "},
                                                        {"empty.zip", "empty.zip: "},
                                                        {"locked.zip", "locked by a password"},
                                                        {"bomb.csv.gz", "no honest file"}}) {
    INFO(name);
    const Imported imported = scene.import({scene.folder / name});
    CHECK(imported.error.find(says) != std::string::npos);
    CHECK(imported.error.find('\n') == std::string::npos);
    CHECK(imported.trades.empty());
  }
}

TEST_CASE("import: the day is that of the member, and is asked for where nothing tells it") {
  ImportScene scene;
  scene.settings.candle_interval = Duration::minutes(1);
  const std::string bars = "79980000,100,102,99,101,5\n80040000,101,103,101,103,1\n";
  scene.file("20231114_btcusd_minute_trade.csv", bars);
  scene.file("bars.csv", bars);
  zip_with_python(
      scene,
      "z = zipfile.ZipFile('20200101_trade.zip', 'w')\nz.write('20231114_btcusd_minute_trade.csv')\nz.close()\n"
      "z = zipfile.ZipFile('20200102_trade.zip', 'w')\nz.write('bars.csv')\nz.close()");
  const auto first_of = [&](const std::filesystem::path& path) {
    const Imported imported = scene.import({path});
    return imported.candles.empty() ? imported.error : to_iso8601(imported.candles[0].open_time);
  };
  CHECK(first_of(scene.folder / "20200101_trade.zip") == "2023-11-14T22:13:00Z");
  CHECK(first_of(scene.folder / "20200102_trade.zip").find("say --date") != std::string::npos);
  const auto clock = scene.file("clock.csv", "time,price,volume\n22:13:00,100,1\n22:13:30.5,100,1\n");
  const auto rows_of = [&](const std::filesystem::path& path) {
    const Imported imported = scene.import({path});
    return imported.trades.empty() ? imported.error : to_iso8601(imported.trades.back().time);
  };
  CHECK(rows_of(clock).find("clock.csv: its rows tell the time of day only") != std::string::npos);
  CHECK(rows_of(scene.file("clock-2023-11-15.csv", "9:05,100,1\n22:13:30,100,1\n")) == "2023-11-15T22:13:30Z");
  scene.settings.day = *parse_rfc3339("2023-11-14T00:00:00Z");
  CHECK(first_of(scene.folder / "20200102_trade.zip") == "2023-11-14T22:13:00Z");
  CHECK(first_of(scene.folder / "20200101_trade.zip") == "2023-11-14T22:13:00Z");
  CHECK(rows_of(clock) == "2023-11-14T22:13:30.500000000Z");
}

TEST_CASE("import: packed files and other kinds are named, with what to do") {
  ImportScene scene;
  scene.file("a.csv", rows);
  zip_with_python(
      scene,
      "import bz2, lzma\nd = open('a.csv', 'rb').read()\n"
      "open('a.csv.bz2', 'wb').write(bz2.compress(d))\nopen('a.csv.xz', 'wb').write(lzma.compress(d))\n"
      "z = zipfile.ZipFile('in.zip', 'w')\nz.write('a.csv')\nz.close()\n"
      "z = zipfile.ZipFile('out.zip', 'w')\nz.write('in.zip')\nz.close()\n"
      "z = zipfile.ZipFile('bz.zip', 'w')\nz.write('a.csv.bz2')\nz.close()\n"
      "t = tarfile.open('in.tar.gz', 'w:gz')\nt.add('a.csv')\nt.close()\n"
      "z = zipfile.ZipFile('tar.zip', 'w')\nz.write('in.tar.gz')\nz.close()\n"
      "z = zipfile.ZipFile('book.xlsx', 'w')\nz.writestr('[Content_Types].xml', 'x')\nz.writestr('xl/a.xml', "
      "'x')\nz.close()\n"
      "open('a.7z', 'wb').write(b'7z\\xbc\\xaf\\x27\\x1c' + bytes(900))\n"
      "open('a.rar', 'wb').write(b'Rar!\\x1a\\x07' + bytes(900))\n"
      "open('a.parquet', 'wb').write(b'PAR1' + bytes(900))");
  scene.file("a.json", "[{\"price\": 1}]\n");
  scene.file("folder/a.csv.bz2", "BZh91AY&SY");
  for (const auto& [name, says] : std::vector<std::pair<std::string, std::string>>{
           {"a.csv.bz2", "is packed with bzip2: unpack it first: bunzip2 "},
           {"folder", "a.csv.bz2: is packed with bzip2: unpack it first: bunzip2 "},
           {"a.csv.xz", "is packed with xz: unpack it first: unxz "},
           {"a.7z", "is a 7z archive: unpack it first: 7z x "},
           {"a.rar", "is a rar archive: unpack it first: unrar x "},
           {"a.parquet", "is a Parquet file: write it as CSV first"},
           {"book.xlsx", "is a spreadsheet: save it as CSV"},
           {"a.json", "is JSON: write its rows as CSV first"},
           {"out.zip", "out.zip:in.zip: is a zip archive inside an archive: unpack the outer one first"},
           {"bz.zip", "bz.zip:a.csv.bz2: is packed with bzip2 inside an archive"},
           {"tar.zip", "tar.zip:in.tar.gz: is packed with gzip inside an archive"}}) {
    INFO(name);
    const Imported imported = scene.import({scene.folder / name});
    CHECK(imported.error.find(says) != std::string::npos);
    CHECK(imported.error.find('\n') == std::string::npos);
    CHECK(imported.trades.empty());
  }
}

TEST_CASE("import: the recorded trades of Kraken") {
  if (!data_is_there()) return;
  ImportScene scene;
  scene.settings.rejected_percent_max = 0;
  const Imported imported = scene.import({shared_data() / "trades"});
  CHECK(imported.error == "");
  CHECK(imported.summary.files == 6);
  CHECK(imported.summary.rows == 24'753);
  CHECK(imported.trades.size() == 24'720);
  CHECK(imported.summary.repeated == 33);
  CHECK(imported.summary.conflicting == 0);
  CHECK(to_iso8601(*imported.summary.trades_from).substr(0, 19) == "2025-05-05T21:37:42");
  CHECK(to_iso8601(*imported.summary.trades_to).substr(0, 19) == "2025-11-24T19:56:58");
  int stretches = 1;
  for (std::size_t i = 1; i < imported.trades.size(); ++i) {
    if (imported.trades[i].id != imported.trades[i - 1].id + 1) ++stretches;
    if (imported.trades[i].time < imported.trades[i - 1].time)
      FAIL("time goes back behind trade " << imported.trades[i - 1].id);
  }
  CHECK(stretches == 4);
}

TEST_CASE("import: the recorded candles") {
  if (!data_is_there()) return;
  ImportScene scene;
  scene.settings.rejected_percent_max = 0;
  auto count = [](const Imported& imported, CandleState state) {
    return std::ranges::count(imported.candles, state, &Candle::state);
  };
  const auto check_klines = [&](const char* folder, std::int64_t rows_wanted, std::int64_t candles_wanted) {
    INFO(folder);
    const Imported imported = scene.import({shared_data() / "candles" / folder});
    CHECK(imported.error == "");
    CHECK(imported.summary.rows == rows_wanted);
    CHECK(static_cast<std::int64_t>(imported.candles.size()) == candles_wanted);
    CHECK(count(imported, CandleState::gap) == 80);
    for (const Candle& candle : imported.candles) {
      const std::string open_time = to_iso8601(candle.open_time);
      const bool in_the_sequence_gap = open_time >= "2023-03-24T12:40" && open_time < "2023-03-24T14:00";
      if (in_the_sequence_gap != (candle.state == CandleState::gap)) FAIL(open_time << " is wrong about the hole");
    }
  };
  check_klines("binance-btcusdt-1m-2023", 525'520, 525'600);
  check_klines("binance-ethusdt-1m-2023-03", 44'560, 44'640);

  const Imported lean = scene.import({shared_data() / "candles/coinbase-btcusd"});
  CHECK(lean.error == "");
  CHECK(lean.summary.files == 12);
  CHECK(lean.summary.passed_over == 6);
  CHECK(count(lean, CandleState::traded) == 12'423);
  CHECK(count(lean, CandleState::quiet) == 105);
  CHECK(to_iso8601(lean.candles.front().open_time) == "2016-10-07T00:00:00Z");
  CHECK(to_iso8601(lean.candles.back().open_time) == "2018-04-06T23:59:00Z");
}

}  // namespace candled::tests
