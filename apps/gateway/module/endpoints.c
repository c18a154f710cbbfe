#include "idle.h"
#include "numbers.h"
#include "request.h"

// After which a connection is not kept, so that what belongs to it does not grow without end.
#define REQUESTS_OF_A_CONNECTION 1000
// Bytes of a request.
#define SMALL 4096

static ngx_uint_t was_tried(const gateway_request_t *request, ngx_uint_t turn)
{
  for (ngx_uint_t i = 0; i < request->tries; i++) {
    if (request->tried[i] == turn) {
      return 1;
    }
  }
  return 0;
}

// After a try that failed, the first endpoint that was not tried and is not set aside; when all of those are, the first that
// was not tried: it may be well again, or only have the place of one that is set aside.
static ngx_uint_t next_turn(const gateway_request_t *request)
{
  const gateway_route_t *route = request->route;
  ngx_uint_t untried = route->count;
  for (ngx_uint_t step = 1; step < route->count; step++) {
    ngx_uint_t next = (request->turn + step) % route->count;
    if (was_tried(request, next)) {
      continue;
    }
    if (!gateway_numbers->aside[route->endpoints[next].aside_place]) {
      return next;
    }
    if (untried == route->count) {
      untried = next;
    }
  }
  return untried;
}

// Whether the request has no body, and any connection has room for it.
static ngx_uint_t is_sent_at_once(const ngx_http_request_t *r)
{
  return r->headers_in.content_length_n <= 0 && !r->headers_in.chunked && r->request_length <= SMALL;
}

// Whether nginx sends the request once more when the endpoint has closed the connection.
static ngx_uint_t is_repeated(const ngx_http_request_t *r)
{
  return (r->method & (NGX_HTTP_GET | NGX_HTTP_HEAD | NGX_HTTP_OPTIONS)) && is_sent_at_once(r);
}

// Where the request goes next. On a new connection it may go where it was before: only one that was kept was closed there.
static ngx_uint_t choose_turn(const gateway_request_t *request)
{
  if (request->tries == 0) {
    return request->turn;
  }
  ngx_uint_t next = next_turn(request);
  return next == request->route->count && request->has_lost_kept ? request->turn : next;
}

// Called for each try. What is to be noted of one that failed lua/finish.lua notes when the request has ended.
static ngx_int_t get(ngx_peer_connection_t *peer, void *data)
{
  ngx_http_request_t *r = data;
  gateway_request_t *request = gateway_request_of(r);
  if (request == NULL) {
    return NGX_ERROR;
  }
  gateway_route_t *route = request->route;
  ngx_uint_t wants_new = request->has_lost_kept;
  request->turn = choose_turn(request);
  request->has_lost_kept = 0;
  // No more than begin() allows.
  if (request->turn == route->count || request->tries == GATEWAY_TRIES) {
    return NGX_BUSY;
  }
  request->tried[request->tries++] = request->turn;
  gateway_endpoint_t *endpoint = &route->endpoints[request->turn];
  peer->sockaddr = &endpoint->address.any;
  peer->socklen = endpoint->length;
  peer->name = &endpoint->name;
  peer->cached = 0;
  // After one that was closed no other that was kept: as many may have been closed with it as tries are left.
  peer->connection = wants_new ? NULL : gateway_take_idle(endpoint, is_repeated(r), peer->log);
  if (peer->connection == NULL) {
    return NGX_OK;
  }
  peer->cached = 1;
  ngx_event_t *read = peer->connection->read;
  // It runs since the last request was sent. nginx lets it run when it sets the next one at once, which saves a search.
  if (read->timer_set && !is_sent_at_once(r)) {
    ngx_del_timer(read);
  }
  return NGX_DONE;
}

static ngx_uint_t may_keep(const ngx_peer_connection_t *peer, const ngx_http_upstream_t *upstream, ngx_uint_t state)
{
  const ngx_connection_t *connection = peer->connection;
  return !(state & NGX_PEER_FAILED) && connection != NULL && !connection->read->eof && !connection->read->error
         && !connection->read->timedout && !connection->write->error && !connection->write->timedout
         && connection->requests < REQUESTS_OF_A_CONNECTION && upstream->keepalive && upstream->request_body_sent
         && !ngx_terminate && !ngx_exiting;
}

static void free_after(ngx_peer_connection_t *peer, void *data, ngx_uint_t state)
{
  ngx_http_request_t *r = data;
  gateway_request_t *request = gateway_request_of(r);
  if (peer->tries > 0) {
    peer->tries--;
  }
  if (request != NULL && peer->cached && (state & NGX_PEER_FAILED)) {
    request->has_lost_kept = 1;
  }
  if (request != NULL && may_keep(peer, r->upstream, state)
      && gateway_keep_idle(peer->connection, &request->route->endpoints[request->turn]) == NGX_OK) {
    peer->connection = NULL;
  }
}

static ngx_int_t begin(ngx_http_request_t *r, ngx_http_upstream_srv_conf_t *upstream)
{
  gateway_request_t *request = ngx_http_get_module_ctx(r, gateway_module);
  if (request == NULL) {
    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "\"%V\" is only for the short way", &upstream->host);
    return NGX_ERROR;
  }
  ngx_peer_connection_t *peer = &r->upstream->peer;
  peer->data = r;
  peer->get = get;
  peer->free = free_after;
  peer->tries = ngx_min(request->route->count, GATEWAY_TRIES);
  return NGX_OK;
}

static ngx_int_t begin_upstream(ngx_conf_t *cf, ngx_http_upstream_srv_conf_t *upstream)
{
  upstream->peer.init = begin;
  return NGX_OK;
}

char *gateway_endpoints(ngx_conf_t *cf, ngx_command_t *command, void *conf)
{
  ngx_http_upstream_srv_conf_t *upstream = ngx_http_conf_get_module_srv_conf(cf, ngx_http_upstream_module);
  if (upstream->peer.init_upstream != NULL) {
    return "is not the only one here that balances";
  }
  // nginx wants one. Nobody asks what it is.
  ngx_http_upstream_server_t *server = ngx_array_push(upstream->servers);
  if (server == NULL) {
    return NGX_CONF_ERROR;
  }
  ngx_memzero(server, sizeof(ngx_http_upstream_server_t));
  upstream->peer.init_upstream = begin_upstream;
  return NGX_CONF_OK;
}
