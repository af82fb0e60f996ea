// The REST limiter, the backoff and Retry-After: pure arithmetic over times.
#include <catch2/catch.hpp>

#include <vector>

#include "candled/net/backoff.hpp"
#include "candled/net/host_limiter.hpp"
#include "candled/net/retry_after.hpp"
#include "candled/net/token_bucket.hpp"

namespace candled::net {
namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration seconds(std::int64_t n) { return Duration::seconds(n); }

}  // namespace

TEST_CASE("bucket: a burst, then the pace, exactly, however often it is asked") {
  TokenBucket bucket = TokenBucket::per_second(10, 20);
  const auto taken = [&bucket](Duration now) {
    int count = 0;
    while (count < 1000 && bucket.take(now)) ++count;
    return count;
  };
  CHECK(taken(seconds(5)) == 20);
  CHECK(bucket.wait(seconds(5)) == ms(100));
  CHECK(taken(seconds(5) + ms(99)) == 0);
  CHECK(taken(seconds(5) + ms(100)) == 1);
  CHECK_FALSE(bucket.full(seconds(7)));
  CHECK(bucket.full(seconds(7) + ms(100)));
  CHECK(taken(seconds(100)) == 20);  // it never holds more
  std::int64_t many = 0;
  TokenBucket third = TokenBucket::per_second(3, 1);
  for (std::int64_t i = 1; i <= 1'000'000; ++i) many += third.take(seconds(10) + ms(i)) ? 1 : 0;
  CHECK(many >= 2994);  // asked at whole milliseconds: 334 ms apart
  CHECK(many <= 3000);
  TokenBucket one(ms(1200));
  CHECK(one.take(seconds(1)));
  CHECK(one.wait(seconds(1)) == ms(1200));
  TokenBucket unlimited = TokenBucket::per_second(0, 5);
  for (int i = 0; i < 1000; ++i) CHECK(unlimited.take(seconds(1)));
}

TEST_CASE("limiter: pace, pauses and their ends") {
  HostLimiter limiter(ms(1'200));
  RandomSource random_source(1);
  CHECK(limiter.wait(seconds(100)).ns <= 0);
  limiter.started(seconds(100));
  CHECK(limiter.wait(seconds(100)) == ms(1'200));
  CHECK(limiter.wait(seconds(101)) == ms(200));
  CHECK(limiter.rate_limited(seconds(101), {}) == seconds(5));
  CHECK(limiter.rate_limited(seconds(106), {}) == seconds(10));
  CHECK(limiter.rate_limited(seconds(116), {}) == seconds(20));
  CHECK(limiter.rate_limited(seconds(136), {}) == seconds(40));
  CHECK(limiter.rate_limited(seconds(176), {}) == seconds(60));
  CHECK(limiter.rate_limited(seconds(236), {}) == seconds(60));
  CHECK(limiter.rate_limited(seconds(296), seconds(17)) == seconds(17));
  limiter.succeeded();
  CHECK(limiter.rate_limited(seconds(400), {}) == seconds(5));
  CHECK(limiter.banned(seconds(500), {}) == Duration::minutes(10));
  CHECK(limiter.rate_limited(seconds(501), {}) == seconds(599));  // a shorter pause does not end a longer one
  CHECK(limiter.banned(seconds(2'000), Duration::days(900)) == Duration::hours(1));
  Duration now = seconds(10'000);
  limiter.succeeded();
  for (int i = 0; i < 10; ++i) {
    const Duration pause = limiter.failed(now, {}, random_source);
    CHECK(pause >= ms(500));
    CHECK(pause <= seconds(60));
    now = now + pause;
  }
}

TEST_CASE("backoff: immediate at first, then jittered up to a minute, never more than ten attempts a minute") {
  RandomSource random_source(42);
  Backoff backoff;
  Duration now = seconds(1'000);
  std::vector<Duration> attempts;
  for (int i = 0; i < 40; ++i) {
    const Duration wait = backoff.delay(now, random_source);
    if (i <= Backoff::immediate_retries_max) CHECK(wait.ns <= 0);
    if (i > Backoff::immediate_retries_max) CHECK(wait >= seconds(1));
    CHECK(wait <= seconds(60));
    if (wait.ns > 0) now = now + wait;
    backoff.attempt(now);
    attempts.push_back(now);
    backoff.lost();
  }
  for (std::size_t i = 10; i < attempts.size(); ++i) CHECK(attempts[i] - attempts[i - 10] >= seconds(60));
  now = now + seconds(120);
  backoff.attempt(now);
  backoff.delivered();
  backoff.lost();
  CHECK(backoff.delay(now, random_source).ns <= 0);  // a connection that delivered starts the count again
  backoff.maintenance();
  CHECK(backoff.delay(now, random_source) == seconds(5));
  backoff.ban(now + Duration::minutes(10));
  CHECK(backoff.delay(now, random_source) == Duration::minutes(10));
  CHECK(RandomSource(7).unit() == RandomSource(7).unit());
}

TEST_CASE("backoff: a connection that delivered is replaced at once, at the pace of the exchange") {
  RandomSource random_source(42);
  const auto waits = [&](Duration lives, int connections) {
    Backoff backoff;
    Duration now = seconds(1'000), longest;
    std::vector<Duration> attempts;
    for (int i = 0; i < connections; ++i) {
      const Duration wait = std::max(backoff.delay(now, random_source), Duration{});
      longest = std::max(longest, wait);
      now = now + wait;
      backoff.attempt(now);
      attempts.push_back(now);
      backoff.delivered();
      now = now + lives;
      backoff.lost();
    }
    for (std::size_t i = 10; i < attempts.size(); ++i) CHECK(attempts[i] - attempts[i - 10] >= seconds(60));
    return longest;
  };
  CHECK(waits(seconds(9), 100) == Duration{});
  CHECK(waits(seconds(5), 4) == Duration{});
  CHECK(waits(seconds(5), 100) < seconds(9));
  CHECK(waits(ms(1), 100) < seconds(9));
  Backoff backoff;  // one that delivered nothing between them counts
  for (int i = 0; i < 4; ++i) {
    backoff.attempt(seconds(1'000 + i * 100));
    backoff.lost();
  }
  CHECK(backoff.delay(seconds(2'000), random_source) >= seconds(1));
  backoff.attempt(seconds(2'100));
  backoff.delivered();
  backoff.maintenance();  // said by the exchange on the connection that it ends
  backoff.lost();
  CHECK(backoff.delay(seconds(2'200), random_source) == seconds(5));
}

TEST_CASE("limiter: an outage that says when to come back is believed, and all who ask a host share its pace") {
  HostLimiters limiters;
  const auto one = limiters.of("api.kraken.com", Duration::milliseconds(1200)),
             other = limiters.of("api.kraken.com", Duration::seconds(9));
  CHECK(one == other);
  CHECK(limiters.of("localhost", Duration::seconds(1)) != one);
  RandomSource random_source(1);
  CHECK(one->failed(Duration::seconds(10), Duration::seconds(30), random_source) == Duration::seconds(30));
  CHECK(other->wait(Duration::seconds(20)) == Duration::seconds(20));
}

TEST_CASE("Retry-After: seconds or a date, measured by the server's own clock") {
  const Timestamp now = *parse_rfc3339("2015-10-21T07:00:00Z");
  const auto check = [now](std::string_view text, std::string_view date, std::optional<std::int64_t> seconds) {
    INFO(text << " | " << date);
    const std::optional<Duration> got = retry_after_of(text, date, now);
    REQUIRE(got.has_value() == seconds.has_value());
    if (seconds) CHECK(*got == Duration::seconds(*seconds));
  };
  check("17", "", 17);
  check("0", "", 0);
  check("-1", "", {});
  check("1000001", "", {});
  check("99999999999999999999", "", {});
  check("", "", {});
  check("soon", "", {});
  check("Wed, 21 Oct 2015 07:28:00 GMT", "", 28 * 60);
  check("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:27:30 GMT", 30);
  check("Wed, 21 Oct 2015 07:28:00 GMT", "nonsense", 28 * 60);
  check("Wed, 21 Oct 2015 06:28:00 GMT", "", 0);
  check("Wed, 21 Oct 2095 06:28:00 GMT", "", {});
  check("Wed, 31 Feb 2015 07:28:00 GMT", "", {});
  check("Wed, 21 Okt 2015 07:28:00 GMT", "", {});
  check("Wed, 21 Oct 2015 24:28:00 GMT", "", {});
  check("Wednesday, 21-Oct-15 07:28:00 GMT", "", {});
  CHECK(*http_date_of("Thu, 29 Feb 2024 23:59:59 GMT") == *parse_rfc3339("2024-02-29T23:59:59Z"));
}

}  // namespace candled::net
