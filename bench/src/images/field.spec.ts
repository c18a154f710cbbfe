import { ProcessRunner } from '@berth/exec';
import { Field } from './field';

const ours = { contestant: { name: 'Berth' } };
const peer = { contestant: { name: 'a peer' } };

const field = () =>
  new Field<typeof ours>(
    (lane) => lane !== ours,
    () => undefined,
  );
const failing = async () => {
  await new ProcessRunner().run(['sh', '-c', 'echo at first; echo no such job >&2; exit 1']);
};

it('a peer that fails tries again, and each failure is kept', async () => {
  const tried = field();
  let tries = 0;
  await tried.run(peer, '200 services', async () => {
    if (++tries < 3) await failing();
  });
  expect(tries).toBe(3);
  expect(tried.failures).toEqual([
    'a peer, 200 services, try 1 of 3: no such job',
    'a peer, 200 services, try 2 of 3: no such job',
  ]);
});

it('without success it has no figures from then on', async () => {
  const tried = field();
  await tried.run(peer, 'all changed', failing);
  expect(tried.failures).toHaveLength(3);
  const later = jest.fn(async () => undefined);
  await tried.run(peer, 'nothing changed', later);
  expect(later).not.toHaveBeenCalled();
  await tried.run(ours, 'nothing changed', later);
  expect(later).toHaveBeenCalledTimes(1);
});

it('ends with what Berth itself cannot do, and with what is no failure of a program', async () => {
  await expect(field().run(ours, 'all changed', failing)).rejects.toThrow('no such job');
  const wrong = async () => {
    throw new Error('it has pushed 3 images, not 4');
  };
  await expect(field().run(peer, 'all changed', wrong)).rejects.toThrow('not 4');
});
