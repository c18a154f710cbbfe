import { useState } from 'react';
import type { Answer } from './desk-api';
import type { Order } from './order';
import { OrderTicket } from './order-ticket';
import { PageHeader, StaleNotice } from './page-header';
import type { PriceFeed } from './price-feed';
import { PriceTable } from './price-table';
import type { TradeFeed } from './trade-feed';
import { TradeTable } from './trade-table';
import { useStore } from './use-store';

interface DeskProps {
  priceFeed: PriceFeed;
  tradeFeed: TradeFeed;
  send: (order: Order) => Promise<Answer | undefined>;
  newId: () => string;
}

/** The whole page. */
export function Desk({ priceFeed, tradeFeed, send, newId }: DeskProps) {
  const { board, connection } = useStore(priceFeed.prices);
  const blotter = useStore(tradeFeed.blotter);
  const [chosen, choose] = useState('');
  const { rows, tickAt } = board;
  const symbol = rows.some((row) => row.symbol === chosen) ? chosen : (rows[0]?.symbol ?? '');
  const stale = connection.state !== 'live' && rows.length > 0;

  return (
    <>
      <PageHeader connection={connection} tickAt={tickAt} />
      <StaleNotice connection={connection} tickAt={tickAt} />
      <main className="desk">
        <PriceTable rows={rows} stale={stale} chosen={symbol} onChoose={choose} />
        <OrderTicket
          rows={rows}
          stale={stale}
          symbol={symbol}
          onSymbol={choose}
          send={send}
          newId={newId}
          onFilled={(trade) => void tradeFeed.add(trade)}
        />
        <TradeTable blotter={blotter} rows={rows} />
      </main>
    </>
  );
}
