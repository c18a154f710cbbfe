import { stripVTControlCharacters } from 'node:util';
import { LiveLines } from '../live-lines';
import type { ImageResult } from './image-result';
import { ImageReporter, type ImageReport, type ImageStep } from './reporter';

/** Milliseconds between two pictures. */
const PICTURE_MS = 100;

/** Images that have a line of their own; the others are counted. */
const SHOWN = 12;

interface Work {
  step: ImageStep;
  since: number;
  /** What its program printed last. */
  line: string;
}

/** For a terminal: what is done stays, and below it each image that is worked on has a line that changes. */
export class LiveImageReporter implements ImageReport {
  readonly #reporter: ImageReporter;
  readonly #working = new Map<string, Work>();
  readonly #missing = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #all = 0;

  constructor(
    private readonly live: LiveLines,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.#reporter = new ImageReporter((line) => live.print(line));
    this.#timer = setInterval(() => this.draw(), PICTURE_MS).unref();
  }

  asked(answer: Parameters<ImageReport['asked']>[0]): void {
    for (const project of answer.missing) this.#missing.add(project);
    this.#all = this.#missing.size;
    this.#reporter.asked(answer);
  }

  targets(target: string, projects: readonly string[]): void {
    this.#reporter.targets(target, projects);
  }

  step(project: string, step: ImageStep): void {
    this.#working.set(project, { step, since: this.clock(), line: '' });
  }

  line(project: string, line: string): void {
    const work = this.#working.get(project);
    // Colours and moves of the cursor would be cut in the middle.
    const text = stripVTControlCharacters(line)
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim();
    if (work && text !== '') work.line = text;
  }

  finished(result: ImageResult): void {
    this.#missing.delete(result.project);
    this.#working.delete(result.project);
    this.#reporter.finished(result);
  }

  draw(): void {
    const width = Math.max(0, ...[...this.#working.keys()].map((project) => project.length));
    const lines = [...this.#working].slice(0, SHOWN).map(([project, { step, since, line }]) => {
      const seconds = `${((this.clock() - since) / 1000).toFixed(1)} s`;
      return `  ${project.padEnd(width)}  ${step.padEnd('build'.length)} ${seconds.padStart(7)}  ${line}`;
    });
    const more = this.#working.size - SHOWN;
    this.live.show([
      ...lines,
      ...(more > 0 ? [`  … and ${more} more`] : []),
      ...(this.#all > 0 ? [`  ${this.#all - this.#missing.size} of ${this.#all} done`] : []),
    ]);
  }

  /** Takes away the lines that change. */
  end(): void {
    clearInterval(this.#timer);
    this.live.show([]);
  }
}
