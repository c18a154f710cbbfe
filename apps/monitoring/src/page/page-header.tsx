import { clockTime } from './format';
import { isWell } from './is-well';
import type { Row } from './table-state';
import { useWords } from './words';

interface Props {
  rows: readonly Row[];
  isLive: boolean;
  text: string;
  onText: (text: string) => void;
  onlyUnwell: boolean;
  onOnlyUnwell: (only: boolean) => void;
}

export function PageHeader({ rows, isLive, text, onText, onlyUnwell, onOnlyUnwell }: Props) {
  const services = rows.flatMap((row) => row.services);
  const unwell = services.filter((service) => !isWell(service)).length;
  return (
    <header className="page-header">
      <h1>
        <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M6 19.5 11.5 14l4 4L26 8.5" />
          <path className="quay" d="M6 25h20" />
        </svg>
        Berth environments
      </h1>
      <p className="figure" data-testid="summary">
        {rows.length} {rows.length === 1 ? 'environment' : 'environments'}, {services.length}{' '}
        {services.length === 1 ? 'service' : 'services'}, {unwell === 0 ? 'all well' : `${unwell} not well`}
      </p>
      <search className="search">
        <input
          type="search"
          aria-label="Filter by environment, service, author, commit or digest"
          placeholder="Filter"
          value={text}
          onChange={({ target }) => onText(target.value)}
        />
        <label>
          <input
            type="checkbox"
            checked={onlyUnwell}
            onChange={({ target }) => onOnlyUnwell(target.checked)}
          />
          not well
        </label>
      </search>
      <a href="#compare">Compare two</a>
      <p className={isLive ? 'connection live' : 'connection'} role="status" data-testid="connection">
        {isLive ? 'live' : 'not live'}
      </p>
    </header>
  );
}

interface StaleProps {
  /** Since when the cluster is not heard. */
  oldSince: string | undefined;
  /** Since when the server of this page is not heard. */
  lostAt: number | undefined;
}

/** What is read out is always there, and does not change from one attempt to the next. */
export function StaleNotice({ oldSince, lostAt }: StaleProps) {
  const { source } = useWords();
  const text =
    lostAt !== undefined
      ? `The connection is lost since ${clockTime(lostAt)}: what is shown is of then. Connecting again.`
      : oldSince !== undefined
        ? `${source} is not heard since ${clockTime(oldSince)}: what is shown is of then.`
        : '';
  return (
    <p role="alert" className={text ? 'notice' : undefined} data-testid="stale">
      {text}
    </p>
  );
}
