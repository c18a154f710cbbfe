#include "numbers.h"
#include "request.h"

#define LENGTH(text) (sizeof(text) - 1)

static ngx_uint_t is_header(const ngx_table_elt_t *header, const char *name, size_t length)
{
  return header->key.len == length && ngx_memcmp(header->lowcase_key, name, length) == 0;
}

// Whether there is a header that headers-of-most.conf does not hand on.
static ngx_uint_t says_more(ngx_http_request_t *r)
{
  if (r->headers_in.upgrade != NULL) {
    return 1;
  }
  for (ngx_list_part_t *part = &r->headers_in.headers.part; part != NULL; part = part->next) {
    ngx_table_elt_t *headers = part->elts;
    for (ngx_uint_t index = 0; index < part->nelts; index++) {
      if (is_header(&headers[index], "traceparent", LENGTH("traceparent"))
          || is_header(&headers[index], "x-request-id", LENGTH("x-request-id"))) {
        return 1;
      }
    }
  }
  return 0;
}

// Whether the request names its host just as nginx does, and nowhere but in Host: it says no port then.
static ngx_uint_t has_plain_host(ngx_http_request_t *r)
{
  ngx_table_elt_t *header = r->headers_in.host;
  ngx_str_t *host = &r->headers_in.server;
  if (header == NULL || header->next != NULL || host->len == 0 || header->value.len != host->len
      || ngx_memcmp(header->value.data, host->data, host->len) != 0) {
    return 0;
  }
  size_t target = r->method_name.len + 1;
  return r->request_line.len > target && r->request_line.data[target] == '/';
}

// Leads the request to an endpoint of the route. NGX_DECLINED when it may be one that is set aside, or
// too many requests of the host run.
static ngx_int_t lead(ngx_http_request_t *r, gateway_route_t *route)
{
  ngx_uint_t turn = route->turn;
  route->turn = (turn + 1) % route->count;
  if (gateway_numbers->aside[route->endpoints[turn].aside_place]) {
    return NGX_DECLINED;
  }
  return gateway_begin(r, route, turn);
}

static ngx_int_t choose(ngx_http_request_t *r)
{
  if (gateway_numbers->leaving != 0 || r != r->main || !has_plain_host(r) || says_more(r)) {
    return NGX_DECLINED;
  }
  gateway_route_t *route = gateway_find_route(&r->headers_in.server, r->connection->log);
  if (route == NULL || route->count == 0) {
    return NGX_DECLINED;
  }
  return lead(r, route);
}

// In the rewrite phase of a location with `gateway_short_way`: before the body is read.
ngx_int_t gateway_short_way(ngx_http_request_t *r)
{
  gateway_conf_t *conf = ngx_http_get_module_loc_conf(r, gateway_module);
  if (conf->otherwise.len == 0 || ngx_http_get_module_ctx(r, gateway_module) != NULL) {
    return NGX_DECLINED;
  }
  switch (choose(r)) {
  case NGX_OK:
    // On to the next handler.
    return NGX_DECLINED;
  case NGX_ERROR:
    return NGX_HTTP_INTERNAL_SERVER_ERROR;
  default:
    (void) ngx_http_named_location(r, &conf->otherwise);
    ngx_http_finalize_request(r, NGX_DONE);
    return NGX_DONE;
  }
}
