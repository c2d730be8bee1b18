window.onload = function() {
  window.ui = SwaggerUIBundle({
    "dom_id": "#swagger-ui",
    "url": "/api/openapi.json",
    "deepLinking": true,
    "tryItOutEnabled": true,
    // The validator would be asked over the network.
    "validatorUrl": "none",
    "persistAuthorization": false,
    // The other layout has a bar for loading other documents, whose picture the policy forbids to
    // style itself.
    "layout": "BaseLayout",
    presets: [
      SwaggerUIBundle.presets.apis,
      SwaggerUIStandalonePreset
    ],
    plugins: [
      SwaggerUIBundle.plugins.DownloadUrl
    ],
  });
};
