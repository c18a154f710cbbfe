import { join } from 'node:path';
import { goProgram } from '@berth/exec';

/** The program actionlint, of the version that its go.mod pins. */
export function actionlint(): Promise<string> {
  return goProgram({
    name: 'actionlint',
    version: 'v1.7.12',
    module: join(__dirname, 'modules/actionlint'),
    source: 'github.com/rhysd/actionlint/cmd/actionlint',
  });
}
