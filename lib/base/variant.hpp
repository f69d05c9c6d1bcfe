// One of several types. Not std::variant: libstdc++ 12 takes one of nothing but strings, vectors and small types for
// one that always holds a value, so a copy that memory is too short for ends with the destruction of what was never
// made.
#pragma once

#include <boost/variant2/variant.hpp>

namespace galley {

template <class... T>
using Variant = boost::variant2::variant<T...>;

using boost::variant2::get;
using boost::variant2::get_if;
using boost::variant2::holds_alternative;
using boost::variant2::monostate;
using boost::variant2::visit;

}  // namespace galley
