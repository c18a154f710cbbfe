import { useState } from 'react';
import type { LogLines, LogSource, ServiceKey } from '../entries';
import { clockTime } from './format';
import { visible } from './visible';
import { useWords } from './words';

/** @returns the lines, or why there are none */
export type ReadLines = (service: ServiceKey) => Promise<LogLines | string>;

interface Props {
  opened: ServiceKey;
  readLines: ReadLines;
}

/** The last lines that a service has put out, where they can be shown. */
export function LastLines(props: Props) {
  const { noLines } = useWords();
  return (
    <>
      <h3>Last lines</h3>
      {noLines === undefined ? <ReadableLines {...props} /> : <p className="quiet">{noLines}</p>}
    </>
  );
}

/** Read only when somebody asks for them. */
function ReadableLines({ opened, readLines }: Props) {
  const [isReading, setReading] = useState(false);
  const [found, setFound] = useState<LogLines | string>();
  const read = () => {
    setReading(true);
    void readLines(opened)
      .catch(() => 'The server of this page does not answer.')
      .then(setFound)
      .finally(() => setReading(false));
  };
  return (
    <>
      <p>
        <button type="button" disabled={isReading} onClick={read}>
          {found === undefined ? 'Read them' : 'Read them again'}
        </button>{' '}
        <span className="quiet">Values of the environment's secrets are masked.</span>
      </p>
      <p role="status" className={typeof found === 'string' ? 'bad' : 'quiet'}>
        {isReading ? 'Reading.' : statusOf(found)}
      </p>
      {typeof found === 'object' &&
        found.sources.map((source) => (
          <SourceLines key={`${source.pod} ${source.container} ${source.previous}`} source={source} />
        ))}
    </>
  );
}

function statusOf(found: LogLines | string | undefined): string {
  if (typeof found !== 'object') return found ?? '';
  const { sources, omittedPods } = found;
  if (sources.length === 0) return 'None of its containers has run.';
  return omittedPods > 0 ? `${omittedPods} more of its pods are left out.` : '';
}

export function SourceLines({ source }: { source: LogSource }) {
  const { pod, container, previous, lines, isCut, failure } = source;
  const title = `${container} of ${pod}${previous ? ', before it restarted' : ''}`;
  return (
    <>
      <h4>{title}</h4>
      {lines.length === 0 ? (
        <p className="quiet">
          {failure ?? (isCut ? 'Its lines are no longer there.' : 'It has put out nothing.')}
        </p>
      ) : (
        <pre className="scroll lines" role="region" aria-label={title} tabIndex={0} ref={toEnd}>
          {isCut && <span className="quiet">Earlier ones are left out.{'\n'}</span>}
          {lines.map(({ at, text }, index) => (
            <span key={index}>
              <time className="quiet" dateTime={at}>
                {clockTime(at)}
              </time>{' '}
              {visible(text)}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </>
  );
}

/** The last ones are of the most interest. */
function toEnd(element: HTMLElement | null): void {
  element?.scrollTo(0, element.scrollHeight);
}
