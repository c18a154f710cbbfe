#include "idle.h"

// When there are as many the one that was idle longest goes, for one that was kept before or for each of so many new ones.
// Most new ones are closed at once then: of more endpoints than there are places each would push out one whose turn comes before
// its own.
#define MOST 2048
#define NEW_ONES 32
#define PLACES 1024
// Node and uvicorn close an idle connection after 5 seconds; a request that is sent just then cannot always be repeated.
#define MILLISECONDS 4000
// For requests that are repeated when it was closed. Below the 30 seconds that a pod has to end: some servers wait for their
// connections then.
#define LONGEST_MILLISECONDS 15000
// More often they are not looked at.
#define PAUSE 100

typedef struct {
  // Among all, the last that came first; or among those that are free.
  ngx_queue_t by_age;
  // Among those whose endpoints have the same place.
  ngx_queue_t alike;
  ngx_connection_t *connection;
  // When it came, by nginx' clock.
  ngx_msec_t since;
  gateway_address_t address;
  socklen_t length;
} gateway_idle_t;

static ngx_queue_t by_age;
static ngx_queue_t unused;
static ngx_queue_t places[PLACES];
static ngx_uint_t made;
// One for all: a timer for each would be made and deleted with each request.
static ngx_event_t clearing;
// What nginx asks of each event, in its messages for who looks for mistakes.
static ngx_connection_t nothing;

static void take_out(gateway_idle_t *idle)
{
  ngx_queue_remove(&idle->by_age);
  ngx_queue_remove(&idle->alike);
  ngx_queue_insert_head(&unused, &idle->by_age);
}

static void let_go(gateway_idle_t *idle)
{
  ngx_connection_t *connection = idle->connection;
  take_out(idle);
  if (connection->pool != NULL) {
    ngx_destroy_pool(connection->pool);
    connection->pool = NULL;
  }
  ngx_close_connection(connection);
}

// Lets those go that were idle for long enough.
static void clear(ngx_event_t *event)
{
  while (!ngx_queue_empty(&by_age)) {
    gateway_idle_t *oldest = ngx_queue_data(ngx_queue_last(&by_age), gateway_idle_t, by_age);
    ngx_msec_t idle = ngx_current_msec - oldest->since;
    if (idle < LONGEST_MILLISECONDS) {
      ngx_add_timer(&clearing, ngx_max(LONGEST_MILLISECONDS - idle, PAUSE));
      return;
    }
    let_go(oldest);
  }
}

void gateway_begin_idle(ngx_log_t *log)
{
  ngx_queue_init(&by_age);
  ngx_queue_init(&unused);
  for (ngx_uint_t place = 0; place < PLACES; place++) {
    ngx_queue_init(&places[place]);
  }
  nothing.fd = (ngx_socket_t) -1;
  clearing.handler = clear;
  clearing.data = &nothing;
  clearing.log = log;
  // A worker that ends does not wait for it.
  clearing.cancelable = 1;
}

// The endpoint has ended the connection, or sent what nobody asked for; or nginx wants it.
static void on_read(ngx_event_t *event)
{
  ngx_connection_t *connection = event->data;
  gateway_idle_t *idle = connection->data;
  u_char byte;
  if (!connection->close && !event->timedout) {
    ssize_t received = recv(connection->fd, &byte, 1, MSG_PEEK);
    if (received == -1 && ngx_socket_errno == NGX_EAGAIN) {
      event->ready = 0;
      if (ngx_handle_read_event(event, 0) == NGX_OK) {
        return;
      }
    }
  }
  let_go(idle);
}

static void on_write(ngx_event_t *event)
{
}

static void set_log(ngx_connection_t *connection, ngx_log_t *log)
{
  connection->log = log;
  connection->read->log = log;
  connection->write->log = log;
  connection->pool->log = log;
}

ngx_connection_t *gateway_take_idle(const gateway_endpoint_t *endpoint, ngx_uint_t is_repeated, ngx_log_t *log)
{
  ngx_queue_t *place = &places[endpoint->hash % PLACES];
  for (ngx_queue_t *next = ngx_queue_head(place); next != ngx_queue_sentinel(place); next = ngx_queue_next(next)) {
    gateway_idle_t *idle = ngx_queue_data(next, gateway_idle_t, alike);
    if (idle->length != endpoint->length || ngx_memcmp(&idle->address, &endpoint->address, idle->length) != 0) {
      continue;
    }
    // Those that follow were idle for longer.
    if (!is_repeated && ngx_current_msec - idle->since >= MILLISECONDS) {
      return NULL;
    }
    ngx_connection_t *connection = idle->connection;
    take_out(idle);
    connection->idle = 0;
    connection->sent = 0;
    connection->data = NULL;
    set_log(connection, log);
    return connection;
  }
  return NULL;
}

static ngx_uint_t is_worth_keeping(const ngx_connection_t *connection)
{
  static ngx_uint_t turn;
  ngx_uint_t has_room = made < MOST || !ngx_queue_empty(&unused);
  return has_room || connection->requests > 1 || turn++ % NEW_ONES == 0;
}

// One to describe a connection with; NULL when there is no memory.
static gateway_idle_t *find_unused(ngx_log_t *log)
{
  if (ngx_queue_empty(&unused)) {
    if (made < MOST) {
      gateway_idle_t *idle = ngx_alloc(sizeof(gateway_idle_t), log);
      if (idle != NULL) {
        made++;
      }
      return idle;
    }
    let_go(ngx_queue_data(ngx_queue_last(&by_age), gateway_idle_t, by_age));
  }
  gateway_idle_t *idle = ngx_queue_data(ngx_queue_head(&unused), gateway_idle_t, by_age);
  ngx_queue_remove(&idle->by_age);
  return idle;
}

ngx_int_t gateway_keep_idle(ngx_connection_t *connection, const gateway_endpoint_t *endpoint)
{
  if (connection->pool == NULL || !is_worth_keeping(connection) || ngx_handle_read_event(connection->read, 0) != NGX_OK) {
    return NGX_ERROR;
  }
  gateway_idle_t *idle = find_unused(connection->log);
  if (idle == NULL) {
    return NGX_ERROR;
  }
  idle->connection = connection;
  idle->address = endpoint->address;
  idle->length = endpoint->length;
  ngx_queue_insert_head(&by_age, &idle->by_age);
  ngx_queue_insert_head(&places[endpoint->hash % PLACES], &idle->alike);
  connection->read->delayed = 0;
  idle->since = ngx_current_msec;
  if (!clearing.timer_set) {
    ngx_add_timer(&clearing, LONGEST_MILLISECONDS);
  }
  if (connection->write->timer_set) {
    ngx_del_timer(connection->write);
  }
  connection->write->handler = on_write;
  connection->read->handler = on_read;
  connection->data = idle;
  connection->idle = 1;
  set_log(connection, ngx_cycle->log);
  if (connection->read->ready) {
    on_read(connection->read);
  }
  return NGX_OK;
}
