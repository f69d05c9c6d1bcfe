// Tokens that this server did not give, or did not give for this: none opens anything, in either dialect. Some of them
// are signed with the server's very key.
#include <catch2/catch.hpp>

#include "api/planned_site.hpp"
#include "base/crypto.hpp"
#include "base/encoding.hpp"
#include "support/figure.hpp"

namespace galley::test {
namespace {

std::string token_of(std::string_view header, std::string_view claims, const Secret& secret) {
  std::string text = to_base64url(header) + "." + to_base64url(claims);
  const Digest digest = hmac_sha256(secret.reveal(), text);
  return text + "." + to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

struct Forger : PlannedSite {
  std::string access = api.key();
  SigningKey key = *server.store().read([](const Transaction& transaction) -> Result<SigningKey> {
    return GALLEY_TRY(transaction.sessions().signing_keys()).front();
  });
  std::string head = R"({"alg":"HS256","typ":"JWT","kid":")" + key.id.text() + R"("})";
  std::int64_t user = api.get("/api/v1/auth/me/").number("data.id");

  std::string claims(const std::string& type = R"("access")", const std::string& expiry = "9999999999",
                     const std::string& who = "") const {
    return R"({"user_id":)" + (who.empty() ? std::to_string(user) : who) + R"(,"account_id":1,"type":)" + type +
           R"(,"jti":"x","iat":9999999000,"exp":)" + expiry + "}";
  }
};

TEST_CASE("igny8: of sixty forged tokens none opens anything in either dialect", "[api][igny8]") {
  Forger f;
  const auto open = [&](const std::string& token) {
    int opened = 0;
    for (const char* path : {"/api/v1/auth/me/", "/api/v1/planner/keywords/", "/api/v1/projects"})
      opened += static_cast<int>(f.server.client(token).get(path).status != 401);
    return opened;
  };
  // What the key really signs is taken: else the test would say nothing.
  REQUIRE(open(token_of(f.head, f.claims(), f.key.secret)) == 3);
  REQUIRE(open(f.access) == 3);

  const std::size_t seal = f.access.rfind('.');
  std::vector<std::string> forged;
  for (const char* alg : {R"("none")", R"("None")", R"("hs256")", R"("HS384")", R"("HS512")", R"("RS256")", R"("")",
                          "null", "1", R"(["HS256"])", R"({"a":"HS256"})", "true"}) {
    const std::string head = R"({"alg":)" + std::string(alg) + R"(,"kid":")" + f.key.id.text() + R"("})";
    forged.push_back(token_of(head, f.claims(), f.key.secret));
    forged.push_back(to_base64url(head) + "." + to_base64url(f.claims()) + ".");
  }
  for (const char* kid : {R"("sig_000000000000")", R"("")", "null", "1", R"("../../etc/passwd")", R"("' OR 1=1 --")"})
    forged.push_back(
        token_of(R"({"alg":"HS256","kid":)" + std::string(kid) + "}", f.claims(), Secret("not the server's key")));
  for (const char* type : {R"("refresh")", R"("Access")", R"("")", "null", "1", R"(["access"])"})
    forged.push_back(token_of(f.head, f.claims(type), f.key.secret));
  for (const char* expiry : {"1", "-1", "null", R"("9999999999")", "{}"})
    forged.push_back(token_of(f.head, f.claims(R"("access")", expiry), f.key.secret));
  for (const char* who : {"0", "-1", "999999", R"("1")", "null", "1.5", "9007199254740993"})
    forged.push_back(token_of(f.head, f.claims(R"("access")", "9999999999", who), f.key.secret));
  for (const char* text : {"", "{}", "[]", "null", "not JSON", R"({"user_id":1,"user_id":2})"})
    forged.push_back(token_of(f.head, text, f.key.secret));
  for (const std::string& secret : {std::string(), std::string("secret"), std::string(32, '\0'), f.key.id.text()})
    forged.push_back(token_of(f.head, f.claims(), Secret(secret)));
  forged.push_back(f.access.substr(0, seal));
  forged.push_back(f.access.substr(0, seal + 1));
  forged.push_back(f.access + "=");
  forged.push_back(f.access + ".x");
  forged.push_back(f.access.substr(0, f.access.size() - 4));
  forged.push_back(std::string(4000, 'e') + f.access);

  int opened = 0;
  for (const std::string& token : forged) {
    CAPTURE(token);
    const int here = open(token);
    CHECK(here == 0);
    opened += here;
  }
  CHECK(forged.size() >= 60);
  print_figure("tokens: " + std::to_string(forged.size()) + " forged against the API, " + std::to_string(opened) +
               " requests let in");
}

}  // namespace
}  // namespace galley::test
