/*
 * Runs in the page before its own script, and says when what is waited for has been drawn: milliseconds since 1970. It
 * looks only at what changes, so that it takes next to nothing of the page's time.
 */
/* global document, MutationObserver, PerformanceObserver, requestAnimationFrame */

const tiles = document.getElementsByClassName('service');
/** What is waited for, by the id of the tile: a tile that holds it, and whom to tell. */
const wishes = new Map();
/** The same of the headings of environments. */
const headings = new Map();
let counted = { tiles: 0, at: 0 };
let onCount = () => {};

/** The frame is drawn after these callbacks; what is queued then comes after it. */
function whenDrawn(tell) {
  requestAnimationFrame(() => setTimeout(() => tell(Date.now())));
}

function count() {
  const number = tiles.length;
  if (number === counted.tiles) return;
  whenDrawn((at) => {
    counted = { tiles: number, at };
    onCount();
  });
}

function lookAt(tile) {
  const wish = wishes.get(tile.dataset.testid);
  if (!wish?.holds(tile)) return;
  wishes.delete(tile.dataset.testid);
  whenDrawn(wish.tell);
}

function lookAtHeadings() {
  for (const [name, { isThere, tell }] of headings) {
    if ((document.getElementById(`environment-${name}`) !== null) !== isThere) continue;
    headings.delete(name);
    whenDrawn(tell);
  }
}

new MutationObserver((records) => {
  if (onCount) count();
  lookAtHeadings();
  if (wishes.size === 0) return;
  const changed = records.map(({ target }) => (target.closest ? target : target.parentElement));
  for (const tile of new Set(changed.map((element) => element?.closest('.service')))) if (tile) lookAt(tile);
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

globalThis.bench = {
  /** When the browser drew something, in milliseconds from the navigation on; it says so some time after that. */
  firstPaint: () =>
    new Promise((resolve) => {
      new PerformanceObserver((list, observer) => {
        const [paint] = list.getEntriesByName('first-contentful-paint');
        if (!paint) return;
        observer.disconnect();
        resolve(paint.startTime);
      }).observe({ type: 'paint', buffered: true });
    }),
  /** When there were so many tiles. */
  tiles: (wanted) =>
    new Promise((resolve) => {
      onCount = () => {
        if (counted.tiles < wanted) return;
        onCount = undefined;
        resolve(counted.at);
      };
      onCount();
    }),
  /** When a tile has this text, and is healthy if that is asked for. */
  shows: (id, text, healthy) =>
    new Promise((tell) => {
      const holds = (tile) =>
        tile.textContent.includes(text) && (!healthy || tile.classList.contains('healthy'));
      wishes.set(id, { holds, tell });
      const tile = document.querySelector(`[data-testid="${id}"]`);
      if (tile) lookAt(tile);
    }),
  /** When an environment is there, or is not. */
  environment: (name, isThere) =>
    new Promise((tell) => {
      headings.set(name, { isThere, tell });
      lookAtHeadings();
    }),
};
