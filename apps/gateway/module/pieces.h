// Writes pieces of the log so that lines of two workers do not mix, and its reader wakes up once for many.
#ifndef GATEWAY_PIECES_H
#define GATEWAY_PIECES_H

#include "module.h"

#include <limits.h>

// Bytes that a pipe takes as one, if they are written as one.
#define GATEWAY_PIECE PIPE_BUF

// Called once as a worker starts.
void gateway_begin_pieces(void);

// Takes a piece of whole lines. One of more than GATEWAY_PIECE bytes may mix with lines of another worker.
void gateway_take_piece(const u_char *piece, size_t length);

// Hands on the pieces that were taken.
void gateway_hand_on_pieces(void);

#endif
