#include "counted.h"
#include "lines.h"
#include "request.h"

#define CLIENT_GONE 499

// Whether the endpoint that was chosen answered, and the client took it.
static ngx_uint_t went_well(ngx_http_request_t *r)
{
  if (r->upstream_states == NULL || r->upstream_states->nelts != 1 || r->headers_out.status == CLIENT_GONE
      || r->err_status != 0) {
    return 0;
  }
  ngx_http_upstream_state_t *state = r->upstream_states->elts;
  return state->peer != NULL && state->response_time != (ngx_msec_t) -1;
}

// Has the request logged as those of another location.
static void log_elsewhere(ngx_http_request_t *r, const ngx_str_t *name)
{
  ngx_http_core_srv_conf_t *server = ngx_http_get_module_srv_conf(r, ngx_http_core_module);
  for (ngx_http_core_loc_conf_t **location = server->named_locations; location != NULL && *location != NULL; location++) {
    if ((*location)->name.len == name->len && ngx_memcmp((*location)->name.data, name->data, name->len) == 0) {
      r->loc_conf = (*location)->loc_conf;
      return;
    }
  }
}

// Logs and counts a request that went well. NGX_DECLINED when there is no room for that.
static ngx_int_t note(ngx_http_request_t *r, const gateway_request_t *request)
{
  u_char *line = gateway_room_for_line(gateway_longest_line(r, request));
  if (line == NULL || gateway_count(request->route, r->headers_out.status, gateway_milliseconds(r)) != NGX_OK) {
    return NGX_DECLINED;
  }
  gateway_take_line(gateway_write_line(line, r, request));
  return NGX_OK;
}

// In the log phase, before all other handlers. What is special of a request that has ended is for lua/finish.lua to note: any
// try that failed, and what never came to a location. For others neither that nor the handlers of Lua's are called.
ngx_int_t gateway_note(ngx_http_request_t *r)
{
  gateway_conf_t *server = ngx_http_get_module_srv_conf(r, gateway_module);
  if (server->otherwise.len == 0) {
    return NGX_DECLINED;
  }
  gateway_request_t *request = gateway_request_of(r);
  if (request == NULL) {
    ngx_http_core_loc_conf_t *location = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    gateway_conf_t *conf = ngx_http_get_module_loc_conf(r, gateway_module);
    if (location->name.len == 0 || conf->otherwise.len > 0) {
      log_elsewhere(r, &server->noted);
    }
    return NGX_DECLINED;
  }
  gateway_conf_t *conf = ngx_http_get_module_loc_conf(r, gateway_module);
  if (conf->otherwise.len == 0) {
    request->is_answered_here = 1;
    return NGX_DECLINED;
  }
  if (!went_well(r) || note(r, request) != NGX_OK) {
    log_elsewhere(r, &conf->noted);
  }
  return NGX_DECLINED;
}
