// Packed files: zip, gz, zst and tar, honest and hostile. And the recorded files, where they are at hand.
#include <cstdlib>

#include "files/import_scene.hpp"

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
