import type { EventDetail, PodDetail } from '../entries';
import { fromNow } from './format';
import { useWords } from './words';

export function PodTable({ pods, now }: { pods: readonly PodDetail[]; now: number }) {
  const words = useWords();
  return (
    <>
      <h3>{words.Pods}</h3>
      {pods.length === 0 ? (
        <p className="quiet">There is none of its present version.</p>
      ) : (
        <div className="scroll" role="region" aria-label={words.Pods} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">State</th>
                <th scope="col">Ready</th>
                <th scope="col">Restarts</th>
                <th scope="col">Started</th>
                <th scope="col">Node</th>
              </tr>
            </thead>
            <tbody>
              {pods.map(({ name, state, ready, restarts, startedAt, node }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{state}</td>
                  <td>{ready ? 'yes' : 'no'}</td>
                  <td>{restarts}</td>
                  <td>{fromNow(startedAt, now)}</td>
                  <td>{node}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

export function EventList({ events, now }: { events: readonly EventDetail[]; now: number }) {
  const words = useWords();
  return (
    <>
      <h3>{words.events}</h3>
      {events.length === 0 ? (
        <p className="quiet">{words.noEvents}</p>
      ) : (
        <ul className="events scroll" aria-label={words.events} tabIndex={0}>
          {events.map(({ at, type, reason, object, message, count }, index) => (
            <li key={`${at} ${object} ${reason} ${index}`} className={type === 'Warning' ? 'bad' : undefined}>
              <span className="quiet">
                {fromNow(at, now)}
                {count > 1 && `, ${count} times`}
              </span>{' '}
              {type === 'Warning' && <strong>Warning </strong>}
              {reason} {object}: {message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
