import { clockTime } from './format';
import type { Connection } from './price-feed';

interface Props {
  connection: Connection;
  tickAt: number | undefined;
}

export function PageHeader({ connection, tickAt }: Props) {
  // The same word through all attempts, or each of them would be read out.
  const word = connection.state === 'live' ? 'live' : tickAt === undefined ? 'connecting' : 'reconnecting';
  return (
    <header className="page-header">
      <h1>
        <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M6 19.5 11.5 14l4 4L26 8.5" />
          <path className="quay" d="M6 25h20" />
        </svg>
        Berth trading desk
      </h1>
      <p className="tick">
        <span className="label">Last tick </span>
        <time className="figure">{tickAt === undefined ? '–' : clockTime(tickAt)}</time>
      </p>
      <p className={`connection ${word}`} role="status">
        <span className="visually-hidden">Prices: </span>
        <span data-testid="connection">{word}</span>
      </p>
    </header>
  );
}

/** What is read out is always there, and does not change from one attempt to the next. */
export function StaleNotice({ connection, tickAt }: Props) {
  const stale = connection.state !== 'live' && tickAt !== undefined;
  return (
    <div className={stale ? 'notice stale-notice' : undefined}>
      <span role="alert">
        {stale && `These prices are stale: the last ones came at ${clockTime(tickAt)}.`}
      </span>
      {stale &&
        (connection.state === 'waiting'
          ? ` Connecting again at ${clockTime(connection.retryAt)}.`
          : ' Connecting now.')}
    </div>
  );
}
