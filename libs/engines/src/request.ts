/** One image to build. */
export interface BuildRequest {
  /** Full reference with tag, for example `localhost:5000/berth/pricing:4f1c…`. */
  reference: string;
  /** Absolute path of the build context. */
  context: string;
  /** Path of the Dockerfile, absolute. */
  dockerfile: string;
  /** Values of the Dockerfile's ARGs. */
  args: Readonly<Record<string, string>>;
  /** `os/arch`, one or more; the engine's own platform when empty. */
  platforms: readonly string[];
  /** Image labels. */
  labels: Readonly<Record<string, string>>;
  onLine?: (line: string) => void;
  signal?: AbortSignal;
}
