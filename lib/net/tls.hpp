// TLS of outbound connections: what is trusted, what is checked, and the sessions that are kept to resume.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/url.hpp"

namespace galley::net {

// The newest session of one origin, in one thread's pool. TLS 1.3 sends its tickets after the handshake, so a session
// arrives while the connection is in use.
class TlsSession {
 public:
  // session's reference becomes this object's.
  void store(SSL_SESSION* session) { session_.reset(session); }
  void forget() { session_.reset(); }
  SSL_SESSION* get() const { return session_.get(); }

 private:
  struct Free {
    void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  };
  std::unique_ptr<SSL_SESSION, Free> session_;
};

// The settings that all connections of a client share. Immutable once made, so thread-safe.
class TlsContext {
 public:
  // TLS 1.2 or newer, certificates verified against the system's authorities and trusted_ca_file's (PEM). internal with
  // a cause where they cannot be read.
  static Result<TlsContext> create(const std::optional<std::filesystem::path>& trusted_ca_file);

  boost::asio::ssl::context& context() const { return *context_; }
  // Makes ssl a client for url: SNI, the name or address to verify, the session to offer, and where to keep the new
  // ones. session outlives ssl. False for a broken library or no memory.
  bool prepare(SSL* ssl, const Url& url, TlsSession& session) const;

 private:
  explicit TlsContext(std::unique_ptr<boost::asio::ssl::context> context) : context_(std::move(context)) {}
  std::unique_ptr<boost::asio::ssl::context> context_;
};

// Before an SSL that ended well is dropped without an exchange of closing alerts: or OpenSSL takes the end for an
// attack and its session for unfit to resume.
void mark_shut_down(SSL* ssl);
// Why the handshake failed, for the connection's owner: "certificate has expired", "unable to get local issuer
// certificate"; otherwise the library's word for the error.
std::string handshake_fault(SSL* ssl, const boost::system::error_code& error);

}  // namespace galley::net
