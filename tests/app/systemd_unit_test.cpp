// The systemd unit: read by systemd's own tools, where they are.
#include <sys/wait.h>

#include <cstdio>
#include <string>

#include <catch2/catch.hpp>

namespace candled::app {

TEST_CASE("the systemd unit is clean and sandboxed") {
  FILE* pipe = popen("'" CANDLED_SOURCE_DIR "/tests/app/systemd_unit.sh' 2>&1", "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  const int status = pclose(pipe);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) {
    WARN(output);
    return;
  }
  INFO(output);
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace candled::app
