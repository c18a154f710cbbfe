// Adds what a worker has counted to what all workers share, as lua/metrics.lua does it for what came another way.
#ifndef GATEWAY_ADDING_H
#define GATEWAY_ADDING_H

#include "module.h"

// Finds what all workers share. Called once as a worker starts; NGX_ERROR when there is none.
ngx_int_t gateway_begin_adding(ngx_log_t *log);

// Makes room for more routes. NGX_DECLINED when another worker adds just now, or the first is one for Lua.
ngx_int_t gateway_add_some(void);

// For Lua, which is the only one that adds meanwhile: adds what has been counted for up to so many routes, and forgets it.
// Returns for how many. When these are less and there are more, the first is for Lua to add: what is there is of another
// service, or there is no memory.
int gateway_add_counted(int most);

#endif
