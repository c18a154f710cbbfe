import type { ExecutorContext } from '@nx/devkit';
import { engineName } from '@berth/engines/src/engine-names';
import { interruptible } from '@berth/exec';
import { LiveLines } from '../live-lines';
import type { BerthOptions } from '../options';
import { drawableTerminal } from '../terminal';
import { askByTag, nothingAsked, unanswered, type AskedByTag } from './ask-by-tag';
import { writeRecord, type Until } from './image-record';
import type { ImageResult } from './image-result';
import { LiveImageReporter } from './live-reporter';
import { load as loadRest } from './make-rest.later';
import { openRegistry } from './open-registry';
import { ImageReporter, type ImageReport } from './reporter';

/**
 * Makes images, prints lines and a summary, and leaves the record that other programs read.
 * @param json file of the record, relative to the workspace; `.berth/images.json` when absent
 * @param bail whether the first failure ends all
 * @param tags input hashes that are known already, by project
 */
export async function makeAndReport(
  projects: readonly string[],
  until: Until,
  options: BerthOptions,
  context: Pick<ExecutorContext, 'root' | 'projectGraph' | 'isVerbose'>,
  {
    json,
    bail = false,
    tags,
  }: { json?: string | undefined; bail?: boolean; tags?: ReadonlyMap<string, string> | undefined } = {},
): Promise<ImageResult[]> {
  const started = performance.now();
  // One that does not exist is refused before anything starts, also where nothing would be built.
  engineName(options.engine);
  const reporter = new ImageReporter(console.log, context.isVerbose);
  const terminal = context.isVerbose ? undefined : drawableTerminal(process.env);
  const lines = terminal && new LiveLines(terminal);
  const live = lines && new LiveImageReporter(lines);
  const report = live ?? reporter;
  const registry = openRegistry(options, (line) => (lines ? lines.print(line) : console.log(line)));
  try {
    // Nothing is left half pushed, for a tag comes last.
    return await interruptible(async (signal) => {
      const asked = tags ? await askByTag(projects, tags, options, registry) : nothingAsked;
      const isDone = projects.every((project) => asked.answers.has(project));
      // Most runs find nothing to do, and need nothing of what does it.
      const results = isDone
        ? allAnswered(asked, options, report)
        : await (
            await loadRest()
          ).makeRest(projects, { until, bail, asked, signal }, options, context, { registry, report });
      live?.end();
      reporter.summary(results, performance.now() - started);
      writeRecord(context.root, until, results, json);
      return results;
    });
  } finally {
    live?.end();
    terminal?.destroy();
    registry.close();
  }
}

function allAnswered(asked: AskedByTag, { registry }: BerthOptions, report: ImageReport): ImageResult[] {
  const results = [...asked.answers.values()].sort((a, b) => (a.project < b.project ? -1 : 1));
  report.asked({
    registry,
    images: results.length,
    missing: [],
    unanswered: unanswered(asked).sort(),
    milliseconds: asked.milliseconds,
  });
  for (const result of results) report.finished(result);
  return results;
}
