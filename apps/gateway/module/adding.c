#include "adding.h"
#include "counted.h"

// As lua/series.lua packs a series: which places have a number other than 0, as a sum of powers of 2, and these numbers in
// turn. Each is written in pieces of seven bits, the lowest first, and all but its last byte have 128 added.
#define LONGEST_NUMBER 8
#define LONGEST ((1 + GATEWAY_NUMBERS_OF_SERIES) * LONGEST_NUMBER)

// As lua/metrics.lua has them.
#define AT_ONCE 100
#define COUNTER_MILLISECONDS 5000

// Of the Lua module: what Lua itself calls by resty.core.shdict, which Debian has in the same version.
#define LUA_NIL 0
#define LUA_NUMBER 3
#define LUA_STRING 4
#define ADD 1
#define SAFE_STORE 4

extern ngx_shm_zone_t *ngx_http_lua_find_zone(u_char *name, size_t length);
extern int ngx_http_lua_ffi_shdict_get(ngx_shm_zone_t *zone, u_char *key, size_t key_length, int *type, u_char **text,
                                       size_t *length, double *number, int *flags, int get_stale, int *is_stale,
                                       char **problem);
extern int ngx_http_lua_ffi_shdict_store(ngx_shm_zone_t *zone, int operation, u_char *key, size_t key_length, int type,
                                         u_char *text, size_t length, double number, long milliseconds, int flags,
                                         char **problem, int *forcible);

typedef struct {
  uint64_t numbers[GATEWAY_NUMBERS_OF_SERIES];
} gateway_sums_t;

static ngx_shm_zone_t *metrics;
static ngx_shm_zone_t *state;

static ngx_shm_zone_t *find(const char *name, ngx_log_t *log)
{
  ngx_shm_zone_t *zone = ngx_http_lua_find_zone((u_char *) name, ngx_strlen(name));
  if (zone == NULL) {
    ngx_log_error(NGX_LOG_EMERG, log, 0, "there is no lua_shared_dict named %s", name);
  }
  return zone;
}

ngx_int_t gateway_begin_adding(ngx_log_t *log)
{
  metrics = find("metrics", log);
  state = find("table_state", log);
  return metrics == NULL || state == NULL ? NGX_ERROR : NGX_OK;
}

static u_char *write_number(u_char *place, uint64_t number)
{
  for (; number >= 128; number >>= 7) {
    *place++ = (u_char) (number | 128);
  }
  *place++ = (u_char) number;
  return place;
}

// NULL when the text ends before the number does.
static const u_char *read_number(const u_char *place, const u_char *end, uint64_t *number)
{
  *number = 0;
  for (ngx_uint_t bits = 0; place < end && bits < 7 * LONGEST_NUMBER; bits += 7) {
    *number |= (uint64_t) (*place & 127) << bits;
    if (*place++ < 128) {
      return place;
    }
  }
  return NULL;
}

static ngx_int_t add_packed(gateway_sums_t *sums, const u_char *place, const u_char *end)
{
  uint64_t places, number;
  place = read_number(place, end, &places);
  for (ngx_uint_t i = 0; place != NULL && i < GATEWAY_NUMBERS_OF_SERIES; i++) {
    if ((places >> i) & 1) {
      place = read_number(place, end, &number);
      sums->numbers[i] += place == NULL ? 0 : number;
    }
  }
  return place == end ? NGX_OK : NGX_ERROR;
}

static size_t pack(u_char *text, const gateway_sums_t *sums)
{
  uint64_t places = 0;
  for (ngx_uint_t i = 0; i < GATEWAY_NUMBERS_OF_SERIES; i++) {
    places |= (uint64_t) (sums->numbers[i] != 0) << i;
  }
  u_char *place = write_number(text, places);
  for (ngx_uint_t i = 0; i < GATEWAY_NUMBERS_OF_SERIES; i++) {
    if (sums->numbers[i] != 0) {
      place = write_number(place, sums->numbers[i]);
    }
  }
  return place - text;
}

// Takes what all workers have counted for the host until now. NGX_DECLINED when that is of another service, or no series.
static ngx_int_t take_before(const gateway_counted_t *counted, gateway_sums_t *sums)
{
  u_char text[LONGEST];
  u_char *found = text;
  size_t length = sizeof(text);
  int type, flags, is_stale;
  double number;
  char *problem;
  if (ngx_http_lua_ffi_shdict_get(metrics, (u_char *) counted->host, counted->host_length, &type, &found, &length, &number,
                                  &flags, 0, &is_stale, &problem) != NGX_OK) {
    return NGX_DECLINED;
  }
  if (type == LUA_NIL) {
    return NGX_OK;
  }
  ngx_int_t result = NGX_DECLINED;
  if (type == LUA_STRING && (uint32_t) flags == counted->service_number) {
    result = add_packed(sums, found, found + length) == NGX_OK ? NGX_OK : NGX_DECLINED;
  }
  if (found != text) {
    // One that is longer than any comes in memory of its own.
    free(found);
  }
  return result;
}

static ngx_int_t add(const gateway_counted_t *counted)
{
  gateway_sums_t sums;
  for (ngx_uint_t i = 0; i < GATEWAY_NUMBERS_OF_SERIES; i++) {
    sums.numbers[i] = (uint64_t) counted->numbers[i];
  }
  if (take_before(counted, &sums) != NGX_OK) {
    return NGX_DECLINED;
  }
  u_char text[LONGEST];
  size_t length = pack(text, &sums);
  char *problem;
  int forcible;
  return ngx_http_lua_ffi_shdict_store(metrics, SAFE_STORE, (u_char *) counted->host, counted->host_length, LUA_STRING, text,
                                       length, 0, 0, (int) counted->service_number, &problem, &forcible)
                 == NGX_OK
             ? NGX_OK
             : NGX_DECLINED;
}

int gateway_add_counted(int most)
{
  int added = 0;
  for (; added < most; added++) {
    const gateway_counted_t *first = gateway_first_counted();
    if (first == NULL || add(first) != NGX_OK) {
      break;
    }
    gateway_forget_counted();
  }
  return added;
}

static u_char counter[] = "counter";

static int set_counter(int operation, int type)
{
  char *problem;
  int forcible;
  return ngx_http_lua_ffi_shdict_store(state, operation, counter, sizeof(counter) - 1, type, NULL, 0, ngx_pid,
                                       COUNTER_MILLISECONDS, 0, &problem, &forcible);
}

ngx_int_t gateway_add_some(void)
{
  if (set_counter(ADD, LUA_NUMBER) != NGX_OK) {
    return NGX_DECLINED;
  }
  int added = gateway_add_counted(AT_ONCE);
  (void) set_counter(0, LUA_NIL);
  return added > 0 ? NGX_OK : NGX_DECLINED;
}
