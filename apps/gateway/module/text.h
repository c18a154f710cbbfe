// How texts are put together.
#ifndef GATEWAY_TEXT_H
#define GATEWAY_TEXT_H

#include "module.h"

#define TEXT(text) text, sizeof(text) - 1

static ngx_inline u_char *gateway_copy(u_char *place, const char *text, size_t length)
{
  return ngx_cpymem(place, text, length);
}

static ngx_inline u_char *gateway_copy_string(u_char *place, const ngx_str_t *string)
{
  return ngx_cpymem(place, string->data, string->len);
}

#endif
