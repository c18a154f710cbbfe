// How many requests of a host run at a time, in all workers: one host cannot take the places of all others.
#ifndef GATEWAY_LIMIT_H
#define GATEWAY_LIMIT_H

#include "module.h"

// Called before nginx starts its workers, which have the same memory then.
ngx_int_t gateway_make_limit(ngx_conf_t *cf);

// Takes a place for a request of the host with this hash; NULL when none is left. The place is given back once.
ngx_atomic_t *gateway_take_place(uint32_t hash);
void gateway_give_place_back(ngx_atomic_t *place);

// In the preaccess phase, for what is not on the short way: answers 503 when no place is left.
ngx_int_t gateway_limit(ngx_http_request_t *r);

#endif
