#include "mail/smtp_relay.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <new>

#include "base/clock.hpp"
#include "base/encoding.hpp"
#include "mail/curl_library.hpp"

namespace galley::mail {

namespace {

constexpr long connect_seconds = 10;
constexpr long whole_seconds = 30;

struct EndUrl {
  void operator()(CURLU* url) const { curl_library()->url_cleanup(url); }
};
struct EndHandle {
  void operator()(CURL* handle) const { curl_library()->easy_cleanup(handle); }
};
struct EndList {
  void operator()(curl_slist* list) const { curl_library()->slist_free_all(list); }
};
struct EndMime {
  void operator()(curl_mime* mime) const { curl_library()->mime_free(mime); }
};
struct EndText {
  void operator()(char* text) const { curl_library()->free(text); }
};
using Lines = std::unique_ptr<curl_slist, EndList>;

// Empty where the part is not there.
std::string part_of(CURLU* url, CURLUPart part, unsigned flags) {
  char* text = nullptr;
  if (curl_library()->url_get(url, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, EndText> owner(text);
  return text;
}

void append(Lines& lines, const std::string& line) {
  curl_slist* longer = curl_library()->slist_append(lines.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(lines.release());
  lines.reset(longer);
}

// "Mon, 30 Mar 2026 15:00:00 +0000": RFC 5322 §3.3.
std::string date_of(Time time) {
  return to_http_date(time).substr(0, 25) + " +0000";
}

std::string with_line_ends(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Lines headers_of(const Letter& letter, const SmtpServer& server) {
  Lines lines;
  append(lines, "Date: " + date_of(letter.date));
  append(lines, "From: " + server.from);
  append(lines, "To: <" + letter.to + ">");
  append(lines, "Subject: " + letter.subject);
  append(lines, "Message-ID: <" + letter.id + server.sender.substr(server.sender.rfind('@')) + ">");
  // RFC 3834: nobody's vacation answers.
  append(lines, "Auto-Submitted: auto-generated");
  return lines;
}

// libcurl hands each line of the server's on; the last one says what it made of the letter.
std::size_t keep_line(const char* line, std::size_t, std::size_t size, void* kept) {
  constexpr std::size_t longest = 500;
  static_cast<std::string*>(kept)->assign(trim_ascii(std::string_view(line, std::min(size, longest))));
  return size;
}

// What a later try may mend: the server is not there, is busy, or wants another login, which the operator will set.
bool may_pass(CURLcode code, long answered) {
  const bool refused = answered >= 500 && answered <= 599;
  return !refused || code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED || answered == 530 || answered == 535;
}

Result<void> outcome_of(CURLcode code, long answered, std::string said) {
  if (code == CURLE_OK) return {};
  if (said.empty()) said = curl_library()->easy_strerror(code);
  const std::string number = answered > 0 ? " (" + std::to_string(answered) + ")" : "";
  if (may_pass(code, answered))
    return Error{.code = ErrorCode::unavailable,
                 .message = "the mail server did not take the letter" + number,
                 .cause = std::move(said)};
  return Error{.code = ErrorCode::connection_rejected,
               .message = "the mail server refused the letter" + number,
               .cause = std::move(said)};
}

}  // namespace

Result<SmtpServer> parse_smtp_url(std::string_view text) {
  constexpr std::string_view field = "smtp-url";
  const auto bad = [&](std::string_view reason) { return invalid(std::string(field), std::string(reason)); };
  const CurlLibrary* const library = curl_library();
  if (library == nullptr) return bad("needs libcurl, which is not installed (package libcurl4)");
  const std::unique_ptr<CURLU, EndUrl> url(library->url());
  if (!url) throw std::bad_alloc();
  if (library->url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return bad("must be a URL such as smtp://user:password@mail.example.com:587");
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME, 0);
  if (scheme != "smtp" && scheme != "smtps") return bad("must begin with smtp:// or smtps://");
  const std::string path = part_of(url.get(), CURLUPART_PATH, 0);
  if ((path != "/" && !path.empty()) || !part_of(url.get(), CURLUPART_QUERY, 0).empty())
    return bad("must end with the host and its port");
  const std::string host = part_of(url.get(), CURLUPART_HOST, 0);
  const std::string port = part_of(url.get(), CURLUPART_PORT, 0);
  SmtpServer server{.url = scheme + "://" + host + (port.empty() ? "" : ":" + port),
                    .user = part_of(url.get(), CURLUPART_USER, CURLU_URLDECODE),
                    .password = Secret(part_of(url.get(), CURLUPART_PASSWORD, CURLU_URLDECODE))};
  server.on_this_machine = host == "localhost" || host.starts_with("127.") || host == "[::1]";
  return server;
}

Result<void> set_sender(SmtpServer& server, std::string_view from) {
  std::string_view sender = from;
  if (const std::size_t open = from.rfind('<'); open != std::string_view::npos && from.ends_with('>'))
    sender = from.substr(open + 1, from.size() - open - 2);
  const std::size_t at = sender.rfind('@');
  // RFC 5322 §3.2.3: what else a name may hold has to be quoted, or it would end the name.
  const std::string_view name = from.substr(0, static_cast<std::size_t>(sender.data() - from.data()));
  const bool quoted = name.starts_with('"') && name.find("\" <", 1) == name.size() - 3;
  const bool named = quoted || name.substr(0, name.find('<')).find_first_of("\"(),:;@[]\\>") == std::string_view::npos;
  const bool good = named && is_plain(from) && at != std::string_view::npos && at > 0 && at + 1 < sender.size() &&
                    sender.find_first_of(" <>\",;") == std::string_view::npos;
  if (!good)
    return invalid("smtp-from",
                   "must be an address in ASCII, such as galley@example.com or Galley <galley@example.com>");
  server.from = sender == from ? "<" + std::string(from) + ">" : std::string(from);
  server.sender = sender;
  return {};
}

Result<void> SmtpRelay::send(const Letter& letter) {
  if (!is_plain(letter.subject) || letter.to.find_first_of("\r\n<>") != std::string::npos)
    return internal_error("a letter whose head would not be one");
  const CurlLibrary* const library = curl_library();
  if (library == nullptr) return unavailable("libcurl is not installed");
  const std::unique_ptr<CURL, EndHandle> handle(library->easy_init());
  if (!handle) throw std::bad_alloc();
  CURL* const curl = handle.get();
  const std::unique_ptr<curl_mime, EndMime> mime(library->mime_init(curl));
  if (!mime) throw std::bad_alloc();
  const Lines headers = headers_of(letter, server_);
  Lines recipients;
  append(recipients, "<" + letter.to + ">");
  const std::string text = with_line_ends(letter.text.reveal());
  curl_mimepart* const part = library->mime_addpart(mime.get());
  if (part == nullptr || library->mime_data(part, text.c_str(), text.size()) != CURLE_OK ||
      library->mime_type(part, "text/plain; charset=utf-8") != CURLE_OK ||
      library->mime_encoder(part, "quoted-printable") != CURLE_OK)
    throw std::bad_alloc();

  std::array<char, CURL_ERROR_SIZE> said{};
  std::string last_line;
  CURLcode set = CURLE_OK;
  const auto option = [&](CURLoption name, auto value) {
    if (set == CURLE_OK) set = library->easy_setopt(curl, name, value);
  };
  option(CURLOPT_ERRORBUFFER, said.data());
  option(CURLOPT_HEADERFUNCTION, &keep_line);
  option(CURLOPT_HEADERDATA, &last_line);
  option(CURLOPT_URL, server_.url.c_str());
  option(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  // What the environment says of proxies is about the web.
  option(CURLOPT_PROXY, "");
  option(CURLOPT_NOSIGNAL, 1L);
  option(CURLOPT_CONNECTTIMEOUT, connect_seconds);
  option(CURLOPT_TIMEOUT, whole_seconds);
  option(CURLOPT_USE_SSL, static_cast<long>(server_.on_this_machine ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  option(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (server_.trusted_ca) {
    // Beside those of the system, which are given as a folder: a file replaces them.
    option(CURLOPT_CAINFO, server_.trusted_ca->c_str());
    option(CURLOPT_CAPATH, "/etc/ssl/certs");
  }
  const std::string password(server_.password.reveal());
  if (!server_.user.empty()) {
    option(CURLOPT_USERNAME, server_.user.c_str());
    option(CURLOPT_PASSWORD, password.c_str());
  }
  const std::string sender = "<" + server_.sender + ">";
  option(CURLOPT_MAIL_FROM, sender.c_str());
  option(CURLOPT_MAIL_RCPT, recipients.get());
  option(CURLOPT_HTTPHEADER, headers.get());
  option(CURLOPT_MIMEPOST, mime.get());
  if (set != CURLE_OK) return internal_error(std::string("libcurl: ") + library->easy_strerror(set));

  const CURLcode code = library->easy_perform(curl);
  long answered = 0;
  library->easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answered);
  return outcome_of(code, answered, said.data() + (last_line.empty() ? "" : "; the server: " + last_line));
}

}  // namespace galley::mail
