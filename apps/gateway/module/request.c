#include "request.h"
#include "limit.h"

static void end(void *data)
{
  gateway_request_t *request = data;
  gateway_give_place_back(request->place);
  gateway_let_go(request->route);
}

ngx_int_t gateway_begin(ngx_http_request_t *r, gateway_route_t *route, ngx_uint_t turn)
{
  ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->pool, sizeof(gateway_request_t));
  if (cleanup == NULL) {
    return NGX_ERROR;
  }
  gateway_request_t *request = cleanup->data;
  if (gateway_write_id(request->id) != NGX_OK) {
    return NGX_ERROR;
  }
  request->place = gateway_take_place(route->hash);
  if (request->place == NULL) {
    return NGX_DECLINED;
  }
  request->route = route;
  request->turn = turn;
  request->tries = 0;
  request->has_lost_kept = 0;
  request->is_answered_here = 0;
  route->references++;
  cleanup->handler = end;
  ngx_http_set_ctx(r, request, gateway_module);
  return NGX_OK;
}

gateway_request_t *gateway_request_of(ngx_http_request_t *r)
{
  gateway_request_t *request = ngx_http_get_module_ctx(r, gateway_module);
  if (request != NULL || !(r->internal || r->filter_finalize)) {
    return request;
  }
  // In another location nginx has forgotten it.
  for (ngx_pool_cleanup_t *cleanup = r->pool->cleanup; cleanup != NULL; cleanup = cleanup->next) {
    if (cleanup->handler == end) {
      return cleanup->data;
    }
  }
  return NULL;
}

ngx_msec_int_t gateway_milliseconds(ngx_http_request_t *r)
{
  ngx_time_t *now = ngx_timeofday();
  ngx_msec_int_t milliseconds =
      (ngx_msec_int_t) ((now->sec - r->start_sec) * 1000 + ((ngx_msec_int_t) now->msec - (ngx_msec_int_t) r->start_msec));
  return ngx_max(milliseconds, 0);
}

int gateway_tries(ngx_http_request_t *r, const u_char **id, int *is_answered_here)
{
  gateway_request_t *request = gateway_request_of(r);
  if (request == NULL) {
    return -1;
  }
  *id = request->id;
  *is_answered_here = (int) request->is_answered_here;
  return (int) request->tries;
}
