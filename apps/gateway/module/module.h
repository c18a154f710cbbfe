// The short way through the gateway's nginx, which most requests take without a line of Lua. Lua does all that is special,
// writes the table, and is told what came of requests.
#ifndef GATEWAY_MODULE_H
#define GATEWAY_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

extern ngx_module_t gateway_module;

// Of a location and of its server.
typedef struct {
  // The location that takes what is special; empty where there is no short way.
  ngx_str_t otherwise;
  // The location as whose the log phase takes what is special.
  ngx_str_t noted;
} gateway_conf_t;

// Phases and filters, each in the file of its name. They begin as nginx reads its configuration.
ngx_int_t gateway_short_way(ngx_http_request_t *r);
ngx_int_t gateway_note(ngx_http_request_t *r);

// The variable $gateway_headers.
ngx_int_t gateway_add_headers(ngx_conf_t *cf);

// Makes the upstream that stands around the directive one of the endpoints that gateway_short_way has chosen.
char *gateway_endpoints(ngx_conf_t *cf, ngx_command_t *command, void *conf);

// Finds the table of routes, and empties what a worker remembers. Called once as a worker starts; NGX_ERROR when there is no
// table.
ngx_int_t gateway_begin_lookups(ngx_log_t *log);

#endif
