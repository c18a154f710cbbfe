import * as module from './parsed-dockerfile';

/** In the package a file of its own, which is read when somebody asks for it (make-package.mjs). */
export const load = async () => module;
