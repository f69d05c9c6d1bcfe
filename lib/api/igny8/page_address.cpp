#include "api/igny8/page_address.hpp"

#include <algorithm>

#include "base/encoding.hpp"

namespace galley::api::igny8 {

namespace {

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':' || c == '[' || c == ']' || c == '_';
  });
}

// The first of a list: what the outermost proxy was asked.
std::string_view first_of(std::string_view list) {
  return trim_ascii(list.substr(0, list.find(',')));
}

std::string origin_of(const Call& call) {
  const http::Request& request = call.request();
  std::string_view scheme = "http";
  std::string_view host = request.host;
  if (call.from_proxy) {
    if (first_of(request.header("X-Forwarded-Proto").value_or("")) == "https") scheme = "https";
    const std::string_view forwarded = first_of(request.header("X-Forwarded-Host").value_or(""));
    if (is_host(forwarded)) host = forwarded;
  }
  return std::string(scheme) + "://" + std::string(host);
}

std::string address(const Call& call, int page) {
  std::string text = origin_of(call);
  text += call.request().path;
  text += "?page=" + std::to_string(page);
  for (const auto& [name, value] : call.query)
    if (name != "page") text += "&" + percent_encode(name) + "=" + percent_encode(value);
  return text;
}

}  // namespace

PageAddresses page_addresses(const Call& call, const Reply::Paging& paging) {
  PageAddresses addresses;
  if (std::int64_t{paging.page} * paging.size < paging.total) addresses.next = address(call, paging.page + 1);
  if (paging.page > 1) addresses.previous = address(call, paging.page - 1);
  return addresses;
}

}  // namespace galley::api::igny8
