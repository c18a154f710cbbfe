import { useCallback, useEffect, useRef } from 'react';
import type { Details, EnvironmentEntry, ServiceEntry, ServiceKey } from '../entries';
import { commandsFor } from './commands';
import { CopyableCommand } from './copyable-command';
import { DeployHistory } from './deploy-history';
import { EventList, PodTable } from './details';
import { fromNow } from './format';
import { hrefOf } from './href';
import { LastLines, type ReadLines } from './last-lines';
import { Latency, type ReadLatency } from './latency';
import { useReading } from './use-reading';
import { useWords } from './words';

/** Undefined when there is no such service any more. */
export type ReadDetails = (service: ServiceKey) => Promise<Details | undefined>;

interface Props {
  opened: ServiceKey;
  /** Undefined when it has gone. */
  service: ServiceEntry | undefined;
  environment: EnvironmentEntry | undefined;
  now: number;
  readDetails: ReadDetails;
  readLatency: ReadLatency;
  readLines: ReadLines;
  onClose: () => void;
}

/** Milliseconds between two looks at pods and events while the dialog is open. */
const EVERY = 2_000;

/** What stands behind one service. */
export function ServiceDialog(props: Props) {
  const { opened, service, environment, now, readDetails, readLatency, readLines, onClose } = props;
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  // Read again when the service has changed, too: a pod may do what the table does not show.
  const read = useCallback(() => readDetails(opened), [opened, service, readDetails]);
  const details = useReading(read, EVERY);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="opened" onClose={onClose} data-testid="details">
      <header>
        <h2 id="opened">
          {service?.service ?? opened.name} <span className="quiet">in {opened.environment}</span>
        </h2>
        <button type="button" className="close" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {service ? (
        <About service={service} environment={environment} now={now} />
      ) : (
        <p className="notice">It is not there any more.</p>
      )}
      {service && (
        <Latency
          environment={service.environment}
          service={service.service}
          now={now}
          readLatency={readLatency}
        />
      )}
      {details && <PodTable pods={details.pods} now={now} />}
      {details && <EventList events={details.events} now={now} />}
      {service && <LastLines opened={opened} readLines={readLines} />}
      {details && <DeployHistory environment={opened.environment} deploys={details.deploys} now={now} />}
      {service && (
        <>
          <h3>What to type</h3>
          <ul className="commands">
            {commandsFor(service, words).map(({ does, command }) => (
              <CopyableCommand key={command} does={does} command={command} />
            ))}
          </ul>
        </>
      )}
    </dialog>
  );
}

function About({
  service,
  environment,
  now,
}: { service: ServiceEntry } & Pick<Props, 'environment' | 'now'>) {
  const { kind, name, state, ready, wanted, message, images, hosts, createdAt } = service;
  const commit = environment?.lastDeploy?.commit;
  return (
    <dl>
      <dt>Health</dt>
      <dd className={state}>
        {ready} of {wanted} ready, {state}
        {message && `, ${message}`}
      </dd>
      <dt>Images</dt>
      {images.map((image) => (
        <dd key={image}>
          <code>{image}</code>
        </dd>
      ))}
      {commit && (
        <>
          <dt>Commit of the last deploy</dt>
          <dd>
            <code>{commit}</code>
          </dd>
        </>
      )}
      {hosts.length > 0 && <dt>Addresses</dt>}
      {hosts.map((host) => (
        <dd key={host}>
          <a href={hrefOf(host)} rel="noreferrer">
            {host}
          </a>
        </dd>
      ))}
      <dt>Runs as</dt>
      <dd>
        {kind} {name}, made {fromNow(createdAt, now)}
      </dd>
    </dl>
  );
}
