#include "http/answer.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

namespace galley::http::test {
namespace {

constexpr std::string_view fixed = "Server: galley\r\n";

Answer make(const Answer::Terms& terms = {.fixed = fixed}) {
  Answer answer;
  answer.reset(terms);
  return answer;
}

}  // namespace

TEST_CASE("answer: a body that is given whole", "[http]") {
  Answer answer = make();
  answer.begin(200);
  answer.add("Content-Type", "text/plain");
  answer.finish("hello");
  CHECK(answer.flat() ==
        "HTTP/1.1 200 OK\r\nServer: galley\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(answer.finished());
  CHECK(answer.body_size() == 5);
}

TEST_CASE("answer: a body that is appended gives the same bytes as one given whole", "[http]") {
  for (const std::size_t size : {0U, 1U, 9U, 10U, 12345U, 1234567U}) {
    const std::string body(size, 'x');
    Answer whole = make();
    whole.begin(201);
    whole.add("X", "y");
    whole.finish(body);
    Answer appended = make();
    appended.begin(201);
    appended.add("X", "y");
    appended.body() += body;
    appended.finish();
    INFO(size);
    CHECK(appended.flat() == whole.flat());
    CHECK(appended.body_size() == size);
  }
}

TEST_CASE("answer: beginning again drops what was written", "[http]") {
  Answer answer = make();
  answer.begin(200);
  answer.add("X", "secret");
  answer.body() += "half a bo";
  answer.begin(500);
  answer.finish("sorry");
  CHECK(answer.flat() == "HTTP/1.1 500 Internal Server Error\r\nServer: galley\r\nContent-Length: 5\r\n\r\nsorry");
  CHECK(answer.status() == 500);
}

TEST_CASE("answer: HEAD has the length but no body, however it is written", "[http]") {
  const std::string expected = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n";
  const auto body = std::make_shared<const std::string>(20000, 'x');
  Answer answer = make({.head = true});
  answer.begin(200);
  answer.finish(*body);
  CHECK(answer.flat() == expected);
  answer.begin(200);
  answer.body() += *body;
  answer.finish();
  CHECK(answer.flat() == expected);
  CHECK(answer.body_size() == 0);
  answer.begin(200);
  answer.finish_shared(body);
  CHECK(answer.flat() == expected);
  CHECK(answer.shared() == nullptr);
}

TEST_CASE("answer: 204 and 304 have neither body nor length", "[http]") {
  for (const int status : {204, 304}) {
    Answer answer = make({});
    answer.begin(status);
    answer.finish("dropped");
    CHECK(answer.flat().find("Content-Length") == std::string_view::npos);
    CHECK(answer.flat().ends_with("\r\n\r\n"));
    answer.begin(status);
    answer.body() += "dropped";
    answer.finish();
    CHECK(answer.flat().find("Content-Length") == std::string_view::npos);
    CHECK(answer.flat().ends_with("\r\n\r\n"));
    answer.begin(status);
    answer.finish_shared(std::make_shared<const std::string>(20000, 'x'));
    CHECK(answer.shared() == nullptr);
  }
}

TEST_CASE("answer: a value cannot forge a field", "[http]") {
  Answer answer = make({});
  answer.begin(302);
  answer.add("Location", std::string_view("/a\r\nSet-Cookie: b\0c\x7f", 20));
  answer.finish();
  CHECK(answer.flat() == "HTTP/1.1 302 Found\r\nLocation: /a  Set-Cookie: b c \r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("answer: a large shared body is not copied, a small one is", "[http]") {
  const auto large = std::make_shared<const std::string>(Answer::flat_limit + 1, 'x');
  Answer answer = make({});
  answer.begin(200);
  answer.finish_shared(large);
  CHECK(answer.flat() == "HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n");
  CHECK(answer.shared().get() == large.get());
  answer.begin(200);
  answer.finish_shared(std::make_shared<const std::string>("small"));
  CHECK(answer.flat() == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall");
  CHECK(answer.shared() == nullptr);
  CHECK(large.use_count() == 1);
}

TEST_CASE("answer: the connection's fate is told where the version does not imply it", "[http]") {
  const auto connection = [](const Answer::Terms& terms, bool close_after) {
    Answer answer = make(terms);
    answer.begin(200);
    if (close_after) answer.close_after();
    answer.finish();
    return std::string(answer.flat());
  };
  CHECK(connection({}, false).find("Connection") == std::string::npos);
  CHECK(connection({.close = true}, false).find("Connection: close\r\n") != std::string::npos);
  CHECK(connection({}, true).find("Connection: close\r\n") != std::string::npos);
  CHECK(connection({.minor_version = 0}, false).find("Connection: keep-alive\r\n") != std::string::npos);
}

TEST_CASE("answer: a stream is chunked on 1.1 and ends with the connection on 1.0", "[http]") {
  Answer answer = make({});
  answer.begin(200);
  answer.begin_stream();
  CHECK(answer.flat() == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK_FALSE(answer.closes());
  answer.reset({.minor_version = 0});
  answer.begin(200);
  answer.begin_stream();
  CHECK(answer.flat() == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  CHECK(answer.closes());
}

TEST_CASE("answer: every status that the dialects use has its phrase", "[http]") {
  for (const int status : {200, 201, 202, 204, 304, 400, 401, 402, 403, 404, 405, 408, 409,
                           412, 413, 414, 415, 417, 422, 429, 431, 500, 501, 503, 505})
    CHECK_FALSE(reason_phrase(status).empty());
  CHECK(reason_phrase(299).empty());
}

}  // namespace galley::http::test
