#include "numbers.h"
#include "route.h"

// Routes that a worker remembers, each in one of the places that its host has: 2,048 at most. Thousands more would cost each
// worker memory, and a route is read again in a few microseconds.
#define SHELVES 512
#define PLACES 4

// Of the Lua module (ngx_http_lua_api.h), which Debian has no package of headers of.
typedef struct {
  uint8_t type;
  union {
    int boolean;
    double number;
    ngx_str_t string;
  } value;
} gateway_lua_value_t;

#define LUA_STRING 4

extern ngx_shm_zone_t *ngx_http_lua_find_zone(u_char *name, size_t length);
extern ngx_int_t ngx_http_lua_shared_dict_get(ngx_shm_zone_t *zone, u_char *key, size_t length, gateway_lua_value_t *value);

static gateway_route_t *remembered[SHELVES][PLACES];
static ngx_shm_zone_t *table;
static u_char buffer[GATEWAY_LONGEST_ROUTE];

ngx_int_t gateway_begin_lookups(ngx_log_t *log)
{
  ngx_memzero(remembered, sizeof(remembered));
  table = ngx_http_lua_find_zone((u_char *) "routes", sizeof("routes") - 1);
  if (table == NULL) {
    ngx_log_error(NGX_LOG_EMERG, log, 0, "there is no lua_shared_dict named routes");
    return NGX_ERROR;
  }
  return NGX_OK;
}

// Returns whether the host has a route that is not too long.
static ngx_uint_t find_text(const ngx_str_t *host, ngx_str_t *text)
{
  gateway_lua_value_t value;
  value.value.string.data = buffer;
  value.value.string.len = sizeof(buffer);
  if (ngx_http_lua_shared_dict_get(table, host->data, host->len, &value) != NGX_OK || value.type != LUA_STRING
      || value.value.string.len == sizeof(buffer)) {
    return 0;
  }
  *text = value.value.string;
  return 1;
}

static ngx_uint_t is_same(const ngx_str_t *one, const ngx_str_t *other)
{
  return one->len == other->len && ngx_memcmp(one->data, other->data, one->len) == 0;
}

static void forget(gateway_route_t **place)
{
  gateway_let_go(*place);
  *place = NULL;
}

// Where the route of the host is remembered; NULL when it is not.
static gateway_route_t **place_of(gateway_route_t **shelf, const ngx_str_t *host, uint32_t hash)
{
  for (ngx_uint_t place = 0; place < PLACES; place++) {
    if (shelf[place] != NULL && shelf[place]->hash == hash && is_same(&shelf[place]->host, host)) {
      return &shelf[place];
    }
  }
  return NULL;
}

// A place that is empty, if need be after it has forgotten its route.
static gateway_route_t **make_room(gateway_route_t **shelf)
{
  static ngx_uint_t turn;
  for (ngx_uint_t place = 0; place < PLACES; place++) {
    if (shelf[place] == NULL) {
      return &shelf[place];
    }
  }
  gateway_route_t **place = &shelf[turn++ % PLACES];
  forget(place);
  return place;
}

gateway_route_t *gateway_find_route(const ngx_str_t *host, ngx_log_t *log)
{
  uint32_t hash = ngx_murmur_hash2(host->data, host->len);
  // First: a change that comes between the two questions is found by the next request.
  double position = gateway_numbers->position;
  gateway_route_t **shelf = remembered[hash % SHELVES];
  gateway_route_t **place = place_of(shelf, host, hash);
  if (place != NULL && (*place)->position == position) {
    return *place;
  }
  ngx_str_t text;
  if (!find_text(host, &text)) {
    if (place != NULL) {
      forget(place);
    }
    return NULL;
  }
  if (place != NULL && is_same(&(*place)->text, &text)) {
    (*place)->position = position;
    return *place;
  }
  gateway_route_t *found = gateway_read_route(host, &text, log);
  if (found == NULL) {
    return NULL;
  }
  found->hash = hash;
  found->position = position;
  if (place != NULL) {
    forget(place);
  } else {
    place = make_room(shelf);
  }
  *place = found;
  return found;
}
