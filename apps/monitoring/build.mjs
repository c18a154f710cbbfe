/**
 * Compiles the pages and their server: `node build.mjs [<folder>]`, else into dist/. The results are the same wherever
 * and whenever it runs: no dates and no absolute paths are in them.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { entries, page } from './page.mjs';

// Else it is whatever the machine says, and Vite takes React's development version for any other.
process.env.NODE_ENV = 'production';

const output = resolve(process.argv[2] ?? join(import.meta.dirname, 'dist'));
rmSync(join(output, 'page'), { recursive: true, force: true });

await buildPage({
  ...page,
  mode: 'production',
  logLevel: 'warn',
  build: {
    outDir: join(output, 'page'),
    emptyOutDir: true,
    // A data: address would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    // Every browser that runs the page has it.
    modulePreload: { polyfill: false },
    rollupOptions: { input: entries },
  },
});

await bundle({
  // The server, and what reads dockerd for it on a Swarm.
  entryPoints: { main: 'src/server/main.ts', 'docker-reader': 'src/docker-reader.ts' },
  absWorkingDir: import.meta.dirname,
  outdir: output,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  bundle: true,
  // The paths of packages are in the result: relative, and the same where node_modules is a link to elsewhere.
  preserveSymlinks: true,
  // Only credentials of a plugin ask for it, and a pod has none.
  external: ['@kubernetes/client-node'],
  legalComments: 'none',
  logLevel: 'warning',
});
