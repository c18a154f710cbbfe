import { useMemo } from 'react';
import type { Compared } from './compared';
import { differencesOf, type Difference } from './differences';
import type { Row } from './table-state';

interface Props {
  rows: readonly Row[];
  compared: Compared;
  onChoose: (compared: Compared) => void;
}

/** Two environments to choose, and what differs between them. */
export function Comparison({ rows, compared, onChoose }: Props) {
  const { one, other } = compared;
  const names = rows.map(({ environment }) => environment.name);
  return (
    <section className="environment comparison" aria-labelledby="comparison" data-testid="comparison">
      <header className="about">
        <h2 id="comparison">What differs</h2>
        <Choice
          label="between"
          names={names}
          chosen={one}
          onChoose={(name) => onChoose({ one: name, other })}
        />
        <Choice
          label="and"
          names={names}
          chosen={other}
          onChoose={(name) => onChoose({ one, other: name })}
        />
        <a href="#">Close</a>
      </header>
      <Differences rows={rows} compared={compared} />
    </section>
  );
}

interface ChoiceProps {
  label: string;
  names: readonly string[];
  chosen: string;
  onChoose: (name: string) => void;
}

function Choice({ label, names, chosen, onChoose }: ChoiceProps) {
  // One that has gone stays chosen: it may come back.
  const offered = chosen === '' || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <label>
      {label}{' '}
      <select
        value={chosen}
        aria-label={`${label} the environment`}
        onChange={({ target }) => onChoose(target.value)}
      >
        <option value="">choose</option>
        {offered.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Differences({ rows, compared }: Pick<Props, 'rows' | 'compared'>) {
  const { one, other } = compared;
  const [row, otherRow] = [one, other].map((name) =>
    rows.find(({ environment }) => environment.name === name),
  );
  const differences = useMemo(() => row && otherRow && differencesOf(row, otherRow), [row, otherRow]);
  const gone = [one, other].filter((name, index) => name !== '' && ![row, otherRow][index]);
  return (
    <>
      <p role="status">{summaryOf(compared, gone, differences)}</p>
      {differences && differences.length > 0 && (
        <div className="differences" role="region" aria-label="Differences" tabIndex={0}>
          <DifferenceTable differences={differences} names={[one, other]} />
        </div>
      )}
    </>
  );
}

function summaryOf(
  { one, other }: Compared,
  gone: readonly string[],
  differences: readonly Difference[] | undefined,
): string {
  if (gone.length > 0) return `There is no environment ${gone.join(' and no ')}.`;
  if (!differences) return 'Choose two environments.';
  if (one === other) return 'That is the same environment twice.';
  if (differences.length === 0) return `Nothing differs between ${one} and ${other}.`;
  return differences.length === 1 ? 'One difference.' : `${differences.length} differences.`;
}

export function DifferenceTable({
  differences,
  names,
}: {
  differences: readonly Difference[];
  names: readonly [string, string];
}) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">What</th>
          <th scope="col">{names[0]}</th>
          <th scope="col">{names[1]}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ service, what, values }) => (
          <tr key={`${service ?? ''} ${what} ${values[0]}`}>
            <th scope="row">{service ?? 'the environment'}</th>
            <td>{what}</td>
            <td>{values[0]}</td>
            <td>{values[1]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
