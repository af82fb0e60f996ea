// A private certificate authority and a server certificate, for tests and the demo. Never for anything else.
#pragma once

#include <string>
#include <vector>

#include "candled/domain/result.hpp"

namespace candled::simulator {

struct TestCertificates {
  std::string ca_file;           // ca.pem: give this to the client
  std::string certificate_file;  // server.pem
  std::string key_file;          // server.key, mode 0600
};

// Writes a fresh CA certificate and a server certificate for localhost, 127.0.0.1, ::1 and host_names into an existing
// directory, valid for ten years from yesterday. The CA's key is not kept.
Result<TestCertificates> write_test_certificates(const std::string& directory,
                                                 const std::vector<std::string>& host_names = {});

}  // namespace candled::simulator
