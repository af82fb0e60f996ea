// The connections of the real world, for the one that makes them.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "candled/flow/world.hpp"
#include "net/tls.hpp"

namespace candled::net {

// Neither is owned; the authorities are asked while connecting.
std::unique_ptr<flow::ByteStream> real_byte_stream(boost::asio::io_context& io, Authorities& authorities);
std::unique_ptr<flow::MessageStream> real_message_stream(boost::asio::io_context& io, Authorities& authorities);

}  // namespace candled::net
