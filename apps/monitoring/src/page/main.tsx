import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Details, LatencyReport, LogLines } from '../entries';
import { Environments } from './environments';
import type { ReadLines } from './last-lines';
import type { ReadLatency } from './latency';
import type { ReadDetails } from './service-dialog';
import './style/theme.css';
import './style/environments.css';
import './style/comparison.css';
import './style/dialog.css';
import { TableFeed, type OpenStream } from './table-feed';

const openStream: OpenStream = (after, { event, end }) => {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
  const source = new EventSource(`/api/table${query}`);
  for (const type of ['snapshot', 'change', 'beat'] as const)
    source.addEventListener(type, ({ data, lastEventId }) => event(type, String(data), lastEventId));
  source.onerror = end;
  return source;
};

/** A stream does not say why it ended; the page itself leads to the form when the session is over. */
async function askAgainWhenSignedOut(): Promise<void> {
  const { type } = await fetch('/', { redirect: 'manual' });
  if (type === 'opaqueredirect') location.reload();
}

const readDetails: ReadDetails = async ({ environment, kind, name }) => {
  const response = await fetch(`/api/details?${new URLSearchParams({ environment, kind, name })}`);
  return response.ok ? ((await response.json()) as Details) : undefined;
};

const readLatency: ReadLatency = async (environment, service) => {
  const response = await fetch(`/api/latency?${new URLSearchParams({ environment, service })}`);
  return response.ok ? ((await response.json()) as LatencyReport) : undefined;
};

const readLines: ReadLines = async ({ environment, kind, name }) => {
  const response = await fetch(`/api/lines?${new URLSearchParams({ environment, kind, name })}`);
  const body = (await response.json()) as LogLines | { error: string };
  return 'error' in body ? body.error : body;
};

const feed = new TableFeed(
  openStream,
  {
    now: Date.now,
    random: Math.random,
    after: (ms, action) => {
      const timer = setTimeout(action, ms);
      return () => clearTimeout(timer);
    },
  },
  () => void askAgainWhenSignedOut().catch(() => undefined),
);
feed.connect();
addEventListener('online', () => feed.connect());

const place = document.getElementById('environments');
if (!place) throw new Error('index.html has no place for the environments');
createRoot(place).render(
  <StrictMode>
    <Environments
      told={feed.told}
      readDetails={readDetails}
      readLatency={readLatency}
      readLines={readLines}
    />
  </StrictMode>,
);
