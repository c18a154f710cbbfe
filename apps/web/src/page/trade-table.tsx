import { amountText, clockTime, dayOf, quantityText } from './format';
import { decimalsOf, type Row } from './price-board';
import type { Blotter } from './trade-feed';

/** The latest trades, newest first. */
export function TradeTable({ blotter, rows }: { blotter: Blotter; rows: readonly Row[] }) {
  const { trades, readAt, error } = blotter;
  return (
    <section className="panel trades" aria-labelledby="blotter-title">
      <div className="panel-title">
        <h2 id="blotter-title">Blotter</h2>
        <span className="detail">
          {readAt === undefined ? '' : `${trades.length} latest, read at ${clockTime(readAt)}`}
        </span>
      </div>
      <div role="status">
        {error !== undefined && <p className="notice">The trades could not be read: {error}</p>}
      </div>
      <div className="scroll" tabIndex={0} role="region" aria-label="Latest trades">
        <table data-testid="blotter">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Side</th>
              <th scope="col">Instrument</th>
              <th scope="col" className="number">
                Quantity
              </th>
              <th scope="col" className="number">
                Price
              </th>
              <th scope="col" className="number amount">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {trades.map(({ id, symbol, side, quantity, price, currency, executedAt }) => (
              <tr key={id} data-testid={`trade-${id}`}>
                <td className="figure">
                  <time dateTime={executedAt}>
                    <span className="day">{dayOf(executedAt)} </span>
                    {clockTime(executedAt)}
                  </time>
                </td>
                <td>
                  <span className={`chip ${side}`}>{side}</span>
                </td>
                <td className="symbol">{symbol}</td>
                <td className="number figure">{quantityText(quantity)}</td>
                <td className="number figure">{price.toFixed(decimalsOf(rows, symbol, price))}</td>
                <td className="number figure amount">
                  {amountText(price * quantity)} <span className="currency">{currency}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {trades.length === 0 && error === undefined && (
        <p className="empty">{readAt === undefined ? 'Reading the trades…' : 'No trades yet.'}</p>
      )}
    </section>
  );
}
