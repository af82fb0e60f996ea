// Stored rows as JSON, and the bodies of answers.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <utility>

#include "candled/domain/json_writer.hpp"
#include "candled/store/view_reader.hpp"

namespace candled::server {

// The columns of one row, into the object that is open.
void write_members(JsonWriter& json, const store::ViewRows& rows, std::size_t row);
// [{...},...]
void write_rows(JsonWriter& json, const store::ViewRows& rows);

// The body of an answer: an object on a line of its own.
template <std::invocable<JsonWriter&> Write>
std::string json_body(Write write) {
  return json_object(std::move(write)) += '\n';
}

}  // namespace candled::server
