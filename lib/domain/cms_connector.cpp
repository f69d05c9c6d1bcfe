#include "domain/cms_connector.hpp"

namespace galley {

void throw_exception_from_error(const ConnectorError& error, const boost::source_location& where) {
  throw_exception_from_error(error.error, where);
}

}  // namespace galley
