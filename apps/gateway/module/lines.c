#include "lines.h"
#include "pieces.h"

// Each time that something comes of a pipe its reader has to wake up, so lines wait for others: for a second, as `flush=1s`
// has it, or until as many wait: no more pieces than a pipe has room for, which are 16.
#define ROOM (56 * 1024)
#define MILLISECONDS 1000

static u_char waiting[ROOM];
static u_char *end = waiting;
static ngx_event_t later;
// What nginx asks of each event, in its messages for who looks for mistakes.
static ngx_connection_t nothing;

static void on_time(ngx_event_t *event)
{
  gateway_write_lines();
}

void gateway_begin_lines(void)
{
  gateway_begin_pieces();
  nothing.fd = (ngx_socket_t) -1;
  later.handler = on_time;
  later.data = &nothing;
  later.log = ngx_cycle->log;
  // A worker that ends does not wait for it.
  later.cancelable = 1;
}

// In pieces of whole lines that a pipe takes as one. A longer line is a piece by itself.
void gateway_write_lines(void)
{
  u_char *piece = waiting;
  while (piece < end) {
    size_t left = end - piece;
    u_char *last = left <= GATEWAY_PIECE ? end - 1 : memrchr(piece, '\n', GATEWAY_PIECE);
    if (last == NULL) {
      last = ngx_strlchr(piece, end, '\n');
    }
    gateway_take_piece(piece, last + 1 - piece);
    piece = last + 1;
  }
  gateway_hand_on_pieces();
  end = waiting;
}

u_char *gateway_room_for_line(size_t most)
{
  if (most >= ROOM) {
    return NULL;
  }
  if (most >= (size_t) (waiting + ROOM - end)) {
    gateway_write_lines();
  }
  return end;
}

void gateway_take_line(u_char *line_end)
{
  *line_end = '\n';
  end = line_end + 1;
  if (!later.timer_set) {
    ngx_add_timer(&later, MILLISECONDS);
  }
}
