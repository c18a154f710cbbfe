import type { Details } from '../entries';
import { rollbackTo } from './commands';
import { CopyableCommand } from './copyable-command';
import { fromNow } from './format';

interface Props {
  environment: string;
  deploys: Details['deploys'];
  now: number;
}

/** The last deploys of an environment. Each good one but the newest, which is live, has the command that brings it back. */
export function DeployHistory({ environment, deploys, now }: Props) {
  return (
    <>
      <h3>Deploys of {environment}</h3>
      {deploys.length === 0 ? (
        <p className="quiet">None has noted itself.</p>
      ) : (
        <ul className="commands scroll" aria-label={`Deploys of ${environment}`} tabIndex={0}>
          {deploys.map((deploy, index) => {
            const words = wordsFor(deploy, now);
            return index > 0 && deploy.outcome === 'succeeded' ? (
              <CopyableCommand
                key={deploy.number}
                does={words}
                command={rollbackTo(environment, deploy.number)}
              />
            ) : (
              <li key={deploy.number}>
                <span>{words}</span>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function wordsFor(
  { number, commit, author, outcome, restores, at }: Details['deploys'][number],
  now: number,
): string {
  return [
    `Deploy ${number}`,
    restores !== undefined && `, which brought ${restores} back,`,
    commit && ` of ${commit.slice(0, 10)}`,
    ` by ${author} ${outcome} ${fromNow(at, now)}`,
  ]
    .filter(Boolean)
    .join('');
}
