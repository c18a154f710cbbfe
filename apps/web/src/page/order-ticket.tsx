import { useId, useState, type FormEvent } from 'react';
import type { Answer } from './desk-api';
import { amountText, quantityText } from './format';
import { outcomeOf, parseQuantity, repeats, submit, type Order, type Outcome } from './order';
import { OrderResult } from './order-result';
import type { Row } from './price-board';
import type { Side, Trade } from './trade';

interface Props {
  rows: readonly Row[];
  /** Whether the prices are those of before the connection ended. */
  stale: boolean;
  symbol: string;
  onSymbol: (symbol: string) => void;
  send: (order: Order) => Promise<Answer | undefined>;
  newId: () => string;
  onFilled: (trade: Trade) => void;
}

const verbs = { buy: 'Buy', sell: 'Sell' } as const;

export function OrderTicket({ rows, stale, symbol, onSymbol, send, newId, onFilled }: Props) {
  const [side, setSide] = useState<Side>('buy');
  const [quantity, setQuantity] = useState('100');
  const [outcome, setOutcome] = useState<Outcome>({ state: 'none' });
  const name = useId();
  const entry = { symbol, side, quantity };
  const count = parseQuantity(quantity);
  const row = rows.find((candidate) => candidate.symbol === symbol);
  const sending = outcome.state === 'sending';
  const action = repeats(entry, outcome)
    ? 'Send the same order again'
    : `${verbs[side]} ${typeof count === 'number' ? quantityText(count) : ''} ${symbol}`;

  async function order(event: FormEvent) {
    event.preventDefault();
    if (sending) return;
    const next = submit(entry, outcome, newId);
    setOutcome(next);
    if (next.state !== 'sending') return;
    const after = outcomeOf(next.order, await send(next.order));
    setOutcome(after);
    if (after.state === 'filled') onFilled(after.trade);
  }

  return (
    <section className="panel ticket" aria-labelledby="ticket-title">
      <div className="panel-title">
        <h2 id="ticket-title">Order</h2>
      </div>
      <form onSubmit={(event) => void order(event)} noValidate aria-describedby={`${name}-result`}>
        <label className="field">
          <span>Instrument</span>
          <select data-testid="order-symbol" value={symbol} onChange={({ target }) => onSymbol(target.value)}>
            {rows.map((instrument) => (
              <option key={instrument.symbol} value={instrument.symbol}>
                {instrument.symbol} · {instrument.name}
              </option>
            ))}
          </select>
        </label>
        <fieldset className="field">
          <legend>Side</legend>
          <div className="sides">
            {(['buy', 'sell'] as const).map((choice) => (
              <label key={choice} className={`side ${choice}`}>
                <input
                  type="radio"
                  name={`${name}-side`}
                  data-testid={`order-side-${choice}`}
                  checked={side === choice}
                  onChange={() => setSide(choice)}
                />
                <span>{verbs[choice]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label className="field">
          <span>Quantity</span>
          <input
            className="figure"
            data-testid="order-quantity"
            inputMode="numeric"
            autoComplete="off"
            value={quantity}
            aria-invalid={typeof count === 'string'}
            onChange={({ target }) => setQuantity(target.value)}
          />
        </label>
        <dl className="estimate">
          <dt>{stale ? 'About, at a stale price' : 'About, at the price of now'}</dt>
          <dd className="figure">
            {row && typeof count === 'number' ? `${amountText(row.price * count)} ${row.currency}` : '–'}
          </dd>
        </dl>
        <button
          type="submit"
          className={`submit ${side}`}
          data-testid="order-submit"
          disabled={sending || rows.length === 0}
        >
          {sending ? 'Sending…' : action}
        </button>
      </form>
      <OrderResult id={`${name}-result`} outcome={outcome} rows={rows} />
    </section>
  );
}
