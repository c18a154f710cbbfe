// Memory that all workers share, also those that take the place of dead ones.
#ifndef GATEWAY_SHARED_H
#define GATEWAY_SHARED_H

#include "module.h"

// Called before nginx starts its workers. All of it is 0. NULL when there is none, which has been told then.
void *gateway_share(ngx_conf_t *cf, size_t size);

#endif
