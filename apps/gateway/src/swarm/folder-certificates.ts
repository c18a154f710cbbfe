import { watch } from 'node:fs';
import { Loop } from '@berth/follow';
import type { CertificateSource } from '../certificates';
import { errorText, type Log } from '../log';
import type { ObserveOptions } from '../observe';
import { readCertificateFolder, type CertificateFile } from './certificate-folder';
import { certificateSecret } from './certificate-text';

/** Milliseconds after which the folder is read though nothing was told of it: other machines' file systems tell nothing. */
const POLL_MS = 10_000;

/**
 * Certificates in the files of a folder of the node, `*.pem` with chain and key in one, by name. They are followed: a file
 * that is replaced is served at once, and no task is started anew. One that goes is withdrawn; but a folder that has become
 * empty is not believed, since whatever fills it may have failed, and so is one that cannot be read.
 */
export function folderCertificates(folder: string, pollMs = POLL_MS): CertificateSource {
  return {
    observe: (options) => observeFolder(folder, pollMs, options),
    // The log tells of them.
    events: () => ({ write: async () => [] }),
  };
}

function observeFolder(
  folder: string,
  pollMs: number,
  { onChange, log, signal }: ObserveOptions,
): ReturnType<CertificateSource['observe']> {
  let files: readonly CertificateFile[] = [];
  let tell: () => void = () => undefined;
  const listed = new Promise<void>((resolve) => (tell = resolve));
  const notes = new Notes(folder, log);
  const loop = new Loop({
    async round() {
      const found = await readCertificateFolder(folder);
      const isEmptied = found.length === 0 && files.length > 0;
      notes.tell(isEmptied, found);
      if (!isEmptied && JSON.stringify(found) !== JSON.stringify(files)) {
        files = found;
        onChange();
      }
      tell();
    },
    onFailure: (error, failures) => {
      if (failures > 1) return;
      log.warn('cannot read the folder of certificates; they stay', { folder, error: errorText(error) });
    },
    pollMs,
    retryMs: { first: 100, longest: pollMs },
  });
  wakeAtChanges(folder, () => loop.wake(), { log, signal });
  void loop.run(signal);
  return {
    listed,
    secrets: () =>
      files.map((file) =>
        'text' in file
          ? { name: file.name, known: true, secret: certificateSecret(file.name, file.text) }
          : { name: file.name, known: false, secret: undefined },
      ),
  };
}

function wakeAtChanges(
  folder: string,
  wake: () => void,
  { log, signal }: Pick<ObserveOptions, 'log' | 'signal'>,
): void {
  const onError = (error: unknown): void =>
    log.warn('cannot follow the folder of certificates; it is read now and then', {
      folder,
      error: errorText(error),
    });
  try {
    watch(folder, { signal }, wake).on('error', onError);
  } catch (error) {
    onError(error);
  }
}

/** What is odd about a folder, in the log once for as long as it stands. */
class Notes {
  #standing = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  tell(isEmptied: boolean, files: readonly CertificateFile[]): void {
    const { folder, log } = this;
    const standing = new Set<string>();
    const note = (message: string, fields: Record<string, string>): void => {
      const text = JSON.stringify([message, fields]);
      standing.add(text);
      if (!this.#standing.has(text)) log.warn(message, fields);
    };
    if (isEmptied)
      note(
        'the folder of certificates has become empty, which is not believed; they stay until the task is started anew',
        { folder },
      );
    for (const file of files)
      if ('problem' in file)
        note('a certificate cannot be read; the one before stays', {
          file: file.name,
          problem: file.problem,
        });
    this.#standing = standing;
  }
}
