import { Pool, type PoolConfig } from 'pg';
import { migrate } from './migrations';
import type { Side, Trade } from './trade';
import { StoreUnavailableError, type TradeStore } from './trade-store';

export interface PostgresOptions {
  /** `tcp://<host>:<port>` */
  url: URL;
  /** Name of the role and of its database. */
  name: string;
  password: string;
  /** Told of connections that broke while nothing used them. */
  onIdleError: (error: Error) => void;
}

/** The row as the driver gives it: numeric is text there, because it may hold more digits than a number. */
interface Row {
  id: string;
  symbol: string;
  side: Side;
  quantity: number;
  price: string;
  currency: string;
  executed_at: Date;
}

const COLUMNS = 'id, symbol, side, quantity, price, currency, executed_at';

/** Connections of one blotter. The store allows 30 for all of them. */
const CONNECTIONS = 5;
/** Milliseconds to a connection, whether made or waited for, and to an answer. */
const TIMEOUT = 3000;

/** Keeps trades in a PostgreSQL database. Connects when it is first asked. */
export class PostgresStore implements TradeStore {
  readonly #pool: Pool;
  readonly #address: string;
  readonly #name: string;

  constructor({ url, name, password, onIdleError }: PostgresOptions) {
    const config: PoolConfig = {
      host: url.hostname,
      port: Number(url.port || 5432),
      user: name,
      database: name,
      password,
      application_name: 'blotter',
      max: CONNECTIONS,
      connectionTimeoutMillis: TIMEOUT,
      query_timeout: TIMEOUT,
      statement_timeout: TIMEOUT,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    };
    this.#pool = new Pool(config);
    this.#address = url.host;
    this.#name = name;
    // Without a listener a connection that breaks while idle would end the process.
    this.#pool.on('error', onIdleError);
  }

  async migrate(): Promise<void> {
    await this.#ask(async () => {
      const client = await this.#pool.connect();
      // While a client is checked out its errors are its own, not the pool's; the query that fails reports them.
      client.on('error', ignore);
      let failure: Error | undefined;
      try {
        await migrate(client);
      } catch (error) {
        failure = error as Error;
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(failure);
      }
    });
  }

  async add(trade: Trade): Promise<{ trade: Trade; added: boolean }> {
    const { id, symbol, side, quantity, price, currency, executedAt } = trade;
    return this.#ask(async () => {
      const inserted = await this.#pool.query<Row>(
        `INSERT INTO trade (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO NOTHING RETURNING ${COLUMNS}`,
        [id, symbol, side, quantity, price, currency, executedAt],
      );
      const [row] = inserted.rows;
      if (row) return { trade: toTrade(row), added: true };
      const kept = await this.#pool.query<Row>(`SELECT ${COLUMNS} FROM trade WHERE id = $1`, [id]);
      return { trade: toTrade(kept.rows[0]!), added: false };
    });
  }

  async latest(limit: number): Promise<Trade[]> {
    return this.#ask(async () => {
      const { rows } = await this.#pool.query<Row>(
        `SELECT ${COLUMNS} FROM trade ORDER BY executed_at DESC, id LIMIT $1`,
        [limit],
      );
      return rows.map(toTrade);
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (!mayPass(error)) throw error;
      throw new StoreUnavailableError(this.#reason(error as Error & { code?: string }), { cause: error });
    }
  }

  #reason(error: Error & { code?: string }): string {
    if (error.code === '28P01') {
      return `store at ${this.#address} refuses the password of ${this.#name}: STORE_PASSWORD here is not the one that store was last started with`;
    }
    return `store at ${this.#address} does not answer: ${error.message || error.code || error.name}`;
  }
}

/**
 * Classes of SQLSTATE that say nothing about the question: connection, authorization, no such database, resources,
 * operator intervention (also a query that ran into its time-out), system error.
 * https://www.postgresql.org/docs/17/errcodes-appendix.html
 */
const PASSING = ['08', '28', '3D', '53', '57', '58'];

/** Whether the same question may be answered later. What has no SQLSTATE never came to an answer. */
function mayPass(error: unknown): boolean {
  if (error instanceof TypeError) return false;
  const { code } = (error ?? {}) as { code?: unknown };
  // Node's own codes (EPIPE) have no digit; every SQLSTATE that PostgreSQL defines has one.
  const isSqlState = typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
  return !isSqlState || PASSING.includes(code.slice(0, 2));
}

function ignore(): void {}

function toTrade({ price, executed_at, ...row }: Row): Trade {
  return {
    id: row.id,
    symbol: row.symbol,
    side: row.side,
    quantity: row.quantity,
    price: Number(price),
    currency: row.currency,
    executedAt: executed_at.toISOString(),
  };
}
