import { StringDecoder } from 'node:string_decoder';

/** A line of a log, and when it was written. */
export interface TimedLine {
  /** RFC 3339 in UTC with nine digits after the point, so that its order is that of the text. */
  time: string;
  text: string;
  /** It goes on where the line before it was cut, since that was too long. */
  continues?: true;
}

/** Characters of a line that are kept in memory; what is longer comes as several lines. */
const longest = 65_536;

/**
 * Cuts a log with timestamps into lines. Holds one line at a time, and reads on only when that is taken.
 * @param longestLine characters
 */
export async function* timedLines(
  log: AsyncIterable<Buffer>,
  longestLine = longest,
): AsyncGenerator<TimedLine> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let time = '';
  let begun = false;
  const line = (text: string): TimedLine => {
    if (begun) return { time, text, continues: true };
    const space = text.indexOf(' ');
    time = sortableTime(space < 0 ? text : text.slice(0, space)) ?? time;
    return { time, text: space < 0 ? '' : text.slice(space + 1) };
  };
  for await (const chunk of log) {
    rest += decoder.write(chunk);
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      yield line(rest.slice(0, end).replace(/\r$/, ''));
      begun = false;
      rest = rest.slice(end + 1);
    }
    if (rest.length > longestLine) {
      yield line(rest);
      begun = true;
      rest = '';
    }
  }
  if (rest !== '') yield line(rest);
}

/** Nodes write their own zone's time, with as many digits as they like; undefined when it is no time. */
export function sortableTime(text: string): string | undefined {
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (seconds === undefined) return undefined;
  const inUtc = zone === 'Z' ? seconds : new Date(`${seconds}${zone}`).toISOString().slice(0, 19);
  return `${inUtc}.${fraction.padEnd(9, '0')}Z`;
}

/**
 * The lines of several logs in the order of their times, of which one line each is held.
 * @param logs each in the order of its own times
 */
export async function* mergedByTime<Line extends TimedLine>(
  logs: readonly AsyncGenerator<Line>[],
): AsyncGenerator<Line> {
  const next = async (log: AsyncGenerator<Line>) => ({
    log,
    line: (await log.next()).value as Line | undefined,
  });
  let heads = (await Promise.all(logs.map(next))).filter(({ line }) => line !== undefined);
  try {
    while (heads.length > 0) {
      let first = heads[0]!;
      for (const head of heads) if (head.line!.time < first.line!.time) first = head;
      yield first.line!;
      const { line } = await next(first.log);
      if (line === undefined) heads = heads.filter((head) => head !== first);
      else first.line = line;
    }
  } finally {
    await Promise.all(logs.map((log) => log.return(undefined)));
  }
}
