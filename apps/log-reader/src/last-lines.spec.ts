import { Readable } from 'node:stream';
import { timedLines } from '@berth/kube';
import { lastLines } from './last-lines';

const time = '2026-01-02T12:00:00.000000000Z';
const lastOf = (...texts: string[]) =>
  lastLines(timedLines(Readable.from(texts.map((text) => `${time} ${text}\n`))));

it('gives each line with its time', async () => {
  expect(await lastOf('one', '', 'two')).toEqual({
    lines: ['one', '', 'two'].map((text) => ({ at: time, text })),
    isCut: false,
  });
});

it('gives the last hundred, and says when there were more', async () => {
  const texts = Array.from({ length: 101 }, (_, index) => `line ${index}`);
  expect((await lastOf(...texts.slice(0, 100))).isCut).toBe(false);
  const { lines, isCut } = await lastOf(...texts);
  expect([lines.length, lines[0]?.text, lines.at(-1)?.text, isCut]).toEqual([
    100,
    'line 1',
    'line 100',
    true,
  ]);
});

it('gives no more than 32,768 characters, of the last lines', async () => {
  const texts = Array.from({ length: 20 }, (_, index) => String(index).padEnd(4_000));
  const { lines, isCut } = await lastOf(...texts);
  expect([lines.length, lines.at(-1)?.text.trim(), isCut]).toEqual([8, '19', true]);
});

it.each([8_193, 16_384, 70_000, 200_000])(
  'leaves out a line of %d bytes whole, so that no part of a value is left of it',
  async (length) => {
    const { lines } = await lastOf('before', `${'x'.repeat(length - 7)}hunter2`, 'after');
    expect(lines.map(({ text }) => text)).toEqual(['before', '(a line of more than 8192 bytes)', 'after']);
  },
);

it('takes out colours, which could stand within a value', async () => {
  const escape = String.fromCharCode(0x1b);
  const { lines } = await lastOf(`${escape}[32minfo${escape}[39m hun${escape}[1;31mter2${escape}[m`);
  expect(lines[0]?.text).toBe('info hunter2');
});

it('says that there were lines where the node has them no more', async () => {
  const words = 'unable to retrieve container logs for containerd://23c24ded';
  expect(await lastLines(timedLines(Readable.from([words])))).toEqual({ lines: [], isCut: true });
});
