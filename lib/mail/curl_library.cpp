#include "mail/curl_library.hpp"

#include <dlfcn.h>

#include <optional>

namespace galley::mail {

namespace {

std::optional<CurlLibrary> load() {
  // The name that the package libcurl4 gives it; its interface has not changed since 2006.
  void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  CurlLibrary found{};
  bool whole = true;
  const auto bind = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    whole = whole && function != nullptr;
  };
  bind(found.global_init, "curl_global_init");
  bind(found.url, "curl_url");
  bind(found.url_cleanup, "curl_url_cleanup");
  bind(found.url_set, "curl_url_set");
  bind(found.url_get, "curl_url_get");
  bind(found.free, "curl_free");
  bind(found.easy_init, "curl_easy_init");
  bind(found.easy_cleanup, "curl_easy_cleanup");
  bind(found.easy_setopt, "curl_easy_setopt");
  bind(found.easy_getinfo, "curl_easy_getinfo");
  bind(found.easy_perform, "curl_easy_perform");
  bind(found.easy_strerror, "curl_easy_strerror");
  bind(found.slist_append, "curl_slist_append");
  bind(found.slist_free_all, "curl_slist_free_all");
  bind(found.mime_init, "curl_mime_init");
  bind(found.mime_free, "curl_mime_free");
  bind(found.mime_addpart, "curl_mime_addpart");
  bind(found.mime_data, "curl_mime_data");
  bind(found.mime_type, "curl_mime_type");
  bind(found.mime_encoder, "curl_mime_encoder");
  if (!whole || found.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return std::nullopt;
  return found;
}

}  // namespace

const CurlLibrary* curl_library() {
  static const std::optional<CurlLibrary> library = load();
  return library ? &*library : nullptr;
}

}  // namespace galley::mail
