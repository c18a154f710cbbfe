#include "counted.h"
#include "adding.h"

// Routes for which a worker keeps what it has counted.
#define MOST 1000

#define CLASSES 0
#define BUCKETS 5
#define MILLISECONDS (BUCKETS + GATEWAY_BOUNDS + 1)

static const ngx_msec_int_t bounds[GATEWAY_BOUNDS] = {5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000};

// A ring: what was counted first is added first.
static gateway_counted_t counted[MOST];
static ngx_uint_t first;
static ngx_uint_t used;

static ngx_uint_t bucket_of(ngx_msec_int_t milliseconds)
{
  ngx_uint_t bucket = 0;
  while (bucket < GATEWAY_BOUNDS && milliseconds > bounds[bucket]) {
    bucket++;
  }
  return bucket;
}

static gateway_counted_t *begin(gateway_route_t *route)
{
  gateway_counted_t *series = &counted[(first + used++) % MOST];
  ngx_memzero(series, sizeof(gateway_counted_t));
  series->host = route->host.data;
  series->host_length = route->host.len;
  series->service_number = route->service_number;
  series->route = route;
  route->references++;
  route->counted = series;
  return series;
}

ngx_int_t gateway_count(gateway_route_t *route, ngx_uint_t status, ngx_msec_int_t milliseconds)
{
  ngx_uint_t class = status / 100;
  if (class < 2 || class > 5) {
    return NGX_DECLINED;
  }
  gateway_counted_t *series = route->counted;
  if (series == NULL) {
    if (used == MOST && gateway_add_some() != NGX_OK) {
      return NGX_DECLINED;
    }
    series = begin(route);
  }
  series->numbers[CLASSES + class - 1]++;
  series->numbers[BUCKETS + bucket_of(milliseconds)]++;
  series->numbers[MILLISECONDS] += milliseconds;
  return NGX_OK;
}

int gateway_counted_size(void)
{
  return (int) sizeof(gateway_counted_t);
}

int gateway_bound(unsigned int bucket)
{
  return bucket < GATEWAY_BOUNDS ? (int) bounds[bucket] : -1;
}

int gateway_counted_routes(void)
{
  return (int) used;
}

gateway_counted_t *gateway_first_counted(void)
{
  return used > 0 ? &counted[first] : NULL;
}

void gateway_forget_counted(void)
{
  if (used == 0) {
    return;
  }
  gateway_route_t *route = counted[first].route;
  route->counted = NULL;
  gateway_let_go(route);
  first = (first + 1) % MOST;
  used--;
}
