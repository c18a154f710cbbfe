// How many requests of a host run at a time, in all workers: one host cannot take the places of all others.
#ifndef GATEWAY_LIMIT_H
#define GATEWAY_LIMIT_H

#include "module.h"

// Requests of the hosts that have this place.
typedef volatile uint16_t gateway_place_t;

// Called before nginx starts its workers, which have the same memory then.
ngx_int_t gateway_make_limit(ngx_conf_t *cf);

// Takes a place for a request of the host with this hash; NULL when none is left. The place is given back once.
gateway_place_t *gateway_take_place(uint32_t hash);
void gateway_give_place_back(gateway_place_t *place);

// In the preaccess phase, for what is not on the short way: answers 503 when no place is left.
ngx_int_t gateway_limit(ngx_http_request_t *r);

#endif
