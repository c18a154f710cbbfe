import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Desk } from './desk';
import { getTrades, postOrder } from './desk-api';
import { uuid } from './order';
import { PriceFeed, type OpenSocket } from './price-feed';
import './style/theme.css';
import './style/frame.css';
import './style/tables.css';
import './style/ticket.css';
import type { Surroundings } from './surroundings';
import { TradeFeed } from './trade-feed';

const surroundings: Surroundings = {
  now: Date.now,
  random: Math.random,
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

const pricesUrl = new URL('/api/prices', location.href);
pricesUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const openSocket: OpenSocket = ({ message, close }) => {
  const socket = new WebSocket(pricesUrl);
  socket.onmessage = ({ data }) => message(data);
  socket.onclose = close;
  return socket;
};

const priceFeed = new PriceFeed(openSocket, surroundings);
const tradeFeed = new TradeFeed(getTrades, surroundings);
priceFeed.connect();
void tradeFeed.refresh();
addEventListener('online', () => {
  priceFeed.hurry();
  void tradeFeed.refresh();
});

const place = document.getElementById('desk');
if (!place) throw new Error('index.html has no place for the desk');
createRoot(place).render(
  <StrictMode>
    <Desk
      priceFeed={priceFeed}
      tradeFeed={tradeFeed}
      send={postOrder}
      newId={() => uuid(crypto.getRandomValues(new Uint8Array(16)))}
    />
  </StrictMode>,
);
