// TestAuthority: a certificate authority that a test makes for itself, and the certificates that it signs, good and
// bad.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace galley::test {

struct TestCertificate {
  std::string certificate_pem;
  std::string private_key_pem;
};

class TestAuthority {
 public:
  TestAuthority() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(nullptr, X509_free) {
    certificate_ =
        make("Galley test authority", *key_, "critical,CA:TRUE", "", std::chrono::hours(-1), std::chrono::hours(24));
    sign(*certificate_);
    std::string pattern = (std::filesystem::temp_directory_path() / "galley-ca-XXXXXX").string();
    const int descriptor = ::mkstemp(pattern.data());
    if (descriptor < 0) throw std::runtime_error("no temporary file");
    ::close(descriptor);
    file_ = pattern;
    std::ofstream(file_) << to_pem(*certificate_);
  }
  ~TestAuthority() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  // PEM; gone with this object.
  const std::filesystem::path& file() const { return file_; }

  // names: OpenSSL's subjectAltName: "DNS:hooks.example", "IP:127.0.0.1". From and until are relative to now.
  TestCertificate issue(const std::string& names, std::chrono::seconds from = std::chrono::hours(-1),
                        std::chrono::seconds until = std::chrono::hours(24)) const {
    return issue(Key(EVP_EC_gen("P-256"), EVP_PKEY_free), names, from, until);
  }
  // With a key that is too short to be trusted: RSA of 1,024 bits.
  TestCertificate issue_weak(const std::string& names) const {
    return issue(Key(EVP_RSA_gen(1024), EVP_PKEY_free), names, std::chrono::hours(-1), std::chrono::hours(24));
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

  TestCertificate issue(const Key& key, const std::string& names, std::chrono::seconds from,
                        std::chrono::seconds until) const {
    const Certificate certificate = make("leaf", *key, "critical,CA:FALSE", names, from, until);
    sign(*certificate);
    const Bio out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {.certificate_pem = to_pem(*certificate), .private_key_pem = text_of(*out)};
  }

  static std::string text_of(BIO& bio) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(&bio, &text);
    return {text, static_cast<std::size_t>(size)};
  }

  static std::string to_pem(X509& certificate) {
    const Bio out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(out.get(), &certificate);
    return text_of(*out);
  }

  static void extend(X509& certificate, int kind, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("bad extension " + value);
    X509_add_ext(&certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static Certificate make(const std::string& name, EVP_PKEY& key, const std::string& constraints,
                          const std::string& names, std::chrono::seconds from, std::chrono::seconds until) {
    static int serial = 1;
    Certificate certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), static_cast<long>(from.count()));
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), static_cast<long>(until.count()));
    X509_set_pubkey(certificate.get(), &key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    extend(*certificate, NID_basic_constraints, constraints);
    if (!names.empty()) extend(*certificate, NID_subject_alt_name, names);
    return certificate;
  }

  void sign(X509& certificate) const {
    X509_set_issuer_name(&certificate, X509_get_subject_name(certificate_.get()));
    if (X509_sign(&certificate, key_.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  }

  Key key_;
  Certificate certificate_;
  std::filesystem::path file_;
};

}  // namespace galley::test
