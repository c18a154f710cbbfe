// What is known of a request on the short way, until it ends.
#ifndef GATEWAY_REQUEST_H
#define GATEWAY_REQUEST_H

#include "limit.h"
#include "route.h"

#define GATEWAY_ID_DIGITS 32
// As proxy_next_upstream_tries has it.
#define GATEWAY_TRIES 3

typedef struct {
  gateway_route_t *route;
  // Of the endpoint that is tried.
  ngx_uint_t turn;
  ngx_uint_t tries;
  // By their turns.
  ngx_uint_t tried[GATEWAY_TRIES];
  // The last try failed on a connection that was kept, which says little of the endpoint.
  ngx_uint_t has_lost_kept;
  // In limit.h.
  gateway_place_t *place;
  // nginx went on elsewhere to answer itself.
  ngx_uint_t is_answered_here;
  // 32 hexadecimal digits, for the request and its trace.
  u_char id[GATEWAY_ID_DIGITS];
} gateway_request_t;

// Begins a request. NGX_DECLINED when too many of its host run.
ngx_int_t gateway_begin(ngx_http_request_t *r, gateway_route_t *route, ngx_uint_t turn);

// The request, also when nginx went on in another location; NULL when it is not on the short way.
gateway_request_t *gateway_request_of(ngx_http_request_t *r);

// Since the request began; 0 when the clock was set back meanwhile.
ngx_msec_int_t gateway_milliseconds(ngx_http_request_t *r);

// The line that log_format json_of_most of nginx.conf would make of a request that went well on the short way, without its
// end, and the most that it may take. Returns where the line ends.
size_t gateway_longest_line(ngx_http_request_t *r, const gateway_request_t *request);
u_char *gateway_write_line(u_char *place, ngx_http_request_t *r, const gateway_request_t *request);

// Writes a new id. NGX_ERROR when the system has no random bytes.
ngx_int_t gateway_write_id(u_char *id);

// For Lua: how often an endpoint was tried, or -1 when the request was not on the short way. `id` leads to the digits, and
// `is_answered_here` to 1 when nginx answered itself.
int gateway_tries(ngx_http_request_t *r, const u_char **id, int *is_answered_here);

#endif
