import { join } from 'node:path';
import { writeInto } from './write-into';

const NAME = 'bench-nothing';

/** A target that does nothing, by an executor of a package: all that Nx itself does for any target of a plugin. */
export const nothing = { executor: `${NAME}:nothing`, cache: false };

/** The same, for all tasks of a run at once. */
export const nothingAtOnce = { executor: `${NAME}:at-once`, cache: false };

/** Puts the package with these executors into a node_modules. */
export function installNothing(modules: string): void {
  const folder = join(modules, NAME);
  const [implementation, schema] = ['./nothing.js', './schema.json'];
  writeInto(folder, 'package.json', { name: NAME, version: '1.0.0', executors: './executors.json' });
  writeInto(folder, 'executors.json', {
    executors: {
      nothing: { implementation, schema },
      'at-once': {
        implementation,
        schema,
        batchImplementation: `${implementation}#batch`,
        preferBatch: true,
      },
    },
  });
  writeInto(folder, 'schema.json', { type: 'object', properties: {} });
  writeInto(
    folder,
    'nothing.js',
    `const done = { success: true, terminalOutput: '' };
exports.default = async () => done;
exports.batch = async ({ tasks }) => Object.fromEntries(Object.keys(tasks).map((id) => [id, done]));
`,
  );
}
