#include "net/answer_parser.hpp"

#include <algorithm>

#include <boost/beast/http/error.hpp>

#include "base/encoding.hpp"

namespace galley::net {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t max_chunk_extension = 256;

}  // namespace

AnswerParser::AnswerParser(const HttpRequest& request, HttpResponse& response)
    : request_(request), response_(response) {
  header_limit(static_cast<std::uint32_t>(max_answer_head));
  // Beast refuses a longer body before its first byte; here it is cut, so that the status still counts.
  body_limit(boost::none);
  eager(true);
  // RFC 9112 §6.3: an answer to HEAD has no body, whatever its length says.
  skip(request.method == Method::head);
}

void AnswerParser::refuse(std::string_view fault, Code& error) {
  fault_ = fault;
  error = http::error::bad_field;
}

void AnswerParser::on_response_impl(int status, Text reason, int version, Code& error) {
  head_bytes_ = reason.size() + 15;
  http_1_0_ = version == 10;
  response_.status = status;
  if (status < 100 || status > 599) refuse("its status is not between 100 and 599", error);
}

void AnswerParser::on_field_impl(http::field field, Text name, Text value, Code& error) {
  // Beast's limit holds for what is in the buffer, not for the sum.
  head_bytes_ += name.size() + value.size() + 4;
  if (head_bytes_ > max_answer_head || ++fields_ > max_answer_fields) return refuse("its head is too large", error);
  // RFC 9110 §6.5.1: trailers must not be taken for headers; none is of use here.
  if (in_trailer_) return;
  if (field == http::field::content_length) {
    if (has_length_) return refuse("it has two lengths", error);
    has_length_ = true;
  }
  if (field == http::field::transfer_encoding) {
    if (has_encoding_ || http_1_0_ || !equals_ignoring_case(value, "chunked"))
      return refuse("its Transfer-Encoding is not chunked", error);
    has_encoding_ = true;
  }
  response_.headers.push_back({std::string(name), std::string(value)});
}

void AnswerParser::on_header_impl(Code& error) {
  in_trailer_ = true;
  // RFC 9112 §6.3: perhaps smuggled; what follows on this connection could be anyone's.
  if (has_length_ && has_encoding_) refuse("it has both a length and a Transfer-Encoding", error);
}

void AnswerParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Code&) {
  if (length && !request_.on_body)
    response_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, request_.max_body)));
}

std::size_t AnswerParser::on_body_impl(Text piece, Code& error) {
  const std::size_t room = request_.max_body - body_bytes_;
  const std::string_view taken = std::string_view(piece).substr(0, room);
  body_bytes_ += taken.size();
  bool wanted = true;
  if (!request_.on_body)
    response_.body.append(taken);
  else if (!taken.empty())
    wanted = request_.on_body(taken);
  if (!wanted || piece.size() > room) {
    cut_ = true;
    response_.body_truncated = true;
    error = http::error::body_limit;
  }
  return piece.size();
}

void AnswerParser::on_chunk_header_impl(std::uint64_t, Text extensions, Code& error) {
  if (extensions.size() > max_chunk_extension) refuse("it has a chunk extension that is too long", error);
}

std::size_t AnswerParser::on_chunk_body_impl(std::uint64_t, Text piece, Code& error) {
  return on_body_impl(piece, error);
}

}  // namespace galley::net
