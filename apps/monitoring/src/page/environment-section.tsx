import { memo } from 'react';
import type { EnvironmentEntry, ServiceEntry, ServiceKey } from '../entries';
import { fromNow } from './format';
import { ServiceTile } from './service-tile';

interface Props {
  environment: EnvironmentEntry;
  services: readonly ServiceEntry[];
  /** Milliseconds since 1970, by the cluster's clock. */
  now: number;
  onOpen: (service: ServiceKey) => void;
}

/** One environment: what is known of the whole, and its services. */
export const EnvironmentSection = memo(function EnvironmentSection(props: Props) {
  const { environment, services, now, onOpen } = props;
  const { name, refused } = environment;
  const id = `environment-${name}`;
  return (
    <section className="environment" aria-labelledby={id} data-testid={id}>
      <div className="about">
        <h2 id={id}>{name}</h2>
        <Facts environment={environment} now={now} />
      </div>
      {refused.length > 0 && (
        <ul className="refused" aria-label={`Routes of ${name} that the gateway refuses`}>
          {refused.map(({ service, host, reason, message }) => (
            <li key={`${service} ${host} ${reason}`}>
              <strong>{host ?? service}</strong> gets no route: {message}
            </li>
          ))}
        </ul>
      )}
      {services.length === 0 ? (
        <p className="empty">No service runs here.</p>
      ) : (
        <ul className="services" aria-label={`Services of ${name}`}>
          {services.map((service) => (
            <ServiceTile key={`${service.kind}/${service.name}`} service={service} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </section>
  );
});

function Facts({ environment, now }: Pick<Props, 'environment' | 'now'>) {
  const { createdAt, ending, lastDeploy, deploying, ttl, expiresAt } = environment;
  return (
    <p className="facts">
      {deploying && (
        <span className="now">
          {deploying.holder} deploys, since {fromNow(deploying.since, now)}
        </span>
      )}
      {lastDeploy ? (
        <span className={lastDeploy.outcome === 'succeeded' ? undefined : 'bad'}>
          deploy {lastDeploy.number}
          {lastDeploy.commit && (
            <>
              {' '}
              of <code>{lastDeploy.commit.slice(0, 10)}</code>
            </>
          )}{' '}
          by {lastDeploy.author} {lastDeploy.outcome} {fromNow(lastDeploy.at, now)}
        </span>
      ) : (
        <span>made {fromNow(createdAt, now)}; no deploy has noted by whom</span>
      )}
      {environment.protected && <span>protected</span>}
      {ttl !== undefined && !environment.protected && (
        <span>
          {expiresAt ? `expires ${fromNow(expiresAt, now)}` : `expires ${ttl} after its last deploy`}
        </span>
      )}
      {ending && <span className="bad">is being deleted</span>}
    </p>
  );
}
