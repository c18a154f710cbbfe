#include "module.h"
#include "adding.h"
#include "idle.h"
#include "limit.h"
#include "lines.h"
#include "numbers.h"

static ngx_http_output_header_filter_pt next_header_filter;

// Interim answers (1xx), and what has no status line, as in lua/answer.lua: nobody on the short way asked for 101.
static ngx_int_t stop_what_is_none(ngx_http_request_t *r)
{
  if (r->headers_out.status >= NGX_HTTP_OK || r != r->main || ngx_http_get_module_ctx(r, gateway_module) == NULL) {
    return next_header_filter(r);
  }
  ngx_uint_t has_no_status_line = r->headers_out.status == 0 && r->http_version == NGX_HTTP_VERSION_9;
  ngx_uint_t is_http_2 = r->http_protocol.len == 8 && ngx_memcmp(r->http_protocol.data, "HTTP/2.0", 8) == 0;
  return ngx_http_filter_finalize_request(r, NULL, has_no_status_line && !is_http_2 ? 520 : NGX_HTTP_BAD_GATEWAY);
}

static ngx_int_t add_names(ngx_conf_t *cf)
{
  if (gateway_make_numbers(cf) != NGX_OK || gateway_make_limit(cf) != NGX_OK) {
    return NGX_ERROR;
  }
  return gateway_add_headers(cf);
}

static ngx_int_t add_handlers(ngx_conf_t *cf)
{
  ngx_http_core_main_conf_t *core = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
  ngx_http_handler_pt *handler = ngx_array_push(&core->phases[NGX_HTTP_REWRITE_PHASE].handlers);
  if (handler == NULL) {
    return NGX_ERROR;
  }
  *handler = gateway_short_way;
  handler = ngx_array_push(&core->phases[NGX_HTTP_PREACCESS_PHASE].handlers);
  if (handler == NULL) {
    return NGX_ERROR;
  }
  *handler = gateway_limit;
  ngx_array_t *logging = &core->phases[NGX_HTTP_LOG_PHASE].handlers;
  if (ngx_array_push(logging) == NULL) {
    return NGX_ERROR;
  }
  // Before all others, which it may lead elsewhere.
  handler = logging->elts;
  ngx_memmove(handler + 1, handler, (logging->nelts - 1) * sizeof(ngx_http_handler_pt));
  *handler = gateway_note;
  next_header_filter = ngx_http_top_header_filter;
  ngx_http_top_header_filter = stop_what_is_none;
  return NGX_OK;
}

static void *make_conf(ngx_conf_t *cf)
{
  return ngx_pcalloc(cf->pool, sizeof(gateway_conf_t));
}

static char *set_short_way(ngx_conf_t *cf, ngx_command_t *command, void *data)
{
  gateway_conf_t *conf = data;
  ngx_str_t *value = cf->args->elts;
  if (conf->otherwise.len > 0) {
    return "is duplicate";
  }
  if (value[1].data[0] != '@' || value[2].data[0] != '@') {
    return "leads to what is no named location";
  }
  conf->otherwise = value[1];
  conf->noted = value[2];
  gateway_conf_t *server = ngx_http_conf_get_module_srv_conf(cf, gateway_module);
  server->otherwise = value[1];
  server->noted = value[2];
  return NGX_CONF_OK;
}

static ngx_int_t begin_worker(ngx_cycle_t *cycle)
{
  gateway_begin_idle(cycle->log);
  gateway_begin_lines();
  return gateway_begin_adding(cycle->log) == NGX_OK ? gateway_begin_lookups(cycle->log) : NGX_ERROR;
}

static void end_worker(ngx_cycle_t *cycle)
{
  gateway_write_lines();
}

static ngx_command_t commands[] = {
    // Leads most requests of the location to their endpoints, and others to the first location that it names. The second has
    // the handlers of the log phase for what is special.
    {ngx_string("gateway_short_way"), NGX_HTTP_LOC_CONF | NGX_CONF_TAKE2, set_short_way, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    // Makes an upstream that of these endpoints.
    {ngx_string("gateway_endpoints"), NGX_HTTP_UPS_CONF | NGX_CONF_NOARGS, gateway_endpoints, 0, 0, NULL},
    ngx_null_command,
};

static ngx_http_module_t context = {
    add_names,
    add_handlers,
    NULL,
    NULL,
    make_conf,
    NULL,
    make_conf,
    NULL,
};

ngx_module_t gateway_module = {
    NGX_MODULE_V1,
    &context,
    commands,
    NGX_HTTP_MODULE,
    NULL,
    NULL,
    begin_worker,
    NULL,
    NULL,
    end_worker,
    NULL,
    NGX_MODULE_V1_PADDING,
};
