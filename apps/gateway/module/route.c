#include "route.h"
#include "numbers.h"

#define LONGEST_NAME 253

// What is left to read.
typedef struct {
  u_char *next;
  u_char *end;
} gateway_text_t;

static ngx_uint_t takes(gateway_text_t *text, const char *expected)
{
  size_t length = ngx_strlen(expected);
  if ((size_t) (text->end - text->next) < length || ngx_memcmp(text->next, expected, length) != 0) {
    return 0;
  }
  text->next += length;
  return 1;
}

static ngx_uint_t is_of_name(u_char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// A name as message.is_name of Lua knows it. Such a one needs no escape in JSON.
static ngx_uint_t takes_name(gateway_text_t *text, ngx_str_t *name)
{
  name->data = text->next;
  while (text->next < text->end && is_of_name(*text->next)) {
    text->next++;
  }
  name->len = text->next - name->data;
  return name->len > 0 && name->len <= LONGEST_NAME;
}

static ngx_uint_t takes_endpoint(gateway_text_t *text, gateway_endpoint_t *endpoint)
{
  if (!takes(text, "\"")) {
    return 0;
  }
  u_char *first = text->next;
  u_char *last = ngx_strlchr(first, text->end, '"');
  if (last == NULL || last == first) {
    return 0;
  }
  text->next = last + 1;
  u_char *colon = last - 1;
  while (colon > first && *colon != ':') {
    colon--;
  }
  ngx_int_t port = ngx_atoi(colon + 1, last - colon - 1);
  if (colon == first || port < 1 || port > 65535) {
    return 0;
  }
  ngx_memzero(endpoint, sizeof(gateway_endpoint_t));
  endpoint->name.data = first;
  endpoint->name.len = last - first;
  gateway_address_t *address = &endpoint->address;
  if (*first == '[') {
    if (colon[-1] != ']' || ngx_inet6_addr(first + 1, colon - first - 2, address->v6.sin6_addr.s6_addr) != NGX_OK) {
      return 0;
    }
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((in_port_t) port);
    endpoint->length = sizeof(struct sockaddr_in6);
  } else {
    address->v4.sin_addr.s_addr = ngx_inet_addr(first, colon - first);
    if (address->v4.sin_addr.s_addr == INADDR_NONE) {
      return 0;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((in_port_t) port);
    endpoint->length = sizeof(struct sockaddr_in);
  }
  endpoint->hash = ngx_murmur_hash2((u_char *) address, endpoint->length);
  endpoint->aside_place = gateway_aside_place(endpoint->name.data, endpoint->name.len);
  return 1;
}

// Takes as many endpoints as there may be; 0 when these are none, or more.
static ngx_uint_t take_endpoints(gateway_text_t *text, gateway_endpoint_t *endpoints, ngx_uint_t most)
{
  for (ngx_uint_t count = 0; count < most; count++) {
    if (!takes_endpoint(text, &endpoints[count])) {
      return 0;
    }
    if (!takes(text, ",")) {
      return takes(text, "]}") && text->next == text->end ? count + 1 : 0;
    }
  }
  return 0;
}

// The fields come in the order in which libs/routes writes them. Any other text, or one with settings, is for Lua.
static ngx_uint_t read_fields(gateway_route_t *route, ngx_uint_t most)
{
  gateway_text_t text = {route->text.data, route->text.data + route->text.len};
  ngx_str_t port;
  if (!takes(&text, "{\"environment\":\"") || !takes_name(&text, &route->environment)
      || !takes(&text, "\",\"service\":\"") || !takes_name(&text, &route->service)
      || !takes(&text, "\",\"port\":\"") || !takes_name(&text, &port)
      || !takes(&text, "\",\"protocol\":\"http\",\"endpoints\":[")) {
    return 0;
  }
  return take_endpoints(&text, route->endpoints, most);
}

// As in metrics.lua: from 1, and that of another service is other.
static uint32_t number_of_service(const gateway_route_t *route)
{
  uint32_t hash;
  ngx_crc32_init(hash);
  ngx_crc32_update(&hash, route->environment.data, route->environment.len);
  ngx_crc32_update(&hash, (u_char *) " ", 1);
  ngx_crc32_update(&hash, route->service.data, route->service.len);
  ngx_crc32_final(hash);
  return hash % 0x7fffffff + 1;
}

static ngx_uint_t most_endpoints(const ngx_str_t *text)
{
  // Each of the fields before them has one.
  ngx_int_t commas = -4;
  for (size_t place = 0; place < text->len; place++) {
    commas += text->data[place] == ',';
  }
  return commas < 0 ? 1 : (ngx_uint_t) commas + 1;
}

gateway_route_t *gateway_read_route(const ngx_str_t *host, const ngx_str_t *text, ngx_log_t *log)
{
  ngx_uint_t most = most_endpoints(text);
  size_t size = sizeof(gateway_route_t) + most * sizeof(gateway_endpoint_t);
  gateway_route_t *route = ngx_alloc(size + host->len + text->len, log);
  if (route == NULL) {
    return NULL;
  }
  ngx_memzero(route, sizeof(gateway_route_t));
  route->references = 1;
  route->host.data = (u_char *) route + size;
  route->host.len = host->len;
  ngx_memcpy(route->host.data, host->data, host->len);
  route->text.data = route->host.data + host->len;
  route->text.len = text->len;
  ngx_memcpy(route->text.data, text->data, text->len);
  route->count = read_fields(route, most);
  if (route->count > 0) {
    route->service_number = number_of_service(route);
    // Else each worker of each gateway would begin with the same endpoint.
    route->turn = (ngx_uint_t) ngx_random() % route->count;
  }
  return route;
}

void gateway_let_go(gateway_route_t *route)
{
  if (--route->references == 0) {
    ngx_free(route);
  }
}
