// Connections to endpoints that wait for their next request.
#ifndef GATEWAY_IDLE_H
#define GATEWAY_IDLE_H

#include "route.h"

// Called once as a worker starts.
void gateway_begin_idle(ngx_log_t *log);

// Takes the connection to the endpoint that came last; NULL when none waits that the request may have. One that is repeated when
// the endpoint has just closed it may have any. The time for what is read of it may still run.
ngx_connection_t *gateway_take_idle(const gateway_endpoint_t *endpoint, ngx_uint_t is_repeated, ngx_log_t *log);

// Keeps a connection for the next request. NGX_ERROR when it cannot be kept, and it is still the caller's.
ngx_int_t gateway_keep_idle(ngx_connection_t *connection, const gateway_endpoint_t *endpoint);

#endif
