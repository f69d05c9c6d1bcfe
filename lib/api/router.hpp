// Finds the endpoint of a path and method: a tree of path segments, built once.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.hpp"

namespace galley::api {

struct Match {
  const Endpoint* endpoint = nullptr;  // null: the path is known, but not with this method
  std::array<std::string_view, max_path_parameters> parameters{};
  std::string_view allow{};  // "DELETE, GET, HEAD, PATCH": of the path
};

class Router {
 public:
  // Rows outlive this. Throws for two rows of the same path and method, and for more
  // than max_path_parameters: bugs in the table.
  explicit Router(const std::vector<const EndpointTable*>& tables);
  ~Router();

  // Nothing for an unknown path. One trailing slash is ignored; a literal segment wins over a {parameter}; HEAD finds
  // GET's row.
  std::optional<Match> find(http::Method method, std::string_view path) const;

 private:
  struct Node;
  void add(const Endpoint& endpoint);
  static std::string allow_of(const Node& node);

  std::unique_ptr<Node> root_;
};

}  // namespace galley::api
