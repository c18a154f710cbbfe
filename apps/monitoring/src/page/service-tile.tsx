import { memo } from 'react';
import type { ServiceEntry, ServiceKey } from '../entries';
import { shortImage } from './format';
import { hrefOf } from './href';

interface Props {
  service: ServiceEntry;
  onOpen: (service: ServiceKey) => void;
}

const marks = { healthy: '✓', progressing: '…', hopeless: '✗' };

export const ServiceTile = memo(function ServiceTile({ service: entry, onOpen }: Props) {
  const { environment, service, kind, name, state, ready, wanted, message, images, hosts, failing } = entry;
  const digest = images.map((image) => shortImage(image).digest).find(Boolean);
  return (
    <li className={`service ${state}`} data-testid={`service-${environment}-${name}`}>
      <div className="line">
        <button type="button" onClick={() => onOpen({ environment, kind, name })}>
          {service}
        </button>
        <span className="state">
          <span aria-hidden="true">{marks[state]} </span>
          {state}
        </span>
      </div>
      <div className="line quiet figure">
        <span>
          {ready} of {wanted} ready
        </span>
        {digest && <code title="The first digits of the image's digest">{digest}</code>}
      </div>
      {message && <p className="message">{message}</p>}
      {failing?.map(({ asked, problem }) => (
        <p key={asked} className="failing">
          {asked} fails: {problem}
        </p>
      ))}
      {hosts[0] && (
        <a href={hrefOf(hosts[0])} rel="noreferrer">
          {hosts[0]}
        </a>
      )}
    </li>
  );
});
