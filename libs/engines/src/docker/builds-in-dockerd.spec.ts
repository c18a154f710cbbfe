import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildsInDockerd } from './builds-in-dockerd';

describe('whether docker builds by the BuildKit in dockerd', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'berth-home-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const put = (path: string, content = '', mode = 0o644) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content, { mode });
  };
  const withBuildx = () => put('.docker/cli-plugins/docker-buildx', '', 0o755);

  it('is certain with buildx that has been given no builder', async () => {
    withBuildx();
    expect(await buildsInDockerd({ HOME: home })).toBe(true);
    // As buildx leaves them when it has been asked for one.
    put('.docker/buildx/current', '{"Key":"unix:///var/run/docker.sock","Name":"","Global":false}');
    mkdirSync(join(home, '.docker/buildx/instances'));
    expect(await buildsInDockerd({ HOME: home })).toBe(true);
  });

  it('is not where buildx has a builder, chosen or not', async () => {
    withBuildx();
    put('.docker/buildx/instances/own', '{"Name":"own"}');
    expect(await buildsInDockerd({ HOME: home })).toBe(false);
    put('elsewhere/instances/own', '{"Name":"own"}');
    expect(await buildsInDockerd({ HOME: home, BUILDX_CONFIG: join(home, 'none') })).toBe(true);
    expect(await buildsInDockerd({ HOME: home, BUILDX_CONFIG: join(home, 'elsewhere') })).toBe(false);
  });

  it('goes by the folders of plugins that the settings of the client name', async () => {
    const plugins = join(home, 'plugins');
    put('settings/config.json', JSON.stringify({ cliPluginsExtraDirs: [plugins] }));
    put('plugins/docker-buildx', '', 0o755);
    expect(await buildsInDockerd({ HOME: home, DOCKER_CONFIG: join(home, 'settings') })).toBe(true);
  });

  it('is not without buildx', async () => {
    expect(await buildsInDockerd({ HOME: home }, [])).toBe(false);
    put('.docker/cli-plugins/docker-buildx');
    expect(await buildsInDockerd({ HOME: home }, [])).toBe(false);
    put('shared/docker-buildx', '', 0o755);
    expect(await buildsInDockerd({ HOME: home }, [join(home, 'shared')])).toBe(true);
  });

  it('is not where a file cannot be read', async () => {
    withBuildx();
    put('.docker/config.json', '{');
    expect(await buildsInDockerd({ HOME: home })).toBe(false);
    put('.docker/config.json', '{}');
    put('.docker/buildx/instances', 'no folder');
    expect(await buildsInDockerd({ HOME: home })).toBe(false);
  });
});
