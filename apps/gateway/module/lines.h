// Lines of the log that wait until it is worth to write them.
#ifndef GATEWAY_LINES_H
#define GATEWAY_LINES_H

#include "module.h"

// Called once as a worker starts.
void gateway_begin_lines(void);

// Room for a line of up to so many bytes and its end; NULL when there can be none.
u_char *gateway_room_for_line(size_t most);

// Takes the line that has been put into the room, up to here.
void gateway_take_line(u_char *end);

// Writes what waits. Called as a worker ends, too.
void gateway_write_lines(void);

#endif
