// Former names of keys: they are read for a version with a warning that gives the new line, and `candled check --fix` writes the new
// ones into the file. Of a description made for these tests: no key of candled has a former name yet.
#include <sys/stat.h>

#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "candled/config/fix.hpp"
#include "candled/domain/section.hpp"
#include "config/config_folder.hpp"
#include "config/section_reader.hpp"

namespace candled::config {
namespace {

struct Kitchen {
  double salt = 1;
  std::string cook = "Ann";
  Duration boil = Duration::minutes(5);
  std::string key;
};

void describe_kitchen(Section& section, Kitchen& kitchen) {
  section.number({.name = "salt", .former = {"salz", "sel"}}, kitchen.salt, 0, 10);
  section.text({.name = "cook", .former = {"chef"}}, kitchen.cook, nullptr);
  section.duration({.name = "boil", .former = {"cooking_time"}}, kitchen.boil, Duration::seconds(1),
                   Duration::hours(1));
  section.text({.name = "key", .former = {"token"}, .secret = true}, kitchen.key, nullptr);
}

struct House {
  Kitchen kitchen;
  std::vector<Kitchen> others;
};

void describe_house(Section& root, House& house) {
  root.table({.name = "kitchen", .former = {"galley"}},
             [&](Section& section) { describe_kitchen(section, house.kitchen); });
  root.list({.name = "other"}, house.others, 8, describe_kitchen);
}

struct Read {
  House house;
  std::vector<std::string> warnings;
};

Read read_house(const std::string& text) {
  Read read;
  ConfigOrigin origin("k.toml");
  const TomlTable document = parse_toml(text, "k.toml");
  SectionReader root(origin, document);
  describe_house(root, read.house);
  root.refuse_unknown();
  for (const RenamedKey& key : origin.renamed()) read.warnings.push_back(origin.warning_of(key));
  return read;
}

Result<FixedText> fixed(const std::string& text) {
  return fixed_text(text, "k.toml", [](Section& root) {
    House house;
    describe_house(root, house);
  });
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("a former name is read, and the warning gives the line to write") {
  const Read read = read_house(
      "[kitchen]\nsalz = 2.5\ncooking_time = '7m'\ntoken = 'sesame'\n[[other]]\n[[other]]\nchef = \"B\\\"b\"\n");
  CHECK(read.house.kitchen.salt == 2.5);
  CHECK(read.house.kitchen.boil == Duration::minutes(7));
  CHECK(read.house.kitchen.key == "sesame");
  REQUIRE(read.house.others.size() == 2);
  CHECK(read.house.others[1].cook == "B\"b");
  const std::string middle = "has a new name, and the old one will not be read for ever; write: ";
  CHECK(read.warnings == std::vector<std::string>{"k.toml:2: key 'kitchen.salz' " + middle + "salt = 2.5",
                                                  "k.toml:3: key 'kitchen.cooking_time' " + middle + "boil = \"7m\"",
                                                  "k.toml:4: key 'kitchen.token' " + middle + "key = ...",
                                                  "k.toml:7: key 'other.chef' " + middle + "cook = \"B\\\"b\""});
  CHECK(read_house("[kitchen]\nsalt = 2.5\n").warnings.empty());
}

TEST_CASE("a former name beside the new one, or with a wrong value, is refused; an unknown key is as unknown as ever") {
  CHECK_THROWS_WITH(read_house("[kitchen]\nsalt = 1\nsalz = 2\n"),
                    "k.toml:3: key 'kitchen.salz': is the former name of 'salt', which is given too");
  CHECK_THROWS_WITH(read_house("[kitchen]\nsalz = 1\nsel = 2\n"),
                    "k.toml:3: key 'kitchen.sel': is a former name of 'salt', as 'salz' is");
  CHECK_THROWS_WITH(read_house("[kitchen]\nsalz = 20\n"), "k.toml:2: key 'kitchen.salt': 20 is outside 0 to 10");
  CHECK_THROWS_WITH(read_house("[kitchen]\nsaltz = 1\n"),
                    "k.toml:2: key 'kitchen.saltz': unknown; did you mean 'salt'?");
}

TEST_CASE("the names of today are written, every other byte is kept") {
  const Result<FixedText> one = fixed(
      "# salz is salt; \xc3\xa9\xe2\x82\xac\r\n[galley]   # the \xc3\xa4lteste\r\n  \"salz\"\t= 2.50 # salz = "
      "3\r\n'chef' = \"salz\"\r\n"
      "\r\n[[other]]\r\ncooking_time= '90s'\r\nsalt = 0x3");
  REQUIRE(one);
  CHECK(one->text ==
        "# salz is salt; \xc3\xa9\xe2\x82\xac\r\n[kitchen]   # the \xc3\xa4lteste\r\n  \"salt\"\t= 2.50 # salz = "
        "3\r\n'cook' = \"salz\"\r\n"
        "\r\n[[other]]\r\nboil= '90s'\r\nsalt = 0x3");
  CHECK(one->changes == std::vector<std::string>{
                            "k.toml:2: 'galley' is now 'kitchen'", "k.toml:3: 'kitchen.salz' is now 'salt'",
                            "k.toml:4: 'kitchen.chef' is now 'cook'", "k.toml:7: 'other.cooking_time' is now 'boil'"});
  CHECK(read_house(one->text).warnings.empty());

  CHECK(fixed("kitchen = { cook = \"\xc3\xa9\", salz = 2, \"cooking_time\" = '2m' }\n")->text ==
        "kitchen = { cook = \"\xc3\xa9\", salt = 2, \"boil\" = '2m' }\n");
  CHECK(fixed("kitchen.salz = 2\nkitchen.chef = 'salz'\n")->text == "kitchen.salt = 2\nkitchen.cook = 'salz'\n");
  const Result<FixedText> nothing = fixed("[kitchen]\nsalt = 2 # salz\n");
  CHECK((nothing && nothing->changes.empty() && nothing->text == "[kitchen]\nsalt = 2 # salz\n"));
}

TEST_CASE("a name that cannot be replaced where it stands is left, with the line to mend by hand") {
  const Result<FixedText> escaped = fixed("[kitchen]\n\"s\\u0061lz\" = 2\n");
  REQUIRE_FALSE(escaped);
  CHECK(escaped.error().message == "k.toml is left as it was: in line 2 write salt instead of salz by hand");
}

TEST_CASE("a file is fixed whole: mode and link stay, one that may not be written is left alone") {
  const ConfigFolder folder;
  const auto describe = [](Section& root) {
    House house;
    describe_house(root, house);
  };
  const std::string before = "[kitchen]\nsalz = 2 # a pinch\n";
  const std::filesystem::path file = folder.write(before), link = folder.path() / "link.toml";
  REQUIRE(::chmod(file.c_str(), 0444) == 0);
  const Result<std::vector<std::string>> refused = fix_file(file, describe);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == file.string() + " is left as it was: it may not be written");
  CHECK(bytes_of(file) == before);

  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  std::filesystem::create_symlink(file, link);
  const Result<std::vector<std::string>> changes = fix_file(link, describe);
  REQUIRE(changes);
  CHECK(*changes == std::vector<std::string>{link.string() + ":2: 'kitchen.salz' is now 'salt'"});
  CHECK(bytes_of(file) == "[kitchen]\nsalt = 2 # a pinch\n");
  CHECK(std::filesystem::is_symlink(link));
  struct stat status{};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK(fix_file(file, describe)->empty());
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);  // no part is left behind
}

}  // namespace candled::config
