// Double entry, and accounts rebuilt from their fills.
#include "candled/trading/ledger.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "trading/desk.hpp"

namespace candled::trading::testing {
namespace {

using Account = Ledger::Account;

Fill fill(std::uint32_t number, Side side, const char* amount, const char* at_price, const char* fee) {
  return {.time = {},
          .decided_on = {},
          .quantity = amount_of(amount),
          .price = price(at_price),
          .fee = money(fee),
          .number = number,
          .strategy = {},
          .side = side,
          .reason = FillReason::signal};
}

std::string text(const Ledger& ledger) {
  std::string all;
  for (std::size_t i = 0; i < Ledger::account_count; ++i) {
    all += decimal_text(static_cast<std::int64_t>(ledger.balance(static_cast<Account>(i))), 8) + " ";
  }
  return all;
}

TEST_CASE("every entry has two sides") {
  Ledger ledger(money("1000"));
  CHECK(text(ledger) == "-1000 1000 0 0 0 0 ");
  ledger.record(fill(1, Side::buy, "2", "100", "0.5"));
  CHECK(text(ledger) == "-1000 799.5 200 0.5 2 -2 ");
  ledger.record(fill(2, Side::sell, "1.5", "120", "0.4"));
  CHECK(text(ledger) == "-1000 979.1 20 0.9 0.5 -0.5 ");
  CHECK(ledger.balances());
  CHECK(ledger.explains(money("979.1"), amount_of("0.5")));
  CHECK_FALSE(ledger.explains(money("979.10000001"), amount_of("0.5")));
  CHECK_FALSE(ledger.explains(money("979.1"), amount_of("0.50000001")));
  ledger.record(fill(3, Side::sell, "1", "1", "0"));
  CHECK_FALSE(ledger.balances());  // more sold than there was
}

TEST_CASE("an account is rebuilt from its fills, or the fill that cannot be is named") {
  const auto rebuilt = [](std::vector<Fill> fills) -> std::string {
    const Result<Rebuilt> account = rebuild(money("1000"), fills);
    return account ? fmt::format("{} + {} after {}", account->cash().to_text(), account->position().to_text(),
                                 account->fills())
                   : account.error().message;
  };
  const Fill first = fill(1, Side::buy, "2", "100", "0.5");
  CHECK(rebuilt({}) == "1000 + 0 after 0");
  CHECK(rebuilt({first, fill(2, Side::sell, "1.5", "120", "0.4")}) == "979.1 + 0.5 after 2");
  CHECK(rebuilt({fill(2, Side::buy, "2", "100", "0")}) == "fill 2: is out of turn");
  CHECK(rebuilt({first, first}) == "fill 1: is out of turn");
  CHECK(rebuilt({fill(1, Side::buy, "10", "100", "0.00000001")}) == "fill 1: the cash does not cover it");
  CHECK(rebuilt({first, fill(2, Side::sell, "2.00000001", "120", "0")}) == "fill 2: the position does not cover it");
  CHECK(rebuilt({first, fill(2, Side::sell, "1", "1", "2")}) == "fill 2: the position does not cover it");
  CHECK(rebuilt({fill(1, Side::buy, "0", "100", "0")}) == "fill 1: is not a fill");
  CHECK(rebuilt({fill(1, Side::buy, "1", "100", "-1")}) == "fill 1: is not a fill");
  CHECK(rebuilt({fill(1, Side::buy, "90000000000000000000", "10000000000000", "0")}) ==
        "fill 1: is worth more than can be");
}

// Random orders straight at an account, far more than a market brings.
TEST_CASE("millions of random orders: the books balance, nothing is negative, and the fills rebuild the account") {
  std::mt19937_64 random(11);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  std::size_t orders = 0, filled = 0, rejected = 0;
  for (int run = 0; run < 2'000; ++run) {
    PaperSettings settings;
    const auto bps = [&] { return Fraction::from_basis_points(static_cast<double>(below(3'000)) / 100).value(); };
    settings.costs = {.fee = bps(),
                      .half_spread = bps(),
                      .slippage = bps(),
                      .minimum_order = Money::from_units(below(3) * 500'000'000),
                      .maker_fee = bps()};
    settings.rules = {.minimum_quantity = Quantity::from_units(below(2) * 1'000),
                      .lot_step = Quantity::from_units(below(3) * 10),
                      .price_step = Price::from_units(below(2) * 1'000'000)};
    PaperAccount account({}, "a", settings);
    Rebuilt rebuilt(settings.starting_balance);
    std::vector<Fill> fills;
    std::vector<OrderRecord> ended;
    Trade trade;
    trade.price = price("100");
    for (int i = 0; i < 1'000; ++i) {
      ++orders;
      const Price before = trade.price;
      const std::int64_t step = trade.price.usual_units().value() / 100;
      trade.price = Price::from_units(std::max<std::int64_t>(
          2'000'000, trade.price.usual_units().value() - step + below(static_cast<std::uint64_t>(2 * step + 1))));
      trade.quantity = Quantity::from_units(1 + below(2'000'000'000));
      trade.time = at(i);
      Order order{.spend = Money::from_units(below(2'000'000'000'000)),
                  .quantity = Amount::from_units(below(20'000'000'000)),
                  .limit = below(3) == 0 ? Price::from_units(trade.price.usual_units().value() - step +
                                                             below(static_cast<std::uint64_t>(2 * step + 1)))
                                         : Price{},
                  .active_from = at(i),
                  .decided_on = at(i),
                  .side = below(2) == 0 ? Side::buy : Side::sell,
                  .reason = {}};
      account.place(order, at(i), {fills, ended});
      account.on_trade(trade, before, nullptr, {fills, ended});
      account.check_ledger();
      for (const Fill& fill : fills) {
        if (!rebuilt.add(fill)) FAIL("a fill that cannot be");
      }
      filled += fills.size();
      for (const OrderRecord& record : ended) rejected += is_rejection(record.end) ? 1U : 0U;
      fills.clear(), ended.clear();
      if (account.cash() < Money{} || account.position() < Amount{}) FAIL("negative");
      if (account.cash() != rebuilt.cash() || account.position() != rebuilt.position())
        FAIL("fills do not rebuild the account");
      if ((account.position().units() == 0) != (account.cost().units() == 0) && account.position().units() == 0)
        FAIL("cost of nothing");
    }
  }
  CHECK(orders == 2'000'000);
  CHECK(filled > 200'000);
  CHECK(rejected > 100'000);
}

}  // namespace
}  // namespace candled::trading::testing
