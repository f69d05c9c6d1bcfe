#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace galley::net {
namespace {

int session_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* slot = static_cast<TlsSession*>(SSL_get_ex_data(ssl, session_index()));
  if (slot == nullptr) return 0;
  slot->store(session);
  return 1;  // the reference is ours
}

Error unreadable(std::string what, const boost::system::error_code& error) {
  return internal_error(std::move(what) + ": " + error.message());
}

}  // namespace

Result<TlsContext> TlsContext::create(const std::optional<std::filesystem::path>& trusted_ca_file) {
  auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  SSL_CTX* native = context->native_handle();
  if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1) return internal_error("OpenSSL has no TLS 1.2");
  // Renegotiation is of no use to a client, and compression leaks secrets (CRIME).
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // NO_INTERNAL: the cache is per origin, so that a session never travels to another host.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(native, keep_session);
  boost::system::error_code error;
  context->set_default_verify_paths(error);
  if (error) return unreadable("the system's certificate authorities", error);
  if (trusted_ca_file) {
    context->load_verify_file(trusted_ca_file->string(), error);
    if (error) return unreadable("trusted CA file " + trusted_ca_file->string(), error);
  }
  return TlsContext(std::move(context));
}

bool TlsContext::prepare(SSL* ssl, const Url& url, TlsSession& session) const {
  X509_VERIFY_PARAM* checks = SSL_get0_param(ssl);
  if (url.literal) {
    // RFC 6066 §3: no SNI for addresses.
    if (X509_VERIFY_PARAM_set1_ip_asc(checks, url.host.c_str()) != 1) return false;
  } else {
    X509_VERIFY_PARAM_set_hostflags(checks, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(checks, url.host.c_str(), url.host.size()) != 1) return false;
    if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(url.host.c_str())) !=
        1)
      return false;
  }
  if (SSL_set_ex_data(ssl, session_index(), &session) != 1) return false;
  if (session.get() != nullptr) SSL_set_session(ssl, session.get());
  return true;
}

void mark_shut_down(SSL* ssl) {
  SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

std::string handshake_fault(SSL* ssl, const boost::system::error_code& error) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  return error.message();
}

}  // namespace galley::net
