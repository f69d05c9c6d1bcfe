'use strict';

SwaggerUIBundle({
  url: '/api/schema/',
  dom_id: '#page',
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  // A key that was entered is gone with the page.
  persistAuthorization: false,
  // Else a server of Swagger UI's makers is told the description's address.
  validatorUrl: null,
});
