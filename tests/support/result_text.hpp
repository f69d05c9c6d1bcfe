// How a failed CHECK shows a Result: Boost's own printing needs an operator<< that neither Error nor the values have.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "base/result.hpp"

template <class T, class E>
struct Catch::StringMaker<boost::system::result<T, E>> {
  static std::string convert(const boost::system::result<T, E>& result) {
    if (result.has_value()) return "a value";
    if constexpr (requires { result.error().cause; })
      return "error: " + result.error().message + " [" + result.error().cause + "]";
    else
      return "error: " + result.error().message;
  }
};
