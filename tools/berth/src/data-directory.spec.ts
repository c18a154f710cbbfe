import { forgetDataDirectory, tellDataDirectory } from './data-directory';

describe('the folder of Nx, as tasks are told it', () => {
  it('is there for the process that Nx starts, and gone for what that starts', () => {
    const env: NodeJS.ProcessEnv = { HOME: '/root' };
    tellDataDirectory(env, '/w/.nx/workspace-data');
    expect(env['NX_WORKSPACE_DATA_DIRECTORY']).toBe('/w/.nx/workspace-data');
    forgetDataDirectory(env);
    expect(env).toEqual({ HOME: '/root' });
  });

  it.each(['NX_WORKSPACE_DATA_DIRECTORY', 'NX_CACHE_DIRECTORY', 'NX_PROJECT_GRAPH_CACHE_DIRECTORY'])(
    'is left to who has set %s',
    (name) => {
      const env: NodeJS.ProcessEnv = { [name]: '/mine' };
      tellDataDirectory(env, '/w/.nx/workspace-data');
      forgetDataDirectory(env);
      expect(env).toEqual({ [name]: '/mine' });
    },
  );
});
