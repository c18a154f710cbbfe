import { ProgramError, quoteArgv, type Runner } from '@berth/exec';
import { explain, type Account } from './refusal';
import type { GcloudTool } from './tool';

/** Runs gcloud, and makes its errors a person's. */
export class Gcloud {
  constructor(
    private readonly runner: Runner,
    readonly tool: GcloudTool,
    private readonly notice: (line: string) => void,
  ) {}

  /** The command as one types it, for dry runs. */
  line(args: readonly string[]): string {
    return quoteArgv(['gcloud', ...args]);
  }

  /** @throws UserError that says in Google's words what was refused, and what to do */
  async run(args: readonly string[], account: Account): Promise<string> {
    await this.tool.prepare(this.notice);
    try {
      return (await this.runner.run(this.tool.argv(args))).stdout;
    } catch (error) {
      throw error instanceof ProgramError ? explain(error, account, this.tool.signIn) : error;
    }
  }

  /** The same of a command that prints JSON. */
  async json<Value>(args: readonly string[], account: Account): Promise<Value> {
    return JSON.parse((await this.run([...args, '--format=json'], account)) || 'null') as Value;
  }
}
