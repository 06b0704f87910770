// The reference of the API, drawn by Swagger UI from the document that the portal writes.
"use strict";

const place = document.getElementById("reference");
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  // The session reads; nothing is asked of another host.
  validatorUrl: null,
  supportedSubmitMethods: ["get"],
});
