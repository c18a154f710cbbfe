import { RecordingRunner } from '@berth/exec';
import { engineNamed, UnsupportedEngineError } from './engine-named';

describe('engineNamed', () => {
  const named = (name: string) => () => engineNamed(name, new RecordingRunner());

  it('gives docker', () => {
    expect(named('docker')().name).toBe('docker');
  });

  it.each(['podman', 'buildah'])('refuses %s for now, by type', (name) => {
    expect(named(name)).toThrow(UnsupportedEngineError);
    expect(named(name)).toThrow('cannot drive it yet');
  });

  it('says what became of rkt', () => {
    expect(named('rkt')).toThrow(expect.objectContaining({ message: expect.stringContaining('2020') }));
  });

  it('finds the engine that was meant', () => {
    expect(named('dokcer')).toThrow(expect.objectContaining({ hint: 'Did you mean "docker"?' }));
  });

  it('takes no field of every object for an engine', () => {
    expect(named('constructor')).toThrow('there is no such engine');
  });
});
