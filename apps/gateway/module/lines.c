#include "lines.h"

#include <limits.h>

// Each time that something comes of a pipe its reader has to wake up, so lines wait for others: for a second, as `flush=1s`
// has it, or until as many wait.
#define ROOM (32 * 1024)
#define MILLISECONDS 1000
// Between two times that it is told that lines are lost.
#define SECONDS 60

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
  nothing.fd = (ngx_socket_t) -1;
  later.handler = on_time;
  later.data = &nothing;
  later.log = ngx_cycle->log;
  // A worker that ends does not wait for it.
  later.cancelable = 1;
}

static void write_piece(const u_char *piece, size_t length)
{
  static time_t told;
  ssize_t written;
  do {
    written = write(STDOUT_FILENO, piece, length);
  } while (written == -1 && ngx_errno == NGX_EINTR);
  if (written != (ssize_t) length && ngx_time() - told >= SECONDS) {
    told = ngx_time();
    ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, written == -1 ? ngx_errno : 0, "lines of the log are lost");
  }
}

// In pieces of whole lines that a pipe takes as one, so that they do not mix with those of another worker: PIPE_BUF, which is
// 4 kB. A longer line is a piece by itself.
void gateway_write_lines(void)
{
  u_char *piece = waiting;
  while (piece < end) {
    size_t left = end - piece;
    u_char *last = left <= PIPE_BUF ? end - 1 : memrchr(piece, '\n', PIPE_BUF);
    if (last == NULL) {
      last = ngx_strlchr(piece, end, '\n');
    }
    write_piece(piece, last + 1 - piece);
    piece = last + 1;
  }
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
