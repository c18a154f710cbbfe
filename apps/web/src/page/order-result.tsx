import { amountText, clockTime, quantityText } from './format';
import type { Outcome } from './order';
import { decimalsOf, type Row } from './price-board';

interface Props {
  id: string;
  outcome: Outcome;
  rows: readonly Row[];
}

/** What became of the last order; its place is always there, so that what comes into it is read out. */
export function OrderResult({ id, outcome, rows }: Props) {
  return (
    <div id={id} className={`result ${outcome.state}`} data-testid="order-result" aria-live="polite">
      <Text outcome={outcome} rows={rows} />
    </div>
  );
}

function Text({ outcome, rows }: Pick<Props, 'outcome' | 'rows'>) {
  switch (outcome.state) {
    case 'none':
    case 'sending':
      return null;
    case 'invalid':
    case 'refused':
      return <p>{outcome.message}</p>;
    case 'filled': {
      const { side, quantity, symbol, price, currency, executedAt } = outcome.trade;
      return (
        <>
          <p>
            <strong>
              {side === 'buy' ? 'Bought' : 'Sold'} {quantityText(quantity)} {symbol}
            </strong>{' '}
            at {price.toFixed(decimalsOf(rows, symbol, price))} {currency}
          </p>
          <p className="detail">
            {amountText(price * quantity)} {currency} at {clockTime(executedAt)}
          </p>
        </>
      );
    }
    case 'unknown': {
      const { side, quantity, symbol } = outcome.order;
      return (
        <>
          <p>{outcome.message}</p>
          <p className="detail">
            It is not known whether {side === 'buy' ? 'buying' : 'selling'} {quantityText(quantity)} {symbol}{' '}
            went through. Sent again unchanged, it is still one trade.
          </p>
        </>
      );
    }
  }
}
