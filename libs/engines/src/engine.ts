import type { ImageReader } from '@berth/registry';
import type { BuildRequest, BuildSettings } from './request';

/** Builds and pushes images, and looks into them. One contract suite runs on every implementation. */
export interface Engine {
  readonly name: EngineName;
  /**
   * @throws UserError that says how to start or install it, when it does not answer, or what to change, when it cannot
   *   build what is asked for
   */
  check(settings?: BuildSettings): Promise<void>;
  /**
   * Builds `request.context` and tags the result `request.reference` in the engine's own store; for several platforms
   * that is an index of their images.
   */
  build(request: BuildRequest): Promise<void>;
  /** Pushes an image of the engine's store. */
  push(reference: string, options: PushOptions): Promise<Pushed>;
  /** Paths in the image's file system, as `tar -t` prints them (no leading slash, folders end in one). */
  files(image: string): Promise<string[]>;
  /** The user of the image's configuration, for example `1000`, `node`, or `` for root. */
  user(image: string): Promise<string>;
}

export type EngineName = 'docker' | 'podman' | 'buildah';

export interface Pushed {
  /** Of the manifest or index, `sha256:…`, as the registry has it. */
  digest: string;
  /**
   * What was sent of layers and configurations, in bytes and compressed: not what the registry had. Absent when that
   * is not known.
   */
  bytes?: number;
}

export interface PushOptions {
  /** Asked what of the image it has. */
  registry: ImageReader;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}

/** An extra ability: an engine that can also start containers. buildah cannot. */
export interface ContainerRunner {
  /** Starts a container of `image` in the background; the caller ends it with `stop`. */
  start(image: string, options: StartOptions): Promise<RunningContainer>;
  /** Runs a container to its end and returns its exit code; its output goes to `onLine`. */
  runToEnd(
    image: string,
    options: StartOptions & {
      command: readonly string[];
      onLine?: (line: string) => void;
      signal?: AbortSignal;
      timeoutMs?: number;
    },
  ): Promise<number>;
}

export function startsContainers(engine: Engine): engine is Engine & ContainerRunner {
  return 'start' in engine && 'runToEnd' in engine;
}

export interface StartOptions {
  env?: Readonly<Record<string, string>>;
  /** In place of the image's command and entry point. */
  command?: readonly string[];
  /** `uid[:gid]`. */
  user?: string;
  /** Root file system mounted read-only. */
  readOnly?: boolean;
  /** As the restricted Pod Security Standard has it: no capabilities, and no way to more privileges. */
  restricted?: boolean;
  /** Paths inside the container that get an empty tmpfs, writable for every user. */
  writable?: readonly string[];
  /** Host folders mounted into the container. */
  mounts?: readonly { source: string; target: string; readOnly?: boolean }[];
  workingDirectory?: string;
}

export interface RunningContainer {
  readonly id: string;
  /**
   * Where this machine reaches a port of the container.
   * @throws Error when the container has ended
   */
  endpoint(port: number): Promise<Endpoint>;
  /** The last `lines` lines of its output. */
  logs(lines: number): Promise<string[]>;
  /** `undefined` while it runs. */
  exitCode(): Promise<number | undefined>;
  /** Runs a program inside the container to its end and returns its exit code. */
  execute(command: readonly string[]): Promise<number>;
  /** Ends and removes it; safe to call twice. */
  stop(): Promise<void>;
}

export interface Endpoint {
  /** IP address. */
  host: string;
  port: number;
}
