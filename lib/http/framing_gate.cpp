#include "http/framing_gate.hpp"

#include <array>
#include <utility>

#include "base/encoding.hpp"
#include "http/grammar.hpp"

namespace galley::http {
namespace {

using Checked = std::optional<Refusal>;

Checked bad(std::string_view reason) {
  return Refusal{RefusalKind::bad_frame, reason};
}

Method method_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Method>, 7> known{{{"GET", Method::get},
                                                                      {"HEAD", Method::head},
                                                                      {"POST", Method::post},
                                                                      {"PUT", Method::put},
                                                                      {"PATCH", Method::patch},
                                                                      {"DELETE", Method::del},
                                                                      {"OPTIONS", Method::options}}};
  for (const auto& [name, method] : known)
    if (name == text) return method;
  return Method::other;
}

// Reads a head line by line. Each function leaves in request_ what it could read before the offence.
class HeadReader {
 public:
  HeadReader(std::string_view head, const HeadLimits& limits, Request& request)
      : rest_(head), limits_(limits), request_(request) {}

  Checked read() {
    std::vector<Header> headers = std::move(request_.headers);  // its capacity serves the next request
    headers.clear();
    request_ = Request{};
    request_.headers = std::move(headers);
    if (const Checked refusal = read_request_line()) return refusal;
    if (const Checked refusal = read_fields()) return refusal;
    return settle();
  }

 private:
  // The next line without its end; nothing where it does not end in CRLF or holds another CR or LF.
  std::optional<std::string_view> next_line() {
    const std::size_t feed = rest_.find('\n');
    if (feed == std::string_view::npos || feed == 0 || rest_[feed - 1] != '\r') return std::nullopt;
    const std::string_view line = rest_.substr(0, feed - 1);
    rest_.remove_prefix(feed + 1);
    return line;
  }

  Checked read_request_line() {
    // A line that is cut short is read as far as it goes, for the path; its missing end is refused behind it.
    const std::optional<std::string_view> whole = next_line();
    const std::string_view line = whole ? *whole : rest_;
    const std::size_t method_end = line.find(' ');
    request_.method_text = line.substr(0, method_end);
    if (!grammar::is_token(request_.method_text) || request_.method_text.size() > 32)
      return bad("The method is not a token.");
    if (method_end == std::string_view::npos) return bad("The request line has no target.");
    request_.method = method_of(request_.method_text);
    const std::string_view after = line.substr(method_end + 1);
    const std::size_t target_end = after.find(' ');
    if (target_end == std::string_view::npos && !whole) return bad("The request line is cut short.");
    if (const Checked refusal = read_target(after.substr(0, target_end))) return refusal;
    if (!whole) return bad("The request line does not end in a carriage return and a line feed.");
    if (target_end == std::string_view::npos) return bad("The request line has no version.");
    return read_version(after.substr(target_end + 1));
  }

  Checked read_target(std::string_view target) {
    if (target.size() > limits_.target)
      return Refusal{RefusalKind::target_too_long, "The request target is longer than this server reads."};
    request_.target = target;
    if (target == "*") {
      if (request_.method != Method::options) return bad("Only OPTIONS may ask for \"*\".");
      request_.path = target;
      return std::nullopt;
    }
    if (target.starts_with('/')) return read_path(target);
    if (target.size() > 7 && equals_ignoring_case(target.substr(0, 7), "http://")) {
      const std::string_view rest = target.substr(7);
      const std::size_t end = rest.find_first_of("/?#");
      authority_ = rest.substr(0, end);
      if (!grammar::is_authority(authority_)) return bad("The authority of the request target is malformed.");
      return read_path(end == std::string_view::npos ? std::string_view() : rest.substr(end));
    }
    return bad("The request target is neither a path nor an http address.");
  }

  Checked read_path(std::string_view text) {
    const std::size_t mark = text.find('?');
    const std::string_view path = text.substr(0, mark);
    if (!grammar::is_path(path)) return bad("The path holds a character or an escape that is not allowed there.");
    // RFC 9110 §4.2.3: an absolute address without a path asks for "/".
    request_.path = path.empty() ? std::string_view("/") : path;
    if (mark == std::string_view::npos) return std::nullopt;
    const std::string_view query = text.substr(mark + 1);
    if (!grammar::is_query(query)) return bad("The query holds a character that is not allowed there.");
    request_.query = query;
    return std::nullopt;
  }

  Checked read_version(std::string_view version) {
    if (version == "HTTP/1.1") return std::nullopt;
    if (version == "HTTP/1.0") {
      request_.minor_version = 0;
      request_.keep_alive = false;
      return std::nullopt;
    }
    auto digit = [version](std::size_t at) { return version[at] >= '0' && version[at] <= '9'; };
    if (version.size() == 8 && version.starts_with("HTTP/") && digit(5) && version[6] == '.' && digit(7))
      return Refusal{RefusalKind::version_unsupported, "This server speaks HTTP/1.1 and HTTP/1.0."};
    return bad("The version of the request line is malformed.");
  }

  Checked read_fields() {
    while (true) {
      const std::optional<std::string_view> line = next_line();
      if (!line) return bad("A header line does not end in a carriage return and a line feed.");
      if (line->empty()) return rest_.empty() ? std::nullopt : bad("The head goes on behind its empty line.");
      if (request_.headers.size() == limits_.fields)
        return Refusal{RefusalKind::head_too_large, "The request has more header fields than this server reads."};
      if (const Checked refusal = read_field(*line)) return refusal;
    }
  }

  Checked read_field(std::string_view line) {
    if (line.front() == ' ' || line.front() == '\t') return bad("A header line is folded.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return bad("A header line has no colon.");
    const Header field{line.substr(0, colon), grammar::trim_space(line.substr(colon + 1))};
    if (!grammar::is_token(field.name)) return bad("A header name is not a token.");
    if (!grammar::is_field_value(field.value)) return bad("A header value holds a control character.");
    request_.headers.push_back(field);
    return note(field);
  }

  // The fields that decide where a message ends, whom it is for and who sends it.
  Checked note(const Header& field) {
    const auto is = [&field](std::string_view name) { return equals_ignoring_case(field.name, name); };
    switch (field.name.size()) {
      case 4:
        if (is("Host")) return note_host(field.value);
        break;
      case 6:
        if (is("Expect")) expect_ = field.value;
        break;
      case 10:
        if (is("Connection")) note_connection(field.value);
        break;
      case 12:
        if (is("Content-Type") && std::exchange(has_type_, true)) return bad("There is more than one Content-Type.");
        break;
      case 13:
        if (is("Authorization") && std::exchange(has_credentials_, true))
          return bad("There is more than one Authorization.");
        break;
      case 14:
        if (is("Content-Length")) return note_length(field.value);
        break;
      case 17:
        if (is("Transfer-Encoding")) return note_coding(field.value);
        break;
    }
    return std::nullopt;
  }

  Checked note_host(std::string_view value) {
    if (std::exchange(has_host_, true)) return bad("There is more than one Host.");
    if (!grammar::is_authority(value)) return bad("The Host is malformed.");
    request_.host = value;
    return std::nullopt;
  }

  void note_connection(std::string_view value) {
    if (grammar::list_has(value, "close")) closes_ = true;
    if (grammar::list_has(value, "keep-alive")) keeps_ = true;
  }

  Checked note_length(std::string_view value) {
    if (request_.content_length) return bad("There is more than one Content-Length.");
    request_.content_length = grammar::to_length(value);
    if (!request_.content_length) return bad("The Content-Length is not a plain decimal number.");
    return std::nullopt;
  }

  Checked note_coding(std::string_view value) {
    if (std::exchange(has_coding_, true)) return bad("There is more than one Transfer-Encoding.");
    if (request_.minor_version == 0) return bad("HTTP/1.0 has no Transfer-Encoding.");
    request_.chunked = equals_ignoring_case(value, "chunked");
    if (request_.chunked) return std::nullopt;
    if (!grammar::is_token(value)) return bad("The Transfer-Encoding is not \"chunked\" alone.");
    return Refusal{RefusalKind::transfer_coding_unknown, "The only Transfer-Encoding read here is \"chunked\"."};
  }

  // What only the whole head can tell.
  Checked settle() {
    if (request_.chunked && request_.content_length)
      return bad("There are both a Content-Length and a Transfer-Encoding.");
    if (!has_host_ && request_.minor_version == 1) return bad("HTTP/1.1 requires a Host.");
    if (!authority_.empty()) {
      if (has_host_ && !equals_ignoring_case(authority_, request_.host))
        return bad("The Host differs from the authority of the request target.");
      request_.host = authority_;
    }
    if (closes_)
      request_.keep_alive = false;
    else if (keeps_)
      request_.keep_alive = true;
    // RFC 9110 §10.1.1: an expectation in an HTTP/1.0 request is ignored.
    if (!expect_.empty() && request_.minor_version == 1) {
      if (!equals_ignoring_case(expect_, "100-continue"))
        return Refusal{RefusalKind::expectation_unknown, "The only Expect known here is \"100-continue\"."};
      request_.expects_continue = request_.has_body();
    }
    return std::nullopt;
  }

  std::string_view rest_;
  const HeadLimits& limits_;
  Request& request_;
  std::string_view authority_;
  std::string_view expect_;
  bool has_host_ = false;
  bool has_coding_ = false;
  bool has_type_ = false;
  bool has_credentials_ = false;
  bool closes_ = false;
  bool keeps_ = false;
};

}  // namespace

HeadScan::State HeadScan::refuse(RefusalKind kind, std::string_view reason) {
  refusal_ = {kind, reason};
  return State::refused;
}

HeadScan::State HeadScan::feed(std::string_view bytes, const HeadLimits& limits) {
  if (begin_ == 0 && bytes.starts_with("\r\n")) begin_ = seen_ = line_ = 2;
  // TLS, SSH, binary rubbish and "\r" without its "\n" are known by their first byte: no need to wait for a line.
  if (begin_ == 0 && bytes.starts_with('\r') && bytes.size() == 1) return State::incomplete;
  if (bytes.size() > begin_ && !grammar::is_token_character(bytes[begin_]))
    return refuse(RefusalKind::bad_frame, "The request does not begin with a method.");
  while (true) {
    const std::size_t feed = bytes.find('\n', seen_);
    // The "GET " and " HTTP/1.1" around a target of the greatest length still fit.
    const std::size_t line_end = feed == std::string_view::npos ? bytes.size() : feed;
    if (first_line_ && line_end - line_ > limits.target + 64)
      return refuse(RefusalKind::target_too_long, "The request target is longer than this server reads.");
    if (line_end - begin_ >= limits.bytes)
      return refuse(RefusalKind::head_too_large, "The head of the request is larger than this server reads.");
    if (feed == std::string_view::npos) {
      seen_ = bytes.size();
      return State::incomplete;
    }
    if (feed == line_ || bytes[feed - 1] != '\r')
      return refuse(RefusalKind::bad_frame, "A line ends without a carriage return.");
    seen_ = feed + 1;
    if (feed == line_ + 1) {
      end_ = seen_;
      return State::complete;
    }
    line_ = seen_;
    first_line_ = false;
  }
}

std::optional<Refusal> read_head(std::string_view head, const HeadLimits& limits, Request& request) {
  return HeadReader(head, limits, request).read();
}

}  // namespace galley::http
