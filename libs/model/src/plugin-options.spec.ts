import { checkPluginOptions } from './parse';

const check = (options: unknown) => () => checkPluginOptions(options, ['plugins', 1, 'options']);
const at = 'nx.json at plugins[1].options';

describe('the options of the plugin in nx.json', () => {
  it.each([
    {},
    {
      registry: 'localhost:5000/berth',
      insecureRegistries: ['10.0.0.1:5000', '[fd00::1]:5000', 'registry'],
      engine: 'docker',
      domain: 'dev.example.com',
      platforms: ['linux/arm/v7'],
    },
    { registry: 'localhost:5000' },
    { prometheus: {} },
    { prometheus: { environment: 'admin' } },
    { buildCache: 'localhost:5000/berth/cache' },
    { registry: 'my_team' },
    { registry: 'Registry.example.com/a/b__c/' },
    { registry: '[::1]:5000/berth' },
    {
      ci: {
        systems: ['github', 'gitlab'],
        environment: 'staging',
        ttl: '3d',
        node: '20',
        testCommand: 'npm test',
      },
    },
  ])('may be %j', (options) => {
    expect(check(options)).not.toThrow();
  });

  it.each([
    [
      { regsitry: 'x' },
      `${at}.regsitry: is no field here; known are registry, insecureRegistries, engine, domain, platforms, buildCache, prometheus, ci (did you mean "registry"?)`,
    ],
    [{ domain: 3 }, `${at}.domain: must be a domain name, for example example.com, not 3`],
    [{ domain: 'a;b' }, `${at}.domain: must be a domain name, for example example.com, not "a;b"`],
    [{ registry: 'https://x/y' }, `${at}.registry: must be a registry with an optional path`],
    [{ registry: 'x/Y' }, `${at}.registry: must be a registry with an optional path`],
    [{ registry: 'x y' }, `${at}.registry: must be a registry with an optional path`],
    [{ buildCache: 'localhost:5000/cache:1' }, `${at}.buildCache: must be a repository without a tag`],
    [{ engine: '' }, `${at}.engine: must be the name of an image engine`],
    [{ insecureRegistries: '10.0.0.1' }, `${at}.insecureRegistries: must be a list of registries`],
    [
      { insecureRegistries: ['http://10.0.0.1'] },
      `${at}.insecureRegistries[0]: must be a host with an optional port, for example registry.example.com:5000`,
    ],
    [{ insecureRegistries: ['a/b'] }, `${at}.insecureRegistries[0]: must be a host with an optional port`],
    [{ platforms: 'linux/amd64' }, `${at}.platforms: must be a list of platforms`],
    [{ platforms: ['linux'] }, `${at}.platforms[0]: must be os/architecture, for example linux/amd64`],
    [
      { prometheus: true },
      `${at}.prometheus: must be an object with settings for Prometheus, for example {}, not true`,
    ],
    [
      { prometheus: { environment: 'Admin' } },
      `${at}.prometheus.environment: must be the name of a folder below deploy/environments`,
    ],
    [{ ci: {} }, `${at}.ci.systems: is missing`],
    [
      { ci: { systems: ['githab'] } },
      `${at}.ci.systems[0]: must be one of circleci, github, gitlab, not "githab" (did you mean "github"?)`,
    ],
    [{ ci: { systems: [], node: 20 } }, `${at}.ci.node: must be a version of Node`],
    [{ ci: { systems: [], testCommand: 'a\nb' } }, `${at}.ci.testCommand: must be one line for a shell`],
    [[], `${at}: must be an object with options of @berth/nx, not an empty list`],
    [{ constructor: 1 }, `${at}.constructor: is no field here`],
  ])('are refused as %j', (options, message) => {
    expect(check(options)).toThrow(message);
  });

  it('are told of all at once', () => {
    expect(check({ domian: 'a', platforms: 1 })).toThrow(/domian: is no field[^]*platforms: must be/);
  });
});
