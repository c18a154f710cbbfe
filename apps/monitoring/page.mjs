import { join } from 'node:path';
import react from '@vitejs/plugin-react';

const root = join(import.meta.dirname, 'src/page');

/** How Vite makes the pages: the same for the image (build.mjs) and while they are written (serve.mjs). */
export const page = {
  root,
  configFile: false,
  // Variables of whoever builds would be inputs that no tag knows of.
  envDir: false,
  plugins: [react()],
};

/** The page, and the one that asks for the token. */
export const entries = ['index.html', 'login.html'].map((name) => join(root, name));
