#include "domain/cms_connector.hpp"

#include <catch2/catch.hpp>

using namespace galley;

TEST_CASE("connector: taking the value of a failure is a bug and throws", "[domain]") {
  const ConnectorResult<RemotePost> failed = ConnectorError{.error = unavailable("The CMS did not answer.")};
  CHECK_THROWS_WITH(failed.value(), Catch::Contains("The CMS did not answer."));
  const ConnectorResult<RemotePost> good = RemotePost{.external_id = "7"};
  CHECK(good.value().external_id == "7");
}
