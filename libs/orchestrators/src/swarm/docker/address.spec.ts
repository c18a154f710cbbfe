import { wayTo } from './address';

describe('wayTo', () => {
  it('takes sockets, TCP of this machine, and ssh', () => {
    expect(wayTo('unix:///var/run/docker.sock')).toEqual({
      kind: 'unix',
      socketPath: '/var/run/docker.sock',
    });
    expect(wayTo('tcp://127.0.0.1:2375')).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 2375 });
    expect(wayTo('ssh://ana@manager.example:2222')).toEqual({
      kind: 'ssh',
      destination: 'ana@manager.example',
      port: 2222,
    });
  });

  it('refuses TCP to another machine without certificates', () => {
    for (const address of ['tcp://10.0.0.5:2375', 'tcp://10.0.0.5', 'tcp://127.0.0.1:2376'])
      expect(() => wayTo(address)).toThrow(/whoever may speak to dockerd is root on that machine/);
  });

  it('says which certificate cannot be read', () => {
    expect(() => wayTo('tcp://10.0.0.5:2376', '/nowhere')).toThrow(/\/nowhere\/ca\.pem/);
  });
});
