#include "ingest/exchanges/kraken/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace candled::ingest {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;
using simdjson::SUCCESS;

constexpr std::size_t entries_max = 4'000;  // both sides of the deepest snapshot there is, twice

// Digits behind the point of a number's text; of one in exponent form those it needs at least.
int printed_digits(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  int digits =
      point == std::string_view::npos ? 0 : static_cast<int>(std::min<std::size_t>(mantissa.size() - point - 1, 64));
  if (e != std::string_view::npos) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    int value = 0;
    std::from_chars(exponent.data(), exponent.data() + exponent.size(), value);
    digits -= std::clamp(value, -64, 64);
  }
  return std::max(digits, 0);
}

std::optional<std::uint32_t> checksum_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// {"price":62807.0,"qty":1.20345678}; problem says what is wrong with a level that cannot be.
error_code read_level(ondemand::object object, BookSide side, StreamBook& book, Frame& frame, const char*& problem) {
  BookEntry entry{side, {}};
  bool has_price = false, has_quantity = false;
  for (auto element : object) {
    ondemand::field field;
    if (error_code error = std::move(element).get(field)) return error;
    const ondemand::raw_json_string key = field.key();
    const std::string_view text = scalar_text(field.value());
    if (key.unsafe_is_equal("price")) {
      const Result<Price> price = Price::parse(text);
      has_price = price && *price > Price{};
      if (has_price) entry.level.price = *price;
      book.printed.price = std::max(book.printed.price, printed_digits(text));
    } else if (key.unsafe_is_equal("qty")) {
      const Result<Quantity> quantity = Quantity::parse(text);
      has_quantity = quantity && *quantity >= Quantity{};
      if (has_quantity) entry.level.quantity = *quantity;
      book.printed.quantity = std::max(book.printed.quantity, printed_digits(text));
    }
  }
  if (!has_price || !has_quantity) problem = has_price ? "qty" : "price";
  frame.book_entries.push_back(entry);
  return SUCCESS;
}

error_code read_side(ondemand::value value, BookSide side, StreamBook& book, Frame& frame, const char*& problem) {
  ondemand::array levels;
  if (error_code error = value.get_array().get(levels)) {
    problem = "side that is no list";
    return error == simdjson::INCORRECT_TYPE ? SUCCESS : error;
  }
  for (auto element : levels) {
    ondemand::value item;
    if (error_code error = element.get(item)) return error;
    ondemand::object object;
    if (error_code error = item.get_object().get(object)) {
      if (error != simdjson::INCORRECT_TYPE) return error;
      problem = "level that is no object";
      continue;
    }
    if (frame.book_entries.size() - book.first >= entries_max) {
      problem = "number of levels";
      continue;
    }
    if (error_code error = read_level(object, side, book, frame, problem)) return error;
  }
  return SUCCESS;
}

error_code read_book(ondemand::object object, StreamBook& book, std::string_view& symbol, Frame& frame,
                     const char*& problem) {
  for (auto element : object) {
    ondemand::field field;
    if (error_code error = std::move(element).get(field)) return error;
    const ondemand::raw_json_string key = field.key();
    ondemand::value value = field.value();
    if (key.unsafe_is_equal("bids") || key.unsafe_is_equal("asks")) {
      const BookSide side = key.unsafe_is_equal("bids") ? BookSide::bid : BookSide::ask;
      if (error_code error = read_side(value, side, book, frame, problem)) return error;
    } else if (key.unsafe_is_equal("symbol")) {
      symbol = scalar_text(value);
    } else if (key.unsafe_is_equal("checksum")) {
      book.checksum = checksum_of(scalar_text(value));
      if (!book.checksum) problem = "checksum";
    } else if (key.unsafe_is_equal("timestamp")) {
      if (const Result<Timestamp> time = parse_rfc3339(scalar_text(value)))
        book.time = *time;  // else as if it had none
    }
  }
  return SUCCESS;
}

}  // namespace

std::string kraken_book_message(std::string_view method, const std::vector<std::string>& symbols, std::size_t depth) {
  std::string list;
  for (const std::string& symbol : symbols) list.append(list.empty() ? "\"" : ",\"").append(symbol).append("\"");
  return fmt::format(R"({{"method":"{}","params":{{"channel":"book","symbol":[{}],"depth":{}{}}},"req_id":{}}})",
                     method, list, depth, method == "subscribe" ? ",\"snapshot\":true" : "", kraken_book_request_id);
}

error_code read_kraken_precision(ondemand::object& pair, BookPrecision& precision) {
  const auto digits = [&pair](std::string_view key, int& out) {
    std::int64_t value = -1;
    const error_code error = pair.find_field_unordered(key).get_int64().get(value);
    out = !error && value >= 0 && value <= Price::finest ? static_cast<int>(value) : -1;
    const bool absent =
        error == simdjson::NO_SUCH_FIELD || error == simdjson::INCORRECT_TYPE || error == simdjson::NUMBER_ERROR;
    return absent ? SUCCESS : error;
  };
  if (error_code error = digits("pair_decimals", precision.price)) return error;
  return digits("lot_decimals", precision.quantity);
}

error_code read_kraken_books(ondemand::array data, bool snapshot, const FindMarket& find, Frame& frame) {
  for (auto element : data) {
    ondemand::value value;
    if (error_code error = element.get(value)) return error;
    ondemand::object object;
    if (error_code error = value.get_object().get(object)) {
      if (error != simdjson::INCORRECT_TYPE) return error;
      frame.note_bad("a book that is not an object");
      continue;
    }
    StreamBook book;
    book.snapshot = snapshot;
    book.first = frame.book_entries.size();
    std::string_view symbol;
    const char* problem = nullptr;
    if (error_code error = read_book(object, book, symbol, frame, problem)) return error;
    const std::optional<std::size_t> market = find(symbol);
    if (!market) {
      frame.book_entries.resize(book.first);
      continue;
    }
    book.market = *market;
    book.count = frame.book_entries.size() - book.first;
    book.readable = problem == nullptr;
    if (problem != nullptr) frame.note_bad(std::string("book with bad ") + problem);
    frame.books.push_back(book);
  }
  return SUCCESS;
}

}  // namespace candled::ingest
