#include "service/api_key_form.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace galley;
using service::digest_of_api_key;
using service::make_api_key;

TEST_CASE("api key: the prefix, 43 random characters and a checksum, never twice the same", "[service]") {
  const Secret key = make_api_key();
  const std::string_view text = key.reveal();
  CHECK(text.starts_with("icf_live_"));
  CHECK(text.size() == 9 + 43 + 6);
  CHECK(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
        std::string_view::npos);
  CHECK(make_api_key().reveal() != text);
  CHECK(digest_of_api_key(text) == sha256(text));
}

TEST_CASE("api key: a typo anywhere is caught before a look-up", "[service]") {
  const std::string text(make_api_key().reveal());
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string mistyped = text;
    mistyped[i] = mistyped[i] == 'x' ? 'y' : 'x';
    INFO(i);
    CHECK_FALSE(digest_of_api_key(mistyped));
  }
  for (const std::string& wrong : {std::string(), text.substr(1), text + "A", text.substr(0, text.size() - 1),
                                   " " + text, std::string("icf_live_"), std::string(58, '\0')})
    CHECK_FALSE(digest_of_api_key(wrong));
}
