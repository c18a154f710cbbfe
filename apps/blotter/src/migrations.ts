import type { ClientBase } from 'pg';

/** What was done to the database, in order. Only ever appended to: databases have run the first ones already. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE trade (
     id uuid PRIMARY KEY,
     symbol text NOT NULL,
     side text NOT NULL CHECK (side IN ('buy', 'sell')),
     quantity integer NOT NULL CHECK (quantity > 0),
     price numeric NOT NULL CHECK (price > 0),
     currency text NOT NULL,
     executed_at timestamptz NOT NULL
   );
   CREATE INDEX trade_newest ON trade (executed_at DESC, id)`,
];

/** Any number that nothing else in this database locks. */
const LOCK = 7301;

/** Runs what has not been run yet, all of it or nothing. Several services may start at once: one does it. */
export async function migrate(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY)');
    const { rows } = await client.query<{ number: number }>('SELECT number FROM migration');
    const done = new Set(rows.map(({ number }) => number));
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (done.has(index + 1)) continue;
      await client.query(sql);
      await client.query('INSERT INTO migration (number) VALUES ($1)', [index + 1]);
    }
    await client.query('COMMIT');
  } catch (error) {
    // A connection that is gone has rolled back by itself.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
