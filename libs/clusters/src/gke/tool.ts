/** A command that another program starts, as a kubeconfig names it. */
export interface Command {
  command: string;
  args: string[];
}

/** How gcloud is started. */
export interface GcloudTool {
  /** The whole command of these arguments to gcloud. */
  argv(args: readonly string[]): string[];
  /** Brings about what is needed to start it; quick when it is there. */
  prepare(notice: (line: string) => void): Promise<void>;
  /** What a person types to sign in. */
  readonly signIn: string;
  /** What gives kubectl a token. */
  readonly authPlugin: Command;
}

/** Never asks, never looks for a newer version of itself, and never waits for a metadata server that is not there. */
const SETTINGS: Readonly<Record<string, string>> = {
  CLOUDSDK_CORE_DISABLE_PROMPTS: 'true',
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: 'true',
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
};

/** The gcloud in PATH, with the sign-in of the person whose machine this is. */
export class GcloudInPath implements GcloudTool {
  readonly signIn = 'gcloud auth login';
  readonly authPlugin = { command: 'gke-gcloud-auth-plugin', args: [] };

  argv(args: readonly string[]): string[] {
    return ['gcloud', ...args, '--quiet'];
  }

  async prepare(): Promise<void> {
    return undefined;
  }
}

export { SETTINGS as QUIET_SETTINGS };
