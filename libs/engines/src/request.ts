/** What is the same for every image of a run. */
export interface BuildSettings {
  /** `os/arch`, one or more; the engine's own platform when empty. */
  platforms: readonly string[];
  /** Repository that keeps the layers of builds for other machines, for example `localhost:5000/berth/cache`. */
  cache?: string;
}

/** One image to build. */
export interface BuildRequest extends BuildSettings {
  /** Full reference with tag, for example `localhost:5000/berth/pricing:4f1c…`. */
  reference: string;
  /** Absolute path of the build context. */
  context: string;
  /** Path of the Dockerfile, absolute. */
  dockerfile: string;
  /** Values of the Dockerfile's ARGs. */
  args: Readonly<Record<string, string>>;
  /** Image labels. */
  labels: Readonly<Record<string, string>>;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}
