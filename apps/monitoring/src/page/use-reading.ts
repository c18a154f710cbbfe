import { useEffect, useState } from 'react';

/**
 * What `read` gives, at once and every so often. What was read last stays when it gives nothing or fails: the notice of
 * the page says that.
 * @param read another one is asked at once
 */
export function useReading<Value>(
  read: () => Promise<Value | undefined>,
  everyMs: number,
): Value | undefined {
  const [value, setValue] = useState<Value>();
  useEffect(() => {
    let isOver = false;
    const readOnce = () =>
      void read().then(
        (found) => !isOver && found && setValue(found),
        () => undefined,
      );
    readOnce();
    const timer = setInterval(readOnce, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [read, everyMs]);
  return value;
}
