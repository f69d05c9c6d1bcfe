#include "api/igny8/endpoints.hpp"

#include "api/igny8/auth.hpp"
#include "api/igny8/clusters.hpp"
#include "api/igny8/keywords.hpp"
#include "api/igny8/ping.hpp"

namespace galley::api::igny8 {

namespace {

using enum http::Method;

// Nothing here is kept for an Idempotency-Key: requests hold passwords, answers hold tokens.
void add_auth(EndpointTable& table) {
  constexpr auto auth = RateScope::auth;
  table.push_back(endpoint<&register_user>(post, "/api/v1/auth/register/", "registerUser", Access::open, auth,
                                           "Makes an account on the plan free, with its owner and a first project.")
                      .answers(201, Reply::Kind::object, "application/json", &shape_of<LoginView>)
                      .never_kept());
  table.push_back(
      endpoint<&login>(post, "/api/v1/auth/login/", "login", Access::open, auth, "Signs in with e-mail and password.")
          .never_kept());
  // Two addresses that clients of the original know.
  table.push_back(endpoint<&refresh_token>(post, "/api/v1/auth/refresh/", "refreshToken", Access::open, auth,
                                           "Gives a new pair of tokens for a refresh token, which dies.")
                      .never_kept());
  table.push_back(endpoint<&refresh_token>(post, "/api/v1/auth/token/refresh/", "refreshTokenByAlias", Access::open,
                                           auth, "The same as /auth/refresh/.")
                      .never_kept());
  table.push_back(endpoint<&get_me>(get, "/api/v1/auth/me/", "getMe", Access::viewer, auth, "Shows who is signed in."));
  table.push_back(endpoint<&logout>(post, "/api/v1/auth/logout/", "logout", Access::viewer, auth,
                                    "Ends a sign-in, or all of the user's.")
                      .answers(200, Reply::Kind::object, "application/json")
                      .never_kept());
  for (const auto& [path, operation] : {std::pair{"/api/v1/auth/change-password/", "changePassword"},
                                        std::pair{"/api/v1/auth/password/change/", "changePasswordByAlias"}})
    table.push_back(endpoint<&change_password>(post, path, operation, Access::viewer, RateScope::auth_strict,
                                               "Changes the user's password and ends all sign-ins but the new one.")
                        .never_kept());
}

void add_planner(EndpointTable& table) {
  constexpr auto planner = RateScope::planner;
  table.push_back(endpoint<&list_keywords>(get, "/api/v1/planner/keywords/", "listPlannedKeywords", Access::viewer,
                                           planner, "Lists the keywords of all sites."));
  table.push_back(endpoint<&create_keyword>(post, "/api/v1/planner/keywords/", "createPlannedKeyword", Access::editor,
                                            planner, "Adds a keyword to a site."));
  table.push_back(endpoint<&get_keyword>(get, "/api/v1/planner/keywords/{id}/", "getPlannedKeyword", Access::viewer,
                                         planner, "Shows a keyword."));
  table.push_back(endpoint<&replace_keyword>(put, "/api/v1/planner/keywords/{id}/", "replacePlannedKeyword",
                                             Access::editor, planner, "Changes a keyword as a whole."));
  table.push_back(endpoint<&update_keyword>(patch, "/api/v1/planner/keywords/{id}/", "updatePlannedKeyword",
                                            Access::editor, planner, "Changes some of a keyword."));
  table.push_back(endpoint<&delete_keyword>(del, "/api/v1/planner/keywords/{id}/", "deletePlannedKeyword",
                                            Access::editor, planner, "Deletes a keyword; its articles stay."));
  table.push_back(endpoint<&list_clusters>(get, "/api/v1/planner/clusters/", "listClusters", Access::viewer, planner,
                                           "Lists the clusters of all sites, the newest first."));
  table.push_back(endpoint<&create_cluster>(post, "/api/v1/planner/clusters/", "createCluster", Access::editor, planner,
                                            "Makes a cluster."));
  table.push_back(endpoint<&get_cluster>(get, "/api/v1/planner/clusters/{id}/", "getCluster", Access::viewer, planner,
                                         "Shows a cluster."));
  table.push_back(endpoint<&replace_cluster>(put, "/api/v1/planner/clusters/{id}/", "replaceCluster", Access::editor,
                                             planner, "Renames a cluster."));
  table.push_back(endpoint<&update_cluster>(patch, "/api/v1/planner/clusters/{id}/", "updateCluster", Access::editor,
                                            planner, "Renames a cluster."));
  table.push_back(endpoint<&delete_cluster>(del, "/api/v1/planner/clusters/{id}/", "deleteCluster", Access::editor,
                                            planner, "Deletes a cluster; its keywords stay."));
}

}  // namespace

EndpointTable make_endpoints() {
  EndpointTable table;
  table.push_back(endpoint<&ping>(get, "/api/ping/", "ping", Access::open, RateScope::fallback,
                                  "Whether the server answers; open."));
  add_auth(table);
  add_planner(table);
  return table;
}

}  // namespace galley::api::igny8
