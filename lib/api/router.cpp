#include "api/router.hpp"

#include <algorithm>
#include <stdexcept>

namespace galley::api {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> parameter;
  std::string suffix;  // of the parameter: "{page}.xml" has ".xml"
  std::map<http::Method, const Endpoint*> endpoints;
  std::string allow;
};

namespace {

// The next segment of "a/b/c", cut off its path.
std::string_view take_segment(std::string_view& path) {
  const std::size_t slash = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(std::min(slash + 1, path.size()));
  return segment;
}

}  // namespace

Router::Router(const std::vector<const EndpointTable*>& tables) : root_(std::make_unique<Node>()) {
  for (const EndpointTable* table : tables)
    for (const Endpoint& endpoint : *table)
      add(endpoint);
}

Router::~Router() = default;

std::string Router::allow_of(const Node& node) {
  std::vector<std::string> methods;
  for (const auto& [method, endpoint] : node.endpoints) {
    methods.emplace_back(http::to_text(method));
    if (method == http::Method::get) methods.emplace_back(http::to_text(http::Method::head));
  }
  std::sort(methods.begin(), methods.end());
  std::string allow;
  for (const std::string& method : methods)
    allow += (allow.empty() ? "" : ", ") + method;
  return allow;
}

void Router::add(const Endpoint& endpoint) {
  Node* node = root_.get();
  std::string_view path = endpoint.path.substr(1);
  if (std::count(path.begin(), path.end(), '{') > static_cast<std::ptrdiff_t>(max_path_parameters))
    throw std::logic_error("too many parameters: " + std::string(endpoint.path));
  while (!path.empty()) {
    const std::string_view segment = take_segment(path);
    std::unique_ptr<Node>* next = nullptr;
    if (segment.front() == '{') {
      const std::string_view suffix = segment.substr(segment.find('}') + 1);
      next = &node->parameter;
      if (*next && (*next)->suffix != suffix)
        throw std::logic_error("two parameters at one place: " + std::string(endpoint.path));
      if (!*next) {
        *next = std::make_unique<Node>();
        (*next)->suffix = suffix;
      }
    } else {
      next = &node->literals[std::string(segment)];
      if (!*next) *next = std::make_unique<Node>();
    }
    node = next->get();
  }
  if (!node->endpoints.emplace(endpoint.method, &endpoint).second)
    throw std::logic_error("two endpoints for " + std::string(endpoint.path));
  node->allow = allow_of(*node);
}

std::optional<Match> Router::find(http::Method method, std::string_view path) const {
  if (path.empty() || path.front() != '/') return std::nullopt;
  path.remove_prefix(1);
  if (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const Node* node = root_.get();
  Match match;
  std::size_t parameters = 0;
  while (!path.empty()) {
    const bool more = path.find('/') != std::string_view::npos;
    std::string_view segment = take_segment(path);
    if (const auto literal = node->literals.find(segment); literal != node->literals.end()) {
      node = literal->second.get();
    } else if (node->parameter && !segment.empty() && segment.ends_with(node->parameter->suffix) &&
               segment.size() > node->parameter->suffix.size()) {
      node = node->parameter.get();
      segment.remove_suffix(node->suffix.size());
      match.parameters[parameters++] = segment;
    } else {
      return std::nullopt;
    }
    if (more && path.empty()) return std::nullopt;  // "…//"
  }
  if (node->endpoints.empty()) return std::nullopt;
  match.allow = node->allow;
  if (method == http::Method::head) method = http::Method::get;
  const auto found = node->endpoints.find(method);
  if (found != node->endpoints.end()) match.endpoint = found->second;
  return match;
}

}  // namespace galley::api
