// A route without settings, over HTTP/1, as a worker remembers it: most are like this.
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "module.h"

// The largest text of a route that is looked at; Lua takes larger ones.
#define GATEWAY_LONGEST_ROUTE 16384

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} gateway_address_t;

typedef struct {
  // As the route has it: `10.244.0.5:8080`, `[fd00::1]:8080`.
  ngx_str_t name;
  // What is not used of it is 0.
  gateway_address_t address;
  socklen_t length;
  // Of the address.
  uint32_t hash;
  // In gateway_numbers_t.
  uint32_t aside_place;
} gateway_endpoint_t;

struct gateway_counted_s;

typedef struct {
  // Requests that run by it, and one for the worker that remembers it. The last lets it go.
  ngx_uint_t references;
  // The position of the table at which it was read.
  double position;
  uint32_t hash;
  ngx_str_t host;
  ngx_str_t text;
  ngx_str_t environment;
  ngx_str_t service;
  // Of the service, as metrics.lua numbers them.
  uint32_t service_number;
  ngx_uint_t turn;
  // What has been counted for it and Lua has not taken yet; else NULL.
  struct gateway_counted_s *counted;
  // 0 when the route is not of this kind: Lua has to read it.
  ngx_uint_t count;
  gateway_endpoint_t endpoints[];
} gateway_route_t;

// Reads the text of a host's route. It has one reference, the caller's. NULL when there is no memory.
gateway_route_t *gateway_read_route(const ngx_str_t *host, const ngx_str_t *text, ngx_log_t *log);

void gateway_let_go(gateway_route_t *route);

// The route of a host, which the worker may forget at the next call; NULL when there is none.
gateway_route_t *gateway_find_route(const ngx_str_t *host, ngx_log_t *log);

#endif
