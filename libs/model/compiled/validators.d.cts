import type { ValidateFunction } from 'ajv';

/** Made by compile-schemas.mjs: by schema, what checks a document against it and leaves the differences in `errors`. */
export const service: ValidateFunction;
export const environment: ValidateFunction;
export const cluster: ValidateFunction;
export const options: ValidateFunction;
