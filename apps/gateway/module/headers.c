#include "request.h"
#include "text.h"

// Up to 260 bytes are always the same.
#define LONGEST_REST 300

// The value of Host, and after it all other headers that headers-of-most.conf has with a value: for each header of its own nginx
// would ask three times what its value is.
static ngx_int_t write_headers(ngx_http_request_t *r, ngx_http_variable_value_t *value, uintptr_t data)
{
  const gateway_request_t *request = gateway_request_of(r);
  if (request == NULL) {
    value->not_found = 1;
    return NGX_OK;
  }
  const ngx_str_t *host = &r->headers_in.server;
  const ngx_str_t *client = &r->connection->addr_text;
  u_char *headers = ngx_pnalloc(r->pool, LONGEST_REST + 2 * host->len + 2 * client->len + 2 * GATEWAY_ID_DIGITS);
  if (headers == NULL) {
    return NGX_ERROR;
  }
  u_char *place = gateway_copy_string(headers, host);
  place = gateway_copy(place, TEXT("\r\nX-Forwarded-Host: "));
  place = gateway_copy_string(place, host);
  place = gateway_copy(place, TEXT("\r\nX-Forwarded-For: "));
  place = gateway_copy_string(place, client);
  place = gateway_copy(place, TEXT("\r\nX-Real-IP: "));
  place = gateway_copy_string(place, client);
  place = gateway_copy(place, TEXT("\r\nX-Forwarded-Proto: "));
  if (r->connection->ssl != NULL) {
    place = gateway_copy(place, TEXT("https"));
  } else {
    place = gateway_copy(place, TEXT("http"));
  }
  place = gateway_copy(place, TEXT("\r\nTraceparent: 00-"));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  place = gateway_copy(place, TEXT("-0000000000000001-01\r\nX-Request-ID: "));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  value->data = headers;
  value->len = place - headers;
  value->valid = 1;
  value->no_cacheable = 0;
  value->not_found = 0;
  return NGX_OK;
}

ngx_int_t gateway_add_headers(ngx_conf_t *cf)
{
  ngx_str_t name = ngx_string("gateway_headers");
  ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, 0);
  if (variable == NULL) {
    return NGX_ERROR;
  }
  variable->get_handler = write_headers;
  return NGX_OK;
}
