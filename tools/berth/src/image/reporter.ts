import { UserError } from '@berth/model';
import type { ImageResult, Outcome } from './image-result';

export type ImageStep = 'build' | 'test' | 'push';

/** Is told what happens while images are made. */
export interface ImageReport {
  asked(answer: {
    registry: string;
    images: number;
    missing: string[];
    /** What the registry could not be asked for. */
    unanswered: string[];
    milliseconds: number;
  }): void;
  targets(target: string, projects: readonly string[]): void;
  step(project: string, step: ImageStep): void;
  /** A line of a program that works for `project`. */
  line(project: string, line: string): void;
  finished(result: ImageResult): void;
}

/** Prints plain lines: no colours and no moving cursor, so that logs and terminals show the same. */
export class ImageReporter implements ImageReport {
  constructor(
    private readonly print: (line: string) => void,
    /** Whether the output of every program is shown, not just of those that failed. */
    private readonly verbose = false,
  ) {}

  asked({ registry, images, missing, unanswered, milliseconds }: Parameters<ImageReport['asked']>[0]): void {
    const lacks = [
      ...(missing.length > 0 ? [`it lacks ${missing.join(', ')}`] : []),
      ...(unanswered.length > 0 ? [`no answer for ${unanswered.join(', ')}`] : []),
    ].join('; ');
    this.print(
      `Asked ${registry} for ${count(images, 'image')}: ${lacks || 'it has all that is needed'}  (${seconds(milliseconds)})`,
    );
  }

  targets(target: string, projects: readonly string[]): void {
    this.print(`Running the target ${target} of ${projects.join(', ')}`);
  }

  step(project: string, step: ImageStep): void {
    this.print(`${project}: ${step}`);
  }

  line(project: string, line: string): void {
    if (this.verbose) this.print(`${project} | ${line}`);
  }

  finished({ project, outcome, milliseconds, digest, failure }: ImageResult): void {
    if (outcome === 'built') {
      this.print(`${project}: done  (${seconds(milliseconds)})${digest ? `  ${digest}` : ''}`);
    }
    if (outcome === 'stopped') this.print(`${project}: stopped`);
    if (outcome === 'failed') this.print(`${project}: FAILED: ${firstLine(failure?.message ?? '')}`);
  }

  /** The end: each image, every failure with what to do, and the sums. */
  summary(results: readonly ImageResult[], milliseconds: number): void {
    const width = Math.max(0, ...results.map(({ project }) => project.length));
    const column = Math.max('reused'.length, ...results.map(({ outcome }) => called[outcome].length));
    this.print('');
    for (const { project, outcome, tag, digest, milliseconds: taken } of results) {
      const what = digest ?? (tag === undefined ? '' : `tag ${tag}`);
      const time = outcome === 'reused' || outcome === 'untried' ? '' : `  (${seconds(taken)})`;
      this.print(`  ${project.padEnd(width)}  ${called[outcome].padEnd(column)}  ${what}${time}`.trimEnd());
    }
    for (const text of failureTexts(results)) this.print(`\n${text}`);
    const sum = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
    const unusual = (['stopped', 'untried'] as const).filter((outcome) => sum(outcome) > 0);
    const outcomes = ['built', 'reused', 'failed', ...unusual] as const;
    const sums = outcomes.map((outcome) => `${sum(outcome)} ${called[outcome]}`);
    this.print('');
    this.print(
      `${count(results.length, 'image')}: ${[...sums, ...pushedBytes(results)].join(', ')}  (${seconds(milliseconds)})`,
    );
  }
}

/** What the summary calls an outcome. */
const called: Readonly<Record<Outcome, string>> = {
  built: 'built',
  reused: 'reused',
  failed: 'failed',
  stopped: 'stopped',
  untried: 'not tried',
};

/** One text for each cause: a registry that is down is said once, not for every image. */
function failureTexts(results: readonly ImageResult[]): string[] {
  const projects = new Map<string, string[]>();
  for (const { project, failure } of results) {
    if (!failure) continue;
    const text =
      failure instanceof UserError
        ? [failure.message, ...(failure.hint ? [`\n  ${failure.hint.replaceAll('\n', '\n  ')}`] : [])].join(
            '\n',
          )
        : (failure.stack ?? failure.message);
    projects.set(text, [...(projects.get(text) ?? []), project]);
  }
  return [...projects].map(([text, names]) => `${names.join(', ')}: ${text}`);
}

/** What went to the registry; nothing when nothing was pushed. */
function pushedBytes(results: readonly ImageResult[]): string[] {
  const pushed = results.filter(({ outcome, digest }) => outcome === 'built' && digest !== undefined);
  if (pushed.length === 0) return [];
  const known = pushed.flatMap(({ bytes }) => bytes ?? []);
  const sum = size(known.reduce((all, bytes) => all + bytes, 0));
  return [`${sum} pushed${known.length < pushed.length ? ` for ${known.length} of ${pushed.length}` : ''}`];
}

/** @param bytes for example 1234567, which gives `1.2 MB` */
function size(bytes: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), 3);
  const unit = ['B', 'kB', 'MB', 'GB'][power];
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${unit}`;
}

function firstLine(text: string): string {
  return text.split('\n', 2).join(': ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
