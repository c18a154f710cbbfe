import { RecordingRunner } from '@berth/exec';
import { startsContainers } from './engine';
import { engineNamed } from './engine-named';
import { UnsupportedEngineError } from './engine-names';

describe('engineNamed', () => {
  const named = (name: string) => () => engineNamed(name, new RecordingRunner(), {});

  it.each(['docker', 'podman', 'buildah'])('gives %s', (name) => {
    expect(named(name)().name).toBe(name);
  });

  it('knows which of them start containers', () => {
    const able = ['docker', 'podman', 'buildah'].filter((name) => startsContainers(named(name)()));
    expect(able).toEqual(['docker', 'podman']);
  });

  it('says what became of rkt, what took its place, and how to switch', () => {
    expect(named('rkt')).toThrow(UnsupportedEngineError);
    expect(named('rkt')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/"rkt" cannot be used: .*2020.*archived.*podman took its place/),
        hint: expect.stringMatching(/"engine": "podman".*--engine podman/),
      }),
    );
  });

  it('finds the engine that was meant', () => {
    expect(named('dokcer')).toThrow(expect.objectContaining({ hint: 'Did you mean "docker"?' }));
  });

  it('takes no field of every object for an engine', () => {
    expect(named('constructor')).toThrow('there is no such engine');
  });
});
