import { UserError } from '@berth/model';
import { placeOf, refusing, type Place } from './places';

const command = 'nx run berth:destroy --env=pr-1';

/** A place that has these environments. */
function place(orchestrator: Place['orchestrator'], ...names: string[]): Place {
  return {
    orchestrator,
    target: {
      ...refusing(new UserError('is not to be asked')),
      planDestroy: async (name) =>
        names.includes(name) ? [{ apiVersion: 'v1', kind: 'Namespace', name }] : [],
    },
  };
}

it('the only place there is need not be asked', async () => {
  const only: Place = { orchestrator: 'swarm', target: refusing(new UserError('is not to be asked')) };
  expect(await placeOf([only], 'pr-1', command)).toBe(only);
});

it('an environment is where something of it is', async () => {
  const places = [place('kubernetes', 'pr-2'), place('swarm', 'pr-1')];
  expect(await placeOf(places, 'pr-1', command)).toBe(places[1]);
});

it('one that is in two places is in doubt, and nothing of it goes', async () => {
  const places = [place('kubernetes', 'pr-1'), place('swarm', 'pr-1')];
  await expect(placeOf(places, 'pr-1', command)).rejects.toMatchObject({
    message: 'pr-1 is on Kubernetes and on Swarm. Nothing was destroyed.',
    hint: `${command} --orchestrator=kubernetes\n${command} --orchestrator=swarm`,
  });
});

it('that it is nowhere is said only when all were asked', async () => {
  const both = [place('kubernetes'), place('swarm')];
  expect(await placeOf(both, 'pr-1', command)).toBe(both[0]);
  const away: Place = {
    orchestrator: 'swarm',
    target: refusing(new UserError('dockerd is away', 'start it')),
  };
  await expect(placeOf([place('kubernetes'), away], 'pr-1', command)).rejects.toMatchObject({
    message: 'Whether pr-1 is on Swarm cannot be said: dockerd is away',
    hint: expect.stringContaining('--orchestrator'),
  });
});
