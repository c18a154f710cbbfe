#include "request.h"
#include "text.h"

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

// Of the only try.
static const ngx_http_upstream_state_t *state_of(ngx_http_request_t *r)
{
  return r->upstream_states->elts;
}

// The most that a character comes to in JSON.
#define LONGEST_CHARACTER 6

size_t gateway_longest_line(ngx_http_request_t *r, const gateway_request_t *request)
{
  const gateway_route_t *route = request->route;
  // Of all that has a name here no more than 100 bytes are numbers, and no more than 300 what is always the same.
  return 400 + ngx_cached_http_log_iso8601.len + r->connection->addr_text.len + r->method_name.len
         + r->headers_in.server.len + LONGEST_CHARACTER * r->uri.len + r->http_protocol.len + route->environment.len
         + route->service.len + state_of(r)->peer->len + 2 * GATEWAY_ID_DIGITS;
}

// What else than the path comes from a client has no character that JSON escapes: nginx takes only letters and digits for a
// method or a protocol, and the host is that of a route.
u_char *gateway_write_line(u_char *place, ngx_http_request_t *r, const gateway_request_t *request)
{
  const gateway_route_t *route = request->route;
  const ngx_http_upstream_state_t *state = state_of(r);
  place = gateway_copy(place, TEXT("{\"time\":\""));
  place = gateway_copy_string(place, (const ngx_str_t *) &ngx_cached_http_log_iso8601);
  place = gateway_copy(place, TEXT("\",\"client\":\""));
  place = gateway_copy_string(place, &r->connection->addr_text);
  place = gateway_copy(place, TEXT("\",\"method\":\""));
  place = gateway_copy_string(place, &r->method_name);
  place = gateway_copy(place, TEXT("\",\"host\":\""));
  place = gateway_copy_string(place, &r->headers_in.server);
  place = gateway_copy(place, TEXT("\",\"path\":\""));
  place = (u_char *) ngx_escape_json(place, r->uri.data, r->uri.len);
  place = gateway_copy(place, TEXT("\",\"protocol\":\""));
  place = gateway_copy_string(place, &r->http_protocol);
  place = gateway_copy(place, TEXT("\",\"status\":"));
  place = copy_number(place, r->headers_out.status);
  place = gateway_copy(place, TEXT(",\"bytes\":"));
  place = copy_number(place, (uint64_t) r->connection->sent);
  place = gateway_copy(place, TEXT(",\"seconds\":"));
  place = copy_seconds(place, gateway_milliseconds(r));
  place = gateway_copy(place, TEXT(",\"environment\":\""));
  place = gateway_copy_string(place, &route->environment);
  place = gateway_copy(place, TEXT("\",\"service\":\""));
  place = gateway_copy_string(place, &route->service);
  place = gateway_copy(place, TEXT("\",\"destination\":\"http1\",\"endpoint\":\""));
  place = gateway_copy_string(place, state->peer);
  place = gateway_copy(place, TEXT("\",\"endpointSeconds\":\""));
  place = copy_seconds(place, (ngx_msec_int_t) state->response_time);
  place = gateway_copy(place, TEXT("\",\"tries\":1,\"trace\":\""));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  place = gateway_copy(place, TEXT("\",\"request\":\""));
  place = ngx_cpymem(place, request->id, GATEWAY_ID_DIGITS);
  return gateway_copy(place, TEXT("\"}"));
}
