import { percentText } from './format';
import { changeInPercent, type Movement, type Row } from './price-board';
import { Sparkline } from './sparkline';

interface Props {
  rows: readonly Row[];
  /** Whether they are those of before the connection ended. */
  stale: boolean;
  chosen: string;
  onChoose: (symbol: string) => void;
}

/** Shape as well as colour says which way a price went. */
const arrows: Readonly<Record<Movement, string>> = { up: '▲', down: '▼', unchanged: '' };

export function PriceTable({ rows, stale, chosen, onChoose }: Props) {
  return (
    <section className={stale ? 'panel prices stale' : 'panel prices'} aria-labelledby="prices-title">
      <div className="panel-title">
        <h2 id="prices-title">Prices</h2>
        {stale && <span className="badge">stale</span>}
      </div>
      {rows.length === 0 ? (
        <p className="empty">Waiting for prices…</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Instrument</th>
              <th scope="col" className="trend">
                Trend
              </th>
              <th scope="col" className="number">
                Price
              </th>
              <th scope="col" className="number">
                <abbr title="Since this page was opened">Change</abbr>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <PriceRow key={row.symbol} row={row} chosen={row.symbol === chosen} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function PriceRow({ row, chosen, onChoose }: { row: Row } & Pick<Props, 'onChoose'> & { chosen: boolean }) {
  const { symbol, name, currency, decimals, price, movement, history } = row;
  const change = percentText(changeInPercent(row));
  return (
    <tr className={chosen ? 'chosen' : undefined}>
      <th scope="row">
        <button
          type="button"
          className="instrument"
          aria-pressed={chosen}
          aria-label={`Trade ${symbol}, ${name}`}
          onClick={() => onChoose(symbol)}
        >
          <span className="symbol">{symbol}</span>
          <span className="name">{name}</span>
        </button>
      </th>
      <td className="trend">
        <Sparkline values={history} />
      </td>
      <td className="number">
        <span className={`arrow ${movement}`} aria-hidden="true">
          {arrows[movement]}
        </span>
        {/* The key starts its animation again at every movement. */}
        <span key={price} className={`price figure ${movement}`} data-testid={`price-${symbol}`}>
          {price.toFixed(decimals)}
        </span>
        <span className="currency">{currency}</span>
      </td>
      <td
        className={`number figure ${change.startsWith('+') ? 'gain' : change.startsWith('−') ? 'loss' : ''}`}
      >
        {change}
      </td>
    </tr>
  );
}
