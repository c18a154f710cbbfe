import { join } from 'node:path';
import react from '@vitejs/plugin-react';

/** How Vite makes the page: the same for the image (build.mjs) and while it is written (serve.mjs). */
export const page = {
  root: join(import.meta.dirname, 'src/page'),
  configFile: false,
  // Variables of whoever builds would be inputs that no tag knows of.
  envDir: false,
  plugins: [react()],
};
