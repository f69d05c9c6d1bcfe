#include "api/pages/page_endpoints.hpp"

#include "api/accepted_coding.hpp"
#include "api/pages/page_files.hpp"
#include "api/services.hpp"

namespace galley::api::pages {

namespace {

Task<Result<Reply>> get_page_file(Call& call) {
  const PageFile& file = call.services.pages.at(call.endpoint->path);
  co_return file.reply(takes_gzip(call.request()));
}

}  // namespace

EndpointTable make_page_endpoints() {
  EndpointTable table;
  for (const EmbeddedFile& file : embedded_files())
    table.push_back(endpoint<&get_page_file>(http::Method::get, file.path, "getPageFile", Access::open,
                                             RateScope::public_pages, "A part of the documentation pages.")
                        .answers(200, Reply::Kind::document, "text/html"));
  return table;
}

}  // namespace galley::api::pages
