import { Daemon } from './daemon';
import { freePorts } from './free-ports';
import { pythonProgram } from './python-program';

/** For tests: AWS in memory, by moto (https://docs.getmoto.org), with the parts of it that any of them needs. */
const MOTO = { name: 'moto_server', package: 'moto[server,ec2,eks,iam,cloudformation]', version: '5.2.1' };

export interface Moto {
  endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts moto on a port of its own.
 * @param env its settings, beside those of this process
 */
export async function startMoto(env: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const program = await pythonProgram(MOTO);
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const answers = async () =>
    (await fetch(`${endpoint}/moto-api/data.json`).catch(() => undefined))?.ok ?? false;
  const argv = [...program, '--host', '127.0.0.1', '--port', String(port)];
  const daemon = await Daemon.start('moto', argv, answers, { env });
  return { endpoint, stop: () => daemon.stop() };
}
