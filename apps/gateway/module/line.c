#include "request.h"

#define TEXT(text) text, sizeof(text) - 1

static u_char *copy(u_char *place, const char *text, size_t length)
{
  return ngx_cpymem(place, text, length);
}

static u_char *copy_string(u_char *place, const ngx_str_t *string)
{
  return ngx_cpymem(place, string->data, string->len);
}

// As ngx_sprintf does it, which costs as much as all the rest of the line.
static u_char *copy_number(u_char *place, uint64_t number)
{
  u_char digits[NGX_INT64_LEN];
  u_char *first = digits + sizeof(digits);
  do {
    *--first = (u_char) ('0' + number % 10);
    number /= 10;
  } while (number > 0);
  return ngx_cpymem(place, first, digits + sizeof(digits) - first);
}

static u_char *copy_seconds(u_char *place, ngx_msec_int_t milliseconds)
{
  ngx_uint_t all = ngx_max(milliseconds, 0);
  ngx_uint_t rest = all % 1000;
  place = copy_number(place, all / 1000);
  *place++ = '.';
  *place++ = (u_char) ('0' + rest / 100);
  *place++ = (u_char) ('0' + rest / 10 % 10);
  *place++ = (u_char) ('0' + rest % 10);
  return place;
}

// The line that log_format json_of_most of nginx.conf would make of a request that went well on the short way. What else than
// the path comes from a client has no character that JSON escapes: nginx takes only letters and digits for a method or a
// protocol, and the host is that of a route.
static ngx_int_t write_line(ngx_http_request_t *r, ngx_http_variable_value_t *value, uintptr_t data)
{
  gateway_request_t *request = gateway_request_of(r);
  if (request == NULL || r->upstream_states == NULL || r->upstream_states->nelts == 0) {
    value->not_found = 1;
    return NGX_OK;
  }
  gateway_route_t *route = request->route;
  ngx_http_upstream_state_t *state = r->upstream_states->elts;
  ngx_str_t *endpoint = state->peer;
  size_t path = r->uri.len + ngx_escape_json(NULL, r->uri.data, r->uri.len);
  // Of all that has a name here no more than 100 bytes are numbers, and no more than 300 what is always the same.
  size_t most = 400 + ngx_cached_http_log_iso8601.len + r->connection->addr_text.len + r->method_name.len
                + r->headers_in.server.len + path + r->http_protocol.len + route->environment.len + route->service.len
                + endpoint->len + 2 * GATEWAY_ID_DIGITS;
  u_char *line = ngx_pnalloc(r->pool, most);
  if (line == NULL) {
    return NGX_ERROR;
  }
  u_char *place = copy(line, TEXT("{\"time\":\""));
  place = copy_string(place, (const ngx_str_t *) &ngx_cached_http_log_iso8601);
  place = copy(place, TEXT("\",\"client\":\""));
  place = copy_string(place, &r->connection->addr_text);
  place = copy(place, TEXT("\",\"method\":\""));
  place = copy_string(place, &r->method_name);
  place = copy(place, TEXT("\",\"host\":\""));
  place = copy_string(place, &r->headers_in.server);
  place = copy(place, TEXT("\",\"path\":\""));
  if (path == r->uri.len) {
    place = copy_string(place, &r->uri);
  } else {
    place = (u_char *) ngx_escape_json(place, r->uri.data, r->uri.len);
  }
  place = copy(place, TEXT("\",\"protocol\":\""));
  place = copy_string(place, &r->http_protocol);
  place = copy(place, TEXT("\",\"status\":"));
  place = copy_number(place, r->headers_out.status);
  place = copy(place, TEXT(",\"bytes\":"));
  place = copy_number(place, (uint64_t) r->connection->sent);
  place = copy(place, TEXT(",\"seconds\":"));
  place = copy_seconds(place, gateway_milliseconds(r));
  place = copy(place, TEXT(",\"environment\":\""));
  place = copy_string(place, &route->environment);
  place = copy(place, TEXT("\",\"service\":\""));
  place = copy_string(place, &route->service);
  place = copy(place, TEXT("\",\"destination\":\"http1\",\"endpoint\":\""));
  place = copy_string(place, endpoint);
  place = copy(place, TEXT("\",\"endpointSeconds\":\""));
  place = copy_seconds(place, (ngx_msec_int_t) state->response_time);
  place = copy(place, TEXT("\",\"tries\":1,\"trace\":\""));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  place = copy(place, TEXT("\",\"request\":\""));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  place = copy(place, TEXT("\"}"));
  value->data = line;
  value->len = place - line;
  value->valid = 1;
  value->no_cacheable = 0;
  value->not_found = 0;
  return NGX_OK;
}

ngx_int_t gateway_add_line(ngx_conf_t *cf)
{
  ngx_str_t name = ngx_string("gateway_line");
  ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, 0);
  if (variable == NULL) {
    return NGX_ERROR;
  }
  variable->get_handler = write_line;
  return NGX_OK;
}
