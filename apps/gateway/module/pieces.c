#include "pieces.h"

// Between two times that it is told that lines are lost.
#define SECONDS 60
// Bytes that the pipe of the log has room for, where the system allows it: workers may hand on more before its reader has its
// turn.
#define LOG_ROOM (256 * 1024)

// A pipe of the worker's own, where pieces are gathered. From there they go to that of the log by their buffers: many in one
// call, and when they do not all have room it ends between two of them. What is written takes whatever room there is. -1 where
// the log is no pipe: a piece is written as it is then.
static int own[2] = {-1, -1};
static size_t gathered;

static void tell_of_lost(ngx_err_t error)
{
  static time_t told;
  if (ngx_time() - told >= SECONDS) {
    told = ngx_time();
    ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, error, "lines of the log are lost");
  }
}

static void give_up_own(void)
{
  (void) close(own[0]);
  (void) close(own[1]);
  own[0] = own[1] = -1;
  gathered = 0;
}

void gateway_begin_pieces(void)
{
  struct stat log;
  if (fstat(STDOUT_FILENO, &log) == -1 || !S_ISFIFO(log.st_mode) || pipe2(own, O_CLOEXEC) == -1) {
    return;
  }
  // Else a worker waits for the reader sooner.
  if (fcntl(STDOUT_FILENO, F_GETPIPE_SZ) < LOG_ROOM) {
    (void) fcntl(STDOUT_FILENO, F_SETPIPE_SZ, LOG_ROOM);
  }
  // Only the end that is written to does not block. A sandbox may not have splice, which is seen by moving nothing.
  if (fcntl(own[1], F_SETFL, O_NONBLOCK) == -1 || splice(own[0], NULL, STDOUT_FILENO, NULL, 0, 0) == -1) {
    give_up_own();
  }
}

static ssize_t write_all_or_nothing(int file, const u_char *piece, size_t length)
{
  ssize_t written;
  do {
    written = write(file, piece, length);
  } while (written == -1 && ngx_errno == NGX_EINTR);
  return written;
}

void gateway_hand_on_pieces(void)
{
  while (gathered > 0) {
    ssize_t moved = splice(own[0], NULL, STDOUT_FILENO, NULL, gathered, 0);
    if (moved > 0) {
      gathered -= moved;
    } else if (moved == 0 || ngx_errno != NGX_EINTR) {
      tell_of_lost(moved == 0 ? 0 : ngx_errno);
      give_up_own();
    }
  }
}

static ngx_uint_t is_gathered(const u_char *piece, size_t length)
{
  if (own[1] == -1 || length > GATEWAY_PIECE || write_all_or_nothing(own[1], piece, length) != (ssize_t) length) {
    return 0;
  }
  gathered += length;
  return 1;
}

void gateway_take_piece(const u_char *piece, size_t length)
{
  if (is_gathered(piece, length)) {
    return;
  }
  // It is full, or the piece is none for it.
  gateway_hand_on_pieces();
  if (is_gathered(piece, length)) {
    return;
  }
  ssize_t written = write_all_or_nothing(STDOUT_FILENO, piece, length);
  if (written != (ssize_t) length) {
    tell_of_lost(written == -1 ? ngx_errno : 0);
  }
}
