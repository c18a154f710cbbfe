import { useDeferredValue, useMemo, useState } from 'react';
import { serviceKey, type ServiceKey } from '../entries';
import { addressOf, useCompared } from './compared';
import { Comparison } from './comparison';
import { EnvironmentSection } from './environment-section';
import { filterRows } from './filter-rows';
import type { ReadLines } from './last-lines';
import type { ReadLatency } from './latency';
import { PageHeader, StaleNotice } from './page-header';
import { ServiceDialog, type ReadDetails } from './service-dialog';
import { useStore, type Store } from './store';
import type { Told } from './table-feed';
import { useNow } from './use-now';
import { wordsFor, WordsContext } from './words';

interface Props {
  told: Store<Told>;
  readDetails: ReadDetails;
  readLatency: ReadLatency;
  readLines: ReadLines;
}

/** The whole page. */
export function Environments({ told, readDetails, readLatency, readLines }: Props) {
  const { table, lostAt, isThere, ahead } = useStore(told);
  const [text, setText] = useState('');
  const [onlyUnwell, setOnlyUnwell] = useState(false);
  const [opened, open] = useState<ServiceKey>();
  // Typing goes before drawing thousands of services.
  const wanted = useDeferredValue(text);
  const rows = useMemo(() => filterRows(table.rows, wanted, onlyUnwell), [table.rows, wanted, onlyUnwell]);
  const compared = useCompared();
  const now = useNow(10_000) + ahead;
  const row = opened && table.rows.find(({ environment }) => environment.name === opened.environment);
  const service = opened && row?.services.find((each) => serviceKey(each) === serviceKey(opened));

  return (
    <WordsContext value={wordsFor(table.source)}>
      <PageHeader
        rows={table.rows}
        isLive={lostAt === undefined && table.source.oldSince === undefined}
        text={text}
        onText={setText}
        onlyUnwell={onlyUnwell}
        onOnlyUnwell={setOnlyUnwell}
      />
      <StaleNotice oldSince={table.source.oldSince} lostAt={isThere ? lostAt : undefined} />
      <main>
        {compared && (
          <Comparison
            rows={table.rows}
            compared={compared}
            onChoose={(chosen) => location.replace(addressOf(chosen))}
          />
        )}
        {rows.map(({ environment, services }) => (
          <EnvironmentSection
            key={environment.name}
            environment={environment}
            services={services}
            now={now}
            onOpen={open}
          />
        ))}
        {rows.length === 0 && (
          <p className="empty">
            {!isThere
              ? 'Waiting for the cluster.'
              : table.rows.length === 0
                ? 'No environment is deployed: nx deploy staging'
                : 'Nothing matches.'}
          </p>
        )}
      </main>
      {opened && (
        <ServiceDialog
          key={serviceKey(opened)}
          opened={opened}
          service={service}
          environment={row?.environment}
          now={now}
          readDetails={readDetails}
          readLatency={readLatency}
          readLines={readLines}
          onClose={() => open(undefined)}
        />
      )}
    </WordsContext>
  );
}
