import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { LogSource } from '../entries';
import { LastLines, SourceLines } from './last-lines';
import { visible } from './visible';

const source: LogSource = {
  pod: 'web-1',
  container: 'web',
  previous: false,
  lines: [{ at: '2026-01-02T12:00:00Z', text: 'listening' }],
  isCut: false,
};
const shown = (fields: Partial<LogSource>) =>
  renderToStaticMarkup(createElement(SourceLines, { source: { ...source, ...fields } }));
const text = (markup: string) => markup.replace(/<[^>]*>/g, '');

it('asks for no line before somebody does', () => {
  const readLines = jest.fn();
  const opened = { environment: 'staging', kind: 'Deployment', name: 'web' };
  const markup = renderToStaticMarkup(createElement(LastLines, { opened, readLines }));
  expect(text(markup)).toContain('Read them');
  expect(readLines).not.toHaveBeenCalled();
});

it('says of which run of which container the lines are, when they came, and what is left out', () => {
  expect(text(shown({}))).toMatch(/^web of web-1\d\d:\d\d:\d\d listening\n$/);
  const before = text(shown({ previous: true, isCut: true }));
  expect(before).toContain('web of web-1, before it restarted');
  expect(before).toContain('Earlier ones are left out.');
  expect(text(shown({ lines: [] }))).toContain('It has put out nothing.');
  expect(text(shown({ lines: [], isCut: true }))).toContain('Its lines are no longer there.');
  expect(text(shown({ lines: [], failure: 'It is gone.' }))).toContain('It is gone.');
});

it('shows what means harm as the text that it is', () => {
  const evil = '</pre><img src=x onerror=alert(1)>';
  const markup = shown({ pod: evil, container: evil, lines: [{ at: evil, text: evil }] });
  expect(markup).not.toContain('<img');
  expect(markup).toContain('&lt;img');
});

it.each([
  ['a\tb', 'a\tb'],
  ['\u001b[2J\u0000\r\b', '␛[2J␀␍␈'],
  ['\u007f\u009b', '<U+007F><U+009B>'],
  ['left\u202eright\u2066\u200b\u2028', 'left<U+202E>right<U+2066><U+200B><U+2028>'],
  ['żółw 🐢', 'żółw 🐢'],
])('shows %j without its effect', (written, seen) => {
  expect(visible(written)).toBe(seen);
});
