// AnswerParser: the bytes of an answer into an HttpResponse, through Beast's parser, with the checks that it leaves
// out.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>

#include "net/http_client.hpp"

namespace galley::net {

// Bytes and fields of an answer's head; trailers count too.
inline constexpr std::size_t max_answer_head = std::size_t{16} * 1024;
inline constexpr std::size_t max_answer_fields = 100;

class AnswerParser final : public boost::beast::http::basic_parser<false> {
 public:
  // Both outlive this. Fills status, headers, body and body_truncated of response.
  AnswerParser(const HttpRequest& request, HttpResponse& response);

  // True where feeding ended because of max_body or on_body: the answer counts, its connection does not.
  bool is_cut() const { return cut_; }
  // What the last error was, in words; empty where the library's own has to do.
  std::string_view fault() const { return fault_; }

 private:
  using Text = boost::beast::string_view;
  using Code = boost::beast::error_code;

  void on_request_impl(boost::beast::http::verb, Text, Text, int, Code&) override {}
  void on_response_impl(int status, Text reason, int version, Code& error) override;
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Code& error) override;
  void on_header_impl(Code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Code& error) override;
  std::size_t on_body_impl(Text piece, Code& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text piece, Code& error) override;
  void on_finish_impl(Code&) override {}

  void refuse(std::string_view fault, Code& error);

  const HttpRequest& request_;
  HttpResponse& response_;
  std::string_view fault_{};  // of a constant
  std::size_t head_bytes_ = 0;
  std::size_t fields_ = 0;
  std::size_t body_bytes_ = 0;
  bool http_1_0_ = false;
  bool in_trailer_ = false;
  bool has_length_ = false;
  bool has_encoding_ = false;
  bool cut_ = false;
};

}  // namespace galley::net
