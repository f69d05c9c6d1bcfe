// libcurl, loaded when the first mail needs it. It brings two dozen libraries along, for protocols that nobody here
// speaks: most servers send no mail, and those would be a quarter of the memory that an idle one takes.
#pragma once

#include <curl/curl.h>

namespace galley::mail {

// The functions that mail uses, as curl/curl.h declares them.
struct CurlLibrary {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_url) url;
  decltype(&::curl_url_cleanup) url_cleanup;
  decltype(&::curl_url_set) url_set;
  decltype(&::curl_url_get) url_get;
  decltype(&::curl_free) free;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  // Macros of the header's check their types: not for pointers to functions.
  CURLcode (*easy_setopt)(CURL*, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL*, CURLINFO, ...);
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_mime_init) mime_init;
  decltype(&::curl_mime_free) mime_free;
  decltype(&::curl_mime_addpart) mime_addpart;
  decltype(&::curl_mime_data) mime_data;
  decltype(&::curl_mime_type) mime_type;
  decltype(&::curl_mime_encoder) mime_encoder;
};

// Loaded and initialised at the first call, for good; null where it is not installed. Thread-safe.
const CurlLibrary* curl_library();

}  // namespace galley::mail
