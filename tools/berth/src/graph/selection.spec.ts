import { servicesOf } from './selection';

const projects = {
  web: { root: 'apps/web', tags: ['scope:demo'] },
  pricing: { root: 'apps/pricing', tags: ['scope:demo'] },
  gateway: { root: 'apps/gateway', tags: ['scope:admin'] },
  routes: { root: 'libs/routes', tags: ['scope:demo'] },
};
const isService = (name: string) => name !== 'routes';

describe('servicesOf', () => {
  it.each([
    [['tag:scope:demo'], ['pricing', 'web']],
    [
      ['*', '!tag:scope:admin'],
      ['pricing', 'web'],
    ],
    [
      ['apps/web', 'gateway'],
      ['gateway', 'web'],
    ],
    [['tag:demo'], []],
    [[], []],
  ])('%j selects the services %j', (selectors, services) => {
    expect(servicesOf(selectors, projects, isService)).toEqual(services);
  });
});
