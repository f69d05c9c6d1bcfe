// What a peer can do wrong, and what is to become of a message to it: of a subscription's delivery, and of a job that
// publishes through a Generic Webhook. The first wait is five seconds for both.
#pragma once

#include <zlib.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/invalid_answers.hpp"
#include "support/loopback_server.hpp"
#include "support/manual_clock.hpp"
#include "support/test_authority.hpp"

namespace galley::test {

enum class PeerKind : std::uint8_t { http, https, plain_at_https, refusing, nameless };

struct Fault {
  std::string name;
  std::string delivery;  // stated; see Told
  std::string job;
  ScriptedAnswer answer{};
  bool at_accept = false;  // before anything is read
  PeerKind peer = PeerKind::http;
  std::chrono::milliseconds limit{20000};  // of connecting and of the exchange
  TestCertificate certificate{};
  int max_tls_version = 0;
  bool may_look_refused = false;  // the reset may be there before the connection counts as made

  bool states(const std::string& stated, const std::string& outcome) const {
    constexpr std::string_view reset = "- reset";
    const std::size_t at = may_look_refused ? stated.find(reset) : std::string::npos;
    return outcome == stated ||
           (at != std::string::npos && outcome == std::string(stated).replace(at, reset.size(), "- connect"));
  }
};

inline std::string in_seconds(std::string_view state, int seconds, std::string_view end) {
  return std::string(state) + " in " + std::to_string(seconds) + " s, " + std::string(end);
}

// Nobody judged the message: both try again.
inline Fault unheard(std::string name, std::string_view error_class, ScriptedAnswer answer) {
  const std::string end = "- " + std::string(error_class);
  return {.name = std::move(name),
          .delivery = in_seconds("pending", 5, end),
          .job = in_seconds("queued", 5, end),
          .answer = std::move(answer)};
}

inline Fault answered(int status, std::string delivery, std::string job) {
  return {.name = std::to_string(status),
          .delivery = std::move(delivery),
          .job = std::move(job),
          .answer = answer(status, "no", "Location: http://127.0.0.1:9/\r\n")};
}

inline void add_statuses(std::vector<Fault>& faults) {
  for (const int status : {200, 201, 202, 204}) {
    const std::string done = "succeeded, " + std::to_string(status);
    faults.push_back(answered(status, done, done));
    if (status == 204) faults.back().answer = ScriptedAnswer{.bytes = "HTTP/1.1 204 Scripted\r\n\r\n"};
  }
  // A redirect is not followed: the subscription's address may be mended meanwhile, publishing asks for a person.
  for (const int status : {300, 301, 302, 303, 305, 307, 308, 400, 404, 409, 413, 422}) {
    const std::string end = std::to_string(status) + " status";
    faults.push_back(answered(status, in_seconds("pending", 5, end), "failed, " + end));
  }
  faults.push_back(answered(304, in_seconds("pending", 5, "304 status"), "failed, 304 status"));
  faults.back().answer = ScriptedAnswer{.bytes = "HTTP/1.1 304 Scripted\r\n\r\n"};
  for (const int status : {401, 403}) {
    const std::string end = std::to_string(status) + " status";
    faults.push_back(answered(status, in_seconds("pending", 5, end), "failed, " + end + ", connection error"));
  }
  faults.push_back(answered(410, "failed, 410 status, disabled", "failed, 410 status, connection error"));
  for (const int status : {408, 429, 500, 502, 503, 504, 599}) {
    const std::string end = std::to_string(status) + " status";
    faults.push_back(answered(status, in_seconds("pending", 5, end), in_seconds("queued", 5, end)));
  }
}

// The clock stands at Monday, 2026-03-30T15:00:00Z. A delivery is not tried again within a second, and a job not before
// its schedule says.
inline void add_retry_afters(std::vector<Fault>& faults) {
  struct Row {
    std::string_view value;
    int delivery;  // seconds
    int job;
  };
  constexpr Row rows[] = {
      {"120", 120, 120},
      {"  120\t", 120, 120},
      {"0", 1, 5},
      {"3", 3, 5},
      {"00000000000000000000000007", 7, 7},
      {"86400", 86400, 86400},
      {"86401", 86400, 86400},
      {"99999999999999999999999999999", 86400, 86400},
      {"-1", 5, 5},
      {"+120", 5, 5},
      {"1.5", 5, 5},
      {"1e3", 5, 5},
      {"0x10", 5, 5},
      {"120 s", 5, 5},
      {"120, 240", 5, 5},
      {"", 5, 5},
      {"soon", 5, 5},
      {"Mon, 30 Mar 2026 15:02:00 GMT", 120, 120},
      {"Monday, 30-Mar-26 15:02:00 GMT", 120, 120},
      {"Mon Mar 30 15:02:00 2026", 120, 120},
      {"Mon, 30 Mar 2026 14:00:00 GMT", 1, 5},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 1, 5},
      {"Wed, 30 Mar 2033 15:00:00 GMT", 86400, 86400},
      {"Mon, 30 Mar 2026 15:02:00 PST", 5, 5},
      {"Mon, 31 Feb 2026 15:02:00 GMT", 5, 5},
      {"2026-03-30T15:02:00Z", 5, 5},
  };
  for (const int status : {429, 503})
    for (const Row& row : rows) {
      const std::string end = std::to_string(status) + " status";
      faults.push_back({.name = std::to_string(status) + " Retry-After: " + std::string(row.value),
                        .delivery = in_seconds("pending", row.delivery, end),
                        .job = in_seconds("queued", row.job, end),
                        .answer = answer(status, "", "Retry-After: " + std::string(row.value) + "\r\n")});
    }
  // It counts for these two alone.
  faults.push_back({.name = "500 Retry-After: 120",
                    .delivery = in_seconds("pending", 5, "500 status"),
                    .job = in_seconds("queued", 5, "500 status"),
                    .answer = answer(500, "", "Retry-After: 120\r\n")});
}

// A peer that stops, stalls or never ends. Once a whole head has come its status is the answer, whatever the body does.
inline void add_broken_wires(std::vector<Fault>& faults) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string error = "HTTP/1.1 500 No\r\n";
  const std::string length = "Content-Length: 1000\r\n\r\n";
  const std::chrono::milliseconds soon{150};
  const std::chrono::milliseconds pace{20};

  faults.push_back(unheard("refuses", "connect", {}));
  faults.back().peer = PeerKind::refusing;
  faults.push_back(unheard("has no address", "dns", {}));
  faults.back().peer = PeerKind::nameless;
  for (const Afterwards afterwards : {Afterwards::close, Afterwards::reset}) {
    const std::string verb = afterwards == Afterwards::close ? "closes" : "resets";
    faults.push_back(unheard(verb + " before the request", "reset", {.afterwards = afterwards}));
    faults.back().at_accept = true;
    faults.back().may_look_refused = afterwards == Afterwards::reset;
    faults.push_back(unheard(verb + " before the answer", "reset", {.afterwards = afterwards}));
    for (const std::string& part : {std::string("H"), ok, ok + "Content-Le"})
      faults.push_back(unheard(verb + " after " + part, "reset", {.bytes = part, .afterwards = afterwards}));
  }
  for (const std::string& framing :
       {length, length + "abc", std::string("Transfer-Encoding: chunked\r\n\r\n3\r\nabc")}) {
    faults.push_back({.name = "closes within the body of 200: " + framing,
                      .delivery = "succeeded, 200",
                      .job = "succeeded, 200",
                      .answer = {.bytes = ok + framing, .afterwards = Afterwards::close}});
    faults.push_back({.name = "closes within the body of 500: " + framing,
                      .delivery = in_seconds("pending", 5, "500 reset"),
                      .job = in_seconds("queued", 5, "500 reset"),
                      .answer = {.bytes = error + framing, .afterwards = Afterwards::close}});
  }
  faults.push_back({.name = "ends a body without a length by closing",
                    .delivery = "succeeded, 200",
                    .job = "succeeded, 200",
                    .answer = {.bytes = ok + "\r\nabc", .afterwards = Afterwards::close}});

  for (const bool before_request : {true, false}) {
    faults.push_back(unheard("hangs", "timeout", {.afterwards = Afterwards::hang}));
    faults.back().at_accept = before_request;
    faults.back().limit = soon;
  }
  faults.push_back(unheard("hangs within the head", "timeout", {.bytes = ok, .afterwards = Afterwards::hang}));
  faults.back().limit = soon;
  faults.push_back(unheard("drips a head", "timeout", {.bytes = ok + "X: ", .endlessly = "y", .pause = pace}));
  faults.back().limit = soon;
  // The head comes at once, and the limit ends long behind it.
  const std::chrono::milliseconds later{700};
  for (const std::string& body : {std::string(), std::string("x")}) {
    const std::string verb = body.empty() ? "hangs" : "drips";
    faults.push_back(
        {.name = verb + " within the body of 200",
         .delivery = "succeeded, 200",
         .job = "succeeded, 200",
         .answer = {.bytes = ok + length, .afterwards = Afterwards::hang, .endlessly = body, .pause = pace},
         .limit = later});
    faults.push_back(
        {.name = verb + " within the body of 500",
         .delivery = in_seconds("pending", 5, "500 timeout"),
         .job = in_seconds("queued", 5, "500 timeout"),
         .answer = {.bytes = error + length, .afterwards = Afterwards::hang, .endlessly = body, .pause = pace},
         .limit = later});
  }
}

// 32 MiB of nothing in some 32 KiB.
inline std::string gzip_bomb() {
  const std::string inflated(std::size_t{32} << 20, '\0');
  std::string packed(std::size_t{1} << 20, '\0');
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(inflated.data()));
  stream.avail_in = static_cast<uInt>(inflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("no bomb");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// An answer that is no HTTP: nothing was judged, unless the head was, before its body broke the rules.
inline Fault broken(std::string name, ScriptedAnswer answer) {
  if (!answer.bytes.starts_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
    return unheard(std::move(name), "response", std::move(answer));
  return {.name = std::move(name), .delivery = "succeeded, 200", .job = "succeeded, 200", .answer = std::move(answer)};
}

inline void add_floods(std::vector<Fault>& faults) {
  for (const int status : {200, 500}) {
    const std::string delivery = status == 200 ? "succeeded, 200" : in_seconds("pending", 5, "500 status");
    const std::string job = status == 200 ? "succeeded, 200" : in_seconds("queued", 5, "500 status");
    const auto add = [&](std::string name, ScriptedAnswer scripted) {
      faults.push_back({.name = std::to_string(status) + " " + std::move(name),
                        .delivery = delivery,
                        .job = job,
                        .answer = std::move(scripted)});
    };
    const std::string line = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
    add("gzip bomb", answer(status, gzip_bomb(), "Content-Encoding: gzip\r\nContent-Type: application/json\r\n"));
    const std::string piece(10'000, 'x');
    add("endless body", {.bytes = line + "\r\n", .endlessly = piece});
    add("endless body of a length", {.bytes = line + "Content-Length: 99999999999\r\n\r\n", .endlessly = piece});
    add("endless chunk", {.bytes = line + "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", .endlessly = piece});
    add("endless chunks", {.bytes = line + "Transfer-Encoding: chunked\r\n\r\n", .endlessly = "1\r\nx\r\n"});
  }
  int number = 0;
  for (ScriptedAnswer& endless : endless_answers())
    faults.push_back(broken("endless " + std::to_string(++number), std::move(endless)));
  number = 0;
  for (std::string& bytes : invalid_answers())
    faults.push_back(broken("invalid " + std::to_string(++number) + ": " + bytes.substr(0, 80),
                            {.bytes = std::move(bytes), .afterwards = Afterwards::hang}));
}

// At https://hooks.example, whose authority is trusted. Nothing was sent, so both try again.
inline void add_bad_tls(std::vector<Fault>& faults, const TestAuthority& trusted, const TestAuthority& stranger) {
  using std::chrono::hours;
  const auto add = [&](std::string name, TestCertificate certificate) -> Fault& {
    faults.push_back(unheard("TLS: " + std::move(name), "tls", answer(200)));
    faults.back().peer = PeerKind::https;
    faults.back().certificate = std::move(certificate);
    return faults.back();
  };
  const std::string name = "DNS:hooks.example";
  add("expired", trusted.issue(name, hours(-2), hours(-1)));
  add("not yet valid", trusted.issue(name, hours(1), hours(2)));
  add("another name", trusted.issue("DNS:other.example"));
  add("unknown authority", stranger.issue(name));
  add("key too short", trusted.issue_weak(name));
  add("TLS 1.1", trusted.issue(name)).max_tls_version = TLS1_1_VERSION;
  const auto add_plain = [&](std::string what, ScriptedAnswer scripted) -> Fault& {
    faults.push_back(unheard("TLS: " + std::move(what), "tls", std::move(scripted)));
    faults.back().peer = PeerKind::plain_at_https;
    faults.back().at_accept = true;
    return faults.back();
  };
  add_plain("no TLS at all", {.bytes = "HTTP/1.1 400 Bad\r\n\r\n", .afterwards = Afterwards::hang});
  add_plain("closes in the handshake", {.afterwards = Afterwards::close});
  add_plain("alert in place of a hello",
            {.bytes = std::string("\x15\x03\x03\x00\x02\x02\x28", 7), .afterwards = Afterwards::hang});
  Fault& silent = add_plain("silent in the handshake", {.afterwards = Afterwards::hang});
  silent.delivery = in_seconds("pending", 5, "- timeout");
  silent.job = in_seconds("queued", 5, "- timeout");
  silent.limit = std::chrono::milliseconds(150);
  // What is right passes, or the rest would say nothing.
  Fault& good = add("good", trusted.issue(name));
  good.delivery = good.job = "succeeded, 200";
  Fault& old = add("TLS 1.2", trusted.issue(name));
  old.max_tls_version = TLS1_2_VERSION;
  old.delivery = old.job = "succeeded, 200";
}

}  // namespace galley::test
