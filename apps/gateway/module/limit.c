#include "limit.h"
#include "request.h"
#include "shared.h"

// A request takes two connections, and a worker has 8192.
#define MOST 2048
// nginx' limit_conn knows each host, for a lock, a search and an allocation that every request pays. Here hosts are counted by
// hash: of 10,000 some 1,400 share the number of requests that they may have with another.
#define HOSTS 65536

static gateway_place_t *running;

ngx_int_t gateway_make_limit(ngx_conf_t *cf)
{
  running = gateway_share(cf, HOSTS * sizeof(gateway_place_t));
  return running == NULL ? NGX_ERROR : NGX_OK;
}

gateway_place_t *gateway_take_place(uint32_t hash)
{
  gateway_place_t *place = &running[hash % HOSTS];
  if (__sync_fetch_and_add(place, 1) < MOST) {
    return place;
  }
  gateway_give_place_back(place);
  return NULL;
}

void gateway_give_place_back(gateway_place_t *place)
{
  (void) __sync_fetch_and_sub(place, 1);
}

static void end(void *data)
{
  gateway_give_place_back(data);
}

// Whether the request has a place, also when nginx went on in another location.
static ngx_uint_t has_place(ngx_http_request_t *r)
{
  if (gateway_request_of(r) != NULL) {
    return 1;
  }
  for (ngx_pool_cleanup_t *cleanup = r->pool->cleanup; cleanup != NULL; cleanup = cleanup->next) {
    if (cleanup->handler == end) {
      return 1;
    }
  }
  return 0;
}

ngx_int_t gateway_limit(ngx_http_request_t *r)
{
  gateway_conf_t *server = ngx_http_get_module_srv_conf(r, gateway_module);
  ngx_str_t *host = &r->headers_in.server;
  if (server->otherwise.len == 0 || r != r->main || host->len == 0 || has_place(r)) {
    return NGX_DECLINED;
  }
  ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->pool, 0);
  if (cleanup == NULL) {
    return NGX_HTTP_INTERNAL_SERVER_ERROR;
  }
  gateway_place_t *place = gateway_take_place(ngx_murmur_hash2(host->data, host->len));
  if (place == NULL) {
    return NGX_HTTP_SERVICE_UNAVAILABLE;
  }
  cleanup->handler = end;
  cleanup->data = (void *) place;
  return NGX_DECLINED;
}
