import { join } from 'node:path';
import { openPage, type OpenPage } from '@berth/workbench/src/browser';
import type { CDPSession } from 'playwright-core';
import type { Place } from './content';
import type { MonitoringServer } from './monitoring-server';

/** Milliseconds in which a change must be on the page; the end of a namespace takes the longest. */
const LIMIT_MS = 120_000;

/** Milliseconds from the navigation on. */
export interface Opening {
  firstPaint: number;
  /** Until every service's cell is drawn. */
  allCells: number;
}

/** The page in a real browser. */
export class MonitoringPage {
  private constructor(
    private readonly opened: OpenPage,
    private readonly devtools: CDPSession,
    readonly opening: Opening,
  ) {}

  /** With a browser that has never seen it. Resolves when as many services are drawn. */
  static async open({ url, headers }: MonitoringServer, services: number): Promise<MonitoringPage> {
    const opened = await openPage(url, { headers, script: join(__dirname, 'in-page.js') });
    try {
      const { page } = opened;
      const drawnAt = (await page.evaluate(`bench.tiles(${services})`)) as number;
      const begun = (await page.evaluate('performance.timeOrigin')) as number;
      const firstPaint = (await page.evaluate('bench.firstPaint()')) as number;
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Performance.enable');
      return new MonitoringPage(opened, devtools, { firstPaint, allCells: drawnAt - begun });
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** When the service's cell has this text: milliseconds since 1970. @param healthy and is healthy, too */
  shows({ environment, service }: Place, text: string, healthy = false): Promise<number> {
    return this.#ask(`shows('service-${environment}-${service}', ${JSON.stringify(text)}, ${healthy})`);
  }

  /** When an environment is there, or is not any more. */
  hasEnvironment(name: string, isThere: boolean): Promise<number> {
    return this.#ask(`environment('${name}', ${isThere})`);
  }

  /** Megabytes of its script's heap that are in use when all is collected that can be. */
  async heapMegabytes(): Promise<number> {
    await this.devtools.send('HeapProfiler.collectGarbage');
    return (await this.#metric('JSHeapUsedSize')) / 2 ** 20;
  }

  /** Seconds in which its main thread has had something to do. */
  busySeconds(): Promise<number> {
    return this.#metric('TaskDuration');
  }

  /** @throws Error with what the page has written as errors */
  async close(): Promise<void> {
    await this.opened.close();
    const [error] = this.opened.errors;
    if (error !== undefined) throw new Error(`the page had an error: ${error}`);
  }

  async #ask(question: string): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`after ${LIMIT_MS / 1000} s the page does not say: ${question}`);
      timer = setTimeout(() => reject(error), LIMIT_MS);
    });
    try {
      const shown = this.opened.page.evaluate(`bench.${question}`) as Promise<number>;
      return await Promise.race([shown, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #metric(name: string): Promise<number> {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    return metrics.find((metric) => metric.name === name)?.value ?? NaN;
  }
}
